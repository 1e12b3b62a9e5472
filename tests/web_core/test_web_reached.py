"""A page or service worker loads every module of web/, and every export is used: no dead code is served."""

from __future__ import annotations

import re
from functools import cache

from web_core.test_web_boundary import COMMENT, IMPORT

from local.door import WEB, doors

EXPORT = re.compile(r"^export (?:async )?(?:const|let|function\*?|class) (\w+)", re.MULTILINE)
SCRIPT = re.compile(r'<script[^>]* src="\{\{root\}\}/([^"]+\.js)"')


@cache
def code(name: str) -> str:
    return COMMENT.sub("", (WEB / name).read_text("utf-8"))


def modules() -> set[str]:
    found = (path.relative_to(WEB) for path in WEB.rglob("*.js"))
    return {str(path) for path in found if path.parts[0] != "node_modules"}


def entries() -> set[str]:
    """Return the scripts that a browser loads first: start modules, service workers, scripts named by pages."""
    found = {name for door in doors() for name in (door.start, *door.fixed.values())}
    for door in doors():
        for page in door.pages.values():
            found.update(SCRIPT.findall((WEB / page).read_text("utf-8")))
    return {name for name in found if name.endswith(".js")}


@cache
def imported(name: str) -> set[str]:
    """Return the modules imported statically or by import(), without third-party files and types in comments."""
    named = (each for each in IMPORT.findall(code(name)) if each.startswith("."))
    paths = ((WEB / name).parent.joinpath(each).resolve() for each in named)
    return {str(path.relative_to(WEB)) for path in paths} & modules()


def test_every_module_is_loaded_by_some_page() -> None:
    waiting, reached = entries(), set[str]()
    while waiting:
        reached |= waiting
        waiting = {other for name in waiting for other in imported(name)} - reached
    assert sorted(modules() - reached) == []


def test_every_export_is_used() -> None:
    def is_used(module: str, name: str) -> bool:
        word = re.compile(rf"\b{name}\b")
        users = (other for other in modules() if module in imported(other))
        return len(word.findall(code(module))) > 1 or any(word.search(code(user)) for user in users)

    unused = [(each, name) for each in sorted(modules()) for name in EXPORT.findall(code(each))
              if not is_used(each, name)]  # fmt: skip
    assert unused == []


def test_types_in_comments_are_no_imports() -> None:
    said = """/** @type {import("./a.js").A} */ import("./b.js"); // import "./c.js" """
    assert IMPORT.findall(COMMENT.sub("", said)) == ["./b.js"]
