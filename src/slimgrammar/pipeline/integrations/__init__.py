"""Adapters that put `slim.compress_messages` where prompts pass: one small file for each library, imported only when used."""
