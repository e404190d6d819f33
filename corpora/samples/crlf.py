#!/usr/bin/env python
"""Lines end in CR LF.

A docstring has them too.
"""
import os, \
    sys


def function(a,
             b):
    # a comment

    text = """first
second
"""
    other = 'joined \
here'
    if a:
        return f"""{a}
{b}"""
    return (text,
            other)  # trailing


values = [
    1,

    2,  # two
]
