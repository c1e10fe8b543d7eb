"""Who may ask: the names that a server answers to, where its pages may call it from, and the token."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
import secrets
import socket
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from briefqa.errors import RequestRefused, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

COOKIE = "briefqa-token"
_SHORTEST_TOKEN = 16
_HOST = re.compile(r"(?:\[([^][]*)\]|([^][@/?#:\\]*))(?::[0-9]*)?")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_NEITHER_SAME = {"cross-site", "same-site"}


class Access:
    """The rules of one server. `token` None: whoever reaches it may ask, which only a server on loopback may say."""

    def __init__(self, host: str, *, token: str | None, names: Sequence[str] = ()) -> None:
        own = (host, socket.gethostname()) if not is_loopback(host) else ()
        self._names = {name.strip("[]").rstrip(".").lower() for name in (*_LOOPBACK, *own, *map(_alone, names))}
        self._any_number = not is_loopback(host)
        if token is not None:
            _check_form(token)
        self._token = None if token is None else _digest(token)

    def check_host(self, host: str) -> None:
        """Raises RequestRefused (421) if the request was sent to another name: a web page whose name was made to lead
        here (DNS rebinding) sends its own. An address in numbers is nobody's name."""
        name = _name(host)
        if name in self._names or (self._any_number and _is_number(name)):
            return
        raise RequestRefused(
            "This server does not answer to the name it was called by. Use the address that briefqa serve printed, or"
            " start it with --allow-host NAME.",
            status=421,
        )

    def check_origin(self, headers: Mapping[str, str]) -> None:
        """Raises RequestRefused (403) if another site's page sent the request."""
        origin = headers.get("origin")
        foreign = origin is not None and _authority(origin) != headers.get("host", "").lower()
        if foreign or headers.get("sec-fetch-site") in _NEITHER_SAME:
            raise RequestRefused("Pages of other sites may not call this server.", status=403)

    def check_token(self, headers: Mapping[str, str]) -> None:
        """Raises RequestRefused (401) without the token, in a Bearer header or the page's cookie."""
        if self._token is None:
            return
        # Of hashes: neither the place of the first difference nor the length shows in the time it takes.
        if not any([hmac.compare_digest(_digest(given), self._token) for given in _given(headers)]):
            raise RequestRefused("The token is missing or wrong. Send it as: Authorization: Bearer TOKEN", status=401)


def make_token() -> str:
    """A new token: 256 random bits."""
    return secrets.token_urlsafe(32)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a server that is bound to `host`."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _alone(name: str) -> str:
    if _name(name) != name.rstrip(".").lower() and not _is_number(name.strip("[]")):
        raise UsageError(f"{name!r} is no name that a server can answer to. Give it alone, such as briefs.example.org.")
    return name


def _check_form(token: str) -> None:
    if len(token) < _SHORTEST_TOKEN:
        raise UsageError(f"The token has {len(token)} characters; give one of at least {_SHORTEST_TOKEN}.")
    # Clients don't agree on how other characters go into a header, and drop spaces at its ends.
    if not (token.isascii() and token.isprintable() and token == token.strip()):
        raise UsageError(
            "The token has characters that a header can't hold. Give one of ASCII letters, digits and signs, without"
            " spaces before or after it."
        )


def _given(headers: Mapping[str, str]) -> list[str]:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    found = [token.strip()] if scheme.lower() == "bearer" else []
    # By hand: http.cookies drops all cookies if another server of this machine has set one that it does not like.
    for cookie in headers.get("cookie", "").split(";"):
        name, _, value = cookie.strip().partition("=")
        if name == COOKIE:
            found.append(unquote(value))
    return found


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()


def _name(host: str) -> str:
    found = _HOST.fullmatch(host.lower())
    return (found[1] or found[2]).rstrip(".") if found else ""


def _authority(origin: str) -> str:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return ""
    return parts.netloc.lower() if parts.scheme in ("http", "https") else ""


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
