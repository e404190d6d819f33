"""`slim bench`: every method beside its peers, in tokens, in what they cost a model, and in what the method itself takes here.

`methods` says what is compared and `texts` measures it; `masks` measures masks and forced tokens, other engines by `engines`.
`intervals` says how sure the figures are, `results` puts them together, `tables` and `plot` show them.
"""
