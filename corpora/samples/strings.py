'''Every prefix, quote, escape and concatenation of strings.'''

# Quotes.
SINGLE = 'single'
DOUBLE = "double"
TRIPLE_SINGLE = '''triple'''
TRIPLE_DOUBLE = """triple"""
EMPTY = '', "", '''''', """"""
INNER = 'say "hi"', "it's", 'it\'s', "say \"hi\""
TRIPLE_INNER = """a "quoted" word, '''three''' and ""two"" \""""
TRIPLE_INNER_SINGLE = '''it's "fine", isn''t it? \''''

# Prefixes, in every case and order.
UNICODE = u'a' + U"b"
RAW = r'\d+\n' + R"\w"
BYTES = b'abc\x00\xff' + B"def"
RAW_BYTES = (rb'\d', rB'\d', Rb'\d', RB'\d', br'\d', bR'\d', Br'\d', BR'\d')
RAW_QUOTE = r'a\'b', r"a\"b", r'\\', r'''a\'''b'''
RAW_TRIPLE = r"""
first \ line
second line \
"""
BYTES_TRIPLE = b"""
GET / HTTP/1.1\r
Host: localhost\r
\r
"""

# Escapes.
ESCAPES = "\a\b\f\n\r\t\v\\\'\""
OCTAL = "\0\7\07\101\1234"
HEX = "\x41\x7f\xe9"
NAMED = "\N{LATIN SMALL LETTER E WITH ACUTE}\N{bullet}"
CODE_POINTS = "\u00e9\U0001F600"
BYTES_ESCAPES = b"\a\b\f\n\r\t\v\\\'\"\101\x41"
SURROGATE = "\ud800"
REAL = "é ß 漢字 🙂 \u200b​ non breaking"
DELETE_AND_CONTROL = "\x1b[31mred\x1b[0m"

# A backslash before the line end joins lines within a string.
JOINED = 'one \
two \
    three'
JOINED_TRIPLE = """\
no empty first line
    indented\
 joined
"""

# Neighbouring literals are one string.
TWO = 'a' "b"
MIXED = 'a' r'\b' "c" u'd' '''e'''
BYTES_TWO = b'a' rb'\b' B"c"
IN_PARENS = (
    "first "
    'second '
    r"third\s"
)
COMMENTED = (
    "first "  # one
    # between
    "second"  # two
)
CONTINUED = "first " \
    "second " \
    "third"
NO_SPACE = 'a''b'"c"'''d''''e'
KEYED = {"a" "b": "c" "d", 'e': 'f' 'g'}


def describe(name, *, width=10):
    text = "name: %s" % name
    text += ' ' * width + "|" "\n"
    return ("<" + text.strip().center(width, "-") + ">") % () if "%" not in text else text.format("x", y='y')


def poem():
    return """
        Roses are # not a comment
        violets are "blue",
    this line stands less deep
	this one has a tab
        and trailing blanks stay   
    """.strip()


SLASHES = "http://example.org/a?b=c#d", "C:\\new\\table", '\\', "\\\\"
BRACES = "{} {name} {{}}".format(1, name=2)
LOOKS_LIKE_CODE = "def f(x): return x  # if x else [1, 2]"
MULTILINE_ARGUMENT = describe("""a
b""", width=len('''c
d'''))
