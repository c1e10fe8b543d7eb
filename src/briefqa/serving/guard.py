"""What every request passes before anything is done for it, and what every response carries."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders

from briefqa.errors import BriefqaError, RequestRefused
from briefqa.serving.refusing import refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from briefqa.serving.access import Access
    from briefqa.serving.limits import Limits, Rate

API = "/api/"
_CONTENT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _CONTENT,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Guard:
    """An ASGI application around another. `tell` is told of each request without its query, which holds the question:
    the client, the method, the path, the status, and the seconds it took."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        access: Access,
        rate: Rate,
        limits: Limits,
        tell: Callable[[str, str, str, int, float], None] | None = None,
    ) -> None:
        self._app, self._access, self._rate, self._limits, self._tell = app, access, rate, limits, tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 0

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        client = scope["client"][0] if scope.get("client") else ""
        try:
            self._check(scope, client)
        except BriefqaError as error:
            await refusal(error)(scope, receive, send_guarded)
        else:
            await self._app(scope, receive, send_guarded)
        if self._tell:
            self._tell(client, scope["method"], scope["path"], status, time.perf_counter() - began)

    def _check(self, scope: Scope, client: str) -> None:
        headers = Headers(scope=scope)
        self._access.check_host(headers.get("host", ""))
        asks = scope["path"].startswith(API)
        if asks:
            self._rate.take(client)
            self._access.check_origin(headers)
        self._check_size(scope, headers)
        if asks:
            self._access.check_token(headers)

    def _check_size(self, scope: Scope, headers: Headers) -> None:
        size = len(scope.get("raw_path") or b"") + len(scope.get("query_string", b""))
        if size > self._limits.url_bytes:
            most = self._limits.url_bytes
            raise RequestRefused(f"The address is {size:,} bytes long and may have {most:,} at most.", status=414)
        if headers.get("content-length", "0") != "0" or "transfer-encoding" in headers:
            raise RequestRefused("A request here has no body: all that is asked stands in its address.", status=413)
