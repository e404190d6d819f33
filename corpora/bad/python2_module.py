#!/usr/bin/python
# -*- coding: utf-8 -*-
import os, sys
class Old:
    def run(self, args):
        try:
            os.mkdir(args[0])
        except OSError, e:
            print >>sys.stderr, "cannot make %s" % args[0]
            print "error", e
            raise SystemExit, 1
        return args.has_key("x")
