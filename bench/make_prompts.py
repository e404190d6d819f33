"""Writes the agents' sessions in corpora/prompts: files of ours, shown as coding agents' tools show them.

    python bench/make_prompts.py

The shapes are in corpora/prompts/README.md. What is shown is corpora/prompts/sources, written for this, and modules of this
repository; so a session changes when such a module does, and the figures with it: the written files are what is measured.
"""

from __future__ import annotations

import difflib
import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PROMPTS = ROOT / "corpora" / "prompts"
SOURCES = PROMPTS / "sources"
TEXTS = SOURCES / "texts"

BILLING = ("billing/service.py", "billing/settings.py", "billing/tests/test_service.py")
Message = dict[str, Any]


def read(name: str) -> str:
    """A source file by its path inside sources/, or inside src/ where it is one of this repository's modules."""
    place = ROOT / name if name.startswith("src/") else SOURCES / name
    return place.read_text(encoding="utf-8")


def said(name: str) -> str:
    return (TEXTS / f"{name}.txt").read_text(encoding="utf-8").rstrip("\n")


def cat_n(text: str, first: int = 1, last: int = 100_000) -> str:
    """What `cat -n` prints of some of a text's lines."""
    lines = list(enumerate(text.removesuffix("\n").split("\n"), start=1))[first - 1 : last]
    return "".join(f"{number:6d}\t{line}\n" for number, line in lines)


def grep(pattern: str, *names: str) -> str:
    """What `grep -n` prints."""
    rows = ((name, number, line) for name in names for number, line in enumerate(read(name).split("\n"), start=1))
    return "".join(f"{name}:{number}:{line}\n" for name, number, line in rows if re.search(pattern, line))


def git_diff(name: str, *edits: tuple[str, str], context: int = 3) -> str:
    """What `git diff` prints after some edits of a file."""
    old = read(name)
    new = old
    for before, after in edits:
        if before not in new:
            raise ValueError(f"{name} does not hold {before!r}")
        new = new.replace(before, after, 1)
    lines = difflib.unified_diff(old.splitlines(True), new.splitlines(True), f"a/{name}", f"b/{name}", n=context)
    checksums = (f"{abs(sum(map(ord, text)) * 2654435761) % 16**7:07x}" for text in (old, new))
    return f"diff --git a/{name} b/{name}\nindex {'..'.join(checksums)} 100644\n" + "".join(lines)


def fence(tag: str, code: str) -> str:
    return f"```{tag}\n{code.rstrip()}\n```\n"


def user(text: str) -> Message:
    return {"role": "user", "content": text}


def system(name: str = "system") -> Message:
    return {"role": "system", "content": said(name)}


def answer(text: str) -> Message:
    return {"role": "assistant", "content": text}


class Session:
    """A session in one API's shape: its messages, and the number of its next tool call."""

    def __init__(self, shape: str) -> None:
        self.shape = shape
        self.messages: list[Message] = [system()] if shape == "openai" else []

    def ask(self, text: str) -> Session:
        """What the user says."""
        self.messages.append(user(text))
        return self

    def call(self, tool: str, arguments: dict[str, Any], result: str, *, words: str = "") -> Session:
        """A tool call and what the tool returned."""
        number = len(self.messages)
        self.messages += getattr(self, f"_{self.shape}")(tool, arguments, result, words, number)
        return self

    def view(self, name: str, first: int = 1, last: int = 100_000, *, words: str = "") -> Session:
        """A file read with line numbers."""
        return self.call("view", {"file_path": name}, cat_n(read(name), first, last), words=words)

    def read(self, name: str, *, words: str = "") -> Session:
        """A file read as it is."""
        return self.call("read_file", {"path": name}, read(name), words=words)

    def run(self, command: str, result: str, *, words: str = "") -> Session:
        """A command and what it printed."""
        return self.call("bash", {"command": command}, result, words=words)

    def shell(self, command: str, printed: str, *, words: str = "") -> Session:
        """A command in the one tool that some agents have, which answers in JSON."""
        result = json.dumps({"output": printed, "metadata": {"exit_code": 0, "duration_seconds": 0.1}})
        return self.call("shell", {"command": ["bash", "-lc", command]}, result, words=words)

    def grep(self, pattern: str, *names: str, words: str = "") -> Session:
        """A search."""
        return self.call("grep", {"pattern": pattern}, grep(pattern, *names), words=words)

    def say(self, text: str) -> Session:
        """What the model answers."""
        self.messages.append(answer(text))
        return self

    @staticmethod
    def _anthropic(tool: str, arguments: dict[str, Any], result: str, words: str, number: int) -> list[Message]:
        called = {"type": "tool_use", "id": f"toolu_{number:02d}", "name": tool, "input": arguments}
        given = {"type": "tool_result", "tool_use_id": called["id"], "content": [{"type": "text", "text": result}]}
        spoken = [{"type": "text", "text": words}] if words else []
        return [{"role": "assistant", "content": [*spoken, called]}, {"role": "user", "content": [given]}]

    @staticmethod
    def _openai(tool: str, arguments: dict[str, Any], result: str, words: str, number: int) -> list[Message]:
        function = {"name": tool, "arguments": json.dumps(arguments)}
        called = {"id": f"call_{number:02d}", "type": "function", "function": function}
        return [
            {"role": "assistant", "content": words or None, "tool_calls": [called]},
            {"role": "tool", "tool_call_id": called["id"], "content": result},
        ]

    @staticmethod
    def _responses(tool: str, arguments: dict[str, Any], result: str, words: str, number: int) -> list[Message]:
        identifier = f"fc_{number:02d}"
        called = {"type": "function_call", "call_id": identifier, "name": tool, "arguments": json.dumps(arguments)}
        spoken = [answer(words)] if words else []
        return [*spoken, called, {"type": "function_call_output", "call_id": identifier, "output": result}]


def anthropic_sessions() -> dict[str, list[Message]]:
    service, tests, api, models = ("billing/service.py", "billing/tests/test_service.py", "billing/api.py", "billing/models.py")
    fix = Session("anthropic").ask(said("ask_reminder"))
    fix.grep("reminder", service, "billing/settings.py", tests, words="I'll look for where reminders are sent.")
    fix.view(service).view(tests, words="Now the tests.")
    fix.run("pytest -q billing/tests", said("pytest_reminder"), words="Let me run them first.")
    endpoint = Session("anthropic").ask(said("ask_endpoint")).view(api).view(service).view(models)
    ranges = Session("anthropic").ask(said("ask_numbers")).grep("_next_number|number_prefix", service, tests, models)
    ranges.view(service, 93, 121).view(service, 163, 168).view(models, 41, 92)
    typescript = Session("anthropic").ask(said("ask_cart")).view("web/cart.ts").view("web/client.ts", words="And the client.")
    typescript.run("npx jest web/cart.test.ts", said("jest"))
    go = Session("anthropic").ask(said("ask_pool")).view("queue/pool.go").run("go test -race ./queue/...", said("go_race"))
    rust = Session("anthropic").ask(said("ask_rust")).view("settings/parser.rs").run("cargo test", said("cargo"))
    own = Session("anthropic").ask(said("ask_own")).run("ls src/slimgrammar/prune", said("listing"))
    own.view("src/slimgrammar/prune/budget.py").view("src/slimgrammar/prune/render.py")
    monorepo = Session("anthropic").ask(said("ask_timeout"))
    monorepo.grep("(?i)timeout|delay", "web/client.ts", "queue/pool.go", "billing/worker.py")
    monorepo.view("billing/worker.py").view("web/client.ts", 26, 70).view("queue/pool.go", 126, 154)
    java = Session("anthropic").ask(said("ask_java")).view("ledger/LedgerService.java")
    java.run(
        "git log -3 --format=%s -- ledger", "Statements show the balance\nLock accounts in order\nFirst version of the ledger\n"
    )
    logs = (
        Session("anthropic")
        .ask(said("ask_records"))
        .view("logs/analyse.py")
        .call("list_issues", {"label": "bug"}, said("issues"))
    )
    change = git_diff(service, *REVIEWED) + git_diff("billing/settings.py", *SETTINGS_REVIEWED)
    review = Session("anthropic").ask(said("ask_review_branch")).run("git diff main...grace", change)
    review.view(service, 122, 168).view("billing/settings.py", 18, 70).view(tests, 100, 120)
    return {
        "session_java": java.messages,
        "session_logs": logs.messages,
        "session_review": review.messages,
        "session_fix": fix.messages,
        "session_endpoint": endpoint.messages,
        "session_ranges": ranges.messages,
        "session_typescript": typescript.messages,
        "session_go": go.messages,
        "session_rust": rust.messages,
        "session_own_modules": own.messages,
        "session_monorepo": monorepo.messages,
        "session_long": long_session(),
    }


def long_session() -> list[Message]:
    """A session of many turns: searches, reads, an edit, its diff, tests, the changed file again."""
    service = "billing/service.py"
    edit = ("if total < self.settings.reminder_minimum:", "if total <= self.settings.reminder_minimum:")
    talk = Session("anthropic").ask(said("ask_long")).run("git status --short", " M billing/settings.py\n?? notes.md\n")
    talk.grep("reminder_minimum", service, "billing/settings.py").view(service, words="I'll read the service.")
    talk.view("billing/settings.py").run("git log --oneline -5", said("git_log"))
    talk.call("edit", {"file_path": service, "old": edit[0], "new": edit[1]}, cat_n(read(service), 132, 150))
    talk.run("git diff", git_diff(service, edit)).run("pytest -q", said("pytest_passed"), words="Now the tests.")
    talk.view("billing/tests/test_service.py", 100, 120).say(said("said_long")).ask(said("ask_long_again"))
    talk.view("billing/worker.py", words="The worker calls it, so I'll check that too.")
    return talk.messages


def openai_sessions() -> dict[str, list[Message]]:
    worker = Session("openai").ask(said("ask_worker")).read("billing/worker.py").read("billing/settings.py")
    server = Session("openai").ask(said("ask_server")).read("web/server.js").run("npm audit --json", said("npm_audit"))
    failing = Session("openai").ask(said("ask_failing")).run("pytest billing", said("pytest_traceback"))
    failing.view("billing/service.py", 93, 131).view("billing/tests/test_service.py", 1, 60)
    build = Session("openai").ask(said("ask_ci")).run("gh run view --log-failed", said("ci_log"))
    build.read("billing/settings.py").view("billing/tests/test_service.py", 1, 45)
    rename = Session("openai").ask(said("ask_rename"))
    modules = [f"src/slimgrammar/pipeline/{name}.py" for name in ("budget", "margins", "diffs")]
    rename.grep(r"\bwith_context\b|\bshares\b|\bwithout_margin\b", *modules, "src/slimgrammar/pipeline/fitting.py")
    rename.view(modules[1]).view(modules[0])
    shown = Session("responses").ask(said("ask_responses")).grep("class |def ", "billing/models.py", "billing/api.py")
    shown.read("billing/models.py").view("billing/api.py", words="The endpoints next.")
    records = (
        Session("openai").ask(said("ask_records")).call("read_file", {"path": "logs/analyse.py"}, record("logs/analyse.py"))
    )
    records.call("list_issues", {"label": "bug"}, said("issues"))
    shell = Session("responses").ask(said("ask_reminder")).shell("rg -n reminder billing", grep("reminder", *BILLING))
    shell.shell("sed -n '1,200p' billing/service.py", read("billing/service.py"))
    shell.shell("nl -ba billing/settings.py | sed -n '18,70p'", cat_n(read("billing/settings.py"), 18, 70))
    shell.shell("pytest -q billing/tests", said("pytest_reminder"))
    pool = Session("responses").ask(said("ask_pool")).shell("ls queue", "pool.go\npool_test.go\n")
    pool.shell("cat queue/pool.go", read("queue/pool.go")).shell("go test -race ./queue/...", said("go_race"))
    cart = Session("responses").ask(said("ask_cart")).shell("nl -ba web/cart.ts", cat_n(read("web/cart.ts")))
    cart.shell("npx jest web/cart.test.ts", said("jest")).shell("nl -ba web/client.ts", cat_n(read("web/client.ts")))
    return {
        "shell_python": shell.messages,
        "shell_go": pool.messages,
        "shell_typescript": cart.messages,
        "tools_worker": worker.messages,
        "tools_server": server.messages,
        "tools_failing_test": failing.messages,
        "tools_ci": build.messages,
        "tools_rename": rename.messages,
        "tools_responses_api": shown.messages,
        "tools_json": records.messages,
    }


def record(name: str) -> str:
    """A file as a tool that answers in JSON returns it."""
    text = read(name)
    return json.dumps({"path": name, "size": len(text), "encoding": "utf-8", "content": text, "truncated": False}, indent=2)


def pasted() -> dict[str, list[Message]]:
    """Prompts that a person or an editor put together."""
    billing = ("billing/models.py", "billing/service.py", "billing/settings.py", "billing/api.py")
    documents = "".join(
        f'<document index="{number}">\n<source>{name}</source>\n'
        f"<document_content>\n{read(name)}</document_content>\n</document>\n"
        for number, name in enumerate(billing[:3], start=1)
    )
    packed = "".join(f'<file path="{name}">\n{read(name)}</file>\n\n' for name in (*billing, "web/cart.ts", "queue/pool.go"))
    editor = "".join(f"{name}\n{fence('python', read(name))}\n" for name in ("billing/worker.py", "billing/settings.py"))
    change = git_diff("billing/service.py", *REVIEWED) + git_diff("billing/settings.py", *SETTINGS_REVIEWED)
    java = fence("java", read("ledger/LedgerService.java"))
    return {
        "pasted_documents": [user(f"<documents>\n{documents}</documents>\n\n{said('ask_documents')}")],
        "pasted_repository": [user(f"{said('ask_packed')}\n\n<files>\n{packed}</files>\n")],
        "pasted_by_editor": [system("system_editor"), user(f"{said('repository_map')}\n\n{editor}"), user(said("ask_editor"))],
        "pasted_review": [
            system("system_review"),
            user(
                f"{said('ask_review')}\n\n{fence('diff', change)}\nThe file after the change:\n\n{fence('python', reviewed())}"
            ),
        ],
        "pasted_java": [user(f"{said('ask_java')}\n\n{java}")],
        "pasted_script": [
            user(f"{said('ask_script')}\n\n{fence('python', read('logs/analyse.py'))}\n{fence('', said('access_log'))}")
        ],
        "pasted_notebook": [user(f"{said('ask_notebook')}\n\n{said('notebook')}\n")],
        "pasted_listing": [user(f"{said('ask_listing')}\n\n{cat_n(read('billing/worker.py'), 60, 132)}\n")],
    }


REVIEWED = (
    ("from typing import Dict, Iterable, List, Optional\n", "from typing import Dict, Iterable, List, Optional, Sequence\n"),
    (
        "        today = today or date.today()\n        query = (\n",
        "        today = today or date.today()\n        grace = timedelta(days=self.settings.grace_days)\n        query = (\n",
    ),
    ("Invoice.due_date < today)", "Invoice.due_date < today - grace)"),
    (
        "        sent = 0\n        for customer_id",
        "        sent, skipped = 0, 0\n        for customer_id",
    ),
    (
        '                logger.debug("customer %s owes only %s, no reminder", customer_id, total)\n                continue\n',
        '                logger.debug("customer %s owes only %s, no reminder", customer_id, total)\n'
        "                skipped += 1\n                continue\n",
    ),
)
SETTINGS_REVIEWED = (
    ("    payment_days: int = 14\n", "    payment_days: int = 14\n    grace_days: int = 3\n"),
    ('        elif name == "payment_days":\n', '        elif name in ("payment_days", "grace_days"):\n'),
)


def reviewed() -> str:
    """The function under review, as it is after the change."""
    text = read("billing/service.py")
    for before, after in REVIEWED:
        text = text.replace(before, after, 1)
    return text[text.index("    def overdue") : text.index("    def revenue_by_month")].rstrip() + "\n"


def main() -> None:
    for name, messages in (anthropic_sessions() | openai_sessions() | pasted()).items():
        text = json.dumps(messages, indent=1, ensure_ascii=False) + "\n"
        (PROMPTS / f"{name}.json").write_text(text, encoding="utf-8")
        print(f"{name}: {len(messages)} messages, {len(text)} characters")


if __name__ == "__main__":
    main()
