"""Leaving out what stands around an article: in one text, and what recurs in many of a source."""
