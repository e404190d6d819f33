# a comment first
'A docstring' ' before the future import'
from __future__ import annotations; import os


class Node:
    next: Node | None = None
