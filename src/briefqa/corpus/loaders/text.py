"""Plain text and Markdown: the article is the file's text, from where front matter ends."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler

from briefqa.corpus.article import Article, LoadOptions
from briefqa.corpus.cleaning.cleaning import clean
from briefqa.corpus.decoding import decode
from briefqa.corpus.metadata.describing import describe
from briefqa.corpus.metadata.front_matter import described

LONGEST_FRONT = 100_000
"""Characters of the longest front matter that is read: YAML is read slowly, and no process of its own bounds it."""

_HEADING = re.compile(r"\A\s*#[ \t]+(?P<title>\S.*?)[ \t]*#*[ \t]*(?:\n|\Z)")
_HEADLINE = re.compile(r"\A\s*(?P<title>[^\n]{1,200})(?:\n[ \t]*\n|\n*\Z)")


class _VerbatimLoader(yaml.SafeLoader):
    """YAML whose plain scalars stay as they were typed (a title 007, a date 2018-02-30), but for null."""


_VerbatimLoader.yaml_implicit_resolvers = {
    first: kept
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    if (kept := [entry for entry in resolvers if entry[0] in ("tag:yaml.org,2002:null", "tag:yaml.org,2002:merge")])
}


def load_markdown(data: bytes, options: LoadOptions) -> list[Article]:
    """Markdown with optional YAML front matter; without a title there, a level-one heading at the top is it. Raises
    ValueError for what is no text or has none."""
    text, doubts = _decoded(data)
    handler = YAMLHandler()
    fields: dict[str, Any] = {}
    warnings: list[str] = []
    body = 0
    if handler.detect(text):
        try:
            front, content = handler.split(text)
        except ValueError:
            front, content = "", text  # a rule at the top, not the start of front matter
        body = len(text) - len(content)
        try:
            loaded = _loaded(handler, front) if front.strip() else {}
            if isinstance(loaded, dict):
                fields = loaded
            else:
                body = 0
        except (yaml.YAMLError, ValueError, RecursionError) as error:  # the last two from odd tags and deep nesting
            what = "too long" if len(front) > LONGEST_FRONT else f"not valid YAML ({_yaml_place(error)})"
            warnings.append(f"its front matter is {what}, so its title and date are unknown")
    values, remarks = described(fields)
    article = Article(
        text=_body(text, body),
        line_map=((0, 1 + text.count("\n", 0, body)),),
        **values,
        found_in={name: "front matter" for name, value in values.items() if value and name != "metadata"},
        warnings=(*doubts, *warnings, *remarks),
    )
    article = _described(article, options)
    heading = _HEADING.match(article.text)
    return [article if article.title or not heading else _titled(article, heading["title"], "heading")]


def load_text(data: bytes, options: LoadOptions) -> list[Article]:
    """Plain text: a short first line that stands alone and is no sentence is the title. Raises ValueError for what is
    no text or has none."""
    text, doubts = _decoded(data)
    article = _described(Article(text=_body(text, 0), warnings=doubts), options)
    headline = _HEADLINE.match(article.text)
    title = headline["title"].strip() if headline else ""
    return [article if not title or title.endswith((".", ";", ":", ",")) else _titled(article, title, "first line")]


def _described(article: Article, options: LoadOptions) -> Article:
    """`article` with what its lines say of it, clutter being looked through, too, and then left out."""
    article = describe(article, name=options.name)
    return clean(article) if options.clean else article


def _loaded(handler: YAMLHandler, front: str) -> Any:
    if len(front) > LONGEST_FRONT:
        raise ValueError
    return handler.load(front, Loader=_VerbatimLoader)


def _titled(article: Article, title: str, place: str) -> Article:
    return replace(article, title=title, found_in={**article.found_in, "title": place})


def _decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    text, guess = decode(data)
    if guess is None:
        return text, ()
    return text, (f"it is not in UTF-8 and was read as {guess}, which is a guess: look at its accents",)


def _body(text: str, start: int) -> str:
    body = text[start:]
    if not body.strip():
        raise ValueError("it is empty" if not text.strip() else "it has front matter but no text")
    return body


def _yaml_place(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "unreadable"
    return f"line {mark.line + 1}: {problem}" if mark else str(problem)
