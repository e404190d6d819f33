"""The methods by name, each loaded when it is used."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from slimgrammar.errors import SlimError
from slimgrammar.prune.methods.base import Method, Options, Ranking

__all__ = ["METHODS", "Method", "Options", "Ranking", "UnknownMethod", "method"]

# Name → module and function
METHODS: Final = {
    "slim": ("slim", "slim"),
    "slimcode": ("slimcode", "slimcode"),
    "dietcode": ("dietcode", "dietcode"),
    "attention": ("attention", "attention"),
    "skeleton": ("skeleton", "skeleton"),
    "slice": ("slicing", "backward_slice"),
    "punctuation": ("controls", "punctuation"),
    "first": ("controls", "first"),
    "random": ("controls", "at_random"),
}


class UnknownMethod(SlimError, ValueError):
    """No pruning method has this name; the message lists those that there are."""


def method(name: str) -> Method:
    """The method called `name`.

    Raises:
        UnknownMethod: there is none.
    """
    if name not in METHODS:
        raise UnknownMethod(f"unknown method {name!r}: expected one of {', '.join(METHODS)}")
    module, function = METHODS[name]
    found: Method = getattr(import_module(f"slimgrammar.prune.methods.{module}"), function)
    return found
