from __future__ import annotations

import ipaddress
import socket
from typing import Any

import pytest

from briefqa.fetching.addresses import FetchFailed, is_public, parse, resolve
from briefqa.fetching.client import Client, FetchLimits


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("https://example.org", "https://example.org/"),
        ("HTTP://Example.ORG:80/A/b?c=d e#part", "http://example.org/A/b?c=d%20e"),
        ("https://example.org:8443/café?q=é", "https://example.org:8443/caf%C3%A9?q=%C3%A9"),
        ("https://example.org/a%20b", "https://example.org/a%20b"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("http://[2001:db8::1]:81/x", "http://[2001:db8::1]:81/x"),
    ],
)
def test_addresses_are_put_in_one_form(text: str, whole: str) -> None:
    assert str(parse(text)) == whole


def test_a_relative_address_is_seen_from_where_it_stands() -> None:
    base = parse("https://example.org/a/b?c")
    assert str(parse("../d?e", base)) == "https://example.org/d?e"
    assert str(parse("//other.example/f", base)) == "https://other.example/f"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ftp://example.org/", "only http:// and https:// addresses can be fetched"),
        ("file:///etc/passwd", "only http:// and https:// addresses can be fetched"),
        ("example.org/page", "only http:// and https:// addresses can be fetched"),
        ("https://", "it is not a valid address"),
        ("https://example.org:99999/", "it is not a valid address"),
        ("https://[::1/", "it is not a valid address"),
        ("https://a..b/", "it is not a valid address"),
        ("https://user:word@example.org/", "there is a user name or password in it"),
    ],
)
def test_what_can_not_be_fetched_is_told(text: str, told: str) -> None:
    with pytest.raises(FetchFailed) as caught:
        parse(text)
    assert str(caught.value) == told


@pytest.mark.parametrize(
    "number",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "240.0.0.1", "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "fec0::1",
    ],
)  # fmt: skip
def test_numbers_that_are_not_public(number: str) -> None:
    assert not is_public(ipaddress.ip_address(number))


@pytest.mark.parametrize("number", ["1.1.1.1", "93.184.215.14", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_numbers_that_are_public(number: str) -> None:
    assert is_public(ipaddress.ip_address(number))


def found(*numbers: str) -> list[Any]:
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, 80)) for number in numbers]


def test_one_private_number_among_others_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found("1.1.1.1", "10.0.0.1"))
    address = parse("http://example.org/")
    with pytest.raises(FetchFailed) as caught:
        resolve(address, allow_private=False)
    assert str(caught.value) == ("example.org is on a private network (10.0.0.1); allow that with --allow-private")
    assert resolve(address, allow_private=True) == ["1.1.1.1", "10.0.0.1"]


def test_a_name_is_looked_up_once_and_what_was_checked_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server of names that tells a public address first, and a private one the next time, gains nothing."""
    told = iter([found("1.1.1.1"), found("127.0.0.1")])
    connected: list[tuple[str, int]] = []

    def connect(place: tuple[str, int], timeout: float) -> socket.socket:
        connected.append(place)
        raise ConnectionRefusedError("refused")

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: next(told))
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(FetchFailed, match=r"^rebinding\.example can't be read from \(refused\)$"):
        Client(FetchLimits(pause=0)).get(parse("http://rebinding.example/"), {})
    assert connected == [("1.1.1.1", 80)]


def test_a_name_that_is_not_known_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(FetchFailed, match=r"^nowhere\.example can't be found \(.*Name or service not known\)$"):
        resolve(parse("http://nowhere.example/"), allow_private=False)
