"""Kills index runs, many times, and looks at what is left. A program of its own, so that it can fork before anything
has started a thread:

    python -m tests.reliability.crashing FOLDER KILLS SEED [kill|ENOSPC|EIO]

A run is made by a forked process that dies (or whose disk fails) at a chosen step: steps are what the interpreter tells
audit hooks of files (open, rename, link, remove, mkdir, ...) and every fsync. Half of the kills come by the clock
instead, so that writes inside of SQLite, Tantivy, numpy and FAISS are hit, too. Prints one JSON object.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from briefqa.config import Settings
from briefqa.errors import IndexNotWritable
from briefqa.index import merging
from briefqa.index.generation import live_generation_name
from briefqa.index.merging import Limits
from briefqa.index.update import update
from tests.fakes import OTHER_ENCODER, FakeEncoders
from tests.index.folders import INDEX, names
from tests.index.meaning import meaning, write_article
from tests.reliability.forking import fork, load_heavy, wait

APART = Limits(whole=3, least=0, factor=0, dead_share=1.0)
MERGING = Limits(whole=3, least=100, factor=0, dead_share=1.0)
STEPS = {"open", "os.rename", "os.link", "os.remove", "os.rmdir", "os.mkdir", "os.chmod", "sqlite3.connect"}
ERRORS = {"ENOSPC": 28, "EIO": 5}


@dataclass(frozen=True, slots=True)
class Scenario:
    """A run to be killed: what is done to the articles before it, and how it is called."""

    name: str
    change: Callable[[Path, random.Random], None]
    limits: Limits = APART
    rebuild: bool = False
    encoder: str | None = None
    first: bool = False


def _nothing(articles: Path, chance: random.Random) -> None:
    """The articles stay as they are."""


def _more(articles: Path, chance: random.Random) -> None:
    write_article(articles / "more.md", chance)


def _mixed(articles: Path, chance: random.Random) -> None:
    write_article(articles / "more.md", chance)
    write_article(articles / "base3.md", chance)
    (articles / "base5.md").unlink()


def _fewer(articles: Path, chance: random.Random) -> None:
    (articles / "base1.md").unlink()
    (articles / "base2.md").unlink()


SCENARIOS = (
    Scenario("first build", _nothing, first=True),
    Scenario("an article more", _more),
    Scenario("added, changed, deleted", _mixed),
    Scenario("deleted", _fewer),
    Scenario("merged", _mixed, limits=MERGING),
    Scenario("another encoder", _nothing, encoder=OTHER_ENCODER),
    Scenario("rebuilt", _mixed, rebuild=True),
)


def _run(scenario: Scenario) -> None:
    merging.LIMITS = scenario.limits
    update(Settings(encoder=scenario.encoder), rebuild=scenario.rebuild, encoders=FakeEncoders())


def _watch(told: Callable[[str], None]) -> None:
    """Call `told` before every step, with its name."""

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in STEPS or (event == "open" and not _writes(arguments)):
            return
        told(event)

    sync = os.fsync

    def fsync(fd: Any) -> None:
        told("os.fsync")
        sync(fd)

    sys.addaudithook(hook)
    os.fsync = fsync


def _writes(arguments: tuple[Any, ...]) -> bool:
    mode, flags = arguments[1], arguments[2]
    by_flags = isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR))
    return by_flags or (isinstance(mode, str) and mode[:1] in "wax")


def _at(step: int, action: Callable[[], None]) -> Callable[[str], None]:
    seen = 0

    def told(event: str) -> None:
        nonlocal seen
        seen += 1
        if seen == step:
            action()

    return told


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _fail(code: int) -> Callable[[], None]:
    def action() -> None:
        raise OSError(code, os.strerror(code))

    return action


class Bench:
    """One scenario in a folder of its own: the state before the run, and what it means before and after."""

    def __init__(self, folder: Path, scenario: Scenario, seed: int) -> None:
        self.scenario, self.folder = scenario, folder
        self._template, self.work = folder / "template", folder / "work"
        chance = random.Random(seed)
        self._enter(self._template)
        for number in range(8):
            write_article(Path("corpus", f"base{number}.md"), chance)
        if not scenario.first:
            self._do(lambda: _run(Scenario("base", _nothing)))
            for number in range(2):
                write_article(Path("corpus", f"next{number}.md"), chance)
                self._do(lambda: _run(Scenario("base", _nothing)))
        scenario.change(Path("corpus"), chance)
        self.before = None if scenario.first else self._meaning()
        self.reset()
        counted = self.folder / "steps"
        started = time.monotonic()
        self._do(lambda: self._count(counted))
        self.seconds = time.monotonic() - started
        self.steps = len(counted.read_text(encoding="utf-8").split())
        self.after = self._meaning()

    def reset(self) -> None:
        """Make the work folder what it was before the run, and stand in it."""
        os.chdir(self.folder)
        if self.work.exists():
            shutil.rmtree(self.work)
        shutil.copytree(self._template, self.work)
        os.chdir(self.work)

    def kill_at(self, step: int) -> int:
        """Run, and die before the numbered step."""
        return wait(fork(lambda: self._until(step, _die)))

    def kill_after(self, seconds: float) -> int:
        """Run, and be killed after so long."""
        process = fork(lambda: _run(self.scenario))
        time.sleep(seconds)
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        return wait(process)

    def fail_at(self, step: int, code: int) -> int:
        """Run on a disk that fails once, at the numbered step. 0: it went on all the same; 3: it was told."""

        return self.run_after(lambda: _watch(_at(step, _fail(code))))

    def run_after(self, prepare: Callable[[], object]) -> int:
        """Run, in a process that has called `prepare` before. 0: it finished; 3: it was told that it can't write."""

        def action() -> None:
            prepare()
            try:
                _run(self.scenario)
            except IndexNotWritable:
                os._exit(3)

        return wait(fork(action))

    def check(self) -> str:
        """What the index means now, "old" or "new", after which the next run has finished, and left nothing. Raises
        AssertionError."""
        if live_generation_name(INDEX) is None:
            assert self.before is None, "the index is gone"
            state = "old"
        else:
            found = self._meaning()
            assert found in (self.before, self.after), "the index means something else"
            state = "new" if found == self.after else "old"
        self._do(lambda: _run(self.scenario))
        assert self._meaning() == self.after, "the next run made something else"
        live = live_generation_name(INDEX)
        assert names() - {"rerankers"} == {"CURRENT", "encoders", live}, f"left behind: {sorted(names())}"
        assert len(list((INDEX / "encoders").iterdir())) == 1, "an encoder was left behind"
        return state

    def _until(self, step: int, action: Callable[[], None]) -> None:
        _watch(_at(step, action))
        _run(self.scenario)

    def _count(self, path: Path) -> None:
        with path.open("w", encoding="utf-8") as file:
            _watch(lambda event: print(event, file=file))
            _run(self.scenario)

    def _meaning(self) -> str:
        """The meaning of the index as text, made in another process, as this one must start no thread."""
        path = self.folder / "meaning"
        seed = "all-MiniLM-L6-v2" if self.scenario.encoder is None else ""

        def write() -> None:
            assert seed or self.scenario.encoder
            path.write_text(_told(meaning()), encoding="utf-8")

        self._do(write)
        return path.read_text(encoding="utf-8")

    def _do(self, action: Callable[[], None]) -> None:
        code = wait(fork(action))
        assert code == 0, f"a process ended with {code}"

    def _enter(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        os.chdir(folder)
        Path("corpus").mkdir()


def _told(value: Any) -> str:
    return repr(sorted((name, _flat(entry)) for name, entry in value.items()))


def _flat(value: Any) -> Any:
    return sorted(map(repr, value.items())) if isinstance(value, dict) else repr(value)


def crash(folder: Path, kills: int, seed: int, way: str) -> dict[str, Any]:
    """Kill `kills` runs, evenly over the scenarios, and check each time. The counts of what was found."""
    load_heavy()
    chance = random.Random(seed)
    counts = dict.fromkeys(("kills", "old", "new", "told", "finished"), 0)
    found: dict[str, Any] = {"way": way, **counts, "wrong": [], "steps": {}}
    for number, scenario in enumerate(SCENARIOS):
        bench = Bench(folder / f"{number}", scenario, seed + number)
        found["steps"][scenario.name] = bench.steps
        share = kills // len(SCENARIOS) + (number < kills % len(SCENARIOS))
        for turn in range(share):
            bench.reset()
            by_clock = way == "kill" and turn % 2 == 1
            # Spread over the run, at a chance place within each part; the last steps, which publish, are sure to come.
            place = 1 + int((turn + chance.random()) * bench.steps / share)
            if by_clock:
                wait = bench.seconds * (turn + chance.random()) / share
                where, code = f"after {wait:.4f} s", bench.kill_after(wait)
            elif way == "kill":
                where, code = f"at step {place} of {bench.steps}", bench.kill_at(place)
            else:
                where, code = f"at step {place} of {bench.steps}", bench.fail_at(place, ERRORS[way])
            found["kills"] += code == -signal.SIGKILL
            found["told"] += code == 3
            found["finished"] += code == 0
            try:
                assert code in (0, 3, -signal.SIGKILL), f"it ended with {code}"
                found[bench.check()] += 1
            except AssertionError as error:
                found["wrong"].append(f"{scenario.name}, {where}: {error}")
    return found


if __name__ == "__main__":
    outcome = crash(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), *(sys.argv[4:] or ["kill"]))
    sys.stdout.write(json.dumps(outcome) + "\n")
