import sys

x = 1
from os import path,
