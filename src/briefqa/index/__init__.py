"""The index on disk: immutable generations of a catalog, a dense and a lexical index, and the encoder they need."""
