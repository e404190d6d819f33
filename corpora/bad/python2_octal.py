import sys

x = 1
import os
os.chmod('f', 0755)
