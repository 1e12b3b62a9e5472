"""The `cases` commands: import of a table of cases, report of refused rows, and export."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from desk_of_keys import Desk

from chalicelib.composition import container
from chalicelib.kernel.roles import Actor

POLICE = "token-of-police"
TABLE = (
    "database_id,occurred_on,agency,reason,scientific_name,term,quantity,person_role,person_name,post\n"
    "WL-1,2025-08-11,customs,no_document,Falco cherrug,LIV,4,carrier,Ivan Testov,dostuk\n"
    "WL-2,2025-08-12,customs,because,Falco cherrug,LIV,4,,,dostuk\n"
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    made.office.people[POLICE] = replace(Actor("u-police", "Jyldyz", frozenset({"enforcement"})), posts=frozenset())
    yield made
    container.replace_deps(None)


def test_cases_take_reports_bad_row_and_save_hides_names_without_people(desk: Desk, tmp_path: Path) -> None:
    file, report, back = (tmp_path / name for name in ("wl.csv", "report.csv", "back.csv"))
    file.write_text(TABLE, encoding="utf-8")
    done = desk.run("cases", "take", file, "--report", report, as_=POLICE)
    assert (done.exit_code, "1 stored" in done.stdout) == (1, True)
    with report.open(encoding="utf-8-sig", newline="") as told:
        assert [(each["row"], each["ref"], each["column"]) for each in csv.DictReader(told)] == [
            ("3", "WL-2", "reason")
        ]
    assert desk.run("cases", "save", back, as_=POLICE).exit_code == 0
    assert "WL-1" in back.read_text("utf-8-sig")
    assert "Testov" not in back.read_text("utf-8-sig")
    assert desk.run("cases", "save", back, "--people", as_=POLICE).exit_code == 0
    assert "Testov" in back.read_text("utf-8-sig")
    assert desk.run("cases", "take", tmp_path / "none.csv", as_=POLICE).exit_code == 2
