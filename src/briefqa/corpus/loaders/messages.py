"""Reads messages (RFC 5322, MIME), which the mail and saved-page formats are."""

from __future__ import annotations

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser


def message_of(data: bytes) -> EmailMessage:
    """The message in `data`. Raises ValueError for what has no header of one."""
    if not data.strip():
        raise ValueError("it is empty")
    try:
        message = BytesParser(EmailMessage, policy=policy.default).parsebytes(data)
    except Exception as error:  # the parser is known to stumble in many ways over what is no message
        raise ValueError("it is no message that can be read") from error
    if not message.keys():
        raise ValueError("it is no message: it starts with no header")
    return message


def header(message: EmailMessage, name: str) -> str | None:
    """A header's decoded text on one line; None if it is absent, empty or broken."""
    try:
        value = message[name]
    except Exception:  # as above
        return None
    text = " ".join(str(value or "").encode("utf-8", "replace").decode().split())
    return text or None


def day_of(message: EmailMessage) -> str | None:
    """The day in the Date header, in the zone that it is given in; None for none and for one that can't be read."""
    try:
        return message["date"].datetime.date().isoformat() if message["date"].datetime else None
    except Exception:  # as above
        return None
