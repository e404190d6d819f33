"""Formatted strings without the old limits (PEP 701)."""

names = ["Ada", "Grace"]
table = {"key": {"inner": [1, 2]}}

SAME_QUOTE = f"{table["key"]["inner"][0]}"
SAME_SINGLE = f'{table['key']!r:>{len('abc')}}'
DEEP = f"{f"{f"{f"{1 + 1}"}"}"}"
DEEP_MIXED = f"{f'{f"{names[0]}"}'}{f"{'a' "b"}"}"
BACKSLASH = f"{"\n".join(names)} {'\t'} {'\\'} {"\x41"}"
COMMENT = f"{
    names[0]  # a comment with "quotes", 'quotes' and }
    # and one alone {
}"
NEWLINES = f"{
    ", ".join(
        name
        for name in names
    )
    :>20}"
NEWLINES_TRIPLE = f"""
{
    table[
        "key"
    ]["inner"]
!r}
{"""inner
triple"""}
"""
NEWLINES_SINGLE = f'{[
    1,
    2,
]}'
FORMAT = f"{1.5:{">"}{10}.{f"{2}"}f} {names[0]:{"<"}{20}}"
DEBUG = f"{ table["key"] = } {names[0]=!r:>{10}} {f"{1=}"=}"
LAMBDA = f"{(lambda: "x")()} {(lambda x: {"a": x}["a"])(1)}"
DICT = f"{ {"a": {"b": "c"}}["a"]["b"] }"
BRACES = f"{{{"{"}}}{"}"}{{}}"
BRACES_FORMAT = f"{{{names[0]:{"{"}>10}}}"
RAW = rf"\d{"\n"}\{names[0]}" fR'{'\''}'
QUOTES = f"{'"'}{"'"}{"\""}{'\''}{'''"'"''' """'"'"""}"
STRING_JOINED = f"a {"b" 'c' "d"}" f'{'e'}' "g"
WALRUS = f"{(x := "y")} {x:=^9}"
TUPLE = f"{"a", "b"} {*names, "c"}"
CONDITION = f"{"yes" if names else "no"} {names[0] != "x"} {"a" == "b"!s}"
COMPREHENSION = f"{", ".join(f"{n!r}" for n in names if n != "")}"
SLICE = f"{names["".count("a"):len("a")]}"
CONTINUED = f"one \
{"two"} \
three"
COLON = f"{table["key"]:{"%"}} {":"}" if False else f"{"a:b"!r:10}"
NAMED = f"\N{BULLET}{"\N{BULLET}"}{{\N{BULLET}}}"
EMPTY_FORMAT = f"{names!r:}{1:}"


async def later(task):
    return f"{await task["a"]} {[x async for x in task["b"]]}"


def generate():
    yield f"{(yield "a")}{yield "b"}"
    match f"{"a"}":
        case "a": return f"{names["".count("")]}"


print(f"{"nested"}", sep=f'{''}') if f"{"x"}" else f"{"y"}"
