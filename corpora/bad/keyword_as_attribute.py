import sys

x = 1
x.import = 1
