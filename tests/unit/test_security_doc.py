"""Whether SECURITY.md and ASVS.md name only what is there, and ASVS.md answers every section."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
SECTIONS = {1: 5, 2: 4, 3: 7, 4: 4, 5: 4, 6: 8, 7: 6, 8: 4, 9: 2, 10: 7, 11: 7, 12: 3, 13: 4, 14: 3, 15: 4, 16: 5}
LOOKED_AT = ("app.py", "chalicelib", "docs", "infra", "local", "pdf_templates", "tests", ".chalice", ".ci", "Makefile")
WRITTEN = {"PROOF.md": "tests/soak.py", "BENCHMARKS.md": "tests/bench/run.py"}  # by a run, where it is not there yet
# published, made by `make package`, or served with the pages
ELSEWHERE = {"trust-list.json", "sbom.cdx.json", "deployment.zip", "sam.json", "stage.json"}
FILE = re.compile(r"[\w./-]+\.(?:py|yaml|json|toml|csv|lock|txt|md|po|html|cfg)")
FOLDER = re.compile(r"(?:[\w-]+/)+")
TEST = re.compile(r"test_\w+")


@cache
def tree() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Files and folders, each with every tail of its path, and the names of all tests."""
    files, folders, tests = set[str](), set[str](), set[str]()
    tops = [ROOT / name for name in LOOKED_AT]
    found = [path for top in tops for path in (top, *top.rglob("*")) if "__pycache__" not in path.parts]
    for path in (*found, *ROOT.glob("*.*")):
        parts = path.relative_to(ROOT).parts
        tails = {"/".join(parts[n:]) for n in range(len(parts))}
        (folders if path.is_dir() else files).update(tails)
        if path.name.startswith("test_") and path.suffix == ".py":
            tests.update(re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.MULTILINE))
    return frozenset(files), frozenset(folders), frozenset(tests)


def missing(text: str) -> list[str]:
    """What stands in code type or behind a link, looks like a file, folder or test, and is none."""
    files, folders, tests = tree()
    faults = []
    for word in re.findall(r"`([^`\n]+)`", text):
        if word in ELSEWHERE or word.startswith((".local", "/")):
            continue
        if FILE.fullmatch(word):
            faults += [] if word in files else [word]
        elif FOLDER.fullmatch(word):
            faults += [] if word.rstrip("/") in folders else [word]
        elif TEST.fullmatch(word):
            faults += [] if word in tests else [word]
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
        if target not in WRITTEN and "://" not in target and not (DOCS / target).exists():
            faults.append(target)
    return faults


@pytest.mark.parametrize("name", ["SECURITY.md", "ASVS.md"])
def test_what_is_named_is_there(name: str) -> None:
    assert missing((DOCS / name).read_text("utf-8")) == []


def test_what_is_not_there_is_noticed() -> None:
    text = "`tests/no.py` `nowhere/at/all/` `test_of_nothing` [x](NO.md) `log.py` `tests/infra/` `test_cell` `/1`"
    assert missing(text) == ["tests/no.py", "nowhere/at/all/", "test_of_nothing", "NO.md"]


@pytest.mark.parametrize(("name", "writer"), WRITTEN.items())
def test_what_a_run_writes_is_written_by_it(name: str, writer: str) -> None:
    assert name in (ROOT / writer).read_text("utf-8")


def test_every_section_has_its_line() -> None:
    lines = re.findall(
        r"^\| (V\d+\.\d+) [^|]+\|([^|]*)\|([^|]*)\|([^|]*)\|$", (DOCS / "ASVS.md").read_text(), re.MULTILINE
    )
    assert [section for section, *_ in lines] == [
        f"V{chapter}.{n}" for chapter, most in SECTIONS.items() for n in range(1, most + 1)
    ]
    for section, met, shown, lacking in lines:
        assert met.strip() or lacking.strip(), section
        assert shown.strip(), section  # a test, or why there is none
