import sys

x = 1
values = [
    1,
    2,

def f():
    pass
