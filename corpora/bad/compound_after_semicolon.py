import sys

x = 1
x = 2; if x: pass
