"""The API's description by OpenAPI 3.1, made of the JSON schemas that ship with briefqa."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any, get_args

from briefqa import __version__
from briefqa.api.questions import LONGEST_QUESTION
from briefqa.config import RetrieverName
from briefqa.serving.queries import MOST_LISTED

Json = dict[str, Any]

SHAPES = ("answer", "article", "documents", "error", "health", "hits", "status")
_DATE = r"^(19|20)\d{2}(-(0[1-9]|1[0-2])(-(0[1-9]|1\d|2[0-8]))?)?$"
_NOT_BLANK = r"\S"
_REFUSALS = {
    "400": "The call is wrong: a parameter is not known, or its value can't be used.",
    "401": "The token is missing or wrong.",
    "403": "A page of another site sent the request.",
    "404": "There is no such document, or no such path.",
    "405": "Only GET is known.",
    "413": "The request has a body.",
    "414": "The address is too long.",
    "421": "The request was sent to a name that the server does not answer to.",
    "429": "Too many requests from this address.",
    "500": "Something went wrong in the server.",
    "503": "Too many questions at once, no answer in time, or an index that can't be used.",
}


@cache
def openapi() -> Json:
    """The whole description; not to be changed by whoever gets it."""
    asking = [_question(), *_filters(), *_choices()]
    paths = {
        "answer": _operation("answer", "Answer a question with quotes, or say that nothing answers it.", asking),
        "hits": _operation("hits", "The passages that fit best, whether or not they answer.", asking),
        "documents": _operation("documents", "The articles, without their texts.", _listing()),
        "documents/{id}": _operation("article", "An article with its text, and its passages.", [_identity()]),
        "status": _operation("status", "What the index is, and how it stands to the articles.", []),
        "health": _operation("health", "Whether the server runs.", []),
    }
    described = _ok("This description.", {"type": "object"})
    paths["openapi.json"] = {**_operation("health", "This description.", []), "operationId": "openapi"}
    paths["openapi.json"]["responses"] = {**paths["openapi.json"]["responses"], "200": described}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "briefqa",
            "version": __version__,
            "summary": "Ask a folder of articles a question, and get exact, checkable quotes.",
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{}, {"token": []}],
        "paths": {f"/{path}": {"get": operation} for path, operation in paths.items()},
        "components": {
            "schemas": {name: _component(name) for name in SHAPES},
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Where the server asks for one: what briefqa serve --token was given or printed.",
                }
            },
        },
    }


def _operation(shape: str, summary: str, parameters: list[Json]) -> Json:
    refusals = {code: _ok(text, {"$ref": "#/components/schemas/error"}) for code, text in _REFUSALS.items()}
    return {
        "operationId": shape,
        "summary": summary,
        "parameters": parameters,
        "responses": {"200": _ok(summary, {"$ref": f"#/components/schemas/{shape}"}), **refusals},
    }


def _ok(description: str, schema: Json) -> Json:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _parameter(name: str, description: str, schema: Json, **more: Any) -> Json:
    return {"name": name, "in": "query", "description": description, "schema": schema, **more}


def _question() -> Json:
    schema = {"type": "string", "minLength": 1, "maxLength": LONGEST_QUESTION, "pattern": _NOT_BLANK}
    return _parameter("q", "The question.", schema, required=True)


def _filters() -> list[Json]:
    word = {"type": "string", "minLength": 1, "pattern": _NOT_BLANK}
    several: Json = {"type": "array", "items": word, "minItems": 1, "maxItems": 100}
    language = {"type": "string", "pattern": "^[A-Za-z]{2,3}$"}
    date = {"type": "string", "pattern": _DATE}
    span = {"type": "string", "pattern": "^[1-9][0-9]{0,2}[dwmy]$"}
    return [
        _parameter("since", "Published since this day, month or year.", date),
        _parameter("before", "Published before this day, month or year.", date),
        _parameter("last", "Published in the last 90d, 12w, 6m or 1y.", span),
        _parameter("source", "Published or written by, or at a host; repeatable.", several),
        _parameter("path", "In these files or folders, as globs; repeatable.", several),
        _parameter("tag", "With this tag; repeatable.", several),
        _parameter("language", "In this language, as de; repeatable.", {**several, "items": language}),
        _parameter("collection", "Of this collection; repeatable.", several),
    ]


def _choices() -> list[Json]:
    number = {"type": "integer", "minimum": 1, "maximum": 1000}
    return [
        _parameter("sort", "The best first (score), or the newest of them (date).", {"enum": ["score", "date"]}),
        _parameter("top_k", "How many passages.", number),
        _parameter("retriever", "How passages are found.", {"enum": list(get_args(RetrieverName))}),
        _parameter("explain", "Tell what the scores are made of.", {"type": "boolean"}),
    ]


def _listing() -> list[Json]:
    offset = {"type": "integer", "minimum": 0, "maximum": 10**9, "default": 0}
    limit = {"type": "integer", "minimum": 1, "maximum": MOST_LISTED, "default": MOST_LISTED}
    return [
        _parameter("offset", "The first document that is listed, counted from 0.", offset),
        _parameter("limit", "How many documents at most.", limit),
    ]


def _identity() -> Json:
    text = "The id of the document, or of a passage in it; its start will do where no other begins so."
    schema = {"type": "string", "pattern": "^[0-9a-f]{1,12}$"}
    return {"name": "id", "in": "path", "required": True, "description": text, "schema": schema}


def _component(name: str) -> Json:
    text = files("briefqa").joinpath(f"schemas/{name}.json").read_text(encoding="utf-8")
    schema: Json = json.loads(text.replace('"#/$defs/', f'"#/components/schemas/{name}/$defs/'))
    del schema["$id"], schema["$schema"]
    return schema
