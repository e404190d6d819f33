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
from slimgrammar.compact.codebook.trie import AGAIN, Trie

_UNDERSCORE: Final = 95
_BLANK: Final = 32
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
        self.templates: list[Template] = list(templates)
        self.symbols: list[str] = list(symbols)
        self.saves: list[int] = [round(100 * saved) for saved in saves]
        self.tails: list[bool] = [self.ends_in_word(template) for template in templates]
        self.text: str = ""
        self.near: int = -1  # the word that was looked at last: most holes are tried with it
        self.near_end: int = -1
        # What saves most from a place on: figures of the places where that changes, the last in the text first.
        self.places: list[int] = []
        self.values: list[int] = []
        self.chosen: list[int] = []
        self.ends: list[int] = []
        self.place: int = 0  # the same of the place that is being looked at
        self.best: int = 0
        self.best_entry: int = -1
        self.best_end: int = 0

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
            done = self.ends[number]
            template = self.templates[entry]
            words = _NO_WORDS
            if template.holes:
                words = self.words(template, start)
                if template.leads:
                    start += len(words.pop(0))
            found.append(Use(entry, start, done, words))
        return found

    def plan(self, text: str) -> None:
        """Finds what saves most from each place on."""
        self.text = text
        self.places = []
        self.values = []
        self.chosen = []
        self.ends = []
        self.best = 0
        self.near = -1
        alphabet, trie = self.alphabet, self.trie
        columns, cells, known, width = trie.columns, trie.cells, trie.known, trie.width
        low = alphabet.low
        column = 0  # that of the character at `at + 1`
        at = len(text) - 1
        while at >= 0:
            code = ord(text[at])
            behind = column
            if 97 <= code <= 122 < low or alphabet.is_word(code):  # most are small letters
                last = at
                while at > 0:
                    code = ord(text[at - 1])
                    if not (97 <= code <= 122 < low) and not alphabet.is_word(code):
                        break
                    at -= 1
                code = ord(text[at])
                if code == _UNDERSCORE:
                    self.inner(at, last)
                self.place = at
                column = ord(columns[code]) if code < known else 0
                node = ord(cells[column])
                if node:
                    self.search(node, at + 1)
                node = ord(cells[trie.leading * width + behind]) if trie.leading else 0
                if node:
                    self.search(node, last + 2)
                self.near, self.near_end = at, last + 1
            else:
                column = ord(columns[code]) if code < known else 0
                node = ord(cells[column])
                if node:
                    self.place = at
                    if node >= trie.notable:
                        self.search(node, at + 1)
                    else:
                        node = ord(cells[node * width + behind])
                        if node:
                            self.search(node, at + 2)
            if self.best_entry >= 0:
                self.note()
            at -= 1

    def inner(self, start: int, last: int) -> None:
        """Looks at the place behind the leading underscores of a word."""
        while start < last and ord(self.text[start]) == _UNDERSCORE:
            start += 1
        code = ord(self.text[start])
        node = ord(self.trie.cells[ord(self.trie.columns[code])]) if code < self.trie.known else 0
        if node and code != _UNDERSCORE:
            self.place = start
            self.search(node, start + 1)
            if self.best_entry >= 0:
                self.note()

    def note(self) -> None:
        """Notes that a shorthand at a place improves on the places behind."""
        self.places.append(self.place)
        self.values.append(self.best)
        self.chosen.append(self.best_entry)
        self.ends.append(self.best_end)
        self.best_entry = -1

    def search(self, node: int, at: int) -> None:
        """Looks for the best shorthand among those at and below `node`, whose text goes on at `at`."""
        text, trie = self.text, self.trie
        columns, cells = trie.columns, trie.cells
        size = len(text)
        while True:
            if node >= trie.notable:
                if node >= trie.leaves:
                    self.offer(node - trie.leaves, at)
                    return
                if node >= trie.tails:
                    if at >= size or ord(trie.only[node - trie.tails]) != ord(text[at]):
                        return
                    node = ord(trie.next[node - trie.tails])
                    at += 1
                    continue
                entry = ord(trie.entries[node - trie.notable])
                if entry:
                    self.offer(entry - 1, at)
                if at < size and ord(trie.holed[node - trie.notable]):
                    self.holes(node, at)
            if at >= size:
                return
            code = ord(text[at])
            if code >= trie.known:
                return
            node = ord(cells[node * trie.width + ord(columns[code])])
            if not node:
                return
            at += 1

    def offer(self, entry: int, end: int) -> None:
        """Takes a shorthand for the place that is being looked at if it saves more than the best so far."""
        if self.tails[entry] and not self.is_boundary(end):
            return
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
        if ord(trie.holed[node - trie.notable]) == AGAIN:
            for again in trie.again[node]:
                place = self.hole(again.prefix, again.hole)
                if ord(text[place]) == ord(text[at]) and self.word_at(place) == text[at:end]:
                    self.search(again.behind, end)
        fresh = ord(trie.fresh[node - trie.notable])
        if fresh:
            self.search(fresh, end)

    def hole(self, template: Template, wanted: int) -> int:
        """Where the word of a hole starts, of a template that the text fits at the place that is being looked at."""
        at = self.place + len(template.literals[0])
        number = 0
        while template.holes[number] != wanted:
            number += 1
            at = self.alphabet.word_end(self.text, at) + len(template.literals[number])
        return at

    def words(self, template: Template, at: int) -> list[str]:
        """The different words in the holes of a template that the text at a place fits."""
        found: list[str] = []
        for number, hole in enumerate(template.holes):
            at += len(template.literals[number])
            word = self.word_at(at)
            at += len(word)
            if hole == len(found):
                found.append(word)
        return found

    def word_at(self, at: int) -> str:
        """The word that starts at a place."""
        return self.text[at : self.alphabet.word_end(self.text, at)]
