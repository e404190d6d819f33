"""Structural pattern matching: every pattern, guards, and odd subjects."""

import enum
from dataclasses import dataclass


class Color(enum.Enum):
    RED = 1
    GREEN = 2


@dataclass
class Point:
    x: int
    y: int = 0


def literals(value):
    match value:
        case 0:
            return "zero"
        case -1 | -2.5:
            return "negative"
        case 1 + 2j | -1 - 2j | 3j | -4j:
            return "complex"
        case 0x1F | 0b11 | 0o17 | 1_000:
            return "bases"
        case "text" | 'other' "joined" | """long""":
            return "string"
        case b"bytes" | rb"\raw" b"more":
            return "bytes"
        case None | True | False:
            return "constant"
        case Color.RED | Color.GREEN.value.real:
            return "value"
        case _:
            return "anything"


def captures(value):
    match value:
        case (0 | 1) as small: return small
        case int() | str() as either: return either
        case (x) if x: return x
        case _ if value: return "wildcard with a guard"
        case y: return y


def sequences(value):
    match value:
        case []: return 0
        case (): return 0
        case [x]: return x
        case [x, ]: return x
        case (x,): return x
        case x, : return x
        case [x, y]: return x, y
        case (x, y): return x, y
        case x, y, z: return x, y, z
        case x, y, : return x, y
        case [first, *rest]: return first, rest
        case first, *_: return first
        case *init, last: return last
        case *_, : return "any sequence"
        case [*_]: return "any sequence"
        case [[a, (b, *c)], *_, d]: return a, b, c, d
        case [1 | 2, "a" as letter, _]: return letter
        case (((x))): return x


def mappings(value):
    match value:
        case {}: return "any mapping"
        case {"a": 1}: return "exact"
        case {"a": x, 'b': [y, z],}: return x, y, z
        case {"a": _, **rest}: return rest
        case {**everything}: return everything
        case {**everything,}: return everything
        case {Color.RED: red, -1: negative, None: nothing, 1 + 1j: c, "a" "b": ab, True: t}: return red
        case {"nested": {"deep": [{"er": value}]}}: return value


def classes(value):
    match value:
        case Point(): return 0
        case Point(0, 0): return "origin"
        case Point(x, y=0): return x
        case Point(x=0, y=yy,): return yy
        case Point(x=Point(y=[1, *_]) as inner) | Point(y=inner): return inner
        case Color.RED.value(real=1): return 1
        case str(text) | bytes(text): return text
        case dict(a=1) | list([1, 2]): return "builtins"


def guards(value, limit):
    match value:
        case [x, y] if x > y and y < limit or not x: return "guarded"
        case x if (n := len(x)) > 3: return n
        case x if x if limit else not x: return "conditional"
        case x if lambda: x: return "lambda"
        case {"k": v} if v in {1, 2}: return v


def subjects(a, b):
    match a, b:
        case 1, 2: pass
    match a,:
        case 1,: pass
    match (a, b):
        case (1, 2): pass
    match (a):
        case 1: pass
    match [a, *b]:
        case [*_]: pass
    match *a, b:
        case _: pass
    match {"a": a}:
        case {"a": 1}: pass
    match -a:
        case -1: pass
    match not a:
        case True: pass
    match a if b else 1:
        case 1: pass
    match lambda x: x:
        case f: pass
    match (n := a):
        case 1: pass
    match n := b:
        case 1: pass
    match a.b[0](1):
        case 1: pass
    match "text":
        case "text": pass
    match ...:
        case _: pass
    match a == b:
        case True: pass
    match match:
        case case: pass
    match(a):
        case(1): pass
        case[1]: pass
        case{"a": 1}: pass
        case"a": pass
        case-1: pass
        case(1)|(2)as x if(x): pass
    match[a]:
        case _: pass
    match{a}:
        case _: pass
    match a:
        # a comment before the first case
        case 1:  # trailing

            pass
        # between cases

        case 2: x = 1; y = 2
        case (
            3 |  # inside
            4
        ):
            match b:
                case 1:
                    return 1
                case _:
                    pass
            # after the inner match
        # after the last case
    return 0


match = 1
match match:
    case _: match = 2
