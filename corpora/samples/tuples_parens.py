"""Tuples with and without parentheses, and parentheses that change nothing or much."""

empty = ()
spaced_empty = (   )
one = 1,
one_parens = (1,)
not_tuple = (1)
two = 1, 2
two_parens = (1, 2)
trailing = 1, 2,
trailing_parens = (1, 2,)
nested = (1, (2, (3,)), ()), ((),)
double = ((1, 2))
many = ((((1))))
of_strings = "a", "b" "c",
of_lambdas = lambda: 1, lambda: 2
lambda_tuple = lambda: (1, 2)
conditional = 1 if one else 2, 3
conditional_parens = (1, 2) if one else (3, 4)
starred = *two, *trailing
starred_one = *two,
starred_parens = (*two, 3)
starred_expression = *two + one, *(two or one), *two

a, b = 1, 2
(a, b) = b, a
[a, b] = a, b
a, = one
(a,) = one
[a] = one
(a) = 1
((a)) = 1
() = []
[] = ()
a, (b, c) = 1, (2, 3)
a, [b, *c] = 1, [2, 3]
*a, b = two
(*a,) = two
*a, = two
a = b = c, d = 1, 2
(a), (b) = 1, 2

# Redundant parentheses around each kind of expression.
(a).bit_length
(a) if (b) else (c)
(not a)
not (a)
not (not a)
(a and b) or (c and d)
a and (b or c) and d
(a < b) < c
a < b < c
a < (b < c)
(a + b) * c
a + (b * c)
(a - b) - c
a - (b - c)
(-a) ** b if False else None
-(a ** 2)
(2 ** 3) ** 2
2 ** (3 ** 2)
2 ** -1
(a,)[0]
(lambda: 1)
(lambda: (yield))
(lambda x: (x))
("string")
("implicit" "concatenation")
(...)
(x := 1)
print((x := 2), (y := 3, 4), y)
(yy := (1, 2))
(await_ := 1) + 1
([i for i in (1, 2)])
((i for i in (1, 2)))
if (n := len(two)) > 1: print(n)
while (a := 0): pass


def generator():
    (yield)
    yield
    yield 1
    yield 1, 2
    yield (1, 2)
    yield *two, 3
    received = yield
    received = yield 1
    received = (yield) or (yield 1)
    received = yield (yield)
    received += yield
    print((yield), (yield 2))
    both = [(yield 1), (yield)]
    annotated: int = yield
    return (yield from [both, received, annotated])


def returns(flag):
    if flag: return
    if flag: return ()
    if flag: return 1,
    if flag: return 1, 2
    if flag: return *two, 3
    if flag: return (1,
                     2)
    return (flag)


for x in 1, 2: pass
for x in (1, 2): pass
for x, in [(1,)]: pass
for (x, y) in [(1, 2)]: pass
for x, (y, *z) in [(1, (2, 3))]: pass
for x in *two, 3: pass
for [x, y] in []: pass
for (x) in (two): pass
assert (a, b), "a tuple is always true"
assert (a is not None), ("in parentheses")
del (a), b
del (c, d)
del [x, y]
