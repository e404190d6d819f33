import sys

x = 1
print >>sys.stderr, "this line is Python 3 too"
print >>sys.stderr, "x is %d" % x,
print >>sys.stderr
print "done"
