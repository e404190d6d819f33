import sys

x = 1
if x: for i in []: pass
