import sys

x = 1
print "hello", x
