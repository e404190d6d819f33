"""`slim serve`: a playground in the browser, on this machine only."""

from __future__ import annotations

import socket
import sys
from typing import Annotated, Final

import typer

EXAMPLES: Final = """\b
Examples:
  slim serve
  slim serve --port 0          any free port"""
_HOST: Final = "127.0.0.1"


def serve(port: Annotated[int, typer.Option(min=0, max=65535, metavar="N", help="Where to listen; 0 for any.")] = 8765) -> None:
    """Serve a page that shows pasted code in every form, token by token. It keeps nothing."""
    from slimgrammar.errors import MissingExtra
    from slimgrammar.report.playground import application

    try:
        import uvicorn
    except ImportError:
        raise MissingExtra("uvicorn", "report") from None
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((_HOST, port))
        except OSError as error:
            raise OSError(error.errno, error.strerror, f"port {port}") from None
        print(f"slim: http://{_HOST}:{listening.getsockname()[1]} (Ctrl-C ends it)", file=sys.stderr, flush=True)
        # No access log: it would keep when somebody pasted
        uvicorn.Server(uvicorn.Config(application(), log_level="warning", access_log=False)).run(sockets=[listening])
