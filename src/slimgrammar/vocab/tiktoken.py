"""tiktoken's encodings as vocabularies (extra: `tiktoken`).

tiktoken ships no data and fetches an encoding from the network when it is first asked for by name. Here a name is looked up in
tiktoken's cache only ($TIKTOKEN_CACHE_DIR, or its folder under the temporary one), and one that is not there is an error.
Limit: an encoding from a third party's plugin that fetches by other means than tiktoken's `read_file` is not held back.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from slimgrammar.errors import MissingExtra
from slimgrammar.vocab.base import UnknownToken, UnknownVocabulary, reject_surrogates

if TYPE_CHECKING:
    from tiktoken import Encoding

_lock = threading.RLock()


class TiktokenVocabulary:
    """A tiktoken `Encoding` as a vocabulary."""

    def __init__(self, encoding: Encoding | str) -> None:
        """Wrap an encoding, or the cached one of that name; nothing is downloaded.

        Raises:
            MissingExtra: a name was given and tiktoken is not installed.
            UnknownVocabulary: tiktoken does not know the name, or has no copy of it on this machine.
        """
        self._encoding = cached_encoding(encoding) if isinstance(encoding, str) else encoding

    def __repr__(self) -> str:
        return f"TiktokenVocabulary({self.name!r})"

    @property
    def name(self) -> str:
        """The encoding's name."""
        return self._encoding.name

    @property
    def size(self) -> int:
        """One more than the greatest token id, special tokens counted."""
        return self._encoding.n_vocab

    def encode(self, text: str) -> list[int]:
        """The token ids of `text`; special tokens spelled in it are plain text.

        Raises:
            Unreadable: `text` holds a lone surrogate.
        """
        # tiktoken would put U+FFFD in a surrogate's place, without a word.
        reject_surrogates(text)
        return self._encoding.encode_ordinary(text)

    def decode_token(self, token: int) -> bytes:
        """The bytes of one token.

        Raises:
            UnknownToken: no token has this id.
        """
        if 0 <= token < self.size:
            try:
                return self._encoding.decode_single_token_bytes(token)
            except KeyError:
                pass
        raise UnknownToken(self.name, token)


def cached_encoding(name: str) -> Encoding:
    """The tiktoken encoding called `name`, from memory or from tiktoken's cache, never from the network.

    Raises:
        MissingExtra: tiktoken is not installed.
        UnknownVocabulary: tiktoken does not know the name, or has no copy of it on this machine.
    """
    try:
        import tiktoken
    except ModuleNotFoundError:
        raise MissingExtra("tiktoken", "tiktoken") from None
    known = tiktoken.list_encoding_names()
    if name not in known:
        raise UnknownVocabulary(f"tiktoken has no encoding {name!r}: expected one of {', '.join(sorted(known))}")
    with _offline(name):
        return tiktoken.get_encoding(name)


@contextmanager
def _offline(name: str) -> Iterator[None]:
    """Let tiktoken read files, but no address, in this thread while the block runs.

    tiktoken has no switch for that. All its reading goes through one function, which stands in here; other threads that load
    an encoding at the same time are passed on to the real one.
    """
    from tiktoken import load

    this = threading.get_ident()
    with _lock:
        read_file = load.read_file

        def read_local(blobpath: str) -> bytes:
            if "://" in blobpath and threading.get_ident() == this:
                raise UnknownVocabulary(
                    f"tiktoken has no copy of {name!r} on this machine, and slimgrammar downloads nothing: "
                    f"""fetch it once with python -c 'import tiktoken; tiktoken.get_encoding("{name}")', """
                    "or set TIKTOKEN_CACHE_DIR to a folder that holds it"
                )
            return read_file(blobpath)

        load.read_file = read_local
        try:
            yield
        finally:
            load.read_file = read_file
