"""Passages for a question: by meaning, by words, or both fused."""
