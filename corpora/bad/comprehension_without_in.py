import sys

x = 1
y = [i for i]
