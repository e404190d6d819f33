import sys

x = 1
y = 'abc
z = 'd'
