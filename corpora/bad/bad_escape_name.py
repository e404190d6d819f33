import sys

x = 1
y = "\N{no such character}"
