"""Writes a text in a codebook's shorthands: those that together save most.

A shorthand may start and end where a word does (its leading underscores apart) and beside every other character, never inside
a word. One pass from the end to the start finds what saves most from each place on (weighted interval scheduling). Only the
places where a shorthand improves on the places behind are noted, so a place where no template starts costs two look-ups.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from slimgrammar.compact.codebook.alphabet import Alphabet
from slimgrammar.compact.codebook.template import Template
from slimgrammar.compact.codebook.trie import AGAIN, ROOT, Trie

_UNDERSCORE: Final = 95
_BLANK: Final = 32
_NO_PLACES: Final[list[int]] = []
_NO_WORDS: Final[list[str]] = []


class Use:
    """A shorthand in a text: what goes from `start` to `end`, and the words behind its symbol; a leading word stays."""

    def __init__(self, entry: int, start: int, end: int, words: list[str]) -> None:
        self.entry: int = entry
        self.start: int = start
        self.end: int = end
        self.words: list[str] = words


class Matcher:
    """The templates of a codebook, and the search for them."""

    def __init__(self, templates: Sequence[Template], symbols: Sequence[str], saves: Sequence[float], escape: str) -> None:
        self.trie: Trie = Trie(templates)
        self.alphabet: Alphabet = Alphabet(symbols, escape)
        self.symbols: list[str] = list(symbols)
        self.saves: list[int] = [round(100 * saved) for saved in saves]
        self.leads: list[bool] = [template.leads for template in templates]
        self.tails: list[bool] = [self.ends_in_word(template) for template in templates]
        self.text: str = ""
        self.words: list[int] = []  # where those in the holes so far start
        self.near: int = -1  # the word that was looked at last: most holes are tried with it
        self.near_end: int = -1
        # What saves most from a place on: figures of the places where that changes, the last in the text first.
        self.places: list[int] = []
        self.values: list[int] = []
        self.chosen: list[int] = []
        self.ends: list[int] = []
        self.fillings: list[list[int]] = []
        self.best: int = 0  # the same of the place that is being looked at
        self.best_entry: int = -1
        self.best_end: int = 0
        self.best_words: list[int] = []

    def ends_in_word(self, template: Template) -> bool:
        """Whether a template ends in text that a longer word might start with."""
        last = template.literals[-1]
        return last != "" and self.alphabet.is_word(ord(last[-1]))

    def shorten(self, text: str) -> tuple[str, float, list[int]]:
        """A text in shorthands, how many tokens that should save, and the entries used, in order."""
        uses = self.uses(text)
        out: list[str] = []
        used: list[int] = []
        done = 0
        for number, use in enumerate(uses):
            out.append(text[done : use.start])
            out.append(self.symbols[use.entry])
            used.append(use.entry)
            done = use.end
            if use.words:
                for word in use.words:
                    out.append(" ")
                    out.append(word)
                if number + 1 == len(uses) or uses[number + 1].start > done:
                    following = ord(text[done]) if done < len(text) else 0
                    if following == _BLANK or self.alphabet.is_word(following):
                        out.append(" ")
        out.append(text[done:])
        return "".join(out), self.values[-1] / 100 if self.values else 0.0, used

    def uses(self, text: str) -> list[Use]:
        """The shorthands that save most together, in order."""
        self.plan(text)
        found: list[Use] = []
        done = 0
        for number in range(len(self.places) - 1, -1, -1):
            start = self.places[number]
            if start < done:
                continue
            entry = self.chosen[number]
            places = self.fillings[number]
            done = self.ends[number]
            if self.leads[entry]:
                start = self.alphabet.word_end(text, places[0])
                places = places[1:]
            words = [self.word_at(place) for place in places] if places else _NO_WORDS
            found.append(Use(entry, start, done, words))
        return found

    def plan(self, text: str) -> None:
        """Finds what saves most from each place on."""
        self.text = text
        self.places = []
        self.values = []
        self.chosen = []
        self.ends = []
        self.fillings = []
        self.best = 0
        self.near = -1
        alphabet, trie = self.alphabet, self.trie
        at = len(text) - 1
        while at >= 0:
            code = ord(text[at])
            if alphabet.is_word(code):
                at = self.word(at)
            else:
                node = trie.start(code)
                if node:
                    self.search(node, at + 1)
                    if self.best_entry >= 0:
                        self.note(at)
            at -= 1

    def word(self, last: int) -> int:
        """Looks at the places where a word starts that ends with `last`: behind its leading underscores, and before them."""
        text, alphabet, trie = self.text, self.alphabet, self.trie
        low = alphabet.low
        start = inner = last
        code = ord(text[last])
        while True:
            if code != _UNDERSCORE:
                inner = start
            if start == 0:
                break
            code = ord(text[start - 1])
            if not (97 <= code <= 122 < low) and not alphabet.is_word(code):  # most are small letters
                break
            start -= 1
        if start < inner:
            node = trie.start(ord(text[inner]))
            if node and ord(text[inner]) != _UNDERSCORE:
                self.search(node, inner + 1)
                if self.best_entry >= 0:
                    self.note(inner)
        node = trie.start(ord(text[start]))
        if node:
            self.search(node, start + 1)
        leading = ord(trie.fresh[ROOT])
        if leading and last + 1 < len(text):
            node = trie.step(leading, ord(text[last + 1]))
            if node:
                self.words.append(start)
                self.search(node, last + 2)
                self.words.clear()
        if self.best_entry >= 0:
            self.note(start)
        self.near, self.near_end = start, last + 1
        return start

    def note(self, at: int) -> None:
        """Notes that a shorthand at a place improves on the places behind."""
        self.places.append(at)
        self.values.append(self.best)
        self.chosen.append(self.best_entry)
        self.ends.append(self.best_end)
        self.fillings.append(self.best_words)
        self.best_entry = -1

    def search(self, node: int, at: int) -> None:
        """Looks for the best shorthand among those at and below `node`, whose text goes on at `at`."""
        text, trie = self.text, self.trie
        size = len(text)
        while True:
            if ord(trie.notable[node]):
                entry = ord(trie.entries[node]) - 1
                if entry >= 0 and (not self.tails[entry] or self.is_boundary(at)):
                    self.offer(entry, at)
                if at < size and ord(trie.holed[node]):
                    self.holes(node, at)
            if at >= size:
                return
            node = trie.step(node, ord(text[at]))
            if not node:
                return
            at += 1

    def offer(self, entry: int, end: int) -> None:
        """Takes a shorthand for the place that is being looked at if it saves more than the best so far."""
        value = self.saves[entry]
        number = len(self.places) - 1
        while number >= 0 and self.places[number] < end:
            number -= 1
        if number >= 0:
            value += self.values[number]
        if value > self.best:
            self.best = value
            self.best_entry = entry
            self.best_end = end
            self.best_words = self.words[:] if self.words else _NO_PLACES

    def is_boundary(self, at: int) -> bool:
        """Whether a shorthand that ends in a word's text may end at `at`."""
        text, alphabet = self.text, self.alphabet
        if at >= len(text) or not alphabet.is_word(ord(text[at])):
            return True
        if ord(text[at]) == _UNDERSCORE:
            return False
        while at and ord(text[at - 1]) == _UNDERSCORE:
            at -= 1
            if at == 0 or not alphabet.is_word(ord(text[at - 1])):
                return True
        return False

    def holes(self, node: int, at: int) -> None:
        """Goes on behind the holes at `node`, with the word at `at` in them."""
        trie, text = self.trie, self.text
        end = self.near_end if at == self.near else self.alphabet.word_end(text, at)
        if end == at:
            return
        if ord(trie.holed[node]) == AGAIN:
            for hole, following in trie.again[node]:
                place = self.words[hole]
                if ord(text[place]) == ord(text[at]) and self.word_at(place) == text[at:end]:
                    self.search(following, end)
        fresh = ord(trie.fresh[node])
        if fresh and (ord(trie.entries[fresh]) or (end < len(text) and trie.step(fresh, ord(text[end])))):
            self.words.append(at)
            self.search(fresh, end)
            self.words.pop()

    def word_at(self, at: int) -> str:
        """The word that starts at a place."""
        return self.text[at : self.alphabet.word_end(self.text, at)]
