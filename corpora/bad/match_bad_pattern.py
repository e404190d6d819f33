import sys

x = 1
match x:
    case x + 1:
        pass
