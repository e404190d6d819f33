import sys

x = 1
f(x.y=1)
