"""`slim grammar`."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from slimgrammar.cli.main import app

RUN = CliRunner()


def test_export() -> None:
    done = RUN.invoke(app, ["grammar", "export", "json", "--to", "gbnf"])
    assert done.exit_code == 0
    assert done.stdout.startswith("root ::= blank value\n")


def test_a_wrong_format_is_wrong_usage() -> None:
    done = RUN.invoke(app, ["grammar", "export", "json", "--to", "yacc"])
    assert done.exit_code == 2
    assert "lark, gbnf, ebnf" in done.stderr


def test_check(tmp_path: Path) -> None:
    assert RUN.invoke(app, ["grammar", "check", "json"]).exit_code == 0
    path = tmp_path / "bad.lark"
    path.write_text('start: a | b | KEY\na: X\nb: X\nlost: X\nX: "x"\nKEY: /x/\n')
    done = RUN.invoke(app, ["grammar", "check", str(path), "--json"])
    assert done.exit_code == 1
    found = {finding["kind"]: finding["message"] for finding in json.loads(done.stdout)}
    assert found["conflict"] == "reduce/reduce conflict at $END: a: X; b: X"
    assert found["unreachable"] == "rule lost"
    assert found["hidden"].startswith("terminal KEY")


def test_test(tmp_path: Path) -> None:
    good, bad, short = tmp_path / "good.json", tmp_path / "bad.json", tmp_path / "short.json"
    good.write_text("[1]")
    bad.write_text("[1,\n }")
    short.write_text("[1")
    done = RUN.invoke(app, ["grammar", "test", "json", str(good), str(bad), str(short)])
    assert done.exit_code == 1
    assert done.stdout == "3 files, 1 texts of json\n"
    assert "bad.json:2:2: not the beginning" in done.stderr
    assert "short.json: the text ends too early" in done.stderr
