import sys

x = 1
def f(lambda):
    pass
