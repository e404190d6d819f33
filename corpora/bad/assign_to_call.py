import sys

x = 1
f(x) = 1
