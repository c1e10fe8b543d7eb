"""Question sets and judgements from elsewhere, and for elsewhere."""
