"""Damages an index, in many ways, and looks at what every command makes of it. A program of its own, so that it can
fork before anything has started a thread:

    python -m tests.reliability.damaging FOLDER VARIANTS SEED

Each variant is one file of a small index spoiled in one way. Every command is a forked process with a time limit, so
that crashes of libraries and endless loops are seen. In half of the variants no checksum is looked at on opening, as is
so for the large files of a large index. Prints one JSON object.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import resource
import shutil
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import briefqa.api  # noqa: F401 - loaded before the forks, and so once
from briefqa.cli import lazy
from briefqa.cli.main import main
from briefqa.encoders.factory import InstalledEncoders
from briefqa.index import build, checksums, dense, dense_codes, merging, repair, restricted, verify  # noqa: F401
from briefqa.index.merging import Limits
from briefqa.rendering import jsonout  # noqa: F401
from tests.fakes import FakeEncoders
from tests.index.meaning import write_article

# Without end: one that hangs.
PATIENCE = 30.0
MEMORY = 4 * 2**30
UNFORESEEN = 70
# A lexical index that is made anew counts deleted passages no more, so that BM25, and what comes of it, moves a little.
MOVED = 0.02
AGAIN = "briefqa index --rebuild"
QUESTION = "Which copper holds amber and jade?"
READING = {
    "ask": ["ask", QUESTION, "--min-confidence", "0"],
    "ask within": ["ask", QUESTION, "--min-confidence", "0", "--since", "2020", "--recency", "0.5"],
    "search": ["search", "flint diamond granite", "--top-k", "10"],
    "search by words": ["search", "helium iron", "--retriever", "lexical"],
    "status": ["status"],
}
AFTER = ("ask", "search")
for command in lazy.COMMANDS:  # loaded before the forks, and so once
    lazy.load(command)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended: its exit status (or minus the signal that ended it; None for one that hangs), and what it
    wrote."""

    code: int | None
    out: str
    err: str

    @property
    def told(self) -> bool:
        """Whether it said that the index is damaged, and what to do."""
        try:
            error = json.loads(self.err.splitlines()[-1])
        except (ValueError, IndexError):
            return False
        return self.code == 3 and self.out == "" and AGAIN in error["message"]

    @property
    def answer(self) -> Any:
        """What it said but for how long it took; None if that is no answer."""
        try:
            said = json.loads(self.out) if self.code in (0, 1) else None
        except ValueError:
            return None
        return {name: value for name, value in said.items() if name != "milliseconds"} if said else None


def run(*arguments: str, folder: Path) -> Outcome:
    """A command of briefqa in a process of its own, which stands in `folder`."""
    process = os.fork()
    if not process:
        _be(["briefqa", *arguments, "--json"], folder)
    end = time.monotonic() + PATIENCE
    code = None
    while time.monotonic() < end:
        done, status = os.waitpid(process, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status)
            break
        time.sleep(0.002)
    else:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    texts = ((folder.parent / name).read_text(encoding="utf-8", errors="replace") for name in ("out", "err"))
    return Outcome(code, *texts)


def _be(arguments: list[str], folder: Path) -> None:
    """Become that command."""
    code = UNFORESEEN
    try:
        for number, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(folder.parent / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.chdir(folder)
        sys.argv = arguments
        code = main()
        sys.stdout.flush()
    except BaseException:  # a forked process must not go on as its parent
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _no_waiting(fd: Any) -> None:
    """Nothing is told of what the disk does here."""


def set_up() -> None:
    """Put the fake encoders in the real ones' place, and have few passages treated as many are."""
    fake = FakeEncoders()
    for name in ("find", "load", "open_for_passages", "open", "find_reranker", "load_reranker", "open_reranker"):
        setattr(InstalledEncoders, name, lambda _, *given, of=name, **named: getattr(fake, of)(*given, **named))
    os.fsync = _no_waiting
    merging.LIMITS = Limits(whole=3, least=0, factor=0, dead_share=1.0)
    dense._LEAST_ROUNDED = 20
    dense._CANDIDATES, dense._CANDIDATES_EACH, dense._NEARLY_ALL = 8, 1, 1


class Bench:
    """An index with all that there can be in one, and what is said of it while it is whole."""

    def __init__(self, folder: Path, kind: str, seed: int) -> None:
        self.kind, self._template, self.work = kind, folder / "template", folder / "work"
        chance = random.Random(seed)
        corpus = self._template / "corpus"
        for number in range(16):
            self._write(corpus / f"base{number}.md", chance)
        self._index("--dense-index", kind)
        shutil.copy(corpus / "base3.md", corpus / "copy.md")
        for number in range(12):
            self._write(corpus / f"more{number}.md", chance)
        (corpus / "base5.md").unlink()
        self._index()
        (corpus / "more2.md").unlink()
        self._write(corpus / "base7.md", chance)
        self._index()
        self.files = sorted(path for path in (self._template / "index").rglob("*") if path.is_file())
        self.files = [path.relative_to(self._template) for path in self.files if path.name != ".lock"]
        hit = run("search", QUESTION, folder=self._template).answer["hits"][0]
        self.reading = {**READING, "show": ["show", hit["passage_id"], "--context", "1"]}
        self.before = {name: run(*command, folder=self._template).answer for name, command in self.reading.items()}
        self.reset()
        # A lexical index that is made anew does not count deleted passages any more.
        assert run("index", "--rebuild", folder=self.work).code == 0
        self.anew = self.said()
        self.reset()
        self.change()
        assert run("index", folder=self.work).code == 0
        self.updated = self.said()
        assert run("index", "--rebuild", folder=self.work).code == 0
        self.rebuilt = self.said()

    def reset(self) -> None:
        """Make the work folder what it was."""
        if self.work.exists():
            shutil.rmtree(self.work)
        shutil.copytree(self._template, self.work)

    def change(self) -> None:
        """Add an article."""
        self._write(self.work / "corpus" / "new.md", random.Random(1))

    def said(self) -> dict[str, Any]:
        """What some of the questions are answered."""
        return {name: run(*self.reading[name], folder=self.work).answer for name in AFTER}

    def _write(self, path: Path, chance: random.Random) -> None:
        write_article(path, chance)
        date = f"{chance.randint(2018, 2024)}-0{chance.randint(1, 9)}-11"
        path.write_text(f"---\ndate: {date}\nsource: Paper {chance.randint(1, 3)}\n---\n{path.read_text()}")

    def _index(self, *options: str) -> None:
        outcome = run("index", *options, folder=self._template)
        assert outcome.code == 0, outcome.err


Spoil = Callable[[Path, Path, random.Random], None]


def _flip(path: Path, other: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def _change(path: Path, other: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    if data:
        data[chance.randrange(len(data))] = chance.randrange(256)
    path.write_bytes(data)


def _scramble(path: Path, other: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    start = chance.randrange(len(data) + 1)
    part = data[start : start + chance.randint(1, 64)]
    data[start : start + len(part)] = chance.randbytes(len(part))
    path.write_bytes(data)


def _cut(path: Path, other: Path, chance: random.Random) -> None:
    os.truncate(path, chance.randrange(path.stat().st_size) if path.stat().st_size else 0)


def _empty(path: Path, other: Path, chance: random.Random) -> None:
    path.write_bytes(b"")


def _zero(path: Path, other: Path, chance: random.Random) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def _zero_page(path: Path, other: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    start = chance.randrange(len(data) + 1) // 512 * 512
    data[start : start + 512] = bytes(len(data[start : start + 512]))
    path.write_bytes(data)


def _extend(path: Path, other: Path, chance: random.Random) -> None:
    path.write_bytes(path.read_bytes() + chance.randbytes(chance.randint(1, 600)))


def _swap(path: Path, other: Path, chance: random.Random) -> None:
    data = path.read_bytes()
    path.write_bytes(other.read_bytes())
    other.write_bytes(data)


def _make_folder(path: Path, other: Path, chance: random.Random) -> None:
    path.unlink()
    path.mkdir()


SWAP = "swap with another file"
WAYS: dict[str, Spoil] = {
    "flip a bit": _flip,
    "change a byte": _change,
    "scramble some bytes": _scramble,
    "zero a sector": _zero_page,
    "truncate": _cut,
    "empty": _empty,
    "delete": lambda path, other, chance: path.unlink(),
    SWAP: _swap,
    "replace by a folder": _make_folder,
    "overwrite by zeros": _zero,
    "append garbage": _extend,
}
# The file is as long as it was: only what is in it tells.
STEALTHY = ("flip a bit", "change a byte", "scramble some bytes", "zero a sector")


@dataclass(slots=True)
class Findings:
    """What came out, counted, and what should not have."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    slowest: float = 0.0


class Variant:
    """One damage and what follows."""

    def __init__(self, bench: Bench, findings: Findings, chance: random.Random, way: str, name: Path) -> None:
        self._bench, self._findings, self._way, self._name = bench, findings, way, name
        checksums.CHECKED_ON_OPENING = chance.choice((0, 2_000_000))
        bench.reset()
        path, other = bench.work / name, bench.work / chance.choice([file for file in bench.files if file != name])
        data, others = path.read_bytes(), other.read_bytes()
        WAYS[way](path, other, chance)
        same = path.is_file() and path.read_bytes() == data and other.read_bytes() == others
        self.changed = not same
        self._lexical = any(file.parent.name == "lexical" for file in (name, other if way == SWAP else name))

    def look(self) -> None:
        """Ask everything, repair a copy, update, and make it again."""
        for name, command in self._bench.reading.items():
            self._judge(name, self._run(*command), self._bench.before[name])
        seen = self._run("verify")
        if seen.code == 0 and self.changed and self._name.name != "CURRENT":
            self._complain("verify", seen, "it finds nothing")
        elif seen.code == 0 or seen.told:
            self._findings.counts["verify: found" if seen.code else "verify: nothing to find"] += 1
        else:
            self._complain("verify", seen, "neither whole nor told")
        self._repair()
        self._update()
        self._rebuild()

    def _repair(self) -> None:
        saved = self._bench.work.with_name("saved")
        shutil.copytree(self._bench.work, saved)
        outcome = self._run("repair")
        if outcome.code == 0 and self._whole("repair"):
            before = {name: self._bench.before[name] for name in AFTER}
            said = self._bench.said()
            self._compare("repair", said, self._bench.anew if self._lexical else before)
        elif outcome.code != 0:
            self._tell("repair", outcome)
        shutil.rmtree(self._bench.work)
        saved.rename(self._bench.work)

    def _update(self) -> None:
        unchanged = self._run("index")
        if unchanged.code != 0:
            self._tell("index", unchanged)
        elif json.loads(unchanged.out)["changed_index"]:
            self._whole("index")
        else:
            self._findings.counts["index: nothing to do"] += 1
        self._bench.change()
        outcome = self._run("index")
        if outcome.code != 0:
            self._tell("index, changed", outcome)
            return
        seen = self._run("verify")
        if seen.code == 0:
            said = self._bench.said()
            fine = said in (self._bench.updated, self._bench.rebuilt)
            self._compare("index, changed", said, said if fine else self._bench.updated)
        elif seen.told:
            self._findings.counts["index, changed: still damaged, as verify tells"] += 1
        else:
            self._complain("index, changed", seen, "neither whole nor told")

    def _rebuild(self) -> None:
        # Named again, as a manifest that can't be read does not tell it.
        outcome = self._run("index", "--rebuild", "--dense-index", self._bench.kind)
        if outcome.code != 0:
            self._complain("rebuild", outcome, "not mended")
        elif self._whole("rebuild"):
            self._compare("rebuild", self._bench.said(), self._bench.rebuilt)

    def _whole(self, name: str) -> bool:
        seen = self._run("verify")
        if seen.code != 0:
            self._complain(name, seen, "what it left is not whole")
        return seen.code == 0

    def _compare(self, name: str, said: dict[str, Any], expected: dict[str, Any]) -> None:
        if not _difference(_but_generation(said), _but_generation(expected)):
            self._findings.counts[f"{name}: mended"] += 1
        else:
            self._complain(name, None, f"answers are others than they should be: {_difference(said, expected)}")

    def _judge(self, name: str, outcome: Outcome, expected: Any) -> None:
        if outcome.told:
            self._findings.counts["reading: told"] += 1
        elif outcome.answer is None:
            self._complain(name, outcome, "neither answered nor told")
        elif outcome.answer == expected:
            self._findings.counts["reading: as if whole"] += 1
        elif told := list(_misquoted(outcome.answer, self._bench.work)):
            self._complain(name, outcome, told[0])
        else:
            self._findings.counts[f"{name}: another answer, quoted rightly"] += 1

    def _tell(self, name: str, outcome: Outcome) -> None:
        if outcome.told:
            self._findings.counts[f"{name}: told"] += 1
        else:
            self._complain(name, outcome, "neither mended nor told")

    def _run(self, *arguments: str) -> Outcome:
        started = time.monotonic()
        outcome = run(*arguments, folder=self._bench.work)
        self._findings.slowest = max(self._findings.slowest, time.monotonic() - started)
        return outcome

    def _complain(self, name: str, outcome: Outcome | None, text: str) -> None:
        said = "" if outcome is None else f" ({outcome.code}: {outcome.err[-600:]} {outcome.out[:100]})"
        checked = "checked" if checksums.CHECKED_ON_OPENING else "unchecked"
        self._findings.wrong.append(f"{self._bench.kind}, {self._way} of {self._name}, {checked}: {name}: {text}{said}")


def _but_generation(said: dict[str, Any]) -> Any:
    return json.loads(json.dumps(said), object_hook=lambda table: {k: v for k, v in table.items() if k != "generation"})


def _difference(said: Any, expected: Any, place: str = "") -> str:
    """The first thing that differs; "" for none."""
    if isinstance(said, dict) and isinstance(expected, dict) and said.keys() == expected.keys():
        return next((told for key in said if (told := _difference(said[key], expected[key], f"{place}.{key}"))), "")
    if isinstance(said, list) and isinstance(expected, list) and len(said) == len(expected):
        pairs = enumerate(zip(said, expected, strict=True))
        return next((told for at, (a, b) in pairs if (told := _difference(a, b, f"{place}[{at}]"))), "")
    if isinstance(said, float) and isinstance(expected, float) and abs(said - expected) < MOVED:
        return ""
    return "" if said == expected else f"{place}: {str(said)[:80]} for {str(expected)[:80]}"


def _misquoted(answer: Any, folder: Path) -> list[str]:
    """What of an answer does not stand in the article that it names, at the lines that it names."""
    wrong = []
    shown = [(entry["quote"], entry) for entry in answer.get("citations", ())]
    shown += [(entry["text"], entry) for entry in answer.get("hits", ())]
    for entry in answer.get("passages", ()):
        shown.append((entry["text"], {**entry, "document": answer["document"]}))
    for text, entry in shown:
        path = folder / entry["document"]["path"]
        lines = path.read_text(encoding="utf-8").split("\n") if path.is_file() else []
        first, last = entry["lines"]
        place = "\n".join(lines[first - 1 : last])
        hashed = entry.get("sha256")
        if text not in place or not text or hashed not in (None, hashlib.sha256(text.encode()).hexdigest()):
            wrong.append(f"{text[:60]!r} does not stand in {path.name}, lines {first} to {last}")
    return wrong


def damage(folder: Path, variants: int, seed: int) -> dict[str, Any]:
    """Try so many variants, evenly over the files and ways. The counts of what was found."""
    set_up()
    findings, ways = Findings(), Counter[str]()
    benches = [Bench(folder / kind, kind, seed) for kind in ("flat", "int8")]
    chance = random.Random(seed)
    pairs: list[tuple[Bench, str, Path]] = []
    while len(pairs) < variants:
        # What changes no size is the hardest to tell, so half are of that kind.
        drawn = [
            (bench, chance.choice((chance.choice(STEALTHY), chance.choice(list(WAYS)))), name)
            for bench in benches
            for name in bench.files
        ]
        chance.shuffle(drawn)
        pairs += drawn
    for bench, way, name in pairs[:variants]:
        ways[way] += 1
        Variant(bench, findings, chance, way, name).look()
    return {
        "variants": sum(ways.values()),
        "ways": dict(ways),
        "files": {bench.kind: len(bench.files) for bench in benches},
        "found": dict(sorted(findings.counts.items())),
        "wrong": findings.wrong,
        "slowest": round(findings.slowest, 2),
    }


if __name__ == "__main__":
    outcome = damage(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
    sys.stdout.write(json.dumps(outcome) + "\n")
