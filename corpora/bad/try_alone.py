import sys

x = 1
try:
    x = 2
x = 3
