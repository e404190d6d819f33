"""Exact grammar masks for generation: which tokens keep a text the beginning of a text of the grammar.

api.py is the door. A grammar file becomes rules and terminals (specification.py); terminals become automata over bytes
(regex.py, lexer.py, lexicon.py); rules become tables (lalr.py); the vocabulary is read through the automata (rows.py); stacks
of the parser (stack.py) judge what tokens do (buckets.py, masks.py). engine.py joins them, cache.py keeps them.
"""
