"""A small HTTP client that is polite and careful: it asks robots.txt, waits between requests to a site, holds to
limits, and connects to no machine but the one whose address it has checked."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
import zlib
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.robotparser import RobotFileParser

import briefqa
from briefqa.fetching.addresses import Address, FetchFailed, parse, resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

AGENT = f"briefqa/{briefqa.__version__}"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ROBOTS_BYTES = 500_000
# However long a site's robots.txt wants us to wait.
_LONGEST_PAUSE = 30.0
_CHUNK = 65536


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """Bytes and seconds of one request, redirects, and seconds between two requests to a site."""

    bytes: int = 20_000_000
    seconds: float = 30.0
    redirects: int = 5
    pause: float = 1.0


@dataclass(frozen=True, slots=True)
class Response:
    """What a server answered, at `address` after redirects; `headers` by name in lower case."""

    address: Address
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Client:
    """Fetches addresses one after the other. `clock` and `sleep` count in seconds."""

    limits: FetchLimits = field(default_factory=FetchLimits)
    allow_private: bool = False
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _robots: dict[str, RobotFileParser] = field(default_factory=dict)
    _last: dict[str, float] = field(default_factory=dict)

    def get(self, address: Address, headers: Mapping[str, str]) -> Response:
        """The answer, after redirects. Raises FetchFailed with the reason when there is none, or it may not be had."""
        return self._follow(address, headers, self.limits.bytes, ask_robots=True)

    def _follow(self, address: Address, headers: Mapping[str, str], most: int, *, ask_robots: bool) -> Response:
        for _ in range(self.limits.redirects + 1):
            if ask_robots and not self._rules(address).can_fetch(AGENT, str(address)):
                raise FetchFailed(f"the robots.txt of {address.host} does not allow it")
            response = self._request(address, headers, most)
            if response.status not in _REDIRECTS or "location" not in response.headers:
                return response
            address = parse(response.headers["location"], address)
        raise FetchFailed(f"it leads to more than {self.limits.redirects} other addresses in a row")

    def _rules(self, address: Address) -> RobotFileParser:
        """What robots.txt says; as RFC 9309 has it, a site without one allows all, one that can't be asked nothing."""
        known = self._robots.get(address.site)
        if known is None:
            known = RobotFileParser()
            robots = Address(address.scheme, address.host, address.port, "/robots.txt")
            response = self._follow(robots, {}, _ROBOTS_BYTES, ask_robots=False)
            if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise FetchFailed(f"the robots.txt of {address.host} can't be had ({status_in_words(response.status)})")
            text = response.body.decode("utf-8", "replace") if response.status == HTTPStatus.OK else ""
            known.parse(text.splitlines())
            self._robots[address.site] = known
        return known

    def _wait(self, address: Address) -> None:
        rules = self._robots.get(address.site)
        delay = rules.crawl_delay(AGENT) if rules else None
        pause = min(max(self.limits.pause, float(delay or 0)), _LONGEST_PAUSE)
        since = self.clock() - self._last.get(address.host, float("-inf"))
        if since < pause:
            self.sleep(pause - since)
        self._last[address.host] = self.clock()

    def _request(self, address: Address, headers: Mapping[str, str], most: int) -> Response:
        numbers = resolve(address, allow_private=self.allow_private)
        self._wait(address)
        connection = http.client.HTTPConnection(address.host, address.port)
        timer: threading.Timer | None = None
        late = threading.Event()
        try:
            connection.sock = sock = _connect(numbers, address, self.limits.seconds)

            def end() -> None:
                late.set()
                _shut(sock)

            # A timeout of the socket would begin anew with every byte that comes.
            timer = threading.Timer(self.limits.seconds, end)
            timer.daemon = True
            timer.start()
            asked = {"User-Agent": AGENT, "Accept-Encoding": "identity", "Connection": "close", **headers}
            asked["Host"] = address.site.partition("://")[2]
            connection.request("GET", address.target, headers=asked)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            body = _body(answer, found, most)
            if late.is_set():
                raise TimeoutError
            return Response(address, answer.status, found, body)
        except (OSError, http.client.HTTPException, zlib.error) as error:
            if late.is_set() or isinstance(error, TimeoutError):
                raise FetchFailed(f"it takes longer than {self.limits.seconds:g} s") from error
            raise FetchFailed(f"{address.host} can't be read from ({str(error) or type(error).__name__})") from error
        finally:
            if timer is not None:
                timer.cancel()
            connection.close()


def _connect(numbers: list[str], address: Address, seconds: float) -> socket.socket:
    error: OSError = OSError("no address")
    for number in numbers:
        try:
            sock = socket.create_connection((number, address.port), timeout=seconds)
        except OSError as problem:
            error = problem
            continue
        if address.scheme == "http":
            return sock
        try:
            return ssl.create_default_context().wrap_socket(sock, server_hostname=address.host)
        except OSError:
            sock.close()
            raise
    raise error


def _shut(sock: socket.socket) -> None:
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:  # it has ended by itself
        return


def _body(answer: http.client.HTTPResponse, headers: Mapping[str, str], most: int) -> bytes:
    packed = headers.get("content-encoding", "identity").lower()
    if packed not in ("identity", "gzip"):
        raise FetchFailed(f"it is sent packed as {packed}, which was not asked for")
    unpacker = zlib.decompressobj(31) if packed == "gzip" else None
    parts: list[bytes] = []
    size = 0
    while data := answer.read1(_CHUNK):
        if unpacker:
            data = unpacker.decompress(data, most + 1)
        size += len(data)
        if size > most or (unpacker and unpacker.unconsumed_tail):
            raise FetchFailed(f"it is larger than {most / 10**6:g} MB")
        parts.append(data)
    if answer.length:
        raise http.client.IncompleteRead(b"", answer.length)
    return b"".join(parts)


def status_in_words(status: int) -> str:
    """As "404 Not Found"."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
