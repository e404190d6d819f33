import sys

x = 1

y = print(x,
          1
z = 2
