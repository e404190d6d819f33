"""`slim proxy`: serve an API with the code in prompts in fewer tokens."""

from __future__ import annotations

import logging
import socket
import sys
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

import typer

from slimgrammar.cli import options
from slimgrammar.cli.settings import PROMPTS, load_settings
from slimgrammar.errors import MissingExtra

EXAMPLES: Final = """\b
Examples:
  slim proxy --upstream https://api.openai.com
  OPENAI_BASE_URL=http://127.0.0.1:8787/v1 python app.py
  slim proxy --upstream http://127.0.0.1:11434 --dialect python --max-tokens 8000"""


def proxy(
    *,
    upstream: Annotated[str, typer.Option(metavar="URL", help="The API to pass requests on to, with its /v1 or without.")],
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where to listen; 0 takes a free one.")] = 8787,
    host: Annotated[str, typer.Option(help="Whose connections to take: by default only this machine's.")] = "127.0.0.1",
    max_tokens: Annotated[
        int | None, typer.Option(metavar="N", min=0, help="The most tokens of a prompt's texts; prunes code where needed.")
    ] = None,
    vocab: Annotated[
        str | None, typer.Option(help="Whose tokens count: a name, or the path of a tokenizer.json [o200k_base].")
    ] = None,
    dialect: options.DialectOption = None,
    max_body: Annotated[int, typer.Option(metavar="BYTES", min=0, help="The largest body of a request.")] = 64 << 20,
    workers: options.Workers = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Tell only of trouble, not of each request.")] = False,
) -> None:
    """Serve an OpenAI- or Anthropic-style API, the code in prompts in fewer tokens; all else passes as it came."""
    try:
        import uvicorn
    except ImportError:
        raise MissingExtra("uvicorn", "proxy") from None
    from slimgrammar.pipeline.integrations.base import PromptOptions
    from slimgrammar.pipeline.integrations.proxy import application

    if not upstream.startswith(("http://", "https://")) or not urlsplit(upstream).hostname:
        raise typer.BadParameter(f"{upstream} is no http:// or https:// address", param_hint="'--upstream'")
    settings = load_settings(Path.cwd(), defaults=PROMPTS, dialect=dialect, vocab=(vocab,) if vocab else None)
    chosen = PromptOptions(max_tokens=max_tokens, vocab=settings.vocab[0], dialect=settings.dialect)
    app = application(upstream, chosen, max_body=max_body, processes=workers)
    logging.basicConfig(format="slim proxy: %(message)s", level=logging.WARNING)
    logging.getLogger("slimgrammar.proxy").setLevel(logging.WARNING if quiet else logging.INFO)
    listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=2048)
    # asyncio does so for sockets of its own making only; without it an answer in two parts waits 40 ms for an acknowledgement.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    # No access log of uvicorn's: it would tell queries, in which some clients put their keys.
    config = uvicorn.Config(
        app,
        lifespan="on",
        ws="none",  # an upgrade cannot be passed on: the upstream is asked without, and says what it thinks of that
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=10,
    )
    print(f"slim proxy: http://{host}:{listening.getsockname()[1]} → {upstream}", file=sys.stderr, flush=True)
    uvicorn.Server(config).run(sockets=[listening])
