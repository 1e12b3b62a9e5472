"""SECURITY.md and ASVS.md: their names exist, each attack has its parts, and ASVS.md has every section."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
SECTIONS = {1: 5, 2: 4, 3: 7, 4: 4, 5: 4, 6: 8, 7: 6, 8: 4, 9: 2, 10: 7, 11: 7, 12: 3, 13: 4, 14: 3, 15: 4, 16: 5}
LOOKED_AT = ("app.py", "chalicelib", "docs", "infra", "local", "pdf_templates", "tests", ".chalice", ".ci", "Makefile")
# written by a run, which may be missing here
WRITTEN = {"PROOF.md": "tests/soak.py", "BENCHMARKS.md": "tests/bench/run.py"}
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
    """Words in code type and link targets that look like a file, folder or test and do not exist."""
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
def test_names_in_document_exist(name: str) -> None:
    assert missing((DOCS / name).read_text("utf-8")) == []


def test_test_files_in_security_document_have_their_whole_path() -> None:
    named = re.findall(r"`([\w/]*\btest_\w+\.py)`", (DOCS / "SECURITY.md").read_text("utf-8"))
    assert named
    assert [name for name in named if not name.startswith("tests/")] == []


def test_missing_names_are_reported() -> None:
    text = "`tests/no.py` `nowhere/at/all/` `test_of_nothing` [x](NO.md) `log.py` `tests/infra/` `test_cell` `/1`"
    assert missing(text) == ["tests/no.py", "nowhere/at/all/", "test_of_nothing", "NO.md"]


@pytest.mark.parametrize(("name", "writer"), WRITTEN.items())
def test_generated_document_is_named_by_its_writer(name: str, writer: str) -> None:
    assert name in (ROOT / writer).read_text("utf-8")


def entries(text: str, heading: str) -> dict[str, dict[str, str]]:
    """Number of each heading that matches -> its parts ("Met", "Shown by", ...) with their text."""
    found: dict[str, dict[str, str]] = {}
    for chunk in re.split(r"^(?=#)", text, flags=re.MULTILINE):
        if title := re.match(heading, chunk):
            parts = re.findall(r"^\* \*\*([^*]+):\*\*\s(.*?)(?=^\*|\Z)", chunk, re.DOTALL | re.MULTILINE)
            found[title[1]] = {name: " ".join(words.split()) for name, words in parts}
    return found


def test_asvs_has_every_section_with_its_parts() -> None:
    sections = entries((DOCS / "ASVS.md").read_text("utf-8"), r"### (V\d+\.\d+) \S")
    assert list(sections) == [f"V{chapter}.{n}" for chapter, most in SECTIONS.items() for n in range(1, most + 1)]
    for section, parts in sections.items():
        assert set(parts) <= {"Met", "Shown by", "Not yet"}, section
        assert parts.get("Met") or parts.get("Not yet"), section
        assert parts.get("Shown by"), section  # a test, or the reason why there is none


def test_asvs_overview_names_the_sections_with_open_points() -> None:
    text = (DOCS / "ASVS.md").read_text("utf-8")
    rows = re.findall(r"^\| V(\d+) [^|]+\| (\d+) \| ([^|]+) \|$", text, re.MULTILINE)
    lacking = [each for each, parts in entries(text, r"### (V\d+\.\d+) \S").items() if "Not yet" in parts]
    assert {int(chapter): int(count) for chapter, count, _ in rows} == SECTIONS
    assert [each for *_, named in rows for each in re.findall(r"V\d+\.\d+", named)] == lacking


def test_each_attack_has_defence_and_tests() -> None:
    text = (DOCS / "SECURITY.md").read_text("utf-8")
    attackers = entries(text, r"### (A\d+)\. \S")
    rows = re.findall(r"^\| (A\d+) \|", text, re.MULTILINE)
    assert list(attackers) == rows == [f"A{n}" for n in range(1, len(rows) + 1)]
    for attacker, parts in attackers.items():
        assert set(parts) >= {"Wants", "Can"}, attacker
    attacks = entries(text, r"#### (A\d+\.\d+) \S")
    assert len(attacks) == len(re.findall(r"^#### A\d", text, re.MULTILINE))
    for attack, parts in attacks.items():
        assert attack.partition(".")[0] in rows, attack
        assert {"Attack", "Tests"} <= set(parts), attack
        assert any(name.startswith("Defence") for name in parts), attack
        assert TEST.search(parts["Tests"]) or FOLDER.search(parts["Tests"]) or ".test." in parts["Tests"], attack
