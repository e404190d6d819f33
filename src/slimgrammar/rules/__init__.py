"""The rules of the grammar as data (`grammars/rules.toml`): checked against Python, and measured one by one."""

from slimgrammar.rules.model import Form, Kind, Rule, kinds, rules

__all__ = ["Form", "Kind", "Rule", "kinds", "rules"]
