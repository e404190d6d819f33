"""Python ⇄ its dialects: `api` is the front door, `stream` what all the others speak."""
