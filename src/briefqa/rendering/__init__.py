"""Answers and reports as terminal text or JSON: pure functions, nothing is printed here."""
