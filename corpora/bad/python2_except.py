import sys

x = 1
try:
    f()
except ValueError, e:
    y = `e`
    exec "x"
