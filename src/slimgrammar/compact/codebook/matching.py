"""Writes a text in a codebook's shorthands: those that together save most.

A text is read in units: a word (its leading underscores apart), or one character that belongs to no word. The templates form a
trie over units, so a word never matches a part of a longer one, and a place where no template starts costs one look-up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from slimgrammar.compact.codebook.template import Template

_UNITS: Final = r"_+|[^\W_{0}][^\W{0}]*|\W"


def unit_pattern(specials: Iterable[str] = ()) -> re.Pattern[str]:
    """What finds the units of a text one after another; `specials` are characters that are units of their own."""
    shown = "".join(map(re.escape, sorted(specials)))
    return re.compile(_UNITS.format(shown) + (f"|[{shown}]" if shown else ""))


class Node:
    """A place in the trie: what may come next, and the shorthand that is complete here."""

    def __init__(self) -> None:
        self.units: dict[str, Node] = {}
        self.fresh: Node | None = None  # a hole with a word that has not been seen
        self.again: list[Node | None] = []  # holes with a word that has: by its number
        self.entry: int = -1


class Matcher:
    """The trie of a codebook, and the search in it."""

    def __init__(self, templates: list[Template], symbols: list[str], saves: list[float], escape: str) -> None:
        self.root: Node = Node()
        self.specials: frozenset[str] = frozenset([*symbols, escape])
        self.symbols: list[str] = symbols
        self.saves: list[float] = saves
        self.leads: list[bool] = [template.leads for template in templates]
        self.pattern: re.Pattern[str] = unit_pattern(self.specials)
        self.units: list[str] = []
        self.words: list[str] = []
        self.value: list[float] = []  # by unit: the most that can be saved from there on
        self.entries: list[int] = []  # by unit: the shorthand to write there, or -1
        self.ends: list[int] = []  # by unit: where that ends
        self.fillings: dict[int, list[str]] = {}  # by unit: the words of that
        self.best: float = 0.0
        self.best_entry: int = -1
        self.best_end: int = 0
        self.best_words: list[str] = []
        for entry, template in enumerate(templates):
            self.add(entry, template)

    def add(self, entry: int, template: Template) -> None:
        """Puts a template into the trie."""
        node = self.root
        known = 0
        for at, literal in enumerate(template.literals):
            if at:
                hole = template.holes[at - 1]
                if hole == known:
                    known += 1
                    if node.fresh is None:
                        node.fresh = Node()
                    node = node.fresh
                else:
                    node = self.again(node, hole)
            for unit in self.pattern.findall(literal):
                following = node.units.get(unit)
                if following is None:
                    following = node.units[unit] = Node()
                node = following
        node.entry = entry

    def again(self, node: Node, hole: int) -> Node:
        """The node behind a hole whose word stands in an earlier one."""
        while len(node.again) <= hole:
            node.again.append(None)
        found = node.again[hole]
        if found is None:
            found = node.again[hole] = Node()
        return found

    def shorten(self, text: str) -> tuple[str, float, list[int]]:
        """A text in shorthands, how many tokens that should save, and the entries used, in order."""
        self.units = self.pattern.findall(text)
        self.plan()
        return self.written()

    def plan(self) -> None:
        """Finds, from the end to the start, what saves most from each unit on (weighted interval scheduling)."""
        units = self.units
        size = len(units)
        starts = self.root.units
        leading = self.root.fresh
        self.value = [0.0] * (size + 1)
        self.entries = [-1] * size
        self.ends = [0] * size
        self.fillings = {}
        for at in range(size - 1, -1, -1):
            unit = units[at]
            self.best = self.value[at + 1]
            self.best_entry = -1
            node = starts.get(unit)
            if node is not None:
                self.words = []
                self.search(node, at + 1)
            if leading is not None and self.is_word(unit) and not (at and units[at - 1][0] == "_" and unit[0] != "_"):
                end = self.word_end(at)
                # The next unit starts no template: the usual case.
                if end < size and units[end] in leading.units:
                    self.words = ["".join(units[at:end])]
                    self.search(leading, end)
            self.value[at] = self.best
            if self.best_entry >= 0:
                self.entries[at] = self.best_entry
                self.ends[at] = self.best_end
                if self.best_words:
                    self.fillings[at] = self.best_words

    def uses(self, text: str) -> list[tuple[int, int, int, list[str]]]:
        """Where `shorten` would use shorthands: the entry, the characters that go (without a leading word), its words."""
        self.units = self.pattern.findall(text)
        self.plan()
        found: list[tuple[int, int, int, list[str]]] = []
        at = 0
        offset = 0
        while at < len(self.units):
            entry = self.entries[at]
            end = at + 1 if entry < 0 else self.ends[at]
            start = offset
            for unit in self.units[at:end]:
                offset += len(unit)
            if entry >= 0:
                words = self.fillings.get(at, [])
                if self.leads[entry]:
                    start += len(words[0])
                    words = words[1:]
                found.append((entry, start, offset, words))
            at = end
        return found

    def written(self) -> tuple[str, float, list[int]]:
        """The text as planned."""
        out: list[str] = []
        used: list[int] = []
        at = 0
        while at < len(self.units):
            entry = self.entries[at]
            if entry < 0:
                out.append(self.units[at])
                at += 1
                continue
            used.append(entry)
            words = self.fillings.get(at)
            at = self.ends[at]
            if words is None:
                out.append(self.symbols[entry])
            else:
                self.write(out, entry, words, at)
        return "".join(out), self.value[0], used

    def is_word(self, unit: str) -> bool:
        """Whether a unit is a word or the underscores before one."""
        first = unit[0]
        return first == "_" or (first.isalnum() and (len(unit) > 1 or unit not in self.specials))

    def write(self, out: list[str], entry: int, words: list[str], end: int) -> None:
        """Appends a symbol and its words; `end` is where the text goes on."""
        first = 0
        if self.leads[entry]:
            out.append(words[0])
            first = 1
        out.append(self.symbols[entry])
        if first < len(words):
            for word in words[first:]:
                out.append(" ")
                out.append(word)
            if end < len(self.units):
                following = self.units[end]
                if following == " " or self.is_word(following):
                    out.append(" ")

    def word_end(self, at: int) -> int:
        """Where the word ends that starts at a unit: underscores and what they lead are one word."""
        units = self.units
        if units[at][0] == "_" and at + 1 < len(units) and self.is_word(units[at + 1]):
            return at + 2
        return at + 1

    def search(self, node: Node, at: int) -> None:
        """Looks for the best shorthand among those below `node`, whose text goes on at `at`."""
        while True:
            entry = node.entry
            if entry >= 0 and self.saves[entry] + self.value[at] > self.best:
                self.best = self.saves[entry] + self.value[at]
                self.best_entry = entry
                self.best_end = at
                self.best_words = self.words[:]
            if at >= len(self.units):
                return
            unit = self.units[at]
            if (node.fresh is not None or node.again) and self.is_word(unit):
                self.holes(node, at)
            following = node.units.get(unit)
            if following is None:
                return
            node = following
            at += 1

    def holes(self, node: Node, at: int) -> None:
        """Goes on behind the holes at `node`, with the word at `at` in them."""
        end = self.word_end(at)
        word = "".join(self.units[at:end])
        for hole, following in enumerate(node.again):
            if following is not None and self.words[hole] == word:
                self.search(following, end)
        if node.fresh is not None:
            self.words.append(word)
            self.search(node.fresh, end)
            self.words.pop()
