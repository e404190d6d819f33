import sys

x = 1
def f(**k, a):
    pass
