"""Graphs of a program: control flow, post-dominators, control and data dependence."""
