# coding: latin-1
import sys

x = 1
