"""Altered files by class: none is accepted, and pictures and honest copies accuse nobody.

`make test` runs one case of each class, `make soak` all.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import proof
import pytest
from altered.alterations import CLASSES
from altered.specimens import desk, two
from kinds import APPLICATIONS

from chalicelib.verdict import file_checks

GREEN = {"accept", "accept_offline"}


def content_type(data: bytes) -> str:
    return {b"%P": "application/pdf", b"\x89P": "image/png", b"\xff\xd8": "image/jpeg"}[data[:2]]


KINDS = list(APPLICATIONS)


@pytest.mark.parametrize("kind", KINDS[:: proof.size(6, 1)])
def test_honest_print_is_accepted(kind: str) -> None:
    dossier = desk().issue(APPLICATIONS[kind])
    found = desk().judged(desk().printed(dossier))
    assert (found.outcome, found.codes) == ("accept", ())


def test_honest_print_of_several_pages_is_accepted() -> None:
    found = desk().judged(desk().printed(desk().long))
    assert (found.outcome, found.codes) == ("accept", ())
    assert len(found.pages) > 1


def documented() -> dict[str, list[int]]:
    """Class -> number of files, hold, check, cannot_tell in docs/SECURITY.md, in the order of CLASSES."""
    text = (Path(__file__).parents[2] / "docs" / "SECURITY.md").read_text().partition("## Altered PDFs")[2]
    rows = [line.split("|")[2:6] for line in text.partition("\n## ")[0].splitlines() if line.startswith("| ")][1:]
    counts = [[int(cell.strip() or 0) for cell in row] for row in rows]
    return dict(zip(CLASSES, counts, strict=True))


@pytest.mark.parametrize("name", CLASSES)
def test_altered_file_is_never_accepted(name: str) -> None:
    cases, may, must = CLASSES[name]
    said: Counter[str] = Counter()
    wrong = []
    chosen = list(cases) if proof.FULL else proof.rng(f"altered {name}").sample(list(cases), 1)
    for case in chosen:
        data = cases[case]()
        found = desk().judged(data, content_type(data))
        said[found.outcome] += 1
        codes = set(found.codes)
        if found.outcome in GREEN or not codes <= may or not must <= codes or not codes:
            wrong.append((case, found.outcome, found.codes))
    assert wrong == []
    if proof.FULL:
        assert documented()[name][1:] == [said[outcome] for outcome in ("hold", "check", "cannot_tell")]
    proof.found("altered files", **{f"{name}: {outcome}": count for outcome, count in sorted(said.items())})


def test_altered_files_are_as_many_as_documented() -> None:
    count = sum(len(cases) for cases, *_ in CLASSES.values())
    assert (len(CLASSES) >= 12, count >= 40) == (True, True)
    programs = "saved by another program"  # their number depends on the programs of this machine
    told = {name: row[0] for name, row in documented().items() if name != programs}
    assert told == {name: len(cases) for name, (cases, *_) in CLASSES.items() if name != programs}
    proof.found("altered files", classes=len(CLASSES), files=count, accepted=0)


def test_altered_files_are_accepted_without_seal_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test can fail, because without the seal checks it would."""
    monkeypatch.setattr(file_checks, "check_seal", lambda *_: None)
    cases, *_ = CLASSES["sealed by another"]
    assert any(desk().judged(make()).outcome in GREEN for make in cases.values())
    assert desk().judged(two()).outcome == "accept"
