"""Graphs as networkx graphs with source spans, and those as DOT, JSON and SVG."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Any, Final

from slimgrammar.errors import MissingExtra
from slimgrammar.prune.graphs.flow import ENTRY, EXIT, FlowGraph
from slimgrammar.prune.graphs.pdg import dependences, flow_graphs

if TYPE_CHECKING:
    import networkx

    from slimgrammar.prune.program import Program

KINDS: Final = ("cfg", "pdg", "ast")
FORMATS: Final = ("dot", "json", "svg")
_WIDEST_TEXT: Final = 60


def graph_of(program: Program, kind: str, function: str | None = None) -> networkx.MultiDiGraph:
    """The graph of a program.

    Nodes have `label`, `start`, `end` (offsets), `line` (from 1), `text` and `function`; edges have `kind`: "flow" with a
    `condition`, "control", "data", or "child".

    Args:
        program: what it is the graph of.
        kind: "cfg" (control flow), "pdg" (control and data dependence) or "ast" (the syntax tree).
        function: only the functions of this name.

    Raises:
        MissingExtra: networkx is not installed.
    """
    graph = _empty(kind=kind, language=program.language.name)
    if kind == "ast":
        _add_tree(graph, program)
        return graph
    lines = _line_starts(program.text)
    if kind == "cfg":
        for number, flow in enumerate(flow_graphs(program)):
            if function in (None, flow.name):
                _add_nodes(graph, program, lines, number, flow)
                for source, edges in enumerate(flow.next):
                    for target, condition in edges:
                        graph.add_edge(_id(number, source), _id(number, target), kind="flow", condition=condition)
        return graph
    for number, one in enumerate(dependences(program)):
        if function in (None, one.graph.name):
            _add_nodes(graph, program, lines, number, one.graph)
            for edge, sources in (("control", one.control), ("data", one.data)):
                for target, found in enumerate(sources):
                    graph.add_edges_from((_id(number, source), _id(number, target), {"kind": edge}) for source in found)
    return graph


def _empty(**about: str) -> networkx.MultiDiGraph:
    try:
        import networkx
    except ImportError:
        raise MissingExtra("networkx", "prune") from None
    return networkx.MultiDiGraph(**about)


def _id(function: int, node: int) -> str:
    return f"{function}.{node}"


def _line_starts(text: str) -> list[int]:
    return [0, *(at + 1 for at, mark in enumerate(text) if mark == "\n")]


def _add_nodes(graph: networkx.MultiDiGraph, program: Program, lines: list[int], number: int, flow: FlowGraph) -> None:
    """The nodes of one function; an empty graph (no statement outside functions) adds none."""
    from bisect import bisect_right

    if len(flow.spans) == 2 and not number:
        return
    for node, (start, end) in enumerate(flow.spans):
        text = " ".join(program.text[start:end].split())
        graph.add_node(
            _id(number, node),
            label=flow.labels[node],
            start=start,
            end=end,
            line=bisect_right(lines, start),
            text=text or {ENTRY: "entry", EXIT: "exit"}.get(node, flow.labels[node]),
            function=flow.name,
        )


def _add_tree(graph: networkx.MultiDiGraph, program: Program) -> None:
    """The named nodes of the syntax tree."""
    pending = [(program.tree.root_node, "")]
    while pending:
        node, above = pending.pop()
        name = str(graph.number_of_nodes())
        text = "" if node.named_child_count else program.text[node.start_byte : node.end_byte]
        place = {"start": node.start_byte, "end": node.end_byte, "line": node.start_point[0] + 1}
        graph.add_node(name, label=node.type, text=text or node.type, function="", **place)
        if above:
            graph.add_edge(above, name, kind="child")
        pending.extend((child, name) for child in reversed(node.named_children))


def written(graph: networkx.MultiDiGraph, form: str) -> str:
    """The graph as text in one of `FORMATS`."""
    writers: dict[str, Callable[[Any], str]] = {"dot": as_dot, "json": as_json, "svg": as_svg}
    return writers[form](graph)


def as_json(graph: networkx.MultiDiGraph) -> str:
    """networkx's node-link form, which `networkx.node_link_graph` reads."""
    import networkx

    return json.dumps(networkx.node_link_data(graph, edges="edges"), indent=1) + "\n"


def as_dot(graph: networkx.MultiDiGraph) -> str:
    """Graphviz's language: control dependence solid, data dependence dashed."""
    rows = ["digraph {", "  node [shape=box, fontname=monospace];"]
    for name, about in graph.nodes(data=True):
        rows.append(f"  {_quoted(name)} [label={_quoted(_shown(about))}];")
    for source, target, about in graph.edges(data=True):
        style = "dashed" if about["kind"] == "data" else "solid"
        label = about.get("condition", "")
        rows.append(f"  {_quoted(source)} -> {_quoted(target)} [style={style}, label={_quoted(label)}];")
    return "\n".join([*rows, "}"]) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _shown(about: dict[str, Any]) -> str:
    text = str(about["text"])
    short = text if len(text) <= _WIDEST_TEXT else text[: _WIDEST_TEXT - 1] + "…"
    return f"{about['line']}: {short}"


def as_svg(graph: networkx.MultiDiGraph) -> str:
    """A picture: a row for each node in the order of the text, control (or flow) arcs to its left, data arcs to its right."""
    row, margin, width = 26, 150, 560
    nodes = sorted(graph.nodes(data=True), key=lambda item: (item[1]["start"], -item[1]["end"], item[1]["label"] == "exit"))
    place = {name: 20 + at * row for at, (name, _) in enumerate(nodes)}
    height = 40 + len(nodes) * row
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{margin * 2 + width}" height="{height}" font-family="monospace">',
        f"<style>{_STYLE}</style>",
        '<rect class="page" width="100%" height="100%"/>',
        f"<defs>{_arrow('a')}{_arrow('b')}</defs>",
    ]
    for source, target, about in graph.edges(data=True):
        right = about["kind"] == "data"
        side = margin + width if right else margin
        parts.append(_arc(side, place[source], place[target], 1 if right else -1, about.get("condition", "")))
    for name, about in nodes:
        y = place[name]
        parts.append(f'<rect x="{margin}" y="{y - 10}" width="{width}" height="20" rx="4" class="node"/>')
        parts.append(f'<text x="{margin + 8}" y="{y + 4}">{escape(_shown(about))}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


# Control (or flow) arcs are a, data arcs b; readers with dark pages get a dark picture
_STYLE: Final = (
    "text{font-size:13px;fill:#1f2328}.dim{fill:#777}.page{fill:#fff}.node{fill:#f4f4f4;stroke:#bbb}.arc{fill:none}"
    ".a{stroke:#1f5fbf}.b{stroke:#c0392b;stroke-dasharray:5 3}#a path{fill:#1f5fbf}#b path{fill:#c0392b}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.dim{fill:#9198a1}.page{fill:#0d1117}.node{fill:#1c232c;stroke:#4a525c}"
    ".a{stroke:#6aa5ff}.b{stroke:#ff8272}#a path{fill:#6aa5ff}#b path{fill:#ff8272}}"
)


def _arrow(name: str) -> str:
    return (
        f'<marker id="{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z"/></marker>'
    )


def _arc(x: int, start: int, end: int, side: int, condition: str) -> str:
    """One edge: a curve whose width grows with its length, its arrow at the target."""
    reach = min(135, 18 + abs(end - start) // 3)
    name = "b" if side > 0 else "a"
    curve = f"M{x} {start}C{x + side * reach} {start} {x + side * reach} {end} {x} {end}"
    path = f'<path class="arc {name}" d="{curve}" marker-end="url(#{name})"/>'
    if not condition or abs(end - start) < 30:
        return path
    return (
        path
        + f'<text x="{x + side * reach * 0.75:.0f}" y="{(start + end) // 2}" text-anchor="end" class="dim">{condition}</text>'
    )
