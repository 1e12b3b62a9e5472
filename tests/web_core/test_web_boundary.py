"""web/core stands alone: pure modules that reach for nothing outside of them, each with its file in chalicelib."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from web_core.asking import HERE

from local import web_tables

ROOT = HERE.parents[1]
WEB = ROOT / "web" / "core"
PYTHON = {path.stem for path in (ROOT / "chalicelib").rglob("*") if path.suffix == ".py" or path.is_dir()}
APART = {"used_lines": "single_use"}  # a file of its own: the public check does not load it
GENERATED = "generated"  # the tables, by local/web_tables.py
FILES = sorted(WEB.glob("**/*.js"))
BUILT_IN = {"bytes", "zoneinfo"}  # what Python brings along and a browser does not
# Every way to name a module: `from "..."`, `import "..."` and, for what few verdicts need, `import("...")`.
IMPORT = re.compile(r"""(?<!["'`\w])(?:from|import)\s*\(?\s*["'`]([^"'`]*)["'`]""")
COMMENT = re.compile(r"/\*.*?\*/|(?<![:\\])//[^\n]*", re.DOTALL)
# What would make a verdict hang on the hour, the place, the browser's build or the page around it; or a page on it.
IMPURE = re.compile(
    r"\b(?:window|document\s*\.\s*(?:body|cookie|create|query|get)|self|globalThis|navigator|location|localStorage|"
    r"sessionStorage|indexedDB|caches|fetch|XMLHttpRequest|WebSocket|importScripts|eval|Function|Intl|process|require|"
    r"console|setTimeout|setInterval|performance|getRandomValues|randomUUID|toLocale\w*|localeCompare|structuredClone)\b"
    r"|\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bimport\s*\((?![\"'])|\bimport\.meta\b|__proto__"
)


def code(path: Path) -> str:
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


def test_there_are_only_modules() -> None:
    assert FILES
    assert {path.name for path in WEB.iterdir()} - {GENERATED} == {path.name for path in FILES if path.parent == WEB}
    assert {path.name for path in FILES if path.parent != WEB} == set(web_tables.FILES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_module_answers_what_the_file_of_its_name_answers(path: Path) -> None:
    assert path.parent.name == GENERATED or path.stem in BUILT_IN or APART.get(path.stem, path.stem) in PYTHON


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_module_imports_its_neighbours_only(path: Path) -> None:
    for name in IMPORT.findall(code(path)):
        assert re.fullmatch(rf"\./(?:{GENERATED}/)?[a-z_]+\.js", name), name
        assert (WEB / name).exists()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_module_reaches_for_nothing_else(path: Path) -> None:
    assert IMPURE.findall(code(path)) == []


CROSSED = (
    "await fetch(uri)", "Date.now()", "new Date()", "new Intl.DateTimeFormat()", "window.x", "eval(text)",
    "import(name)", "Math.random()", "localStorage.x", "document.cookie", "console.log(1)", "x.__proto__",
    "import.meta.url",
)  # fmt: skip


def test_the_boundary_can_be_crossed() -> None:
    assert [bad for bad in CROSSED if not IMPURE.search(bad)] == []
    assert not IMPURE.search('new Date(1); document.codes; crypto.subtle; await import("./snapshot_checks.js")')
    named = """import x from "lit-html"; import "../x.js"; export * from './y.js'; import(`https://x/y.js`)"""
    assert IMPORT.findall(named) == ["lit-html", "../x.js", "./y.js", "https://x/y.js"]


def test_no_circle() -> None:
    """Each module can be read on its own, from the bottom up."""
    names = {path: str(path.relative_to(WEB)) for path in FILES}
    needs = {name: {other[2:] for other in IMPORT.findall(code(path))} for path, name in names.items()}
    while needs:
        ready = {name for name, others in needs.items() if not others & needs.keys()}
        assert ready, sorted(needs)
        needs = {name: others for name, others in needs.items() if name not in ready}
