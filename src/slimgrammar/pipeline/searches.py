"""What `grep -n` prints for several files, each path written once, as `rg --heading` prints it; the way back is exact."""

from __future__ import annotations

import re
from typing import Final

_MATCH: Final = re.compile(r"([^\s:][^:\n]*[./][^:\n]*):(\d+):(.*)")
_CONTEXT: Final = re.compile(r"-(?=\d+-)")
_UNDER_HEADING: Final = re.compile(r"\d+[:-]")
_GAP: Final = "--"  # what grep prints between matches that have lines of context


def grouped(text: str) -> str | None:
    """Matches under the path of their file; None where a text is not as a whole such a list, or would not come back.

    >>> print(grouped("src/a.py:3:import os\\nsrc/a.py:9:os.exit()\\nsrc/b.py:1:import os\\n"), end="")
    src/a.py
    3:import os
    9:os.exit()
    <BLANKLINE>
    src/b.py
    1:import os
    """
    lines = text.removesuffix("\n").split("\n")
    paths = {found[1]: None for line in lines if (found := _MATCH.fullmatch(line))}
    if not paths or len(paths) > len(lines) // 2 + 1:
        return None
    made: list[str] = []
    above = ""
    for line in lines:
        path = _path(line, above, paths)
        if path is None:
            return None
        if path and path != above:
            made += ["", path] if made else [path]
            above = path
        made.append(line[len(path) + 1 :] if path else line)
    result = "\n".join(made) + ("\n" if text.endswith("\n") else "")
    return result if ungrouped(result) == text else None


def _path(line: str, above: str, paths: dict[str, None]) -> str | None:
    """The path that a line begins with, "" for a gap, None for any other line."""
    if line == _GAP:
        return ""
    found = _MATCH.fullmatch(line)
    if found:
        return found[1]
    if above and re.match(r"-\d+-", line[len(above) :]) and line.startswith(above):
        return above
    return next((path for at in _CONTEXT.finditer(line) if (path := line[: at.start()]) in paths), None)


def ungrouped(text: str) -> str:
    """The inverse of `grouped`.

    >>> ungrouped("src/a.py\\n3:import os\\n9:os.exit()\\n")
    'src/a.py:3:import os\\nsrc/a.py:9:os.exit()\\n'
    """
    made: list[str] = []
    path, fresh = "", True
    for line in text.removesuffix("\n").split("\n"):
        if fresh:
            path, fresh = line, False
        elif not line:
            fresh = True
        else:
            found = _UNDER_HEADING.match(line)
            made.append(f"{path}{found[0][-1]}{line}" if found else line)
    return "\n".join(made) + ("\n" if text.endswith("\n") else "")
