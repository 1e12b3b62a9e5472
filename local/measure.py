"""`make measure`: report figures of the code's structure and of its prose. No figure fails the run.

ADR 0036, section 5, records those of the structure.

`.venv/bin/python -m local.measure FOLDER` measures another copy of the repository.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeGuard

from local.engine import ROOT
from local.site import imports

# Fields with a closed vocabulary: states of a permit, outcomes of a verdict, directions, states and results of uses,
# kinds of events and documents, roles, purposes of keys and of trade, how a use was recorded.
ENUMERATED = frozenset({"state", "outcome", "direction", "result", "use", "kind", "role", "purpose", "recorded"})

WRITTEN = ("chalicelib", "local", "infra", "tests")  # folders whose docstrings are counted

# Words that a reader has to decode (docs/CONTRIBUTING.md, "Plain language").
DIALECT = re.compile(
    r"\b(?:whoever|whichever|thereof|one's|none that|by no way|of which|is said so|(?:was|is|were) told|heard of)\b",
    re.IGNORECASE,
)

ASKING = frozenset({"What", "Whether", "Which", "Who", "How"})

PAUSE = re.compile(r"[;:](?=\s)")

SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n\s*\n")

type Graph = Mapping[str, set[str]]  # module -> the modules that it imports
type Figure = tuple[str, int, str]  # name of the figure, its value, details


def figures(root: Path) -> Iterator[Figure]:
    """Compute every figure of the repository in this folder."""
    texts = _texts(root / "chalicelib")
    trees = [ast.parse(text) for text in texts.values()]
    yield "modules of chalicelib, without __init__.py", len(texts), ""
    folder, size = Counter(path.parent for path in texts).most_common(1)[0]
    yield "modules of the largest folder", size, str(folder.relative_to(root))
    for name, graph in (
        ("chalicelib", python_imports(root, "chalicelib")),
        ("local", python_imports(root, "local")),
        ("web", web_imports(root)),
    ):
        found = circles(graph)
        yield f"import circles of {name}", len(found), "; ".join(" ".join(each) for each in found)
    counts = [_parameters(node.args) for tree in trees for node in ast.walk(tree) if isinstance(node, FUNCTION)]
    yield "functions above five parameters", sum(count > 5 for count in counts), ""
    yield "functions above six parameters", sum(count > 6 for count in counts), ""
    for words in ("dict[str, Any]", "Mapping[str, Any]"):
        yield words, sum(text.count(words) for text in texts.values()), ""
    yield "retry loops on a conflict", sum(_retries(node) for tree in trees for node in ast.walk(tree)), ""
    bare = sum(_is_bare(node) for tree in trees for node in ast.walk(tree))
    yield "string literals compared with an enumerated field", bare, ""
    yield "# fmt: skip", sum(text.count("# fmt: skip") for text in texts.values()), ""
    yield from prose(root)


def prose(root: Path) -> Iterator[Figure]:
    """Figures of plain language: docstrings of the Python code, names of tests, subjects of commits."""
    trees = [ast.parse(text) for folder in WRITTEN for text in _texts(root / folder).values()]
    docs = [doc for tree in trees for node in ast.walk(tree) if isinstance(node, DOCUMENTED) if (doc := _doc(node))]
    sentences = [each for doc in docs for each in SENTENCE_END.split(doc) if each.strip()]
    yield "words of the old dialect in docstrings", sum(len(DIALECT.findall(doc)) for doc in docs), ""
    yield (
        "semicolons and colons a hundred docstrings",
        round(100 * sum(len(PAUSE.findall(doc)) for doc in docs) / len(docs)),
        "",
    )
    yield "words a hundred sentences", round(100 * sum(len(each.split()) for each in sentences) / len(sentences)), ""
    asks = sum(doc.split(maxsplit=1)[0] in ASKING for doc in docs)
    yield "docstrings of a hundred whose first line asks", round(100 * asks / len(docs)), ""
    names = [
        node.name for text in _texts(root / "tests").values() for node in ast.walk(ast.parse(text)) if _is_test(node)
    ]
    yield "test names above 75 characters", sum(len(name) > 75 for name in names), f"of {len(names)}"
    subjects = _subjects(root)
    yield "commit subjects above 72 characters", sum(len(each) > 72 for each in subjects), f"of {len(subjects)}"


def circles(graph: Graph) -> list[list[str]]:
    """Groups of modules that import each other, directly or through others."""
    reached = {name: _reached(graph, name) for name in graph}
    groups = {frozenset(other for other in reached[name] if name in reached[other]) for name in graph}
    return sorted(sorted(group) for group in groups if group)


def python_imports(root: Path, package: str) -> Graph:
    """Imports between the package's modules, including those inside functions and those for types."""
    trees = {path.relative_to(root): ast.parse(text) for path, text in _texts(root / package).items()}
    names = {".".join(path.with_suffix("").parts) for path in trees}
    graph: dict[str, set[str]] = {}
    for path, tree in trees.items():
        imported = {name for node in ast.walk(tree) for name in _imported(node)}
        graph[".".join(path.with_suffix("").parts)] = imported & names
    return graph


def web_imports(root: Path) -> Graph:
    """Imports between the pages' own modules. Modules loaded by `import()` when needed do not count."""
    web = root / "web"
    paths = (path for path in web.rglob("*.js") if "node_modules" not in path.parts)
    texts = {str(path.relative_to(web)): path.read_text("utf-8") for path in paths}
    return {name: set(imports(name, text)) & texts.keys() for name, text in texts.items()}


FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
DOCUMENTED = ast.Module | ast.ClassDef | FUNCTION
LOOP = ast.For | ast.While


def _doc(node: ast.AST) -> str:
    return (isinstance(node, DOCUMENTED) and ast.get_docstring(node)) or ""


def _is_test(node: ast.AST) -> TypeGuard[ast.FunctionDef]:
    return isinstance(node, ast.FunctionDef) and node.name.startswith("test_")


def _subjects(root: Path) -> list[str]:
    """Subjects of the commits since the last tag, or of all without a tag, or none in a copy without a repository."""
    git = ["git", "-C", str(root)]
    tag = subprocess.run([*git, "describe", "--tags", "--abbrev=0"], capture_output=True, text=True, check=False)
    since = [f"{tag.stdout.strip()}..HEAD"] if tag.returncode == 0 else []
    found = subprocess.run([*git, "log", "--format=%s", *since], capture_output=True, text=True, check=False)
    return found.stdout.splitlines()


def _texts(folder: Path) -> dict[Path, str]:
    return {path: path.read_text("utf-8") for path in folder.rglob("*.py") if path.name != "__init__.py"}


def _reached(graph: Graph, name: str) -> set[str]:
    found: set[str] = set()
    waiting = [name]
    while waiting:
        new = graph[waiting.pop()] - found
        found |= new
        waiting += new
    return found


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _parameters(args: ast.arguments) -> int:
    return sum(each.arg not in {"self", "cls"} for each in (*args.posonlyargs, *args.args, *args.kwonlyargs))


def _retries(node: ast.AST) -> bool:
    """True for `for ... in range(TRIES)` with an `except Conflict` that belongs to no inner loop."""
    if not (isinstance(node, ast.For) and isinstance(node.iter, ast.Call) and len(node.iter.args) == 1):
        return False
    counted = isinstance(node.iter.func, ast.Name) and node.iter.func.id == "range"
    return counted and any(isinstance(each, ast.ExceptHandler) and _catches_conflict(each) for each in _inside(node))


def _catches_conflict(handler: ast.ExceptHandler) -> bool:
    return handler.type is not None and "Conflict" in ast.unparse(handler.type)


def _inside(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, LOOP):
            yield child
            yield from _inside(child)


def _is_bare(node: ast.AST) -> bool:
    """True for a comparison (==, !=, in) of an enumerated field with string literals.

    Examples: `permit.state == "issued"`, `row["kind"] in {"a", "b"}`.
    """
    if not isinstance(node, ast.Compare):
        return False
    sides = [node.left, *node.comparators]
    return any(_field(side) in ENUMERATED for side in sides) and any(_is_literal(side) for side in sides)


def _field(node: ast.AST) -> str:
    """The field's name in `state`, `permit.state`, `row["state"]` or `row.get("state")`, or "" for anything else."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
        case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value=str(name)), *_]):
            return name
    return ""


def _is_literal(node: ast.AST) -> bool:
    match node:
        case ast.Constant(value=str()):
            return True
        case ast.Set(elts=elements) | ast.Tuple(elts=elements) | ast.List(elts=elements):
            return bool(elements) and all(_is_literal(each) for each in elements)
    return False


def main(arguments: list[str]) -> None:
    for words, count, which in figures(Path(arguments[0]) if arguments else ROOT):
        print(f"{count:6}  {words}{f': {which}' if which else ''}")


if __name__ == "__main__":
    main(sys.argv[1:])
