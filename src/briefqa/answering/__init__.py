"""From passages to an answer: which sentences to quote, and whether they answer at all."""
