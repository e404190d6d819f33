import sys

x = 1
class = 1
