"""Records, as of a database or a feed, as articles: which field is what, and what its value means."""
