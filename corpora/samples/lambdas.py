"""Lambda expressions with every kind of parameter, in every place."""

from functools import reduce

nothing = lambda: None
one = lambda x: x
two = lambda x, y: x + y
trailing = lambda x, y,: x
default = lambda x=1: x
defaults = lambda x, y=2, z=(3, 4): (x, y, z)
star = lambda *args: args
double_star = lambda **kwargs: kwargs
everything = lambda a, /, b, c=3, *args, d, e=5, **kwargs: (a, b, c, args, d, e, kwargs)
positional_only = lambda a, b, /: a
positional_default = lambda a=1, /, b=2: a
positional_alone = lambda a, /, : a
keyword_only = lambda *, key: key
keyword_only_comma = lambda *, key=None,: key
star_comma = lambda *args,: args
stars_comma = lambda **kwargs,: kwargs
nested = lambda x: lambda y: lambda z: x + y + z
lambda_default = lambda f=lambda: 1: f
lambda_default_twice = lambda f=lambda g=lambda: 1: g: f
conditional = lambda x: 1 if x else 2
condition_of = (lambda x: x) if nothing else (lambda y: y)
condition_bare = lambda: 1 if nothing else lambda: 2
in_else = 1 if nothing else lambda: 2
boolean = lambda x, y: x and y or not x
comparison = lambda x: 0 < x < 10
tuple_body = lambda x: (x, x)
tuple_outside = lambda x: x, 1
list_body = lambda x: [x]
dict_body = lambda x: {x: x}
set_body = lambda x: {x}
string_body = lambda: "text" 'more'
slice_body = lambda x: x[1:2]
walrus = lambda x: (y := x)
generator = lambda: (yield)
generator_from = lambda: (yield from [1])
called = (lambda: 1)()
called_arguments = (lambda *a, **k: (a, k))(1, 2, x=3)
in_list = [lambda: 1, lambda x: x]
in_dict = {"a": lambda: 1, "b": lambda x: {x: 1}}
in_call = sorted([3, 1], key=lambda n: -n)
in_call_two = reduce(lambda a, b: a * b, [1, 2, 3], 1)
in_slice = [1, 2, 3][(lambda: 0)():(lambda: 2)()]
in_subscript = {}.get(lambda: 1)
in_default = lambda key=(lambda: 1)(): key
in_comprehension = [(lambda: n)() for n in range(3) if (lambda: n)()]
in_fstring = f"{(lambda: 1)()}"
spaceless = lambda:0
spaceless_star = lambda*a:a
spaceless_stars = lambda**k:k
split = lambda first, \
    second: first
wrapped = (
    lambda first,  # comment on a parameter
    second=2:
    # comment before the body
    first + second
)


def takes(function=lambda x: x, *, key=lambda: None) -> (lambda: 1):
    return lambda: function(key())


@(lambda f: f)
def decorated():
    return lambda: 1, lambda: 2


class Holder:
    method = lambda self: self
    keyed = {lambda: 1: lambda: 2}


assert (lambda: True)(), lambda: "message"
