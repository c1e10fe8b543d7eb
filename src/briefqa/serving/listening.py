"""The server as a process: its socket, its start, and its end."""

from __future__ import annotations

import errno
import socket
import webbrowser
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

import uvicorn

from briefqa.errors import UsageError
from briefqa.rendering.escape import one_line
from briefqa.serving.access import Access, is_loopback, make_token
from briefqa.serving.app import make_app
from briefqa.serving.library import Library
from briefqa.serving.limits import Limits
from briefqa.serving.patience import PatientProtocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import FrameType

    from briefqa.config import Settings

_STOP_SECONDS = 10
_LONGEST_HEAD = 65_536
_MOST_CONNECTIONS = 512
_BACKLOG = 256
_ANY = ("", "0.0.0.0", "::", "[::]")  # noqa: S104 - to tell it from others


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen; port 0 is any free one. `names` are further names that the server answers to."""

    host: str = "127.0.0.1"
    port: int = 8617
    names: Sequence[str] = ()


def serve(
    settings: Settings,
    address: Address,
    *,
    token: str | None,
    rate: int,
    browse: bool,
    say: Callable[[str], None],
    log: Callable[[str], None] | None,
) -> None:
    """Serve until SIGINT or SIGTERM, then finish what is under way. Without a `token`, a server that others can reach
    makes one. `say` is told the address when it is open, `log` each request, if given.

    Raises UsageError for an address that can't be listened on, and what opening an index raises.
    """
    made = token is None and not is_loopback(address.host)
    token = make_token() if made else token
    access = Access(address.host, token=token, names=address.names)
    limits = Limits(rate=rate)
    library = Library(settings)
    try:
        with listen(address.host, address.port) as opened:
            app = make_app(library, access, limits=limits, tell=None if log is None else _teller(log))
            home = _home(address.host, opened)
            whole = f"{home}#token={quote(token, safe='')}" if token else home
            say(f"Serving {settings.index} on {whole if made else home} (Ctrl-C stops)")
            server = _Server(
                uvicorn.Config(
                    app,
                    http=PatientProtocol,
                    ws="none",
                    lifespan="on",
                    loop="asyncio",
                    log_config=None,
                    log_level="critical",
                    access_log=False,
                    proxy_headers=False,
                    server_header=False,
                    limit_concurrency=_MOST_CONNECTIONS,
                    h11_max_incomplete_event_size=_LONGEST_HEAD,
                    timeout_graceful_shutdown=_STOP_SECONDS,
                )
            )
            if browse:
                webbrowser.open(whole)
            server.run(sockets=[opened])
    finally:
        library.close()


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on the address. Raises UsageError where that can't be."""
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(
            host.strip("[]"), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise UsageError(
            f"There is no address {host!r} to listen on. Give one of this machine's with --host."
        ) from error
    opened = socket.socket(family, kind, protocol)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(where)
        opened.listen(_BACKLOG)
    except OSError as error:
        opened.close()
        raise UsageError(_why_not(error, host, port)) from error
    return opened


class _Server(uvicorn.Server):
    """Stops in peace on the first signal, at once on the second, and raises neither again: both are a good end."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal came."""
        self.force_exit = self.should_exit
        self.should_exit = True


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is taken: another program listens there, perhaps another briefqa serve."
            " Choose another with --port N, or any free one with --port 0."
        )
    if error.errno == errno.EACCES:
        return f"Port {port} may not be used by you. Choose one from 1024 on with --port N."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is no address of this machine. Give one that is with --host."
    return f"{host} port {port} can't be listened on: {(error.strerror or str(error)).lower()}."


def _home(host: str, opened: socket.socket) -> str:
    name = socket.gethostname() if host in _ANY else host.strip("[]")
    return f"http://{f'[{name}]' if ':' in name else name}:{opened.getsockname()[1]}/"


def _teller(log: Callable[[str], None]) -> Callable[[str, str, str, int, float], None]:
    def tell(client: str, method: str, path: str, status: int, seconds: float) -> None:
        log(one_line(f"{client} {method} {path} {status} {1000 * seconds:.0f} ms"))

    return tell
