"""No newline at the end of the file."""
if True:
    def f(x): return x
    f(1)