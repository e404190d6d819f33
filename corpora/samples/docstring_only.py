"""
A module of a docstring and nothing more.
"""
