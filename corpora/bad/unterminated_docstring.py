def f():
    """Summary.

    Details "".
    return 1
