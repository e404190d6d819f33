import sys

x = 1
def f(a, (b, c)):
    return a
