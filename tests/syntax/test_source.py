"""Bytes to text and back: coding lines, marks, line ends, and where the faults are."""

from __future__ import annotations

from pathlib import Path

import pytest

from slimgrammar.errors import SlimError, SyntaxProblem
from slimgrammar.syntax.source import Source, python_bytes, read_source

UTF8_MARK = b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    ("data", "text", "encoding", "bom", "newline"),
    [
        (b"", "", "utf-8", False, "\n"),
        (b"x = 1", "x = 1", "utf-8", False, "\n"),
        ("x = 'é'\n".encode(), "x = 'é'\n", "utf-8", False, "\n"),
        (UTF8_MARK + b"x\r\n", "x\n", "utf-8", True, "\r\n"),
        (UTF8_MARK + b"# coding: utf-8\nx\n", "# coding: utf-8\nx\n", "utf-8", True, "\n"),
        (b"a\rb\r", "a\nb\n", "utf-8", False, "\r"),
        (b"a\r\nb\r\nc\n", "a\nb\nc\n", "utf-8", False, "\r\n"),
        (b"a\r\nb\n", "a\nb\n", "utf-8", False, "\n"),
        (b"# coding: latin-1\nx = '\xe9'\n", "# coding: latin-1\nx = 'é'\n", "iso-8859-1", False, "\n"),
        (b"#!/x\r# coding: latin-1\rx = '\xe9'\r", "#!/x\n# coding: latin-1\nx = 'é'\n", "iso-8859-1", False, "\r"),
        (
            b"\x0c\n# vim: set fileencoding=cp1252 :\n'\x80'\n",
            "\x0c\n# vim: set fileencoding=cp1252 :\n'€'\n",
            "cp1252",
            False,
            "\n",
        ),
        (b"x = 1\n# coding: latin-1\n", "x = 1\n# coding: latin-1\n", "utf-8", False, "\n"),
        (b"# coding: shift_jis\n'\x82\xa0'\n", "# coding: shift_jis\n'あ'\n", "shift_jis", False, "\n"),
    ],
)
def test_reads_and_writes_back(data: bytes, text: str, encoding: str, bom: bool, newline: str) -> None:
    source = read_source(Path("a.py"), data)
    assert source == Source(text, encoding, bom, newline, Path("a.py"))
    assert source.to_bytes(text) == data


@pytest.mark.parametrize(
    ("data", "place", "message"),
    [
        (b"x = 1\ny\0", (2, 2), "NUL"),
        (b"a\n\n'\xc3\xa9\xff'\n", (3, 3), "byte 0xff is not valid utf-8"),
        (b"'\xff'\n", (1, 2), "needs a coding line"),
        (b"a\r\n'\xff'\r\n", (2, 2), "0xff"),
        (b"a\r'\xff'\r", (2, 2), "0xff"),
        (UTF8_MARK + b"x\xff", (1, 2), "0xff"),
        (b"x = '\xe2\x82", (1, 6), "0xe2"),
        (b"# coding: nonsense\n", (1, 3), "unknown encoding: nonsense"),
        (b"#!/x\n# -*- coding: rot13 -*-\n", (2, 7), "rot13 cannot be used"),
        (b"# coding: utf-16\n", (1, 3), "utf-16 cannot be used"),
        (UTF8_MARK + b"# coding: latin-1\n", (1, 3), "byte order mark"),
        (b"# coding: ascii\nx = '\xe9'\n", (2, 6), "not valid ascii"),
        ("x = 1\n".encode("utf-16"), (1, 1), "UTF-16"),
    ],
)
def test_names_the_place_of_a_fault(data: bytes, place: tuple[int, int], message: str) -> None:
    with pytest.raises(SyntaxProblem, match=message) as caught:
        read_source(None, data)
    assert (caught.value.line, caught.value.column) == place


def test_mixed_line_ends_come_back_where_nothing_changed() -> None:
    data = b"a\r\nb\nc\r\n"
    source = read_source(None, data)
    assert source.to_bytes("a\nb\nc\n") == data
    assert source.to_bytes("a\nB\nc\n") == b"a\r\nB\r\nc\r\n"


def test_text_that_the_encoding_lacks_is_refused_at_its_place() -> None:
    source = read_source(None, b"# coding: latin-1\nx = 1\n")
    with pytest.raises(SlimError, match="cannot be written in iso-8859-1") as caught:
        source.to_bytes("# coding: latin-1\nx = '€'\n")
    assert isinstance(caught.value, SyntaxProblem)
    assert (caught.value.line, caught.value.column) == (2, 6)


def test_a_given_encoding_overrules_the_coding_line() -> None:
    text = "# coding: latin-1\n'é'\n"
    assert read_source(None, text.encode(), encoding="utf-8").text == text


@pytest.mark.parametrize("text", ["x = 'é'\n", "# coding: latin-1\nx = 'é'\n", "", "# coding: shift_jis\n'あ'\n"])
def test_python_bytes_mean_the_text_to_python(text: str) -> None:
    assert read_source(None, python_bytes(text)).text == text
