import sys

x = 1
exec "x = 2" in {}
