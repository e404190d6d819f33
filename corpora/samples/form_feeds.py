"""Form feeds: as page breaks, in blank lines, between tokens and before indentation."""

import os


def first():
    return 1

    # after a line that holds a form feed only


def second():
    
    x=1
    y = 2
      z = 3
    return x,y, z
# a comment after a form feed
class Page:

    """A docstring with a form  feed.

    And one on a line of its own.
    """
    a = 1;b = 2

       if a:
        c = 3
  	        d = 4
    text = "a form  feed in a string"
    values = [
1,
    2]# trailing

