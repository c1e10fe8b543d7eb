"""Saving pages and PDFs of the web as files, politely. The one part of briefqa that goes online, and only if called."""
