import sys

x = 1
x++
