from __future__ import annotations

import email
import gzip
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from briefqa.errors import UsageError
from briefqa.fetching import addresses
from briefqa.fetching.client import AGENT, Client, FetchLimits
from briefqa.fetching.fetch import fetch, read_addresses
from briefqa.fetching.saving import RECORD_FILE
from briefqa.reports import Fetched
from tests.fetching.site import HTML, PAGE, PDF, Site

PDF_BYTES = b"%PDF-1.4\nnot much of one\n"


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "saved"


def client(**limits: float) -> Client:
    return Client(FetchLimits(**{"pause": 0.0, **limits}), allow_private=True)  # type: ignore[arg-type]


def one(address: str, folder: Path, by: Client | None = None) -> Fetched:
    (found,) = fetch([address], str(folder), by or client())
    return found


def name(site: Site, path: str, suffix: str) -> str:
    mark = hashlib.sha256(f"{site.url}{path}".encode()).hexdigest()[:8]
    words = path.strip("/").partition("?")[0].replace("/", "-")
    return f"127.0.0.1-{words}-{mark}{suffix}"


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name[0] != ".")


def test_a_page_is_saved_as_mhtml(site: Site, folder: Path) -> None:
    found = one(f"{site.url}/page#part", folder)
    path = folder / name(site, "/page", ".mhtml")
    assert found == Fetched(f"{site.url}/page#part", "saved", file=str(path), bytes=path.stat().st_size)
    message = email.message_from_bytes(path.read_bytes())
    assert message["Snapshot-Content-Location"] == f"{site.url}/page"
    assert message["Date"] is not None
    assert message.get_content_type() == "multipart/related"
    _, part = message.walk()
    assert (part.get_content_type(), part.get_content_charset()) == ("text/html", "utf-8")
    assert part["Content-Location"] == f"{site.url}/page"
    assert part.get_payload(decode=True) == PAGE
    headers = dict(site.asked[-1][1])
    assert (headers["User-Agent"], headers["Host"]) == (AGENT, f"127.0.0.1:{site.port}")
    assert sorted(entry.name for entry in folder.iterdir()) == [RECORD_FILE, path.name]


def test_a_pdf_is_saved_as_it_is(site: Site, folder: Path) -> None:
    site.answers["/a/report"] = (200, {"Content-Type": "application/octet-stream"}, PDF_BYTES)
    one(f"{site.url}/a/report", folder)
    assert (folder / name(site, "/a/report", ".pdf")).read_bytes() == PDF_BYTES


def test_what_is_there_is_asked_for_only_if_it_changed(site: Site, folder: Path) -> None:
    site.answers["/page"] = (200, {**HTML, "ETag": '"1"', "Last-Modified": "Thu, 22 Nov 2018 10:00:00 GMT"}, PAGE)
    first = one(f"{site.url}/page", folder)
    before = Path(first.file or "").stat()
    again = one(f"{site.url}/page", folder)
    assert again == Fetched(f"{site.url}/page", "unchanged", file=first.file)
    asked = site.asked[-1][1]
    assert (asked["If-None-Match"], asked["If-Modified-Since"]) == ('"1"', "Thu, 22 Nov 2018 10:00:00 GMT")
    assert Path(first.file or "").stat().st_mtime_ns == before.st_mtime_ns
    site.answers["/page"] = (200, {**HTML, "ETag": '"2"'}, b"<p>New.</p>")
    assert one(f"{site.url}/page", folder).state == "saved"
    assert len(files(folder)) == 1
    (folder / files(folder)[0]).unlink()
    assert one(f"{site.url}/page", folder).state == "saved"  # a file that is gone is not asked for conditionally
    assert "If-None-Match" not in site.asked[-1][1]


def test_two_addresses_never_share_a_file(site: Site, folder: Path) -> None:
    for path in ("/page?a", "/page?b"):
        site.answers[path] = (200, HTML, path.encode())
    found = list(fetch([f"{site.url}/page?a", f"{site.url}/page?b", f"{site.url}/page?a"], str(folder), client()))
    assert [entry.state for entry in found] == ["saved", "saved"]
    assert files(folder) == sorted([name(site, "/page?a", ".mhtml"), name(site, "/page?b", ".mhtml")])


def test_a_file_from_elsewhere_is_not_overwritten(site: Site, folder: Path) -> None:
    folder.mkdir()
    path = folder / name(site, "/page", ".mhtml")
    path.write_text("mine", encoding="utf-8")
    found = one(f"{site.url}/page", folder)
    assert found.reason == f"it can't be saved: {path} is there already, and not from this address"
    assert path.read_text(encoding="utf-8") == "mine"


def test_robots_txt_is_honoured(site: Site, folder: Path) -> None:
    site.answers["/robots.txt"] = (200, {}, b"User-agent: briefqa\nDisallow: /page\n\nUser-agent: *\nDisallow:\n")
    site.answers["/other"] = (200, HTML, PAGE)
    by = client()
    assert one(f"{site.url}/page", folder, by).reason == "the robots.txt of 127.0.0.1 does not allow it"
    assert one(f"{site.url}/other", folder, by).state == "saved"
    assert site.paths == ["/robots.txt", "/other"]


def test_a_site_whose_robots_txt_can_not_be_had_is_left_alone(site: Site, folder: Path) -> None:
    site.answers["/robots.txt"] = (503, {}, b"")
    reason = "the robots.txt of 127.0.0.1 can't be had (503 Service Unavailable)"
    assert one(f"{site.url}/page", folder).reason == reason
    assert site.paths == ["/robots.txt"]


def test_a_site_is_asked_once_a_second_or_as_it_wants(site: Site, folder: Path) -> None:
    now, slept = 100.0, []

    def sleep(seconds: float) -> None:
        nonlocal now
        slept.append(round(seconds, 6))
        now += seconds

    by = Client(allow_private=True, clock=lambda: now, sleep=sleep)
    one(f"{site.url}/page", folder, by)
    now += 0.25
    one(f"{site.url}/page", folder, by)
    assert slept == [1.0, 0.75]
    site.answers["/robots.txt"] = (200, {}, b"User-agent: *\nCrawl-delay: 5\n")
    slept.clear()
    one(f"{site.url}/page", folder, Client(allow_private=True, clock=lambda: now, sleep=sleep))
    assert slept == [5.0]


def test_redirects_are_followed_up_to_five(site: Site, folder: Path) -> None:
    for number in range(6):
        site.answers[f"/r{number}"] = (302, {"Location": f"r{number + 1}"}, b"")
    site.answers["/r6"] = (200, HTML, PAGE)
    assert one(f"{site.url}/r1", folder).state == "saved"
    message = email.message_from_bytes((folder / name(site, "/r1", ".mhtml")).read_bytes())
    assert message["Snapshot-Content-Location"] == f"{site.url}/r6"
    assert one(f"{site.url}/r0", folder).reason == "it leads to more than 5 other addresses in a row"


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("http://127.0.0.2/", "127.0.0.2 is on a private network (127.0.0.2); allow that with --allow-private"),
        ("http://[::1]/", "::1 is on a private network (::1); allow that with --allow-private"),
        ("file:///etc/passwd", "only http:// and https:// addresses can be fetched"),
    ],
)
def test_each_hop_is_checked(site: Site, folder: Path, monkeypatch: pytest.MonkeyPatch, target: str, told: str) -> None:
    site.answers["/out"] = (301, {"Location": target}, b"")
    monkeypatch.setattr(addresses, "is_public", lambda number: str(number) == "127.0.0.1")
    assert one(f"{site.url}/out", folder, Client(FetchLimits(pause=0.0))).reason == told


def test_private_addresses_are_refused_before_anything_is_sent(site: Site, folder: Path) -> None:
    found = one(f"{site.url}/page", folder, Client(FetchLimits(pause=0.0)))
    assert found.reason == "127.0.0.1 is on a private network (127.0.0.1); allow that with --allow-private"
    assert (site.asked, files(folder)) == ([], [])


def test_limits_hold(site: Site, folder: Path) -> None:
    site.answers["/large"] = (200, HTML, b"x" * 3001)
    site.answers["/bomb"] = (200, {**HTML, "Content-Encoding": "gzip"}, gzip.compress(b"x" * 10**6))
    site.answers["/packed"] = (200, {**HTML, "Content-Encoding": "gzip"}, gzip.compress(PAGE))
    site.answers["/short"] = (200, {**HTML, "Content-Length": "500"}, PAGE)
    site.answers["/odd"] = (200, {**HTML, "Content-Encoding": "br"}, PAGE)
    by = client(bytes=3000, seconds=0.5)
    told = [one(f"{site.url}{path}", folder, by).reason for path in ("/large", "/bomb", "/drip", "/short", "/odd")]
    assert told == [
        "it is larger than 0.003 MB",
        "it is larger than 0.003 MB",
        "it takes longer than 0.5 s",
        told[3],
        "it is sent packed as br, which was not asked for",
    ]
    assert (told[3] or "").startswith("127.0.0.1 can't be read from (")
    assert files(folder) == []
    assert one(f"{site.url}/packed", folder, by).state == "saved"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((404, {}, b""), "the server answers 404 Not Found"),
        ((599, {}, b""), "the server answers 599"),
        ((200, {"Content-Type": "image/png"}, b"x"), "it is image/png, neither a page nor a PDF"),
        ((200, {}, b"x"), "it is of no stated type, neither a page nor a PDF"),
        ((200, PDF, b"<p>Please log in.</p>"), "the server calls it a PDF, and it is none"),
        ((200, HTML, b" \n"), "it is empty"),
    ],
)
def test_what_is_no_article_is_told(
    site: Site, folder: Path, answer: tuple[int, dict[str, str], bytes], told: str
) -> None:
    site.answers["/x"] = answer
    assert one(f"{site.url}/x", folder) == Fetched(f"{site.url}/x", "failed", reason=told)
    assert files(folder) == []


def test_a_server_that_is_not_there_is_told(folder: Path) -> None:
    with Site() as closed:
        url = closed.url
    assert (one(f"{url}/page", folder).reason or "").startswith("127.0.0.1 can't be read from (")


def test_nothing_half_written_is_left(site: Site, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert one(f"{site.url}/page", folder).reason == "it can't be saved: no space left on device"
    assert list(folder.iterdir()) == []


def test_a_folder_or_record_that_can_not_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(UsageError, match=r"^The folder .*file can't be used: file exists\.$"):
        list(fetch([], str(tmp_path / "file")))
    (tmp_path / RECORD_FILE).write_text("[1]", encoding="utf-8")
    with pytest.raises(UsageError, match=r"is damaged\. Remove it, and pages are fetched anew\.$"):
        list(fetch([], str(tmp_path)))


def test_addresses_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text("# pages\n\nhttps://example.org/a \n  https://example.org/b\n", encoding="utf-8")
    assert read_addresses(str(path)) == ["https://example.org/a", "https://example.org/b"]
    path.write_bytes(b"\xff")
    with pytest.raises(UsageError, match=r"can't be read: it is not UTF-8\.$"):
        read_addresses(str(path))
    with pytest.raises(UsageError, match=r"can't be read: no such file or directory\.$"):
        read_addresses(str(tmp_path / "none"))


def test_the_record_names_addresses(site: Site, folder: Path) -> None:
    one(f"{site.url}/page", folder)
    table = json.loads((folder / RECORD_FILE).read_text(encoding="utf-8"))
    assert table == {name(site, "/page", ".mhtml"): {"address": f"{site.url}/page"}}
