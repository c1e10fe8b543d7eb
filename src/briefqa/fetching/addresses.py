"""Web addresses: what can be fetched, and on which machines of the network it may stand."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

_PORTS = {"http": 80, "https": 443}
# What may stand in the path and the query of an address as it is; everything else is escaped.
_SAFE = "/:@!$&'()*+,;=~-._%?"
# Addresses that carry an IPv4 address for a gateway to go on to (RFC 6052).
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


class FetchFailed(Exception):
    """Why an address was not fetched, as a phrase."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address in its parts; `target` is path and query, escaped."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def site(self) -> str:
        """Scheme, host and port, as a Host header and robots.txt go by."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == _PORTS[self.scheme] else f":{self.port}")

    def __str__(self) -> str:
        return self.site + self.target


def parse(text: str, base: Address | None = None) -> Address:
    """The address that `text` is, seen from `base`. Raises FetchFailed for one that can't be fetched."""
    text = text.strip()
    try:
        parts = urlsplit(urljoin(str(base), text) if base else text)
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        raise FetchFailed("it is not a valid address") from None
    if parts.scheme not in _PORTS:
        raise FetchFailed("only http:// and https:// addresses can be fetched")
    if not host or " " in host or any(character < " " or character == "\x7f" for character in text):
        raise FetchFailed("it is not a valid address")
    if parts.username is not None or parts.password is not None:
        raise FetchFailed("there is a user name or password in it")
    target = quote(parts.path or "/", safe=_SAFE) + (f"?{quote(parts.query, safe=_SAFE)}" if parts.query else "")
    return Address(parts.scheme, host, port or _PORTS[parts.scheme], target)


def resolve(address: Address, *, allow_private: bool) -> list[str]:
    """The IP addresses of the machine, to connect to and not to be looked up again: another look-up may tell others.
    Raises FetchFailed when there are none, or one is not public and that is not allowed."""
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchFailed(f"{address.host} can't be found ({error})") from error
    numbers = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for number in numbers:
        if not allow_private and not is_public(ipaddress.ip_address(number.partition("%")[0])):
            raise FetchFailed(f"{address.host} is on a private network ({number}); allow that with --allow-private")
    return numbers


def is_public(number: IpAddress) -> bool:
    """Whether an IP address is one of the public internet: not private, loopback, link-local, multicast or reserved,
    nor one of IPv6 that stands for such a one of IPv4."""
    if isinstance(number, ipaddress.IPv6Address):
        inner = number.ipv4_mapped or number.sixtofour or (number.teredo[1] if number.teredo else None)
        if number in _NAT64:
            inner = ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if number.is_site_local:
            return False
    return number.is_global and not (number.is_multicast or number.is_reserved or number.is_unspecified)
