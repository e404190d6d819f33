"""List, set and dict comprehensions, and generator expressions."""

matrix = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
pairs = [("a", 1), ("b", 2)]

squares = [n * n for n in range(10)]
evens = [n for n in range(10) if n % 2 == 0]
filtered = [n for n in range(100) if n % 2 if n % 3 if not n % 5]
flat = [cell for row in matrix for cell in row]
flat_filtered = [cell for row in matrix if len(row) > 2 for cell in row if cell > 4 if cell < 9]
transposed = [[row[i] for row in matrix] for i in range(3)]
unique = {n % 3 for n in range(10)}
mapping = {name: value for name, value in pairs}
inverted = {value: name for (name, value) in pairs if value}
lazy = (n for n in range(3))
nested = list(list(m for m in range(n)) for n in range(3))
tuples = [(a, b) for a in range(3) for b in range(a)]
starred = [(first, rest) for first, *rest in matrix]
bracketed = [x for [x, y, z] in matrix]
one_tuple = [x for x, in [(1,), (2,)]]
unpacked = [*(n for n in range(3)), *[m for m in range(2)]]
conditional = [n if n else -1 for n in range(3)]
condition_ternary = [n for n in range(3) if (True if n else False)]
walrus = [half for n in range(10) if (half := n // 2) > 1]
walrus_element = [(last := n) for n in range(3)]
lambdas = [lambda x=n: x for n in range(3)]
lambda_condition = [n for n in range(3) if (lambda v: v)(n)]
lambda_iter = [n for n in (lambda: [1, 2])()]
boolean = [n for n in [] or [1] if n and n > 0 or not n]
dict_of_sets = {k: {v for v in range(k)} for k in range(3)}
dict_walrus = {(k := n): (v := n * n) for n in range(3)}
attributes = [n for matrix[0][0] in range(2) for n in [matrix[0][0]]]
strings = "".join(c for c in "text" if c in"aeiou")
chained_calls = sorted((value, name) for name, value in pairs)[0]
implicit_tuple_iter = [n for n in (1, 2, 3)]
trailing = [
    n  # element
    for n in range(3)  # loop
    # a comment alone
    if n  # condition
]
wide = {
    name.upper(): [
        value + offset
        for offset in range(3)
        if offset
    ]
    for name, value in pairs
    if name
    if value
}


def primes(limit):
    return (n for n in range(2, limit) if all(n % d for d in range(2, int(n ** 0.5) + 1)))


async def asynchronous(source, other):
    first = [item async for item in source]
    second = {item: 1 async for item in source if await other(item)}
    third = {await other(item) for item in first}
    fourth = (item async for item in source for part in item async for x in part)
    return first, second, third, [x async for x in fourth if x]


class Table:
    rows = 3
    cells = [r for r in range(rows)]
    total = sum(r for r in cells)
