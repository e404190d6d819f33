"""The MCP server as the real client starts it: a process of its own, over its standard input and output."""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("mcp", reason="needs slimgrammar[mcp]")

import anyio
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters

import slimgrammar
from slimgrammar.cli.files import write_atomically
from slimgrammar.errors import SyntaxProblem
from slimgrammar.pipeline.integrations.workspace import Refused, Workspace

SOURCE = """\
class Stack:
    def __init__(self,
                 items = None):   # why so far out?
        self.items = list(items or [])

    def pop(self, default=None):
        try:
            return self.items.pop()
        except IndexError:
            return None
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    root = tmp_path / "root"
    root.mkdir()
    (root / "stack.py").write_bytes(SOURCE.replace("\n", "\r\n").encode())
    (root / "broken.py").write_bytes(b"def f(:\n")
    (tmp_path / "outside.py").write_bytes(b"secret = 1\n")
    return Workspace(root, lambda path, data: write_atomically(path, data, parents=True))


def talk(root: Path, work: Callable[[Client], Awaitable[Any]]) -> Any:
    """What `work` gives with a client of `slim mcp`."""
    environment = {"PYTHONPATH": str(Path(slimgrammar.__file__).parents[1]), "PATH": os.environ["PATH"]}
    command = StdioServerParameters(command=sys.executable, args=["-m", "slimgrammar", "mcp", str(root)], env=environment)

    async def session() -> Any:
        async with Client(command) as client:
            return await work(client)

    return anyio.run(session)


def test_a_client(workspace: Workspace) -> None:
    async def work(client: Client) -> None:
        assert client.instructions is not None
        assert "Compact Python" in client.instructions
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) == {"read", "edit", "write", "stats"}
        assert tools["read"].annotations is not None
        assert tools["read"].annotations.read_only_hint
        shown = (await client.call_tool("read", {"path": "stack.py"})).content[0].text  # type: ignore[union-attr]
        assert shown == slimgrammar.encode(SOURCE)
        done = await client.call_tool("edit", {"path": "stack.py", "old": "return None", "new": "return default"})
        assert not done.is_error
        assert done.content[0].text == "stack.py: 1 lines added, 1 removed"  # type: ignore[union-attr]
        stats = (await client.call_tool("stats", {"path": "stack.py"})).structured_content
        assert stats["encoded"] < stats["original"]
        outside = await client.call_tool("read", {"path": "../outside.py"})
        assert outside.is_error
        assert "outside of the folder" in outside.content[0].text  # type: ignore[union-attr]

    talk(workspace.root, work)
    changed = SOURCE.replace("return None", "return default").replace("\n", "\r\n")
    assert (workspace.root / "stack.py").read_bytes() == changed.encode()


def test_paths_stay_inside(workspace: Workspace, tmp_path: Path) -> None:
    (workspace.root / "link.py").symlink_to(tmp_path / "outside.py")
    (workspace.root / "there").symlink_to(tmp_path)
    for path in ("../outside.py", str(tmp_path / "outside.py"), "link.py", "there/outside.py", "a/../../outside.py"):
        with pytest.raises(Refused, match="outside"):
            workspace.read(path)
        with pytest.raises(Refused, match="outside"):
            workspace.write_file(path, "x=1")
    assert (tmp_path / "outside.py").read_bytes() == b"secret = 1\n"
    for path in ("notes.txt", "", ".", "stack"):
        with pytest.raises(Refused):
            workspace.read(path)
    with pytest.raises(Refused, match="there is no file"):
        workspace.read("missing.py")


@pytest.mark.parametrize("old", ["", "no such text", "return"])
def test_an_edit_must_say_where(workspace: Workspace, old: str) -> None:
    with pytest.raises(Refused, match="the old text stands"):
        workspace.edit("stack.py", old, "x")


@pytest.mark.parametrize(
    ("new", "error"),
    [("return(", SyntaxProblem), ("if 1:\n    pass\n\nreturn default", Refused), ("yield = 1", SyntaxProblem)],
    ids=["half", "indented", "no Python"],
)
def test_a_wrong_edit_changes_nothing(workspace: Workspace, new: str, error: type[Exception]) -> None:
    before = (workspace.root / "stack.py").read_bytes()
    shown = workspace.read("stack.py")
    with pytest.raises(error):
        workspace.edit("stack.py", shown[shown.index("try") :].rstrip("\n"), new)
    assert (workspace.root / "stack.py").read_bytes() == before
    assert [path.name for path in workspace.root.iterdir() if path.name.startswith(".")] == []


def test_whole_files(workspace: Workspace) -> None:
    assert workspace.write_file("new/module.py", "def.f(a b):\nreturn a b") == "new/module.py: 2 lines added, 0 removed"
    assert (workspace.root / "new/module.py").read_text(encoding="utf-8") == "def f(self, a, b):\n    return a, b\n"
    mine = "def g( x ):\n  if x:\n    y = 2\n  return y\n"
    workspace.write_file("new/module.py", mine)
    assert (workspace.root / "new/module.py").read_text(encoding="utf-8") == mine
    workspace.write_file("stack.py", workspace.read("stack.py").replace("IndexError", "LookupError"))
    changed = SOURCE.replace("IndexError", "LookupError").replace("\n", "\r\n")
    assert (workspace.root / "stack.py").read_bytes() == changed.encode()


def test_a_broken_file_is_shown_and_mended_as_it_is(workspace: Workspace) -> None:
    assert workspace.read("broken.py") == "def f(:\n"
    workspace.edit("broken.py", "(:", "():\n    pass")
    assert (workspace.root / "broken.py").read_bytes() == b"def f():\n    pass\n"


def test_python_that_stays_python(workspace: Workspace) -> None:
    plain = Workspace(workspace.root, workspace.write, "python")
    assert "def __init__(self,items=None):" in plain.read("stack.py")
    plain.edit("stack.py", "return None", "return default")
    changed = SOURCE.replace("return None", "return default").replace("\n", "\r\n")
    assert (workspace.root / "stack.py").read_bytes() == changed.encode()
