"""A small vocabulary that can spell everything, and a cache of the tests' own."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from slimgrammar.constrain.api import mask
from slimgrammar.constrain.grammar_mask import GrammarMask

collect_ignore = [] if find_spec("torch") else ["test_docs.py", "test_huggingface.py", "test_vllm.py"]

_PIECES = """
 |  |    |        |\n|\n\n|\n    |\n        |\t|):\n|:\n|()|)|))|(self|.self| =| ==|="|"|\"\"\"|'|f"|{|}|}"
|, | in| is|not| not|if| if|else|return| return|def| def|class|for|import|from|match|case| _|name| x|x|foo|0|12
|1e|.5|0x|[|]|],|# a|\\|\\\n| async|lambda|@|->|yield|True|None|é|€|print(|"a": |true|null|[1, |SELECT| FROM
|elif|try:|except|finally|with|as|while|pass\n|\r\n|:=|**|...|..|!r|{{|%s
"""


class SmallVocabulary:
    """All bytes and a few pieces of code; the longest token that fits comes first."""

    name = "small"

    def __init__(self, more: tuple[str, ...] = ()) -> None:
        pieces = _PIECES.strip("\n").replace("\n|", "|").split("|")
        spelled = [
            piece.replace(r"\n", "\n").replace(r"\r", "\r").replace(r"\t", "\t").replace(r"\\", "\\") for piece in pieces
        ]
        self.tokens = [bytes((byte,)) for byte in range(256)]
        self.tokens += [piece.encode() for piece in dict.fromkeys(spelled) if len(piece.encode()) > 1]
        self.tokens += [piece.encode() for piece in more]
        self.tokens.append(b"<|end|>")
        self.numbers = {token: number for number, token in enumerate(self.tokens[:-1])}
        self.longest = max(map(len, self.numbers))

    @property
    def size(self) -> int:
        return len(self.tokens)

    def encode(self, text: str) -> list[int]:
        data, at, found = text.encode(), 0, []
        while at < len(data):
            length = next(size for size in range(self.longest, 0, -1) if data[at : at + size] in self.numbers)
            found.append(self.numbers[data[at : at + length]])
            at += length
        return found

    def decode_token(self, token: int) -> bytes:
        return self.tokens[token]


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("masks")
    patch = pytest.MonkeyPatch()
    patch.setattr("slimgrammar.constrain.cache.folder", lambda: folder)
    return folder


@pytest.fixture(scope="session")
def small() -> SmallVocabulary:
    return SmallVocabulary()


@pytest.fixture
def python(small: SmallVocabulary) -> GrammarMask:
    return mask("python", small)
