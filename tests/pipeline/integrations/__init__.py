"""Each integration against the real library, with a local server as the model."""
