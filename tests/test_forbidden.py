"""What no code of the package may do, held over the syntax tree: run what it reads, or parse it with its guard down."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "briefqa"

MODULES = {"cPickle", "cloudpickle", "code", "dill", "joblib", "jsonpickle", "marshal", "pickle", "shelve", "xml"}
NAMES = {"__import__", "compile", "eval", "exec"}
CALLS = {
    "jinja2.Template", "os.popen", "os.system", "tempfile.mktemp", "yaml.full_load", "yaml.unsafe_load",
    "subprocess.getoutput", "subprocess.getstatusoutput",
}  # fmt: skip
# Arguments that must not be given, but for the values that are named.
KEYWORDS: dict[str, tuple[object, ...]] = {
    "allow_dangerous_deserialization": (),
    "allow_pickle": (False,),
    "autoescape": (True,),
    "load_dtd": (False,),
    "no_network": (True,),
    "resolve_entities": (False,),
    "shell": (False,),
    "trust_remote_code": (False,),
    "weights_only": (True,),
}
# Calls, by the end of their names, that must be given an argument.
NEEDED = {
    "np.load": ("allow_pickle",),
    "np.save": ("allow_pickle",),
    "numpy.load": ("allow_pickle",),
    "torch.load": ("weights_only",),
    "yaml.load": ("Loader",),
    "Environment": ("autoescape",),
    "XMLParser": ("no_network", "resolve_entities"),
    "XHTMLParser": ("no_network", "resolve_entities"),
    "iterparse": ("no_network", "resolve_entities"),
    "CrossEncoder": ("trust_remote_code",),
    "SentenceTransformer": ("trust_remote_code",),
}
# Parsers that are given one of the above as their second argument, or by name.
PARSING = {"etree.fromstring", "etree.parse", "etree.XML", "html.document_fromstring", "html.fromstring", "html.parse"}
LOADERS = {"yaml.Loader", "yaml.UnsafeLoader", "yaml.FullLoader", "yaml.CLoader", "yaml.BaseLoader"}


def named(node: ast.AST) -> str:
    """`a.b.c` of an expression that is such a name."""
    if isinstance(node, ast.Attribute):
        return f"{named(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


def wrongs(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and description of everything that is forbidden."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [node.module or ""]
        else:
            modules = []
        for module in modules:
            if module.split(".")[0] in MODULES:
                yield node.lineno, f"imports {module}"  # type: ignore[attr-defined]
        if isinstance(node, ast.Attribute) and named(node) in LOADERS:
            yield node.lineno, named(node)
        if isinstance(node, ast.Call):
            yield from ((node.lineno, wrong) for wrong in wrong_calls(node))


def wrong_calls(call: ast.Call) -> Iterator[str]:
    name = named(call.func)
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    if name in NAMES or name in CALLS:
        yield f"calls {name}"
    for keyword, value in given.items():
        if keyword in KEYWORDS and not (isinstance(value, ast.Constant) and value.value in KEYWORDS[keyword]):
            yield f"{name} is given {keyword}"
    for end, needed in NEEDED.items():
        if name == end or name.endswith(f".{end}"):
            yield from (f"{name} lacks {keyword}" for keyword in needed if keyword not in given)
    if name in PARSING and len(call.args) < 2 and "parser" not in given:
        yield f"{name} is given no parser"
    if given.keys() & {"huge_tree"} and not name.endswith("HTMLParser"):
        yield f"{name} is given huge_tree"


def test_nothing_forbidden_is_done() -> None:
    paths = sorted(PACKAGE.rglob("*.py"))
    assert len(paths) > 200
    found = {
        f"{path.relative_to(PACKAGE)}:{line}: {wrong}"
        for path in paths
        for line, wrong in wrongs(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert found == set()


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("import pickle", "imports pickle"),
        ("from xml.etree import ElementTree", "imports xml.etree"),
        ("def f():\n  from marshal import loads", "imports marshal"),
        ("eval('1')", "calls eval"),
        ("exec(text)", "calls exec"),
        ("tempfile.mktemp()", "calls tempfile.mktemp"),
        ("os.system('ls')", "calls os.system"),
        ("subprocess.run('ls', shell=True)", "subprocess.run is given shell"),
        ("subprocess.run('ls', shell=wanted)", "subprocess.run is given shell"),
        ("torch.load(path)", "torch.load lacks weights_only"),
        ("torch.load(path, weights_only=False)", "torch.load is given weights_only"),
        ("np.load(path)", "np.load lacks allow_pickle"),
        ("np.load(path, allow_pickle=True)", "np.load is given allow_pickle"),
        ("FAISS.load_local(p, e, allow_dangerous_deserialization=True)",
         "FAISS.load_local is given allow_dangerous_deserialization"),
        ("Model.load(n, trust_remote_code=True)", "Model.load is given trust_remote_code"),
        ("SentenceTransformer(name)", "SentenceTransformer lacks trust_remote_code"),
        ("yaml.load(text)", "yaml.load lacks Loader"),
        ("class L(yaml.FullLoader): pass", "yaml.FullLoader"),
        ("etree.fromstring(data)", "etree.fromstring is given no parser"),
        ("etree.XMLParser(no_network=True)", "etree.XMLParser lacks resolve_entities"),
        ("etree.XMLParser(resolve_entities=True, no_network=True)", "etree.XMLParser is given resolve_entities"),
        ("etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)",
         "etree.XMLParser is given huge_tree"),
        ("Environment(loader=loader)", "Environment lacks autoescape"),
    ],
)  # fmt: skip
def test_each_of_these_is_seen(code: str, wrong: str) -> None:
    assert [found for _, found in wrongs(ast.parse(code))] == [wrong]
