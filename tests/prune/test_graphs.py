"""Control flow, dominators, dependences: by hand on small functions, against slow twins on all samples."""

from itertools import pairwise
from pathlib import Path

import pytest

from slimgrammar.prune import language, language_of
from slimgrammar.prune.graphs.dataflow import MOST, Access, data_dependence
from slimgrammar.prune.graphs.dominators import post_dominators
from slimgrammar.prune.graphs.export import FORMATS, KINDS, graph_of, written
from slimgrammar.prune.graphs.flow import ENTRY, EXIT, FlowGraph
from slimgrammar.prune.graphs.pdg import Dependence, backward, dependences, flow_graphs
from slimgrammar.prune.program import Program

networkx = pytest.importorskip("networkx")


def function(code: str, name: str = "python") -> Dependence:
    return dependences(Program(code, language(name)))[1]


def shown(one: Dependence, code: str, node: int) -> str:
    start, end = one.graph.spans[node]
    return {ENTRY: "entry", EXIT: "exit"}.get(node) or " ".join(code[start:end].split())


def flows(code: str, name: str = "python") -> set[str]:
    one = function(code, name)
    edges = ((source, target, label) for source, found in enumerate(one.graph.next) for target, label in found)
    return {f"{shown(one, code, source)} -> {shown(one, code, target)} {label}".strip() for source, target, label in edges}


def depends(code: str, what: str, name: str = "python") -> dict[str, set[str]]:
    one = function(code, name)
    rows = one.control if what == "control" else one.data
    return {
        shown(one, code, node): {shown(one, code, source) for source in sources}
        for node, sources in enumerate(rows)
        if node != EXIT and sources
    }


def test_branches() -> None:
    code = "def f(a):\n if a: b()\n elif c: d()\n else: e()\n g()\n"
    assert flows(code) == {
        "entry -> if a:",
        "if a: -> b() true",
        "if a: -> elif c: false",
        "elif c: -> d() true",
        "elif c: -> e() false",
        "b() -> g()",
        "d() -> g()",
        "e() -> g()",
        "g() -> exit",
    }


def test_loops_with_else_break_and_continue() -> None:
    code = "def f(a):\n for x in a:\n  if x: break\n  if y: continue\n  b()\n else: c()\n d()\n"
    assert flows(code) >= {
        "for x in a: -> if x: true",
        "for x in a: -> c() false",
        "break -> d()",
        "continue -> for x in a:",
        "b() -> for x in a:",
        "c() -> d()",
    }
    assert "break -> c()" not in flows(code)


def test_exceptions() -> None:
    code = "def f():\n try:\n  a()\n  return b\n except E:\n  c()\n else:\n  d()\n finally:\n  e()\n g()\n"
    assert flows(code) >= {"a() -> except E: raise", "a() -> return b", "except E: -> c()", "e() -> g()", "e() -> exit"}
    assert not any(edge.startswith("d()") and "except" in edge for edge in flows(code))
    assert "return b -> exit" not in flows(code), "a return runs through finally"


def test_raise_ends_at_the_exit_or_a_handler() -> None:
    assert "raise E -> exit raise" in flows("def f():\n raise E\n")
    inside = flows("def f():\n try:\n  raise E\n except E: pass\n")
    assert "raise E -> except E: raise" in inside
    assert "raise E -> exit raise" not in inside


def test_match_takes_everything_with_a_wildcard() -> None:
    code = "def f(x):\n match x:\n  case 1: a()\n  case _: b()\n c()\n"
    assert "match x: -> c() default" not in flows(code)
    assert "match x: -> c() default" in flows(code.replace("case _", "case 2"))


def test_java_switch_falls_through() -> None:
    code = "class A { void f(int x) { switch (x) { case 1: a(); case 2: b(); break; default: c(); } d(); } }"
    found = flows(code, "java")
    assert {"a(); -> case 2", "break; -> d();", "c(); -> d();"} <= found
    assert "b(); -> default" not in found


def test_java_labels_and_for_parts() -> None:
    code = "class A { void f() { o: for (int i = 0; i < 3; i++) { while (x) { if (y) continue o; break o; } } z(); } }"
    found = flows(code, "java")
    assert {"int i = 0; -> i < 3", "i++ -> i < 3", "continue o; -> i++", "break o; -> z();", "i < 3 -> z(); false"} <= found


def test_go_falls_through_only_when_told() -> None:
    code = "package p\nfunc f(x int) {\n switch x {\n case 1: a(); fallthrough\n case 2: b()\n default: c()\n }\n d()\n}\n"
    found = flows(code, "go")
    assert "b() -> d()" in found
    assert "fallthrough -> 2" in found


def test_goto() -> None:
    code = "int f(int x) { if (x) goto end; a(); end: b(); return x; }"
    assert {"goto end; -> b();", "a(); -> b();"} <= flows(code, "c")


def test_control_dependence() -> None:
    code = "def f(a):\n if a:\n  return 1\n while b:\n  c()\n d()\n"
    found = depends(code, "control")
    assert found["return 1"] == {"if a:"}
    assert found["c()"] == {"while b:"}
    assert found["while b:"] == {"if a:", "while b:"}
    assert found["d()"] == {"if a:"}
    assert found["if a:"] == {"entry"}


def test_data_dependence() -> None:
    code = "def f(a):\n x = a\n if a:\n  x = 1\n y = x\n z.w = y\n x += y\n return x, z\n"
    found = depends(code, "data")
    assert found["x = a"] == {"entry"}
    assert found["y = x"] == {"x = a", "x = 1"}
    assert found["x += y"] == {"x = a", "x = 1", "y = x"}
    assert found["return x, z"] == {"x += y", "z.w = y"}


def test_java_data_dependence() -> None:
    code = "class A { int f(int a) { int x = a; for (String s : l) { x += s.size(); } this.q = x; return x; } }"
    found = depends(code, "data", "java")
    assert found["return x;"] == {"int x = a;", "x += s.size();"}
    assert found["x += s.size();"] == {"int x = a;", "x += s.size();", "for (String s : l)"}


def test_backward_slice_has_distances() -> None:
    code = "def f(a):\n x = a\n y = 1\n return x\n"
    one = function(code)
    found = {shown(one, code, node): far for node, far in backward(one, [4]).items()}
    assert found == {"return x": 0, "x = a": 1, "entry": 1}


def slow_post_dominators(graph: FlowGraph) -> list[int]:
    reverse = networkx.DiGraph()
    reverse.add_nodes_from(range(len(graph.spans)))
    reverse.add_edges_from((target, source) for source, edges in enumerate(graph.next) for target, _ in edges)
    found = networkx.immediate_dominators(reverse, EXIT)
    return [found.get(node, EXIT) if node != EXIT else EXIT for node in reverse]


def test_post_dominators_equal_networkx(sample: Path) -> None:
    checked = 0
    for graph in flow_graphs(Program(sample.read_text(), language_of(sample))):
        reverse = [(target, source) for source, edges in enumerate(graph.next) for target, _ in edges]
        if networkx.has_path(networkx.DiGraph(reverse or [(EXIT, ENTRY)]), EXIT, ENTRY):
            reach = networkx.descendants(networkx.DiGraph(reverse or [(EXIT, ENTRY)]), EXIT) | {EXIT}
            if len(reach) == len(graph.spans):
                assert post_dominators(graph) == slow_post_dominators(graph)
                checked += 1
    assert checked >= 3


def test_reaching_definitions_equal_a_search(sample: Path) -> None:
    """The slow twin: walk back from each read over every path until a write ends it."""
    for one in dependences(Program(sample.read_text(), language_of(sample))):
        before: list[list[int]] = [[] for _ in one.graph.next]
        for source, edges in enumerate(one.graph.next):
            for target, _ in edges:
                before[target].append(source)
        alive = networkx.descendants(networkx.DiGraph([(s, t) for s, es in enumerate(one.graph.next) for t, _ in es]), ENTRY)
        for node, access in enumerate(one.access):
            if node in alive or node == ENTRY:
                expected = {source for name in access.reads for source in writers(one, before, node, name)}
                assert {source for source in one.data[node] if source in alive or source == ENTRY} == {
                    source for source in expected if source in alive or source == ENTRY
                }


def writers(one: Dependence, before: list[list[int]], node: int, name: str) -> set[int]:
    found, seen, pending = set(), set(), list(before[node])
    while pending:
        at = pending.pop()
        if at not in seen:
            seen.add(at)
            if name in one.access[at].writes:
                found.add(at)
            if name not in one.access[at].writes or name in one.access[at].keeps:
                pending += before[at]
    return found


def test_huge_functions_use_the_nearest_write() -> None:
    access = [Access(set(), {"x"}, set()), *(Access({"x"}, {"x"}, set()) for _ in range(MOST + 1))]
    graph = FlowGraph("", 0, 0, [(0, 0)] * len(access), [""] * len(access), [[] for _ in access])
    found = data_dependence(graph, access)
    assert all(sources == [node - 1] for node, sources in enumerate(found) if node)


def test_graphs_of_samples(sample: Path) -> None:
    program = Program(sample.read_text(), language_of(sample))
    named = [graph.name for graph in flow_graphs(program) if graph.name]
    assert len(named) >= 2
    for kind in KINDS:
        graph = graph_of(program, kind)
        assert len(graph) > 10
        for form in FORMATS:
            assert written(graph, form).strip()
    for one in dependences(program)[1:]:
        assert len(one.graph.spans) == len(one.control) == len(one.data)
        for (start, end), label in zip(one.graph.spans, one.graph.labels, strict=True):
            assert 0 <= start <= end <= len(program.text)
            assert label


def test_every_loop_head_is_reached_again(sample: Path) -> None:
    for graph in flow_graphs(Program(sample.read_text(), language_of(sample))):
        edges = networkx.DiGraph([(source, target) for source, found in enumerate(graph.next) for target, _ in found])
        for node, label in enumerate(graph.labels):
            if label in ("while", "foreach") and node in edges and any(label == "true" for _, label in graph.next[node]):
                assert networkx.has_path(edges, ENTRY, node)


@pytest.mark.parametrize(
    "code", ["while True: pass", "def f():\n while 1: pass\n", "{" * 5000, "if x:\n" * 3, "(" * 20000, "def f(:\n try:\n"]
)
def test_odd_code(code: str) -> None:
    for name in ("python", "java", "c", "rust"):
        dependences(Program(code, language(name)))


def test_long_else_if_chains_and_deep_nesting() -> None:
    chain = "class A { void f() { " + "else ".join(f"if (x == {at}) a();\n" for at in range(3000)) + "} }"
    dependences(Program(chain, language("java")))
    nested = "def f():\n" + "".join(" " * depth + "if x:\n" for depth in range(1, 300)) + " " * 300 + "y = 1\n"
    dependences(Program(nested, language("python")))


def test_order_of_nodes_is_stable(sample: Path) -> None:
    program = Program(sample.read_text(), language_of(sample))
    for first, second in pairwise([flow_graphs(program), flow_graphs(program)]):
        assert [graph.next for graph in first] == [graph.next for graph in second]
