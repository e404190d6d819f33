"""Source text: its bytes, its tokens, and whether it is Python."""
