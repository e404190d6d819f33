"""Assignments: plain, chained, annotated, augmented, unpacking, and the targets they reach."""

from dataclasses import dataclass, field
from typing import Any, Callable, ClassVar, Dict, List, Optional


class Box:
    size: int
    name: str = "box"
    parts: "List[Box]" = []
    limit: ClassVar[Optional[int]] = None
    (hidden): int = 3
    maker: Callable[..., Any] = lambda self: None

    def __init__(self, *contents):
        self.contents = contents
        self.first, *self.rest = contents or (None,)
        self.count: int = len(contents)
        self.table: Dict[str, int] = {}
        self.table["a"]: int = 1
        self.table["b"], self.table["c"] = 2, 3
        (self.parenthesised) = 4
        (self.annotated): int = 5
        self.later: float


# Plain and chained.
x = 1
x = y = z = 2
x = (y) = [z] = (2,)
x=1;y=2;z=3
first, second = 1, 2
first, second = second, first
(first, second), third = (1, 2), 3
head, *tail = range(5)
*init, last = range(5)
start, *middle, end = "middle"
[one, two] = [1, 2]
[one, [two, *more]] = [1, [2, 3, 4]]
for_one, = (1,)
box = Box(1, 2)
box.name, box.size = "b", 1
box.table["k"] = box.other = value = 3
box.table[1, 2] = 3
box.rest[0:0] = [1, 2]
Box().name = "temporary"
(lambda: box)().name = "called"
spread = *tail, *init
spread, = *[1],
text = "a" \
    "b"
long = (
    1 +
    2
)

# Annotated.
number: int
number: int = 1
words: list[str] = ["a"]
pair: tuple[int, str] = 1, "a"
starred: tuple = *tail, 1
forward: "Box" = box
conditional: int if x else str = 3
called: type(x) = 1
(grouped): int = 2
box.attribute: int = 3
box.table["x"]: int = 4
box.bare: "only an annotation"
tuple_annotation: (int, str) = (1, "a")
lambda_annotation: lambda: 1 = 2
string_value: str = "a" "b"
yes: bool = not x
optional: int | None = None
nested: dict[str, list[tuple[int, ...]]] = {}

# Augmented.
x += 1
x -= y * 2
box.count += 1
box.table["a"] += 2
box.table["a"] **= 2
(x) += 1
box.rest += 1, 2
box.rest += [3] if x else []
text += "c" "d"

# Walrus.
if (match := text.find("a")) >= 0 and (rest := text[match:]):
    print(match, rest)
while chunk := tail[:2]:
    tail = tail[2:]
print(chunk, last := 1)
filtered = [y := 1, y ** 2, (z := 3)]
{(key := "a"): (val := 1)}
{wal := 1, 2}


@dataclass(frozen=True)
class Point:
    x: float
    y: float = 0.0
    tags: tuple = field(default=(), compare=False)
    _hidden: "int" = 1
    __mangled: int = 2


def local() -> int:
    count: int = 0
    other: int
    count = other = 1
    other: int = count
    a = b = c = d = 0
    a, b = c, d = 1, 2
    return count + other + a + b + c + d
