"""HTML and what carries it: pages parsed, seen as blocks of text, and told apart into article and rest."""
