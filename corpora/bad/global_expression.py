import sys

x = 1
def f():
    global x.y
