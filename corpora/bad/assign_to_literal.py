import sys

x = 1
1 = x
