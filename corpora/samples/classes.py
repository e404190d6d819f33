"""Classes: bases, keywords, methods and what stands in their bodies."""

import abc
import enum
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Bare: pass
class EmptyParens(): pass
class Ellipsis_: ...
class Documented: "one line"
class Based(Bare): pass
class Many(Based, EmptyParens,): pass
class Meta(type): pass
class Keywords(Bare, metaclass=Meta): x = 1
class OnlyKeyword(metaclass=Meta): pass
class Spread(*[Bare], **{"metaclass": Meta}): pass
class Computed([Bare][0], (lambda: EmptyParens)()): pass
class Conditional(Bare if Meta else Based): pass
class Subscripted(Generic[T], Bare): pass


class Account(abc.ABC):
    """An account with a balance."""

    __slots__ = ("_balance", "owner")
    rate: float = 0.01
    count = 0
    names: list = []

    def __init__(self, owner, balance=0):
        self.owner = owner
        self._balance = balance
        type(self).count += 1

    def __init_subclass__(cls, /, tag=None, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.tag = tag

    @property
    def balance(self):
        return self._balance

    @balance.setter
    def balance(self, value): self._balance = value

    @balance.deleter
    def balance(self):
        del self._balance

    @classmethod
    def open(cls, owner, *args, **kwargs):
        return cls(owner, *args, **kwargs)

    @staticmethod
    def valid(amount): return amount > 0

    @staticmethod
    def version():
        return 1

    @abc.abstractmethod
    def close(self) -> None: ...

    def no_arguments_but_self(self): pass
    def annotated_self(self: "Account", other: "Account") -> bool: return self < other
    def default_self(self=None): return self
    def positional_self(self, /, a, *, b): return self
    def other_name(this, that): return this
    def star_only(*args): return args
    def no_self(): return 1
    def keyword_self(*, self): return self
    def self_later(a, self): return self
    def __lt__(self, other): return self._balance < other._balance
    def __enter__(self): return self
    def __exit__(self, *exc): return False

    async def transfer(self, other, amount):
        await other.receive(amount)

    def __private(self): return self.__secret

    def nested(self):
        def helper(self): return self
        class Inner:
            def method(self): return self
            @classmethod
            def build(cls): return cls()
        return helper(self), Inner

    if count:
        def conditional(self): return 1
    else:
        def conditional(self): return 2
    for name in ["a", "b"]: names.append(name)
    del name
    alias = close
    squares = [n * n for n in range(3)]
    pass


class Tagged(Account, tag="tagged"):
    def close(self): super().close(); super(Tagged, self).close()


class Color(enum.Enum):
    RED = 1
    GREEN = RED + 1

    def describe(self):
        return self.name, self.value


class Pair(NamedTuple):
    first: int
    second: int = 0


class Outer:
    class Middle:
        class Inner:
            value = 1
    Alias = Middle.Inner

    def after(self): return self.Alias.value


class Property:
    x = property(lambda self: self._x, lambda self, v: setattr(self, "_x", v))
    def __get__(self, instance, owner=None): return self
    def __set_name__(self, owner, name): self.name = name
    def __class_getitem__(cls, item): return cls
    def __call__(self, *args, **kwargs): return self(*args, **kwargs)
    def cls_named_self(cls): return cls
    @ classmethod
    def self_in_classmethod(self): return self
    @(lambda f: f)
    def decorated(self): return self
