import sys

x = 1
try:
    x = 2
except ValueError:
    pass
except* KeyError:
    pass
