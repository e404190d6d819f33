import sys

x = 1
🙂 = 1
