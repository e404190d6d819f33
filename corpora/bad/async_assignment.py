import sys

x = 1
async y = 2
