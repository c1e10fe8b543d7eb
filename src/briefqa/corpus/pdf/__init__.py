"""From a PDF's characters and where they stand to paragraphs in reading order."""
