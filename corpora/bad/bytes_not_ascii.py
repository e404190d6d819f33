import sys

x = 1
y = b"é"
