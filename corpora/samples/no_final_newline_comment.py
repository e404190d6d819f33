x = 1
if x:
    pass
    # the last line is a comment, indented