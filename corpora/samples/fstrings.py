"""Formatted strings as Python 3.8 to 3.11 allow them."""

import datetime
import math

name = "Ada"
width, precision = 12, 3
values = {"key": [1, 2, 3], "other": 'text'}
today = datetime.date(2024, 2, 29)

PLAIN = f"no fields"
EMPTY = f''
SIMPLE = f"hello {name}"
MANY = f"{name}{name} and {name}"
CONVERTED = f"{name!r} {name!s} {name!a}"
FORMATTED = f"{math.pi:.2f} {width:>10} {width:#06x} {width:,}"
CONVERTED_FORMATTED = f"{name!r:>{width}}"
NESTED_FORMAT = f"{math.pi:{width}.{precision}f}"
NESTED_TWICE = f"{math.pi:{'>' + str(width)}.{precision}}"
DATE = f"{today:%Y-%m-%d} {today:%A, %d %B}"
DEBUG = f"{name=} {name = } {name=!s} {width=:>5} {width + 1 = }"
BRACES = f"{{literal}} {{{name}}} {{{{ {name} }}}}"
UPPER = F"{name}" F'{name}'
RAW = rf"\d{name}\s" fr'\w' Rf"{name}" rF"\n" FR"{name}\\"
TRIPLE = f"""
first {name}
  second {
    width
    + precision
}
{name!r}"""
TRIPLE_SINGLE = f'''it's "{name}" {values["key"]!r:>{width}}'''
ESCAPED = f"\t{name}\n\x41\N{BULLET}\u00e9{{\"}}"
NAMED_ESCAPE = f"\N{GREEK SMALL LETTER ALPHA}{name}"

INDEXED = f"{values['key'][0]} {values['key'][1:2]} {values['other']}"
CALLED = f"{max(values['key'], key=lambda v: -v)} {'yes' if name else 'no'}"
LAMBDA = f"{(lambda x: x * 2)(3)} {(lambda: 1)():d}"
WALRUS = f"{(found := width)} {found:=5}"
COMPARED = f"{width == 12} {width != 3} {width <= 3} {width >= 3} {width!=3}"
DICTIONARY = f"{ {'a': 1}['a'] } { {1, 2} }"
COMPREHENSION = f"{[v for v in values['key']]} {', '.join(str(v) for v in values['key'])}"
TUPLE = f"{1, 2} {*values['key'], 4}"
STARRED = f"{(*'ab',)}"
SLICED = f"{name[::-1]} {name[1:]:>5}"
INNER = f"{f'{name}!'} {f'{width:{precision}}'}"
STRING_IN = f"{'a' 'b'} {'#'} {':'!r} {'!'} {'{'} {'}'}"
SPACED = f"{  name  } {name !r} { name:>10} {name  :>10}"

JOINED = "plain {name} " f"{name} " '{{}} ' f'{{}}'
JOINED_LINES = (
    f"{name} is "
    "not {name} "
    rf"but \{name}"
)
CONTINUED = f"first {name} \
second {name}"


def greet(person, *, loud=False):
    text = f"Hello, {person.title()}{'!' * 3 if loud else '.'}"
    return f"{text:-^{len(text) + 4}}" if loud else f'{text!s}'


async def fetch(client):
    return f"{await client.get('x')}: {[i async for i in client]}"


def generator():
    sent = f"{(yield)} {yield 1}"
    return f"{sent}"


assert greet("ada", loud=True), f"unexpected {greet('ada')!r}"
print(f"{name}", f'{width}', end=f"{''}")
