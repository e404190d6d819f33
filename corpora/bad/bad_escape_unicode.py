import sys

x = 1
y = "\u12"
