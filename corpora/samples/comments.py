#!/usr/bin/env python3
# -*- coding: utf-8 -*-
#
# A comment block before anything else.
#: an attribute comment
#!not a shebang
#no space
##  two signs # and one inside
	# after a tab

"""The docstring comes after the comments."""  # trailing the docstring
# right after the docstring

import os  # trailing an import
import sys # one blank before
import re# no blank before
import json	# a tab before
    # deeper than the module

from os import (  # after the parenthesis
    path,  # after a comma
    # alone in the parentheses
    sep  # without a comma
    # before the closing parenthesis
)  # after the closing parenthesis


# before a decorator
@staticmethod  # trailing a decorator
# between decorators
  # between decorators, at an odd column
@staticmethod

# between a decorator and its function
def decorated(  # after the parenthesis
    # before the first parameter
    first,  # trailing a parameter
    second=1  # before a comma
    ,  # after a lonely comma
    *args,
    # before the last
    **kwargs  # type: Any
    # after the last
):  # after the colon
    # type: (...) -> int
    # before the docstring
    """Docstring."""  # trailing the docstring
    # after the docstring
    return first  # trailing a return
    # after the return, in the function
  # after the return, at an odd column
# after the return, at column 0
    # and back in the function


class Commented:  # after a class
    # first in a class

    x = 1  # type: int
    y = []  # type: List[str]

    # before a method
    def method(self): return 1  # one line
    # between methods
    def other(self):
        pass
        # last in a method
    # last in a class
# after the class


def branches(a, b):
    # first in a function
    if a:  # after if
        # first in if
        x = 1
        # last in if
    # before elif, at its column
    elif b:  # after elif
        x = 2
            # deeper than the block
        x += 1
      # shallower than the block, deeper than elif
    # before else
    else:  # after else
        # only a comment and pass
        pass
# before for, at column 0
    for i in a:  # after for
        pass
    # before the else of for
    else:
        pass
        # last in else
    while b:  # after while
        break  # trailing a break
    try:  # after try
        # first in try
        pass
    # before except
    except ValueError:  # after except
        pass
        # last in except
    except (  # in the parentheses
        KeyError,
        # alone
        IndexError,
    ) as e:  # after except as
        raise  # trailing a raise
    # before else of try
    else:
        pass
    # before finally
    finally:  # after finally
        pass
    with a as x, \
            b:  # after with
        # first in with
        pass
    with (
        # first in parenthesised with
        a as x,  # trailing an item
        # before the last item
        b
        # after the last item
    ):
        pass
    if a: pass  # one-line body
    else: pass  # one-line else
    # last in the function


def only_comment_then_pass():
    # nothing to do

    # really

    pass


def brackets():
    empty_list = [
        # only a comment
    ]
    empty_call = print(
        # only a comment
    )
    empty_dict = {  # trailing
        # only a comment
    }
    values = [  # after the bracket
        1,  # one
        2  # before a comma
        ,  # lonely comma
        # alone

        # after a blank line
        3  # last
    ]  # closing
    table = {
        # before a key
        "a": 1,  # trailing a value
        "b":  # between key and value
            2,
        "c"  # between key and colon
        : 3,
        # before a star
        **table,  # after a star
    }
    total = (  # open
        1  # first operand
        # between operand and operator
        + 2  # second
        +  # after an operator
        # before an operand
        3
    )
    text = (
        "a"  # between strings
        # alone between strings
        "b"  # last
    )
    chosen = (
        1  # value
        if total  # condition
        # before else
        else 2  # other
    )
    called = print(  # open
        1,  # first
        # before a keyword
        sep=  # after equals
        "",
        end  # before equals
        ="",
    ).attribute(  # second call
        # in the second call
    )[  # subscript
        0  # index
        :  # colon
        1
        # before closing
    ]
    comprehension = [
        # before the element
        x  # element
        # before for
        for x  # target
        in values  # iterable
        # before if
        if x  # condition
    ]
    function = (
        # before lambda
        lambda x:  # after the colon
        # before the body
        x
    )
    return [  # returned
        1]  # after


x = 1; y = 2  # after two statements
x = 1;  # after a semicolon
x = 1 ; # blank before
print("# not a comment")  # a comment with "quotes" and 'quotes'
print('''
# not a comment
''')  # after a triple-quoted string
print(f"{x} # not a comment")  # a comment with {braces}
# a comment with a backslash at its end \
z = 3
# noqa  # type: ignore[misc]  # fmt: off  # pragma: no cover  # pylint: disable=all
for i in []:  # type: int
    pass
with open(os.devnull) as f:  # type: TextIO
    pass
# région: été, 漢字, 🙂, tab	inside, trailing blanks   
#
#

if x:
    pass
    # last in the block

    # after a blank line, in the block

# after the last statement
    # deeper, after the last statement

# the last line
