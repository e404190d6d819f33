"""Template strings (PEP 750)."""

from string.templatelib import Interpolation, Template

name, width = "Ada", 10
values = {"key": [1, 2, 3]}

PLAIN = t"no fields"
EMPTY = t''
SIMPLE = t"hello {name}"
UPPER = T"{name}" T'{name}'
CONVERTED = t"{name!r} {name!s} {name!a}"
FORMATTED = t"{width:>10} {name!r:>{width}} {width:{'>'}{width}}"
DEBUG = t"{name=} {name = !r:>5}"
BRACES = t"{{literal}} {{{name}}}"
RAW = rt"\d{name}" tr'\w{name}' Rt"\n" tR"\t" RT"{name}\\" TR'' Tr'' rT""
TRIPLE = t"""
first {name}
  second {
    width  # a comment
}
"""
TRIPLE_SINGLE = t'''it's "{name}" {values["key"]}'''
SAME_QUOTE = t"{values["key"][0]}"
NESTED = t"{t"{name}"} {f"{name}"} {t'{t"{name}"}'}"
INSIDE_FORMATTED = f"{t"{name}".strings}"
LAMBDA = t"{(lambda x: x)(1)} {(x := 1)} {[v for v in values["key"]]}"
JOINED = t"{name} " t"and {width}"
JOINED_LINES = (
    t"{name}"
    rt"\{name}"
    t'{width}'
)
ESCAPES = t"\t{name}\n\x41\N{BULLET}{"\n"}"


def html(template: Template) -> str:
    parts = []
    for item in template:
        match item:
            case str() as text: parts.append(text)
            case Interpolation(value, _, conversion, spec): parts.append(format(value, spec))
    return "".join(parts)


async def render(task): return html(t"<p class={"a"}>{await task}</p>")
def stream(): yield t"{yield}"


print(html(t"<b>{name}</b>"), t"{name}"if name else t"")
