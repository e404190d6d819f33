"""A server of the Model Context Protocol: an agent reads Python files in fewer tokens, and edits them in that form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from slimgrammar.errors import MissingExtra, SlimError
from slimgrammar.pipeline.integrations.workspace import Workspace
from slimgrammar.pipeline.legend import legend

try:
    from mcp.server import MCPServer
    from mcp.server.mcpserver.exceptions import ToolError
    from mcp_types import ToolAnnotations
except ImportError:
    raise MissingExtra("mcp", "mcp") from None

Result = TypeVar("Result")
_INSTRUCTIONS: Final = "Python files are shown in a shorter spelling; write code in the same, or in Python. {legend}"


def server(workspace: Workspace) -> MCPServer[Any]:
    """The server for a folder; `server(workspace).run("stdio")` serves a client at standard input and output."""
    made = MCPServer("slimgrammar", instructions=_INSTRUCTIONS.format(legend=legend(workspace.dialect)).strip())
    reads = ToolAnnotations(read_only_hint=True, open_world_hint=False)
    writes = ToolAnnotations(destructive_hint=True, open_world_hint=False)

    @made.tool(annotations=reads, structured_output=False)
    def read(path: str) -> str:
        """Read a Python file, encoded in fewer tokens."""
        return _told(workspace.read, path)

    @made.tool(annotations=writes, structured_output=False)
    def edit(path: str, old: str, new: str) -> str:
        """Replace `old`, copied from what `read` showed and unique there, by `new`. The rest of the file keeps its layout."""
        return _told(workspace.edit, path, old, new)

    @made.tool(annotations=writes, structured_output=False)
    def write(path: str, text: str) -> str:
        """Write a whole Python file, new or in place of what is there."""
        return _told(workspace.write_file, path, text)

    @made.tool(annotations=reads)
    def stats(path: str) -> dict[str, int]:
        """Count a file's tokens, as it is and as `read` shows it."""
        return _told(workspace.stats, path)

    return made


def _told(call: Callable[..., Result], *args: str) -> Result:
    """What `call` gives; what it refuses is told to the model."""
    try:
        return call(*args)
    except (SlimError, OSError) as error:
        raise ToolError(str(error)) from None
