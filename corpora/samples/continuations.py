"""Backslash continuations and bracketed line breaks in every legal place."""

import os, \
    sys
from os \
    import path
from os.path import join, \
    split, \
    exists

total = 1 + \
    2 + \
    3
plain = \
    1
chained = first = \
second = 3
text = "a" \
       'b' \
  "c"
spaced = 1 +	\
	2
a \
= 1
a. \
    real
a \
    .real
print \
    (a)
text \
    [0]
if a and \
        plain or \
   total:
    pass
elif not \
        a:
    pass
if a \
: pass
while a \
        > 2: break
for i \
    in \
    range(3): pass
x = a if plain \
    else total
y = lambda p, \
    q: p + \
    q
z = a is \
    not None
w = a not \
    in [1]
assert a, \
    "message"
del plain, \
    total
b = 1; \
c = 2
if a: b = 1; \
    c = 2
with open(__file__) as f, \
        open(__file__) as g: \
    pass
@ \
staticmethod
def decorated(one,
    two=\
        3) \
        -> int:
    return one + \
        two
class \
    Continued \
    (object): \
    pass


def body():
    \
    first = 1
    if first:
        return \
            first
    raise ValueError \
        from None


def indentation_after_backslash():
    x = 1
\
    y = 2
    return x, \
y


def brackets():
    one = [
1,
            2,
  3]
    two = (1
           + 2
           - 3)
    three = {
        "k":
            "v"
        , "l"
        : "w"
    }
    four = one[
        0
    ]
    five = sum(
        one)
    six = (one
        [0]
        .real)
    seven = (
        # only a comment
        1
    )
    eight = (1 + \
        2)
    nine = [x
            for x
            in one
            if x]
    if (one
            and two):
        ten = (yield
               ), (yield
                   five)
    else: ten = ()
    for (k,
         v) in three.items(): pass
    assert (four,
            six)
    return (one, two, three, seven, eight,

            nine,


            ten)


def signature(
    a,
    b=(
        1,
        2
    ),
    *args,
    **kwargs
) -> (
    int
): return signature(
    a, b,
    *args, **kwargs)
print(x \

      ) if False else print(y)
1 + \
    2; \
3
