import sys

x = 1
import os as a.b
