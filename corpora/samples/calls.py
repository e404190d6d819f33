"""Calls and what stands before their parentheses."""

import functools
import operator


def collect(*args, **kwargs):
    return args, kwargs


numbers = [3, 1, 2]
options = {"reverse": True}

collect()
collect(1)
collect(1,)
collect(1, 2, 3)
collect(a=1)
collect(a=1, b=2,)
collect(1, b=2)
collect(*numbers)
collect(*numbers,)
collect(**options)
collect(**options,)
collect(*numbers, *numbers, **options, **{})
collect(1, *numbers, 2, *[4], a=1, **options, b=2)
collect(*numbers, a=1, *[5])
collect(a=1, *numbers)
collect(*[], **{})
collect(* numbers, ** options)
collect(*numbers or [], **options or {})
collect(*numbers if numbers else [], **options if options else {})

# Generators need no parentheses of their own when alone.
sum(n for n in numbers)
sum((n for n in numbers), 10)
collect((n for n in numbers))
collect((n for n in numbers), key=(m for m in numbers))

# Walrus, lambda, conditional, yield-free expressions as arguments.
collect(size := len(numbers))
collect(size := len(numbers), 2, again=(total := sum(numbers)))
collect(lambda: 0, lambda x: x, key=lambda x, y=1: (x, y))
collect(1 if numbers else 2, not numbers, -1, x=not numbers)
collect(print=1, type=2, match=3, case=4, _=5)

# Chains.
" a b ".strip().split(" ")[0].upper()
functools.partial(collect, 1)(2)(*[]) if False else None
collect(1)[0][0]
collect(f=collect)[1]["f"](2)
(lambda x: x + 1)(2)
(collect)(1)
(collect if numbers else print)(1)
[len, max][0](numbers)
{"f": len}["f"](numbers)
"{}-{}".format(*numbers[:2])
"%s" % collect(1)[0]
operator.itemgetter(1)(numbers)
numbers.sort(key=lambda n: -n, reverse=False)
collect (1)
collect . __call__ (1)
numbers [0]
type("Name", (object,), {"x": 1})()

result = (
    collect(
        1,
        2,
        key="value",
    )[0][0]
)
chained = (
    "text"
    .upper()
    .replace("T", "t")
    # a comment in the chain
    .strip()
)
nested = collect(collect(collect(), collect(1)), collect(a=collect(b=collect())))
multi = collect(
    "first",  # trailing
    # own line
    second="second",
    *numbers,
    **options
)
