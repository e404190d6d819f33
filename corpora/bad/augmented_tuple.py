import sys

x = 1
x, y += 1
