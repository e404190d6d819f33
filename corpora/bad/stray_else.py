import sys

x = 1
else:
    pass
