"""Messages of mail: what was written, without what it answers and without signatures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from briefqa.corpus.article import Article, LoadOptions
from briefqa.corpus.decoding import decode
from briefqa.corpus.loaders.messages import day_of, header, message_of
from briefqa.corpus.markup.parsing import decode_page, parse
from briefqa.corpus.markup.visible import blocks_of, text_of
from briefqa.types import Cut

if TYPE_CHECKING:
    from collections.abc import Iterable
    from email.message import EmailMessage, MIMEPart

    from briefqa.corpus.markup.visible import Block

QUOTED_REPLY = "quoted reply"
SIGNATURE = "signature"

_STUB = 0.3
"""A plain text with a smaller share of the words of its HTML twin only says that there is one."""
_LONGEST_SIGNATURE = 20
_MOST_NAMES = 20
_QUOTED = re.compile(r"[ ]?>")
_ATTRIBUTION = re.compile(r".*[\d<@].*:\s*\Z")
_CITED = re.compile(r"\b(?:gmail_quote|yahoo_quoted|moz-cite-prefix|protonmail_quote)\b")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))


def load_mail(data: bytes, options: LoadOptions) -> list[Article]:
    """A message: its subject is the title, its senders are the authors. Raises ValueError for what is no message and
    one without text."""
    message = message_of(data)
    try:
        text, cuts, doubts = _body(message, clean=options.clean)
        attached = _attached(message)
    except RecursionError as error:
        raise ValueError("its parts are nested too deep") from error
    if not text:
        raise ValueError("it is a message without text")
    title, published, authors = header(message, "subject"), day_of(message), _senders(message)
    said = header(message, "date")
    known = {"title": title, "authors": authors, "published": published}
    return [
        Article(
            text=text,
            lines_of="text",
            title=title,
            authors=authors,
            published=published,
            found_in={name: "mail header" for name, value in known.items() if value},
            cuts=cuts,
            warnings=(
                *doubts,
                *((f"its date {said[:40]!r} can't be read, so its date is unknown",) if said and not published else ()),
                *(f"its attachment {name} was not read" for name in attached),
            ),
        )
    ]


def _body(message: EmailMessage, *, clean: bool) -> tuple[str, tuple[Cut, ...], tuple[str, ...]]:
    """The text, what was left out of it, and warnings: of the plain part, or of the one in HTML if that says more."""
    plain, doubts = _plain(message)
    page = message.get_body(("html",))
    if page is not None:
        content = _content(page)
        if content.strip():
            seen, remarks = decode_page(content, page.get_content_charset())
            tree, warnings = parse(seen)
            blocks = blocks_of(tree)
            if len(plain.split()) < _STUB * len(text_of(blocks).split()):
                return *_without_cited(blocks, clean=clean), (*remarks, *warnings)
    return *_without_replies(plain, clean=clean), doubts


def _plain(message: EmailMessage) -> tuple[str, tuple[str, ...]]:
    part = message.get_body(("plain",))
    content = _content(part) if part is not None else b""
    if part is None or not content.strip():
        return "", ()
    charset = part.get_content_charset("utf-8")
    doubts: tuple[str, ...] = ()
    try:
        text = content.decode(charset)
    except (LookupError, ValueError):
        text, guess = decode(content)
        if guess is not None:
            doubts = (f"it was read as {guess}, which is a guess: look at its accents",)
    if "\0" in text:
        raise ValueError("it looks like a binary file, not like text")
    lines = [line.translate(_INVISIBLE).rstrip() for line in _unfolded(part, text.replace("\r\n", "\n"))]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n"), doubts


def _content(part: MIMEPart) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _unfolded(part: MIMEPart, text: str) -> Iterable[str]:
    """The text's lines; where a line ends in a space of format=flowed (RFC 3676), the next goes on with it."""
    lines = text.split("\n")
    if str(part.get_param("format", "")).lower() != "flowed":
        return lines
    joint = "" if str(part.get_param("delsp", "")).lower() == "yes" else " "
    whole: list[str] = []
    going_on = False
    for line in lines:
        quoted = bool(_QUOTED.match(line))
        if going_on and not quoted:
            whole[-1] += joint + line.removeprefix(" ").rstrip(" ")
        else:
            whole.append(line if line == "-- " or quoted else line.rstrip(" "))
        going_on = line.endswith(" ") and line != "-- " and not quoted
    return whole


def _without_replies(text: str, *, clean: bool) -> tuple[str, tuple[Cut, ...]]:
    """The text without its quoted lines, each run with the line that says whose words they are, and without its
    signature; as it is where nothing else is in it."""
    lines = text.split("\n")
    reasons: list[str | None] = [QUOTED_REPLY if _QUOTED.match(line) else None for line in lines]
    for number, reason in enumerate(reasons):
        if reason and (number == 0 or not reasons[number - 1]):
            _mark_attribution(lines, reasons, number)
    delimiters = [number for number, line in enumerate(lines) if line == "--"]
    if delimiters and sum(map(bool, (lines[delimiters[-1] :]))) <= _LONGEST_SIGNATURE:
        reasons[delimiters[-1] :] = [reason or SIGNATURE for reason in reasons[delimiters[-1] :]]
    kept = [line for line, reason in zip(lines, reasons, strict=True) if reason is None]
    if not clean or not any(line.strip() for line in kept):
        return text, ()
    cuts = []
    start = 0
    for end in range(1, len(lines) + 1):
        if end == len(lines) or reasons[end] != reasons[start]:
            if reason := reasons[start]:
                cuts.append(Cut("\n".join(lines[start:end]).strip("\n"), reason, None))
            start = end
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip("\n"), tuple(cuts)


def _mark_attribution(lines: list[str], reasons: list[str | None], start: int) -> None:
    """Marks "On 22 November 2018, Ann wrote:" (in any language), which may take two lines, above a quote."""
    above = start - 1
    while above >= 0 and not lines[above].strip():
        above -= 1
    if above < 0 or reasons[above]:
        return
    for first in (above, above - 1):
        if first >= 0 and lines[first].strip() and _ATTRIBUTION.match(" ".join(lines[first : above + 1])):
            reasons[first:start] = [QUOTED_REPLY] * (start - first)
            return


def _without_cited(blocks: list[Block], *, clean: bool) -> tuple[str, tuple[Cut, ...]]:
    cited = [block for block in blocks if _is_cited(block)]
    kept = [block for block in blocks if block not in cited]
    if not clean or not kept or not cited:
        return text_of(blocks), ()
    return text_of(kept), (Cut(text_of(cited), QUOTED_REPLY, None),)


def _is_cited(block: Block) -> bool:
    return any(
        (element.tag == "blockquote" and element.get("type") == "cite") or _CITED.search(element.get("class", ""))
        for element in (block.element, *block.element.iterancestors())
    )


def _senders(message: EmailMessage) -> tuple[str, ...]:
    try:
        return tuple(sender.display_name or sender.addr_spec for sender in message["from"].addresses)
    except Exception:  # the parser of headers is known to stumble in many ways
        sender = header(message, "from")
        return (sender,) if sender else ()


def _attached(message: EmailMessage) -> list[str]:
    names = []
    for part in message.walk():
        name = part.get_filename()
        if part.get_content_disposition() == "attachment" or (name and part.get_content_maintype() != "image"):
            names.append(name or part.get_content_type())
    return names[:_MOST_NAMES]
