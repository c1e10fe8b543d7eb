"""The rules of the design about who may import whom, held over the syntax tree, and what `--help` may load."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import briefqa

ROOT = Path(__file__).parents[1] / "src"
PACKAGE = ROOT / "briefqa"

PURE = {"types", "reports", "explained", "errors", "addresses", "dates", "filters", "languages", "wording"}
# The modules of evaluation whose plain values are rendered.
OF_VALUES = (
    "calibration",
    "candidates",
    "comparability",
    "comparison",
    "datasets",
    "exchange.exporting",
    "exchange.imported",
    "gate",
    "results",
    "runs",
    "scoring",
    "significance",
    "statistics",
    "sweep",
)
# What each module, or each module of a package, may import of ours. The package itself ("") holds the version.
ALLOWED = {
    "types": {"explained", "filters"},
    "explained": set[str](),
    "reports": set[str](),
    "errors": set[str](),
    "addresses": {"types"},
    "dates": set[str](),
    "relative_dates": {"relative_words"},
    "relative_words": set[str](),
    "filters": {"errors", "dates"},
    "wording": {"types"},
    "languages": set[str](),
    "protocols": {"types"},
    "analysis": PURE,
    "collection": PURE,
    "config": {*PURE, "collection"},
    "sentences": PURE,
    "question": {*PURE, "protocols", "analysis"},
    "chunking": {*PURE, "protocols", "sentences"},
    "corpus": PURE,
    "fragments": PURE,
    "encoders": {*PURE, "protocols"},
    "fetching": {*PURE, ""},
    "retrieval": {*PURE, "protocols", "analysis", "question", "config"},
    "answering": {*PURE, "protocols", "analysis", "question", "sentences"},
    # config: a grid is made of settings, and says what is wrong with one as every setting does (`GRIDS`).
    # sentences: a quote that stands twice is widened to its sentence (`exchange.placing`).
    "evaluation": {*PURE, "protocols", "analysis", "config", "sentences"},
    "rendering": {
        *PURE,
        "protocols",
        "analysis",
        "fragments",
        "relative_dates",
        *(f"evaluation.{name}" for name in OF_VALUES),
    },
    "index": {
        *PURE,
        "",
        "protocols",
        "analysis",
        "sentences",
        "config",
        "collection",
        "chunking",
        "corpus",
        "encoders",
    },
    "api": {*PURE, "", "protocols", "analysis", "question", "config", "encoders", "index", "retrieval", "answering"},
    "extras": {"errors"},
    # The doors for other programs: thin, so that all may use the library's front and the renderings, and no stage.
    "prompting": {*PURE, "protocols", "analysis", "sentences", "answering", "rendering"},
    "agents": {*PURE, "", "config", "api", "extras", "prompting", "rendering"},
    "integrations": {*PURE, "config", "api", "extras", "fragments", "rendering"},
    "": {*PURE, "config", "api", "index"},
    "__main__": {"cli"},
}
GRIDS = "evaluation.grids"
OWNERS = {
    "faiss": {"index.dense_codes"},
    "huggingface_hub": set[str](),
    "jinja2": {"rendering.page.render"},
    "langchain_core": {"integrations.langchain"},
    "langchain_text_splitters": {"chunking"},
    "llama_index": {"integrations.llamaindex"},
    "mcp": {"agents.running", "agents.server"},
    "mcp_types": {"agents.server"},
    "onnx": {"encoders.optimise"},
    "onnxruntime": {"encoders.onnx", "encoders.optimise"},
    "rensa": {"corpus.duplicates"},
    "sentence_transformers": {
        "encoders.export", "encoders.late_pooling", "encoders.running", "encoders.sentence_transformers",
    },
    "sentencex": {"sentences"},
    "tantivy": {"analysis", "index.lexical"},
    "tokenizers": {"encoders.tokenizer_files"},
    "torch": {
        "encoders.export", "encoders.hardware", "encoders.late_pooling", "encoders.running",
        "encoders.sentence_transformers",
    },
    "trafilatura": {"corpus.markup.guesses", "corpus.markup.main_text"},
    "transformers": {"encoders.sentence_transformers"},
}  # fmt: skip
HEAVY_FOR_HELP = {
    "faiss", "huggingface_hub", "jinja2", "langchain_core", "langchain_text_splitters", "llama_index", "mcp",
    "mcp_types", "numpy", "onnx", "onnxruntime", "sentence_transformers", "tantivy", "tokenizers", "torch",
    "trafilatura", "transformers",
}  # fmt: skip


@dataclass(frozen=True)
class Import:
    """Module `by`, below the package, imports `name`; at its top level, or only in a function or for type checkers."""

    by: str
    name: str
    top: bool


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def is_for_type_checkers(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def imports_of(by: str, tree: ast.AST, *, top: bool = True) -> Iterator[Import]:
    for node in ast.iter_child_nodes(tree):
        inner = top and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        if isinstance(node, ast.Import):
            yield from (Import(by, alias.name, top) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{by} imports relatively"
            base = node.module or ""
            modules = [f"{base}.{alias.name}" for alias in node.names]
            yield from dict.fromkeys(Import(by, name if exists(name) else base, top) for name in modules)
        else:
            yield from imports_of(by, node, top=inner and not is_for_type_checkers(node))


def exists(module: str) -> bool:
    path = ROOT.joinpath(*module.split("."))
    return path.with_suffix(".py").is_file() or path.is_dir()


IMPORTS = [
    entry
    for path in sorted(PACKAGE.rglob("*.py"))
    for entry in imports_of(module_name(path), ast.parse(path.read_text(encoding="utf-8")))
]
OURS = [
    Import(entry.by, entry.name.removeprefix("briefqa").removeprefix("."), entry.top)
    for entry in IMPORTS
    if entry.name.split(".")[0] == "briefqa"
]


def package(module: str) -> str:
    return module.split(".")[0]


def test_the_walk_sees_imports_of_every_kind() -> None:
    assert Import("index.intake", "corpus.loading", top=True) in OURS
    assert Import("index.update", "index.build", top=False) in OURS
    assert Import("index.build", "", top=True) in OURS
    assert Import("retrieval.retrievers", "config", top=False) in OURS
    assert Import("index.dense_codes", "faiss", top=True) in IMPORTS
    tree = ast.parse(
        "if TYPE_CHECKING:\n  import a\ntry:\n  import b.c\nexcept E:\n  from d.e import f\n"
        "class C:\n  import g\n  def m(self):\n    import h\nfrom briefqa import types, BriefqaError\n"
    )
    assert list(imports_of("x", tree)) == [
        Import("x", "a", top=False),
        Import("x", "b.c", top=True),
        Import("x", "d.e", top=True),
        Import("x", "g", top=True),
        Import("x", "h", top=False),
        Import("x", "briefqa.types", top=True),
        Import("x", "briefqa", top=True),
    ]


def test_every_module_has_a_rule() -> None:
    modules = {package(module_name(path)) for path in PACKAGE.rglob("*.py")}
    assert modules - {"cli"} <= ALLOWED.keys()
    assert {"corpus", "encoders", "retrieval", "answering", "evaluation", "index"} <= modules


@pytest.mark.parametrize("place", ALLOWED)
def test_imports_point_up_the_list_only(place: str) -> None:
    allowed = ALLOWED[place]
    wrong = [
        f"{entry.by} imports briefqa.{entry.name}"
        for entry in OURS
        if package(entry.by) == place
        and package(entry.name) != place
        and entry.name not in allowed
        and package(entry.name) not in allowed
    ]
    assert wrong == []


def test_of_evaluation_only_grids_know_settings() -> None:
    assert {entry.by for entry in OURS if package(entry.by) == "evaluation" and entry.name == "config"} == {GRIDS}


def test_rendering_only_names_what_evaluations_find() -> None:
    """But for a page, which is made of numbers too: their formulas and plain constants."""
    users = [entry for entry in OURS if package(entry.by) == "rendering" and package(entry.name) == "evaluation"]
    assert [entry for entry in users if entry.top and not entry.by.startswith("rendering.page.")] == []
    assert users != []


def test_nobody_imports_the_command_line() -> None:
    users = {package(entry.by) for entry in OURS if package(entry.name) == "cli"}
    assert users <= {"cli", "__main__"}


def test_only_the_api_and_the_command_line_join_the_halves() -> None:
    halves = {"index", "answering", "retrieval"}
    used: dict[str, set[str]] = {}
    for entry in OURS:
        used.setdefault(package(entry.by), {package(entry.by)} & halves).add(package(entry.name))
    assert {place for place, names in used.items() if len(names & halves) > 1} <= {"api", "cli"}
    assert used["api"] >= halves


def test_no_two_modules_import_each_other() -> None:
    edges = {(entry.by, entry.name) for entry in OURS if entry.top}
    modules = {name for edge in edges for name in edge}
    while True:
        leaves = {name for name in modules if not any(by == name for by, _ in edges)}
        if not leaves:
            break
        modules -= leaves
        edges = {(by, name) for by, name in edges if name not in leaves}
    assert edges == set()


@pytest.mark.parametrize("library", OWNERS)
def test_heavy_libraries_are_loaded_by_their_owners_only(library: str) -> None:
    users = {entry.by for entry in IMPORTS if entry.top and package(entry.name) == library}
    assert users == OWNERS[library]


def test_the_public_names_are_sorted_complete_and_there() -> None:
    assert briefqa.__all__ == sorted(briefqa.__all__)
    assert len(set(briefqa.__all__)) == len(briefqa.__all__)
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    imported = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("briefqa")
        for alias in node.names
    }
    assert imported == set(briefqa.__all__)
    for name in briefqa.__all__:
        assert getattr(briefqa, name).__name__ == name
    with pytest.raises(AttributeError, match=r"^module 'briefqa' has no attribute 'Indexer'$"):
        _ = briefqa.Indexer


PROGRAM = """
import runpy, sys
sys.argv[0] = "briefqa"
try:
    runpy.run_module("briefqa", run_name="__main__")
except SystemExit as end:
    print("exit", end.code)
import briefqa.cli
print("loaded", *sorted({name.split(".")[0] for name in sys.modules}))
"""


@pytest.mark.parametrize(
    "command", [[], *(["eval", *name] for name in ([], ["run"], ["sweep"], ["score"], ["add"], ["suggest"]))]
)
def test_help_loads_nothing_heavy(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *command, "--help"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    *shown, code, loaded = done.stdout.splitlines()
    assert code in ("exit 0", "exit None")
    assert "Usage: " in "\n".join(shown)
    assert set(loaded.split()) & HEAVY_FOR_HELP == set()
    assert "briefqa" in loaded.split()
