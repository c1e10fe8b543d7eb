"""A prompt for any language model: answer from these quotes, and mark which of them holds each sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefqa.errors import UsageError
from briefqa.prompting.quoting import about, fenced, quoted

if TYPE_CHECKING:
    from briefqa.types import Answer, Hits

NOT_THERE = "Not in these articles."
"""What the model is to write where the quotes don't answer."""
_RULES = f"""\
Answer the question from the numbered quotes, and from nothing else that you know.
- Write short sentences, one claim in each. End each with the markers of the quotes that hold it: [1], or [1][3].
- Keep numbers, names, dates and negations as the quotes have them. Draw no conclusion that no quote states.
- Where quotes disagree, say so, and cite each.
- If the quotes don't answer the question, write only this: {NOT_THERE}"""


def messages(found: Answer | Hits) -> list[dict[str, str]]:
    """What to send to a model, as chat interfaces take it: the rules as "system", and as "user" the numbered, fenced
    quotes with the question after them. An answer gives its quotes; a search, and an answer without quotes, its
    passages. Raises UsageError where nothing was found: there is nothing to ask a model then."""
    entries = quoted(found)
    if not entries:
        raise UsageError("Nothing was found for this question, so there is nothing that a model could answer it from.")
    word, texts = fenced(entries)
    rules = f"{_RULES}\n{about(word)}"
    return [
        {"role": "system", "content": rules},
        {"role": "user", "content": "\n\n".join([*texts, f"Question: {found.question}"])},
    ]


def prompt(found: Answer | Hits) -> str:
    """`messages` in one text, for models that take one."""
    return "\n\n".join(message["content"] for message in messages(found))
