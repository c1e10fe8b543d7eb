"""Quotes for a language model to write from, and what the quotes say of what it wrote."""

from __future__ import annotations

from briefqa.prompting.checking import Claim, check_claims
from briefqa.prompting.prompts import NOT_THERE, messages, prompt

__all__ = ["NOT_THERE", "Claim", "check_claims", "messages", "prompt"]
