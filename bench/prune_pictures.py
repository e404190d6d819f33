"""Draws the pictures of docs/prune.md: a dependence graph, and a pruned function.

python bench/prune_pictures.py
"""

from __future__ import annotations

from html import escape
from pathlib import Path

from slimgrammar.prune import language, prune
from slimgrammar.prune.explain import parts
from slimgrammar.prune.graphs.export import as_svg, graph_of
from slimgrammar.prune.program import Program

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
# Readers with dark pages get a dark picture
STYLE = (
    "text{fill:#1f2328}.gone{fill:#a0a0a0;text-decoration:line-through}.page{fill:#fff}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.gone{fill:#6b7480}.page{fill:#0d1117}}"
)
CODE = """def find_user(database, user_id, cache=None):
    if cache is not None and user_id in cache:
        return cache[user_id]
    for row in database.execute("select * from users where id = %s", user_id):
        user = User(row.name, row.mail)
        break
    else:
        raise KeyError(f"no such user: {user_id}")
    if cache is not None:
        cache[user_id] = user
    return user
"""


def struck_svg(code: str, keep: float) -> str:
    """The code, what `slim` leaves out at this share struck through and grey."""
    lines: list[list[str]] = [[]]
    for text, reason in parts(prune(code, keep=keep)):
        for at, piece in enumerate(text.split("\n")):
            if at:
                lines.append([])
            style = ' class="gone"' if reason and piece.strip() else ""
            lines[-1].append(f"<tspan{style}>{escape(piece)}</tspan>" if piece else "")
    rows = [f'<text x="16" y="{28 + 20 * at}" xml:space="preserve">{"".join(line)}</text>' for at, line in enumerate(lines)]
    size = f'width="720" height="{40 + 20 * len(lines)}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="monospace" font-size="14">',
            f"<style>{STYLE}</style>",
            '<rect class="page" width="100%" height="100%"/>',
            *rows,
            "</svg>\n",
        ]
    )


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    program = Program(CODE, language("python"))
    (PICTURES / "pdg.svg").write_text(as_svg(graph_of(program, "pdg", "find_user")), encoding="utf-8")
    (PICTURES / "pruned.svg").write_text(struck_svg(CODE, 0.4), encoding="utf-8")


if __name__ == "__main__":
    main()
