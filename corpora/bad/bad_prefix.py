import sys

x = 1
y = bu"x"
