import sys

x = 1
y = {"a": 1, 2}
