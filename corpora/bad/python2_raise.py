import sys

x = 1
if not x:
    raise ValueError, "no x"
