#!/usr/bin/env python3
"""Every kind of import."""

from __future__ import annotations
from __future__ import (division, print_function,)

import os
import os.path
import sys, re
import os as operating_system
import os.path as path, sys as system, json
import xml.etree.ElementTree as ET
import collections . abc

from os import path
from os import path as p
from os import path, sep
from os import path as p, sep as s
from os.path import (join)
from os.path import (join,)
from os.path import (join, split)
from os.path import (
    join,
    split as divide,  # comment
    # own comment
    exists,
)
from os.path import join, \
    split
from xml . etree import ElementTree
from math import *
from string import*
from os.path import(basename)

from . import sibling
from . import sibling as other, another
from .sibling import name
from .. import parent
from ..parent import (name, other as thing,)
from ... import grandparent
from .... import far
from ..... import farther
from ...pkg.module import deep
from . . import spaced
from .. . mod import spaced_more
from.import tight
from.mod import tight_name
from...mod import(tight_parens)
from ....mod import far_name
from . import (
    one,
    two
)

if sys.version_info >= (3, 9): import zoneinfo
else: from backports import zoneinfo
try:
    import ujson as json
except ImportError:
    import json


def lazy():
    import decimal, fractions; from math import pi
    from .local import helper
    return decimal, fractions, pi, helper


class Namespace:
    import string
    from re import compile as make


from match import case
from type import match as type, _ as case
import match.case.type
import _
