"""Errors as HTTP has them: the JSON of the command line, and a status."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from briefqa.errors import BriefqaError, IndexProblem, RequestRefused
from briefqa.rendering.jsonout import error_json

if TYPE_CHECKING:
    from collections.abc import Mapping

_SCHEME = "Bearer"


def json_response(value: dict[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A response of JSON. Halves of characters, which a file's name may hold, are written as escapes."""
    try:
        body = json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        body = json.dumps(value).encode()
    return Response(body, status, headers, "application/json")


def refusal(error: BriefqaError, *, status: int | None = None) -> Response:
    """briefqa.error/1: 400 for a wrong call, 503 for an index that can't be used, or what the error itself says."""
    headers = {}
    if isinstance(error, RequestRefused):
        if error.retry_after is not None:
            headers["Retry-After"] = str(max(1, math.ceil(error.retry_after)))
        if error.status == 401:
            headers["WWW-Authenticate"] = _SCHEME
        if error.status in (413, 414):
            headers["Connection"] = "close"
        status = error.status
    elif isinstance(error, IndexProblem):
        status, headers = 503, {"Retry-After": "10"}
    return json_response(error_json(error), status or 400, headers)
