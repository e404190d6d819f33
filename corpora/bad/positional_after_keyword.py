import sys

x = 1
f(a=1, x)
