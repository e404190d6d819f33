"""What else came with 3.12 and is plain syntax: annotations over scopes, unpacking in generic subscripts, `type` beside names."""

from typing import TypedDict, Unpack, override


class Options(TypedDict):
    width: int
    height: int


class Base:
    def draw(self, **options: Unpack[Options]) -> None: ...


class Child(Base):
    @override
    def draw(self, **options: Unpack[Options]) -> None: print(f"{options["width"]}x{options["height"]}")


type (1)
type [int]
type.mro
type = [type for type in [1]]
type: int = 1
type, x = 1, 2
type; type A = int; type
type in [1]
type B = type
print(type)
