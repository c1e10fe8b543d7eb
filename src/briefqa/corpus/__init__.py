"""From files to documents: which files there are, what is in them, and what they say about themselves."""
