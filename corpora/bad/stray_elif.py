import sys

x = 1
for i in []:
    pass
elif x:
    pass
