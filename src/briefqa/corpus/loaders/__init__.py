"""One module a family of formats: bytes in, articles out."""
