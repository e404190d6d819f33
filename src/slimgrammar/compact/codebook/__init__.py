"""Codebooks: shorthands mined from a corpus for one vocabulary, on top of any dialect.

`book` is the codebook and its file, `matching` writes a text in its shorthands, `expansion` reads one. `mining` makes one:
`corpus` turns texts into arrays, `candidates` finds what recurs, `selection` and `trial` pick.
"""
