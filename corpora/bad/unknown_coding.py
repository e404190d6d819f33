#!/usr/bin/python
# -*- coding: klingon-8 -*-
import sys

x = 1
