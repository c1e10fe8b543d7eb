"""Measuring answers on the user's own questions: question sets, metrics, intervals, and the evaluation itself."""
