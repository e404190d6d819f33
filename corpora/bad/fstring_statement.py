import sys

x = 1
y = f"{x = 1; 2}"
