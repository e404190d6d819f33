import sys

x = 1
y = 1e+
