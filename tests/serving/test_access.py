"""Who may ask, how much at once, and what every response carries."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

import pytest

from briefqa.errors import RequestRefused, UsageError
from briefqa.serving.access import Access, is_loopback, make_token
from briefqa.serving.limits import Gate, Limits, Rate
from tests.test_schemas import problems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from starlette.testclient import TestClient

    from tests.serving.conftest import Connect

TOKEN = "correct-horse-battery-staple"


def status(check: Callable[[], object]) -> int:
    """The status that a check refuses with; 200 if it does not."""
    try:
        check()
    except RequestRefused as error:
        return error.status
    return 200


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1:8617", 200),
        ("localhost", 200),
        ("LOCALHOST.:1", 200),
        ("[::1]:8617", 200),
        ("", 421),
        ("evil.example:8617", 421),
        ("localhost.evil.example", 421),
        ("192.168.1.4:8617", 421),
        ("[::1", 421),
        ("[127.0.0.1", 421),
        ("localhost:port", 421),
        ("localhost/evil", 421),
        ("evil@localhost", 421),
        ("localhost?evil", 421),
        ("briefs.example.org", 421),
    ],
)
def test_a_server_on_loopback_answers_to_no_other_name(host: str, expected: int) -> None:
    access = Access("127.0.0.1", token=None)
    assert status(lambda: access.check_host(host)) == expected


def test_a_server_for_others_answers_to_its_names_and_to_numbers() -> None:
    access = Access("0.0.0.0", token=TOKEN, names=["Briefs.example.org"])
    hosts = ("192.168.1.4:8617", "[fe80::1]", "evil.example")
    named = {host: status(partial(access.check_host, host)) for host in hosts}
    assert named == {"192.168.1.4:8617": 200, "[fe80::1]": 200, "evil.example": 421}
    assert status(lambda: access.check_host("briefs.example.org:443")) == 200
    for name in ("https://briefs.example.org/", "briefs.example.org:443", "a b/c"):
        with pytest.raises(UsageError, match=r"^'.*' is no name that a server can answer to\. Give it alone, such as"):
            Access("0.0.0.0", token=TOKEN, names=[name])
    numbered = Access("127.0.0.1", token=None, names=["10.0.0.7", "[fd00::7]", "fd00::8"])
    assert [status(partial(numbered.check_host, host)) for host in ("10.0.0.7:1", "[fd00::7]", "[fd00::8]:1")] == [
        200, 200, 200,
    ]  # fmt: skip


def test_pages_of_other_sites_are_refused() -> None:
    access = Access("127.0.0.1", token=None)
    host = {"host": "localhost:8617"}
    for headers, expected in [
        ({}, 200),
        ({"origin": "http://localhost:8617", "sec-fetch-site": "same-origin"}, 200),
        ({"origin": "https://LOCALHOST:8617"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"origin": "http://localhost:3000"}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://[::1"}, 403),
        ({"origin": "http://localhost:8617]"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
    ]:
        assert status(lambda: access.check_origin({**host, **headers})) == expected, headers  # noqa: B023


def test_the_token_comes_in_a_header_or_a_cookie() -> None:
    access = Access("0.0.0.0", token=TOKEN)
    for headers, expected in [
        ({"authorization": f"Bearer {TOKEN}"}, 200),
        ({"authorization": f"bearer  {TOKEN} "}, 200),
        ({"cookie": f'a="{{x", ; briefqa-token={TOKEN}; b=c'}, 200),
        ({"cookie": "briefqa-token=correct%2Dhorse-battery-staple"}, 200),
        ({}, 401),
        ({"authorization": f"Basic {TOKEN}"}, 401),
        ({"authorization": f"Bearer {TOKEN}x"}, 401),
        ({"authorization": "Bearer é\udcff"}, 401),
        ({"cookie": f"briefqa-token-2={TOKEN}"}, 401),
    ]:
        assert status(lambda: access.check_token(headers)) == expected, headers  # noqa: B023
    assert status(lambda: Access("127.0.0.1", token=None).check_token({})) == 200


def test_tokens_are_long_and_new() -> None:
    assert len({make_token() for _ in range(9)}) == 9
    assert len(make_token()) == 43  # 256 bits, 6 a character
    with pytest.raises(UsageError, match=r"^The token has 5 characters; give one of at least 16\.$"):
        Access("127.0.0.1", token="short")
    with pytest.raises(UsageError, match=r"^The token has 0 characters;"):
        Access("127.0.0.1", token="")
    Access("127.0.0.1", token="spaces; and signs =%, inside")
    for token in ("s\u00e9same, ouvre-toi donc", " opens-with-a-space", "ends-with-a-newline\n", "has a \t tab within"):
        with pytest.raises(UsageError, match=r"^The token has characters that a header can't hold\."):
            Access("127.0.0.1", token=token)


def test_what_loopback_is() -> None:
    for host in ("127.0.0.1", "127.8.8.8", "::1", "[::1]", "LocalHost"):
        assert is_loopback(host), host
    for host in ("0.0.0.0", "::", "10.0.0.1", "desk", ""):
        assert not is_loopback(host), host


def test_the_rate_of_an_address() -> None:
    now = [0.0]
    rate = Rate(60, clock=lambda: now[0])  # one a second, ten at once
    for _ in range(10):
        rate.take("10.0.0.1")
    with pytest.raises(
        RequestRefused, match=r"^Too many requests from this address: 60 a minute are taken\."
    ) as caught:
        rate.take("10.0.0.1")
    assert (caught.value.status, caught.value.retry_after) == (429, 1.0)
    rate.take("10.0.0.2")
    now[0] = 0.75
    assert status(lambda: rate.take("10.0.0.1")) == 429
    now[0] = 1.0  # what is refused costs nothing
    assert [status(lambda: rate.take("10.0.0.1")) for _ in range(2)] == [200, 429]
    now[0] = 1000.0
    assert [status(lambda: rate.take("10.0.0.1")) for _ in range(11)] == [200] * 10 + [429]
    # A network of 64 bits is one client, and an IPv4 address within IPv6 is that address.
    shared = [status(lambda: rate.take(f"2001:db8::{number:x}")) for number in range(11)]  # noqa: B023
    assert shared == [200] * 10 + [429]
    assert status(lambda: rate.take("2001:db8:0:1::1")) == 200
    assert status(lambda: rate.take("::ffff:10.0.0.1")) == 429
    unlimited = Rate(0)
    assert [status(lambda: unlimited.take("a")) for _ in range(99)] == [200] * 99


def test_the_rate_forgets_who_was_silent_longest() -> None:
    rate = Rate(6, clock=lambda: 0.0)  # one at once
    rate.take("first")
    assert status(lambda: rate.take("first")) == 429
    for number in range(10_000):
        rate.take(f"client {number}")
    assert status(lambda: rate.take("first")) == 200
    assert status(lambda: rate.take("client 9999")) == 429


async def here() -> bool:
    return False


async def test_a_gate_lets_some_in_and_has_some_wait() -> None:
    go_on = threading.Event()
    with ThreadPoolExecutor(1) as executor:
        gate = Gate(Limits(running=1, waiting=1, seconds=30), executor)
        running = asyncio.create_task(gate.run(go_on.wait, gone=here))
        waiting = asyncio.create_task(gate.run(lambda: "second", gone=here))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        with pytest.raises(RequestRefused, match=r"^Too many questions are being asked at once\. Try again") as caught:
            await gate.run(lambda: "third", gone=here)
        assert (caught.value.status, caught.value.retry_after) == (503, 1.0)
        go_on.set()
        assert (await running, await waiting) == (True, "second")
        assert await Gate(Limits(running=1, waiting=0), executor).run(lambda: "at once", gone=here) == "at once"


async def test_a_gate_gives_up_in_time_and_keeps_the_place_till_the_work_is_done() -> None:
    go_on = threading.Event()
    with ThreadPoolExecutor(2) as executor:
        gate = Gate(Limits(running=1, waiting=9, seconds=0.01), executor)
        with pytest.raises(RequestRefused, match=r"^No answer within 0\.01 seconds\. Try again in a moment\.$"):
            await gate.run(go_on.wait, gone=here)
        with pytest.raises(RequestRefused, match=r"^No answer within 0\.01 seconds: others are asking, too\."):
            await gate.run(lambda: 1, gone=here)
        go_on.set()
        executor.shutdown(wait=True)


async def test_a_gate_does_nothing_for_nobody_and_passes_errors_on() -> None:
    async def gone() -> bool:
        return True

    done: list[int] = []
    with ThreadPoolExecutor(1) as executor:
        gate = Gate(Limits(running=1), executor)
        with pytest.raises(RequestRefused, match=r"^Nobody waits for the answer any more"):
            await gate.run(lambda: done.append(1), gone=gone)
        with pytest.raises(ZeroDivisionError):
            await gate.run(lambda: 1 // 0, gone=here)
        with pytest.raises(TimeoutError, match=r"^mine$"):
            await gate.run(_times_out, gone=here)
        assert await gate.run(lambda: 7, gone=here) == 7
    assert done == []


def _times_out() -> None:
    message = "mine"
    raise TimeoutError(message)


def test_what_is_refused_before_it_is_read(connect: Connect) -> None:
    client = connect(Access("0.0.0.0", token=TOKEN), limits=Limits(rate=60, url_bytes=100))
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    sent: list[tuple[str, dict[str, str], bytes | Iterable[bytes], int]] = [
        ("/api/v1/health", {}, b"", 401),
        ("/api/v1/health", bearer, b"", 200),
        ("/api/v1/health", {**bearer, "Host": "evil.example"}, b"", 421),
        ("/api/v1/health", {**bearer, "Origin": "http://evil.example"}, b"", 403),
        ("/api/v1/health", bearer, b"x", 413),
        ("/api/v1/health", bearer, iter([b"x"]), 413),  # in chunks, whose sum is not told
        (f"/api/v1/answer?q={'a' * 100}", bearer, b"", 414),
        ("/", {"Host": "evil.example"}, b"", 421),
        ("/", {"Sec-Fetch-Site": "cross-site"}, b"", 200),  # a link to the page
        ("/style.css", {}, b"", 200),
    ]
    for path, headers, content, expected in sent:
        response = client.request("GET", path, headers=headers, content=content)
        assert response.status_code == expected, (path, headers)
        if expected != 200:
            assert problems("error", response.json()) == []
        # What comes after a request that was not read to its end is no request.
        assert (response.headers.get("connection") == "close") == (expected in (413, 414))
    assert client.get("/api/v1/health").headers["www-authenticate"] == "Bearer"
    refused = [client.get("/api/v1/health", headers=bearer) for _ in range(10)][-1]
    assert (refused.status_code, refused.headers["retry-after"], problems("error", refused.json())) == (429, "1", [])


def test_headers_are_strict_on_every_response(client: TestClient) -> None:
    for path, kept in [
        ("/", "no-cache"),
        ("/app.js", "no-cache"),
        ("/api/v1/health", "no-store"),
        ("/api/v1/answer", "no-store"),
        ("/nowhere", "no-store"),
    ]:
        headers = client.get(path, headers={"Origin": "http://127.0.0.1:8617"}).headers
        policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
        assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
        assert (policy["require-trusted-types-for"], policy["trusted-types"]) == ("'script'", "'none'")
        assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")
        assert (headers["x-frame-options"], headers["permissions-policy"].count("=()")) == ("DENY", 3)
        assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["cache-control"] == kept, path
        assert not [name for name in headers if name.startswith("access-control-")]


def test_requests_are_told_without_what_was_asked(connect: Connect) -> None:
    told: list[tuple[str, str, str, int]] = []
    client = connect(tell=lambda client, method, path, status, seconds: told.append((client, method, path, status)))
    client.get("/api/v1/answer", params={"q": "Who flew the zeppelin?"})
    client.get("/nowhere?q=zeppelin")
    assert told == [("127.0.0.1", "GET", "/api/v1/answer", 200), ("127.0.0.1", "GET", "/nowhere", 404)]
