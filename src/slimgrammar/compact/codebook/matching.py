"""Writes a text in a codebook's shorthands: those that together save most.

A shorthand may start and end where a word does (its leading underscores apart) and beside every other character, never inside
a word. One pass from the end to the start finds what saves most from each place on (weighted interval scheduling). Only the
places where a shorthand improves on the places behind are noted, so a place where no template starts costs a few look-ups.

All places are those of the text's UTF-8; `data` is the text in the columns of the trie.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from slimgrammar.compact.codebook.alphabet import Alphabet
from slimgrammar.compact.codebook.template import Template
from slimgrammar.compact.codebook.trie import ROOT, Outline, Trie

if TYPE_CHECKING:  # only mypyc heeds it: numbers that are no objects
    from mypy_extensions import i64

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
        self.alphabet: Alphabet = Alphabet(symbols, escape)
        self.trie: Trie = Trie(templates, self.alphabet)
        self.symbols: list[str] = list(symbols)
        self.saves: list[int] = [round(100 * saved) for saved in saves]
        self.leads: list[bool] = [template.leads for template in templates]
        self.tails: bytes = bytes(self.ends_in_word(template) for template in templates)
        self.text: str = ""
        self.is_ascii: bool = True
        self.raw: bytes = b""
        self.data: bytes = b""
        self.near: i64 = -1  # the next word, and the one behind it: most holes are tried with them
        self.near_end: i64 = -1
        self.far: i64 = -1
        self.far_end: i64 = -1
        # What saves most from a place on: figures of the places where that changes, the last in the text first.
        self.places: list[int] = []
        self.values: list[int] = []
        self.chosen: list[int] = []
        self.sizes: list[int] = []
        self.place: i64 = 0  # the same of the place that is being looked at
        self.best: i64 = 0
        self.best_entry: i64 = -1
        self.best_end: i64 = 0

    def ends_in_word(self, template: Template) -> bool:
        """Whether a template ends in text that a longer word might start with."""
        last = template.literals[-1]
        return last != "" and self.alphabet.is_word(ord(last[-1]))

    def shorten(self, text: str) -> tuple[str, float, list[int]]:
        """A text in shorthands, how many tokens that should save, and the entries used, in order."""
        self.plan(text)
        out: list[str] = []
        used: list[int] = []
        words = _NO_WORDS
        done = 0
        for number in self.picked():
            entry = self.chosen[number]
            start, behind = self.filled(number)
            if start > done:
                if words and self.is_taken(done):
                    out.append(" ")
                out.append(self.part(done, start))
            words = behind
            out.append(self.symbols[entry])
            used.append(entry)
            for word in words:
                out.append(" ")
                out.append(word)
            done = self.places[number] + self.sizes[number]
        if words and self.is_taken(done):
            out.append(" ")
        out.append(self.part(done, len(self.raw)))
        return "".join(out), self.values[-1] / 100 if self.values else 0.0, used

    def uses(self, text: str) -> list[Use]:
        """The shorthands that save most together, in order; their places are those in the text."""
        self.plan(text)
        found: list[Use] = []
        at = done = 0  # in the UTF-8, and in the text
        for number in self.picked():
            start, words = self.filled(number)
            begin = done + len(self.part(at, start))
            at = self.places[number] + self.sizes[number]
            done = begin + len(self.part(start, at))
            found.append(Use(self.chosen[number], begin, done, words))
        return found

    def part(self, start: int, end: int) -> str:
        """A part of the text."""
        return self.text[start:end] if self.is_ascii else self.raw[start:end].decode("utf-8", "surrogatepass")

    def picked(self) -> list[int]:
        """Which of the places noted are used, in the order of the text."""
        found: list[int] = []
        done = 0
        for number in range(len(self.places) - 1, -1, -1):
            if self.places[number] >= done:
                found.append(number)
                done = self.places[number] + self.sizes[number]
        return found

    def filled(self, noted: int) -> tuple[int, list[str]]:
        """Where the shorthand at a place noted begins to take the place of text, and the words behind its symbol."""
        start = self.places[noted]
        entry = self.chosen[noted]
        outline = self.trie.outlines[entry]
        if not outline.holes:
            return start, _NO_WORDS
        words: list[str] = []
        at = start
        for number, hole in enumerate(outline.holes):
            at += outline.sizes[number]
            end = self.word_end(at)
            if hole == len(words):
                words.append(self.part(at, end))
            at = end
        if self.leads[entry]:
            start = self.word_end(start)
            words.pop(0)
        return start, words

    def is_taken(self, at: i64) -> bool:
        """Whether what stands at a place would be read as part of the words behind a symbol."""
        return at < len(self.raw) and (self.raw[at] == _BLANK or self.word_end(at) > at)

    def plan(self, text: str) -> None:
        """Finds what saves most from each place on."""
        trie = self.trie
        self.text = text
        self.is_ascii = text.isascii()
        self.raw = text.encode("utf-8", "surrogatepass")
        self.data = data = self.raw.translate(trie.columns)
        self.places = []
        self.values = []
        self.chosen = []
        self.sizes = []
        self.best = 0
        self.near = self.far = -1
        cells, owners = trie.cells, trie.owners
        words: i64 = trie.words
        foreign: i64 = trie.foreign
        behind: i64
        at: i64 = len(data)
        while at > 0:
            behind = at
            while at > 0 and 0 < data[at - 1] <= words:
                at -= 1
            if at > 0 and data[at - 1] >= foreign:
                at = self.word_start(at)
            if at == behind:
                at = at - 1 if data[at - 1] < foreign else self.before(at)
                self.place = at
                self.search(trie, cells, owners, data, ROOT, at)
            else:
                if self.raw[at] == _UNDERSCORE:
                    self.inner(at, behind)
                self.place = at
                self.search(trie, cells, owners, data, ROOT, at)
                if trie.leading:
                    self.search(trie, cells, owners, data, trie.leading, behind)
                self.far, self.far_end = self.near, self.near_end
                self.near, self.near_end = at, behind
            if self.best_entry >= 0:
                self.note()

    def inner(self, start: i64, end: i64) -> None:
        """Looks at the place behind the leading underscores of a word."""
        while start < end and self.raw[start] == _UNDERSCORE:
            start += 1
        if start < end:
            self.place = start
            self.search(self.trie, self.trie.cells, self.trie.owners, self.data, ROOT, start)
            if self.best_entry >= 0:
                self.note()

    def note(self) -> None:
        """Notes that a shorthand at a place improves on the places behind."""
        self.places.append(self.place)
        self.values.append(self.best)
        self.chosen.append(self.best_entry)
        self.sizes.append(self.best_end - self.place)
        self.best_entry = -1

    def search(  # noqa: PLR0913, PLR0917 - mypyc counts no references to arguments, but to attributes
        self, trie: Trie, cells: str, owners: bytes, data: bytes, node: i64, at: i64
    ) -> None:
        """Looks for the best shorthand among those at and below `node`, whose text goes on at `at`."""
        notable: i64 = trie.notable
        size: i64 = len(data)
        column: i64
        while True:
            if node >= notable:
                if node >= trie.leaves:
                    self.offer(node - trie.leaves, at)
                    return
                if node < trie.holed or node >= trie.mixed:
                    entry: i64 = ord(trie.entries[node - notable])
                    if entry:
                        self.offer(entry - 1, at)
                if node >= trie.holed:
                    end: i64 = at
                    if at == self.near:
                        end = self.near_end
                    elif at == self.far:
                        end = self.far_end
                    elif at < size and (0 < data[at] <= trie.words or data[at] >= trie.foreign):
                        end = self.word_end(at)
                    if end > at:
                        if node >= trie.mixed:
                            self.again(node - trie.mixed, at, end)
                        fresh: i64 = ord(trie.fresh[node - trie.holed])
                        if 0 < fresh < notable:
                            column = data[end] if end < size else 0
                            if owners[fresh + column] == column:
                                self.search(trie, cells, owners, data, ord(cells[fresh + column]), end + 1)
                        elif fresh:
                            self.search(trie, cells, owners, data, fresh, end)
            if at >= size:
                return
            column = data[at]
            if owners[node + column] != column:
                return
            node = ord(cells[node + column])
            at += 1

    def offer(self, entry: i64, end: i64) -> None:
        """Takes a shorthand for the place that is being looked at if it saves more than the best so far."""
        if self.tails[entry] == 1 and not self.is_boundary(end):
            return
        value: i64 = self.saves[entry]
        number: i64 = len(self.places) - 1
        while number >= 0 and self.places[number] < end:
            number -= 1
        if number >= 0:
            value += self.values[number]
        if value > self.best:
            self.best = value
            self.best_entry = entry
            self.best_end = end

    def is_boundary(self, at: i64) -> bool:
        """Whether a shorthand that ends in a word's text may end at `at`: not inside a word, its leading underscores apart."""
        if self.word_end(at) == at:
            return True
        if self.raw[at] == _UNDERSCORE:
            return False
        start = at
        while start > 0 and self.raw[start - 1] == _UNDERSCORE:
            start -= 1
        return start < at and self.word_start(start) == start

    def again(self, number: i64, at: i64, end: i64) -> None:
        """Goes on behind holes with the words of earlier ones, if the word from `at` to `end` is that."""
        raw = self.raw
        for again in self.trie.again[number]:
            place: i64 = self.hole(again.outline, again.hole) if again.hole else self.place + again.first
            if raw[place] == raw[at] and raw[place : self.word_end(place)] == raw[at:end]:
                self.search(self.trie, self.trie.cells, self.trie.owners, self.data, again.behind, end)

    def hole(self, outline: Outline, wanted: int) -> i64:
        """Where the word of a hole starts, of a template that the text fits at the place that is being looked at."""
        at: i64 = self.place + outline.sizes[0]
        number = 0
        while outline.holes[number] != wanted:
            number += 1
            at = self.word_end(at) + outline.sizes[number]
        return at

    def word_end(self, at: i64) -> i64:
        """Where the word ends that stands at `at`; `at` where none does."""
        if at == self.near:
            return self.near_end
        if at == self.far:
            return self.far_end
        data = self.data
        words: i64 = self.trie.words
        size: i64 = len(data)
        while at < size:
            if 0 < data[at] <= words:
                at += 1
            elif data[at] >= self.trie.foreign:
                first: i64 = self.raw[at]
                end = at + (2 if first < 0xE0 else 3 if first < 0xF0 else 4)
                if not self.is_letter(at, end):
                    break
                at = end
            else:
                break
        return at

    def word_start(self, at: i64) -> i64:
        """Where the word starts that ends at `at`; `at` where none does."""
        while at > 0:
            start = self.before(at)
            if self.data[start] >= self.trie.foreign:
                if not self.is_letter(start, at):
                    break
            elif not 0 < self.data[start] <= self.trie.words:
                break
            at = start
        return at

    def before(self, at: i64) -> i64:
        """Where the character before `at` starts."""
        at -= 1
        while 0x80 <= self.raw[at] < 0xC0:
            at -= 1
        return at

    def is_letter(self, start: i64, end: i64) -> bool:
        """Whether a character beyond ASCII may stand in a word."""
        first: i64 = self.raw[start]
        if first == 0xEE or (first == 0xEF and self.raw[start + 1] < 0xA4):
            return False  # in the private use area, where a dialect's symbols are
        return self.alphabet.is_word(ord(self.raw[start:end].decode("utf-8", "surrogatepass")))
