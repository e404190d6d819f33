"""The samples: one program in each language, written for these tests."""

from pathlib import Path

import pytest

pytest.importorskip("tree_sitter_java", reason="needs slimgrammar[prune]")
pytest.importorskip("numpy", reason="needs slimgrammar[prune]")

collect_ignore = ["samples"]
SAMPLES = sorted(Path(__file__).with_name("samples").iterdir())


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for `sample` once for each language."""
    if "sample" in metafunc.fixturenames:
        metafunc.parametrize("sample", SAMPLES, ids=[path.suffix[1:] for path in SAMPLES])
