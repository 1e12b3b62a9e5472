"""The `quotas` commands: set, confirm, import with a report by row and column, list, recount."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from border import endorse, lines
from cli_tables import to_csv, to_xlsx
from desk_of_keys import A, B, Desk
from quota_play import QUOTA, held, issued_wild

from chalicelib.composition import container
from chalicelib.kernel.rows import Put
from chalicelib.quotas.services.count import quota_key

P = "token-of-p"
ROW = {"year": "2026", "scientific_name": "Falco cherrug", "terms": "LIV", "sources": "W", "quantity": "5",
       "source": "Order 12", "as_of": "2026-01-15"}  # fmt: skip
SET = ("quotas", "set", "falco cherrug", "--terms", "liv", "--sources", "W", "--source", "Order 12", "--as-of",
       "2026-01-15", "--quantity")  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    yield Desk(tmp_path)
    container.replace_deps(None)


def report(path: Path) -> set[tuple[str, str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {(each["row"], each["column"], each["rule"]) for each in csv.DictReader(file)}


def test_quota_is_set_and_listed_with_taken_quantities(desk: Desk) -> None:
    assert desk.ask(*SET, "5", as_=A)["changed"]
    assert not desk.ask(*SET, "5", as_=A)["changed"]
    endorse(desk.office, issued_wild(desk.office), lines=lines("1"))
    (row,) = desk.ask("quotas", "list", as_=P)
    assert (row["id"], row["granted"], row["used"], row["lapsed"], row["left"]) == (QUOTA.id, "1", "1", "1", "4")
    assert "2026 Falco cherrug" in desk.run("quotas", "list", as_=P).stdout
    assert "No quota of 2025" in desk.run("quotas", "list", "--year", 2025, as_=P).stdout
    refused = desk.run(*SET, "0", "--reason", "drought", as_=A)
    assert (refused.exit_code, "1 are already granted" in refused.stderr) == (2, True)
    assert desk.run(*SET, "0", "--reason", "drought", "--below-taken", as_=A).exit_code == 0
    assert held(desk.office).left == -1
    assert desk.run(*SET, "9", as_=P).exit_code == 1  # not an administrator


def test_raised_quota_waits_for_the_other_admin(desk: Desk, tmp_path: Path) -> None:
    desk.ask(*SET, "0", as_=A)
    waits = desk.ask(*SET, "9", "--reason", "count", as_=A)
    assert (waits["quantity"], waits["changed"], waits["proposal"]["quantity"]) == ("0", False, "9")
    assert held(desk.office).quota.quantity == "0"
    words = desk.run("quotas", "list", as_=P).stdout
    assert "tamga quotas confirm 2026-falco-cherrug-liv-w --version 1" in words.replace("\n", " ")
    second = ("quotas", "confirm", QUOTA.id, "--version", 1)
    assert desk.run(*second, as_=A).exit_code == 1
    assert desk.ask(*second, as_=B)["quantity"] == "9"
    table = to_csv(tmp_path / "q.csv", [{**ROW, "quantity": "12"}])
    assert desk.ask("quotas", "import", table, "--reason", "count", as_=A)["proposed"] == 1
    assert held(desk.office).quota.quantity == "9"


def test_import_reports_every_bad_cell_and_sets_good_rows(desk: Desk, tmp_path: Path) -> None:
    rows = [
        ROW,
        {**ROW, "scientific_name": "Draco magnus", "quantity": "many"},
        {**ROW, "terms": "LIV;XXX"},
        {**ROW, "scientific_name": "Ovis ammon", "terms": "TRO", "sources": "", "unit": "KGM", "quantity": "1.5"},
        {**ROW, "quantity": "=5"},
        {**ROW, "year": "soon"},
        {**ROW, "as_of": ""},
        {**ROW, "quantity": "7"},
    ]
    table = to_csv(tmp_path / "q.csv", rows)
    assert desk.run("quotas", "import", table, "--dry-run", as_=A).exit_code == 1
    assert desk.run("quotas", "import", table, "--all-or-nothing", as_=A).exit_code == 1
    assert desk.ask("quotas", "list", as_=P) == []
    done = desk.run("quotas", "import", table, as_=A)
    assert (done.exit_code, "2 set, 0 unchanged, 6 refused" in done.stdout) == (1, True), done.output
    assert report(tmp_path / "q.csv.report.csv") == {
        ("3", "scientific_name", "unknown"), ("3", "quantity", "quantity"), ("4", "terms", "unknown"),
        ("6", "quantity", "formula"), ("7", "year", "year"), ("8", "as_of", "required"),
        ("9", "scientific_name", "twice"),
    }  # fmt: skip
    assert {row["id"] for row in desk.ask("quotas", "list", as_=P)} == {QUOTA.id, "2026-ovis-ammon-tro-any"}
    again = to_xlsx(tmp_path / "q.xlsx", [ROW])
    assert desk.ask("quotas", "import", again, as_=A)["set"] == 0


def test_import_of_wrong_encoding_or_missing_column_is_refused(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_bytes("year,источник\n".encode("cp1251"))
    assert "not UTF-8" in desk.run("quotas", "import", tmp_path / "bad.csv", as_=A).stderr
    short = to_csv(tmp_path / "s.csv", [{"year": "2026"}])
    assert "missing column: scientific_name" in desk.run("quotas", "import", short, as_=A).stderr


def test_recount_reports_difference_between_account_and_permits(desk: Desk) -> None:
    desk.ask(*SET, "5", as_=A)
    issued_wild(desk.office)
    assert "all agree" in desk.run("quotas", "recount").stdout
    row = desk.office.register.get(quota_key(QUOTA.id))
    assert row is not None
    desk.office.register.commit(Put(row.key, {**row.data, "outstanding": "1"}, expected_version=row.version))
    told = desk.run("quotas", "recount")
    assert told.exit_code == 1
    assert "the stored count is 0 used, 1 outstanding, 0 lapsed" in told.stdout
    assert "the permits add up to 0 used, 2 outstanding, 0 lapsed" in told.stdout
    found = desk.run("doctor", "--json")
    assert "its count differs from the sum of the permits" in found.stdout
    assert replace(QUOTA, year=2025).id.startswith("2025-")
