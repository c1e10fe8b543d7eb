"""What word processors' files have in common: a zip of XML parts, and blocks of text with page breaks among them."""
