"""How cost grows with an index: times, memory and bytes of several, side by side in one run.

    python benchmarks/growth.py FOLDER... [--runs 7] [--questions 200] [--added 3] [--json FILE] [--plot FILE]

Each FOLDER was made by million.py. Prints a Markdown table; --json writes every single measurement, --plot draws times
against passages as SVG.

- Cold: whole processes of `briefqa ask` and `briefqa search`, another question each run, the indexes taking turns; the
  files are in the system's cache, as they are when somebody asks a second time that day. Medians.
- Warm: one process an index, which asks questions one after the other that it has not seen, after ten that are not
  counted: encoding and retrieval with each retriever (`Index.search`), and whole answers (`Index.ask`).
- Recall: of the ten passages nearest by exact search (exact.jsonl), how many are among the ten that the dense retriever
  finds, on average over questions.
- Bytes: of each part of the live generation, by passage.
- Updates, as whole processes: `briefqa index` when nothing changed, and after one article was added. Articles are added
  to a second index beside the first that shares its files; bytes written are those of files that it did not have.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from growth_tables import RETRIEVERS, markdown
from processes import BRIEFQA, Cost, file_bytes, measured

if TYPE_CHECKING:
    from briefqa.encoders.factory import Encoders

UNCOUNTED = 10
DEPTH = 10
ARTICLE_WORDS = 600  # of an added article: about five passages


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="*", metavar="FOLDER")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--added", type=int, default=3, help="articles added, one a run")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--plot", type=Path, help="of two indexes or more")
    parser.add_argument("--warm", type=Path, nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--from", type=Path, dest="read", help="print the table, and draw, from an earlier --json")
    options = parser.parse_args()
    if not options.warm and not options.read and not options.folders:
        parser.error("name the folders that million.py made, or --from")
    if options.warm:
        folder, questions = options.warm
        print(json.dumps(warm(folder, _texts(questions, options.questions + UNCOUNTED))))
        return
    if options.read:
        found = json.loads(options.read.read_text(encoding="utf-8"))
    else:
        found = measure(options.folders, runs=options.runs, asked=options.questions, added=options.added)
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(markdown(found))
    if options.plot and len(found) > 1:
        from growth_plot import draw

        options.plot.parent.mkdir(parents=True, exist_ok=True)
        options.plot.write_text(draw(found), encoding="utf-8")


def measure(folders: Sequence[Path], *, runs: int, asked: int, added: int) -> list[dict[str, Any]]:
    """Everything about every index, the smallest first."""
    places = sorted(folders, key=lambda folder: _manifest(folder)["passages"])
    questions = places[0] / "questions.jsonl"  # a larger index holds their answers, too
    costs: dict[tuple[Path, str], list[Cost]] = {}
    for question in _texts(questions, runs):
        for folder in places:
            index = ["--index", str(folder / "index")]
            commands = {
                "ask": [*BRIEFQA, "ask", question, *index],
                "search": [*BRIEFQA, "search", question, *index],
                "unchanged": [*BRIEFQA, "index", str(folder / "corpus"), *index],
            }
            for name, command in commands.items():
                _tell(f"{folder}: {name}")
                codes = (0,) if name == "unchanged" else (0, 1)
                costs.setdefault((folder, name), []).append(measured(command, codes=codes)[0])
    found = []
    for folder in places:
        _tell(f"{folder}: warm")
        command = [sys.executable, __file__, "--warm", str(folder), str(questions), "--questions", str(asked)]
        cost, printed = measured(command)
        manifest = _manifest(folder)
        entry: dict[str, Any] = {
            "passages": manifest["passages"],
            "documents": manifest["documents"],
            "bytes_per_passage": bytes_per_passage(folder / "index"),
            "cold": {name: _costs(costs[folder, name]) for name in ("ask", "search")},
            "warm": {**json.loads(printed), "mib": round(cost.mib, 1)},
            "unchanged": _costs(costs[folder, "unchanged"]),
            "added": [],
            "made": _made(folder),
        }
        if added:
            entry["added"] = add_articles(folder, added)
        found.append(entry)
    return found


def warm(folder: Path, texts: Sequence[str], encoders: Encoders | None = None) -> dict[str, Any]:
    """Milliseconds of each question by retriever and for whole answers, and the dense retriever's recall. The first
    questions are not counted."""
    import briefqa
    from briefqa.config import Settings
    from briefqa.encoders.factory import INSTALLED

    chosen = encoders or INSTALLED
    found: dict[str, Any] = {}
    for name in (*RETRIEVERS, "ask"):
        retriever = "hybrid" if name == "ask" else name
        # How many passages are found, copies and all.
        settings = Settings(retriever=retriever, once=False)  # type: ignore[arg-type]
        with briefqa.open(folder / "index", settings=settings, encoders=chosen) as index:
            took = []
            for text in texts:
                began = time.perf_counter()
                if name == "ask":
                    index.ask(text)
                else:
                    index.search(text, top_k=DEPTH)
                took.append(round(1000 * (time.perf_counter() - began), 2))
            found[name] = took[UNCOUNTED:]
            if name == "dense":
                exact = {entry["question"]: entry["passages"] for entry in _rows(folder / "exact.jsonl")}
                hits = {text: {hit.passage.id for hit in index.search(text, top_k=DEPTH).hits} for text in exact}
                found["recall"] = recall(exact, hits)
    return found


def recall(exact: Mapping[str, Sequence[str]], found: Mapping[str, set[str]]) -> float:
    """The mean share of each question's exact passages that were found."""
    return sum(len(found[text].intersection(ids)) / len(ids) for text, ids in exact.items()) / len(exact)


def bytes_per_passage(index: Path) -> dict[str, float]:
    """Of each file of the live generation, those of a folder together, and of files of one name in several."""
    name = (index / "CURRENT").read_text(encoding="utf-8").strip()
    folder = index / name
    passages = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["passages"]
    sizes: dict[str, int] = {}
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            part = "lexical" if "lexical" in file.relative_to(folder).parts else file.name
            sizes[part] = sizes.get(part, 0) + file.stat().st_size
    return {part: size / passages for part, size in sizes.items()}


def add_articles(folder: Path, count: int) -> list[dict[str, float]]:
    """Add articles one by one to a branch of the index, and take both away again."""
    from briefqa.index.branch import branch

    target, index = folder / "growing", folder / "index"
    added: list[Path] = []
    costs = []
    shutil.rmtree(target, ignore_errors=True)
    try:
        branch(index, target)
        for number in range(count):
            before = file_bytes(target)
            path = folder / "corpus" / f"added-{number}.md"
            path.write_text(_article(folder, number), encoding="utf-8")
            added.append(path)
            _tell(f"{folder}: adding an article")
            cost, _ = measured([*BRIEFQA, "index", str(folder / "corpus"), "--index", str(target)])
            written = sum(size for inode, size in file_bytes(target).items() if inode not in before)
            costs.append({**asdict(cost), "bytes": written})
    finally:
        for path in added:
            path.unlink()
        shutil.rmtree(target, ignore_errors=True)
    return costs


def _article(folder: Path, number: int) -> str:
    """A new article in words that the index knows: those of questions, in another order."""
    entries = _rows(folder / "questions.jsonl")
    quotes = [" ".join(gold["quote"].split()) for entry in entries[number::7] for gold in entry["gold"]]
    words = " ".join(reversed(quotes)).split()[:ARTICLE_WORDS]
    return f"# Added article {number}\n\n{' '.join(words)}\n"


def _costs(costs: Sequence[Cost]) -> list[dict[str, float]]:
    return [asdict(cost) for cost in costs]


def _texts(questions: Path, count: int) -> list[str]:
    """So many different questions of a set, evenly over its kinds."""
    texts = list(dict.fromkeys(entry["question"] for entry in _rows(questions)))
    if len(texts) < count:
        raise SystemExit(f"{questions} has {len(texts)} questions, and {count} are to be asked: make it with more.")
    return [texts[number * len(texts) // count] for number in range(count)]


def _manifest(folder: Path) -> dict[str, Any]:
    name = (folder / "index" / "CURRENT").read_text(encoding="utf-8").strip()
    found: dict[str, Any] = json.loads((folder / "index" / name / "manifest.json").read_text(encoding="utf-8"))
    return found


def _made(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "made.json").read_text(encoding="utf-8"))
    return {"seconds": found["seconds"], "peak_mib": found["peak_mib"]}


def _rows(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _tell(what: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{what}\x1b[K", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
