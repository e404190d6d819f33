# Escapes that mean nothing keep their backslash; Python warns of them and takes them. Old code has many.
import re

WORD = re.compile("\w+\s*")
PRICE = re.compile('\$\d+\.\d\d')
BYTES = b"\d\."
LATEX = "$\alpha + \gamma$ \%"
WINDOWS = "C:\Program Files\Python"
LARGE_OCTAL = "\400\777"
BLOCK = '''
\| a \| b \|
'''
FORMATTED = f"\d{WORD.pattern}\."


def count(text):
    """Words in text; the pattern is \w+ in this docstring."""
    return len(WORD.findall(text))
