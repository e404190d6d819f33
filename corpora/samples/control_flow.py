"""Branches and loops, nested, with else, and on one line."""

import random
import sys


def classify(number):
    if number < 0:
        return "negative"
    elif number == 0:
        return "zero"
    elif number < 10:
        return "small"
    else:
        return "large"


def nested_branches(a, b, c):
    if a:
        if b:
            if c:
                return 1
        else:
            return 2
    elif b:
        pass
    else:
        if c:
            return 3
        elif a:
            return 4
    if a:
        pass
    if b:
        pass
    else:
        pass
    return 5


def else_if_is_not_elif(a, b):
    if a:
        x = 1
    else:
        if b:
            x = 2
        else:
            x = 3
    if a:
        x += 1
    else:
        if b:
            x = 2
        x += 1
    return x


def find(items, wanted):
    for index, item in enumerate(items):
        if item == wanted:
            break
        if item is None:
            continue
    else:
        return -1
    return index


def countdown(n):
    while n > 0:
        n -= 1
        if n == 5:
            continue
        elif n == 3:
            break
    else:
        n = -1
    while True:
        if random.random() < 0.5:
            break
    return n


def loops_in_loops(grid):
    for row in grid:
        for cell in row:
            while cell:
                cell -= 1
                for _ in range(cell):
                    if cell % 2:
                        break
                else:
                    continue
                break
            else:
                pass
        else:
            yield row
    else:
        yield None


if len(sys.argv) > 1: print("arguments")
if len(sys.argv) > 2: print("many"); print("arguments")
elif sys.argv: print("one")
else: print("none"); pass;
for i in range(3): print(i)
else: print("done")
while False: break
else: pass
for i in []: continue
for i in range(2): i += 1; print(i);
if i:
    x = 1; y = 2
    z = 3;
else: x = y = z = 0
if x: pass
if not x: pass; pass
else:
    pass
x = 1; y = 2; z = x + y
x; y; z
pass; pass
if (x and
        y or
    z):
    pass
if x and \
   y:
    pass
while (n := random.randrange(3)) != 0: print(n)
for a, (b, *c) in [(1, (2, 3))]: print(a, b, c)
for sys.path[0:0] in []: pass
assert x
assert x, "message"
assert x == 1 and y, f"{x=}" if x else ("a", "b")


class Empty: pass
class Two: a = 1; b = 2
def short(): return 1
def shorter(): pass; return
def typed(a: int = 1) -> int: return a
def looped():
    for x in range(3): yield x
    while True: return
