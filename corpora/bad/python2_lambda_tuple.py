import sys

x = 1
y = lambda (a, b): a
