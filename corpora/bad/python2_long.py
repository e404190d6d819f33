import sys

x = 1
y = 10L
