"""`match`, `case`, `type` and `_` as plain names, in every position a name can have."""

import re
from typing import Any, Dict

match = re.match(r"\w+", "text")
case = [1, 2, 3]
type_ = type
_ = None

# Assigned.
match = 1
case = type = _ = match
match, case = 1, 2
match, = [1]
case, = 1,
type, x = 1, 2
type, = [type]
_, type = 1, dict
(match) = 3
[match, *case] = [1, 2, 3]
*match, case = [1, 2, 3]
match: int = 3
case: Dict[str, int] = {}
type: Any
_: int = 1
match += [1] if False else 1
case |= {}
type = lambda *a: a
_ -= 1
if (match := 1): pass
print(case := 2, (type := dict))

# Subscripted, annotated and called.
match = case = type = {1: {}, 2: [1, 2]}
match[1]
match[1] = 2
match[1]: int = 3
match[1]["a"] = 1 if False else 3
match [1]
match[1:2] if False else match
match[1, 2]: int = 3
match[1][2]: int
match[1] += 1
case[1]
case[2][0]: int = 3
type[1]: int = 3
type[1] = 4
type[2][0]
_ [0:1] if False else _


def match(*values, **options): return values
def case(*values): return match(*values)
def type(value, match=1, *, case=2): return value
def _(_): return _


match()
match(1)
match (1)
match (1, 2)
match(1)(2)
match (1).count(1)
match (1)[0]
match (1), 2
match (1) + (2,)
match(*case(), **{})
match(1) if match else case
match(x)
match (x) == 1
match (x) and case (x)
match ( x ) . count
case(1)
case (1)
type(1)
type (1)
type(1).real
_(1)
_ (1)

# As operands.
match
match.__name__
match . __name__
match; case; type; _
match, case
match,
match + 1 if False else match
match - 1 if False else match
match * 1 if False else match
match ** 1 if False else match
match @ match if False else match
match / 1 if False else match
match < 1 if False else match
match == 1
match != 1
match is None
match is not None
match in [1]
match not in [1]
match and 1
match or 1
match if match else case
match & 1 if False else match
match % 1 if False else match
match >> 1 if False else match
type - 1 if False else type
type == type
type in [type]
type is case
type * 1 if False else type
type, match
type if type else type
case if case else case
not match, -type(1), ~type(1)
[match, case, type, _]
{match: case, type: _}
{match, case}
(match)
(type)
[match for match in [1] if match]
[type for type, case in [(1, 2)] for _ in [match]]
lambda match: match
lambda match, case=type, *type_, _: (match, case)
lambda: match
f"{match} {case!r} {type(1):>{_(2)}}"
print(match)
print(match, case, type, _, sep=match(""), end=case("")[0]) if False else None
dict(match=1, case=2, type=3, _=4)
x.match.case.type._ if False else x

for match in [1]: print(match)
for match, case in [(1, 2)]: pass
for _ in range(3): pass
for type, in [(1,)]: pass
while match: break
with open(__file__) as match, open(__file__) as type: pass
try: pass
except ValueError as match: pass
except match: pass
if match: pass
elif case: pass
assert type, match
del match[0], case, type


class match(Any if False else object):
    match = 1
    case: int = 2
    type = property(lambda self: self.match)
    def _(self): return self.case

    def __init__(self, match, case=None, *type, _):
        self.match = match
        self.case, self.type_ = case, type
        return None


class case: pass
class type(case): pass
class _(match): pass


@match
def decorated(match: match, *case: case, **type: type) -> match: return match


async def type(_):
    global case
    await match
    yield match
    async for match in case: pass
    return


type = type
type\
    = 1
match\
    = 2
match = type = case = {}
match = match if match else \
    case
print((match), (type), (case))
