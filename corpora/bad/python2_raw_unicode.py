import sys

x = 1
y = ur"\d"
