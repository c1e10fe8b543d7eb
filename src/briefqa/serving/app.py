"""The paths of the server: the API, and the page's files."""

from __future__ import annotations

import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from briefqa.errors import BriefqaError, RequestRefused, UsageError
from briefqa.serving.guard import Guard
from briefqa.serving.limits import Gate, Limits, Rate
from briefqa.serving.openapi import openapi
from briefqa.serving.queries import read_asked, read_nothing, read_page
from briefqa.serving.refusing import json_response, refusal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from importlib.resources.abc import Traversable

    from starlette.requests import Request
    from starlette.types import ASGIApp

    from briefqa.serving.access import Access
    from briefqa.serving.library import Library

    Work = Callable[[], dict[str, Any]]

PREFIX = "/api/v1"
_FIRST = "index.html"
_MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


def make_app(
    library: Library,
    access: Access,
    *,
    limits: Limits | None = None,
    tell: Callable[[str, str, str, int, float], None] | None = None,
) -> ASGIApp:
    """The whole server as an ASGI application: `library` answers, `access` says to whom. See Guard for `tell`."""
    chosen = limits or Limits()
    executor = ThreadPoolExecutor(chosen.running, thread_name_prefix="briefqa")
    gate, asked = Gate(chosen, executor), _Asked(library)

    @asynccontextmanager
    async def living(_: Starlette) -> AsyncIterator[None]:
        executor.submit(library.warm)
        yield
        executor.shutdown(wait=True, cancel_futures=True)

    endpoints = {
        "/answer": _working(asked.answer, gate),
        "/hits": _working(asked.hits, gate),
        "/documents": _working(asked.documents, gate),
        "/documents/{identity}": _working(asked.article, gate),
        "/status": _working(asked.status, gate),
        "/health": _health,
        "/openapi.json": _openapi,
    }
    routes = [Route(PREFIX + path, endpoint, methods=["GET"]) for path, endpoint in endpoints.items()]
    routes += [
        Route("/" if file.name == _FIRST else f"/{file.name}", _file(file), methods=["GET"])
        for file in files("briefqa").joinpath("serving/page").iterdir()
    ]
    app = Starlette(
        routes=routes,
        lifespan=living,
        exception_handlers={BriefqaError: _refused, HTTPException: _not_there},
    )
    app.router.redirect_slashes = False
    return Guard(app, access=access, rate=Rate(chosen.rate), limits=chosen, tell=tell)


class _Asked:
    """What each request asks the library for: read at once, with its errors, and done later by whoever has a thread."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def answer(self, request: Request) -> Work:
        asked = read_asked(request.query_params.multi_items(), self._library.settings)
        return lambda: self._library.answer(asked)

    def hits(self, request: Request) -> Work:
        asked = read_asked(request.query_params.multi_items(), self._library.settings)
        return lambda: self._library.hits(asked)

    def documents(self, request: Request) -> Work:
        offset, limit = read_page(request.query_params.multi_items())
        return lambda: self._library.documents(offset, limit)

    def article(self, request: Request) -> Work:
        read_nothing(request.query_params.multi_items())
        return lambda: self._looked_up(request.path_params["identity"])

    def status(self, request: Request) -> Work:
        read_nothing(request.query_params.multi_items())
        return self._library.status

    def _looked_up(self, identity: str) -> dict[str, Any]:
        try:
            return self._library.article(identity)
        except UsageError as error:
            raise RequestRefused(str(error), status=404) from error


def _working(read: Callable[[Request], Work], gate: Gate) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        try:
            return json_response(await gate.run(read(request), gone=request.is_disconnected))
        except BriefqaError as error:
            return refusal(error)
        except Exception as error:  # Starlette would hand it on to be logged, with what was asked
            return _failed(error)

    return endpoint


async def _health(request: Request) -> Response:
    read_nothing(request.query_params.multi_items())
    return json_response({"schema": "briefqa.health/1", "status": "ok"})


async def _openapi(request: Request) -> Response:
    read_nothing(request.query_params.multi_items())
    return json_response(openapi())


def _file(file: Traversable) -> Callable[[Request], Any]:
    body, media_type = file.read_bytes(), _MEDIA_TYPES[Path(file.name).suffix]

    async def endpoint(request: Request) -> Response:
        return Response(body, media_type=media_type, headers={"Cache-Control": "no-cache"})

    return endpoint


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, BriefqaError)  # noqa: S101 - for type checkers: Starlette calls it for nothing else
    return refusal(error)


async def _not_there(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - likewise
    if error.status_code == 405:
        response = refusal(RequestRefused("Only GET is known here.", status=405))
        response.headers["Allow"] = "GET, HEAD"
        return response
    return refusal(RequestRefused(f"There is nothing here. The API is described at {PREFIX}/openapi.json.", status=404))


def _failed(error: Exception) -> Response:
    # Where it went wrong, and not the message, which may hold what was asked.
    places = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-5:]]
    sys.stderr.write(f"error: {type(error).__name__} in {', '.join(places)}\n")
    return refusal(RequestRefused("Something went wrong in the server, which says where on its stderr.", status=500))
