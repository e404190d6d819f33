import sys

x = 1
f(i for i in x, 1)
