"""A byte order mark before the docstring."""
x = "﻿ in a string"
