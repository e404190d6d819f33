import sys

x = 1
# été
