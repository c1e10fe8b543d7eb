"""An item of a news agency in several versions, and another story."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_STORY = (
    "A freight train left the rails near the town of Velm on Tuesday.",
    "Twelve people were killed and the line to the coast was closed.",
    "The driver was taken to a hospital in the district capital.",
    "Investigators said that a worn switch may have caused the accident.",
    "The railway company runs forty trains a day over the line.",
    "It had planned to renew the switches of the station next spring.",
    "The mayor of Velm asked the ministry to bring the work forward.",
    "Buses will replace the trains until the end of the week.",
)
DEAD_BEFORE, DEAD_AFTER = _STORY[1], "Fifteen people were killed and the line to the coast was closed."
ADDED = "The minister of transport will visit the town tomorrow."
STORY = f"{' '.join(_STORY[:4])}\n\n{' '.join(_STORY[4:])}"
"""Eight sentences in two paragraphs."""
UPDATE = f"{STORY.replace(DEAD_BEFORE, DEAD_AFTER)} {ADDED}"
"""The same a day later: another number in its second sentence, and one sentence more."""
EXCERPT = " ".join(_STORY[:3])
"""Its first three sentences."""
HARBOUR = (
    "The harbour of Oster was dredged in autumn, and ships of a greater draught can land there now. The work took four"
    " weeks and cost two million crowns. Fishermen had complained that the sand filled the channel every winter.\n\n"
    "The council wants to dredge it every third year. A new crane is to be put up on the eastern quay in summer."
)
"""Five sentences of something else."""


def write_story(path: Path, text: str, *, date: str | None = None, title: str | None = None) -> None:
    """An article with that front matter."""
    path.parent.mkdir(parents=True, exist_ok=True)
    known = "".join(f"{name}: {value}\n" for name, value in (("title", title), ("date", date)) if value)
    path.write_text(f"---\n{known}---\n{text}\n" if known else f"{text}\n", encoding="utf-8")
