import sys

x = 1
def f(x):
    # nothing but a comment
f(1)
