r'''Module docstring, raw: \d+ \ and "quotes".

It has several paragraphs.
	One starts with a tab.
'''


def one_line(): "on the line of the def"
def one_line_more(): "then a statement"; return 1
def one_line_semicolon(): "then nothing";


def simple():
    """One line."""


def single_quotes():
    'One line in single quotes.'
    return 1


def triple_single():
    '''One line in '''"two literals."


def several_lines():
    """Summary.

    Details at the indentation of the function.

    Args:
        x: deeper.
            y: deeper still.
    """
    return 1


def starts_on_next_line():
    """
    Summary on the second line.
    """


def closing_beside_text():
    """Summary.

    The last line closes here."""


def shallower():
    """Summary.

  This line stands less deep,
this one at column 0,
          and this one deeper.
    """


def tabs():
	"""Summary.

	Indented by tabs.
	    And by both.
	"""
	return 1


def mixed_indentation():
    """Summary.

	A tab where the code has blanks.
    	Blanks, then a tab.
    """


def trailing_whitespace():
    """Summary.   

    Trailing blanks.   
    Trailing tab.	
        
    The line above holds only blanks.
    """


def blank_lines():
    """

    Blank lines before,


    between,

    and after.


    """


def empty(): """"""
def blank(): """ """
def empty_then():
    ''
    return 1


def newline_only():
    """
    """


def backslashes():
    """Summary with \\ and \n and \t and \x41 and \N{BULLET} and \u00e9.

    A line joined \
    to the next one.
    """


def raw_backslashes():
    r"""Summary with \alpha, \n and a regular expression: [\w\\]+.

    Ends with a joined line \
    """


def upper_raw(): R"""Raw \d."""
def unicode_prefix(): u"""Unicode."""


def quotes():
    """She said "hello", he said 'hi', and """ '''they said """nothing""".'''


def quotes_at_end():
    """Ends with a \"quote\""""


def escaped_triple():
    """Holds \"\"\" and ''' inside."""


def concatenated():
    "first " \
    "second " 'third'


def parenthesised():
    ("In parentheses.")


def parenthesised_lines():
    (
        "In parentheses, "
        "over lines."
    )
    return 1


def commented():
    """Docstring."""  # trailing comment


def semicolon():
    """Docstring."""; return 1


def semicolon_lines():
    """Docstring
    on two lines."""; x = 1; return x


def comment_first():
    # a comment
    """Docstring all the same."""


def not_docstrings():
    f"formatted strings are none"
    b"bytes are none"
    "the third statement is none"


def bytes_first():
    b"not a docstring"


def formatted_first():
    f"not a docstring either"


def expression_first():
    "not a docstring".strip()


def percent_first():
    "not a docstring %s" % 1


def tuple_first():
    "not a docstring",


class Documented:
    """Class docstring.

    Attributes:
        x: a number
    """

    x = 1
    """An attribute docstring, which is only an expression."""

    def method(self):
        """Method docstring.

            Deeper than the first line should be.
        """

    @property
    def value(self): "Property docstring."

    class Inner:
        """Inner docstring."""


class OnlyDocstring:
    "Only a docstring."


class OneLine: "One line."


class Blank:

    """A blank line before the docstring."""

    pass


async def coroutine():
    """Coroutine docstring.
    >>> await coroutine()
    1
    """
    return 1


def doctest(x):
    """Doubles x.

    >>> doctest(2)
    4
    >>> for i in range(2):
    ...     print(i)
    0
    1

    ====  ====
    a     b
    ====  ====
    """
    return x * 2


if True:
    """A string in a block is no docstring.

    It keeps its lines.
    """
    def nested():
        """Nested.

            Deep.
        """
        def deeper():
            """Deeper.

            Text
            """
            class Deepest:
                """Deepest

                text"""


def unicode_text():
    """Résumé: « été », 漢字, 🙂, non breaking, em—dash."""
lambda: "no docstring"
