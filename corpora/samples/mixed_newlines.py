"""Lines end in LF, CR LF or a lone CR."""
x = 1
y = 2z = 3
def f(a):    b = a
    # a comment by CR    return """onetwo
three
four"""

values = [1,
2,
]
text = "joined \
here" "and \here"
total = x + \    y + \
    z


# the last