import sys

x = 1
table = {"a": 1
