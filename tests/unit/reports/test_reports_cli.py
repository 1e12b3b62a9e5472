"""The `reports` commands: files, exit code of a draft, and reconciliation."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from border import endorse, lines
from desk_of_keys import A, Desk
from life import issued

from chalicelib.composition import container


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    yield Desk(tmp_path)
    container.replace_deps(None)


def test_annual_report_is_written_to_file_and_draft_returns_exit_code_1(desk: Desk, tmp_path: Path) -> None:
    permit = issued(desk.office)
    endorse(desk.office, permit, lines=lines("1"))
    file = tmp_path / "export.csv"
    ask = ("reports", "annual-trade", "2026", "--to", str(file))
    done = desk.run(*ask, "--json", as_=A)
    assert done.exit_code == 1
    told = json.loads(done.stdout)
    assert (told["rows"], told["draft"], told["findings"]) == (1, ["year_not_over"], [])
    with file.open(newline="") as held:
        (row,) = csv.DictReader(held)
    assert (row["ExportPermit"], row["Quantity"]) == (permit.number, "1")
    desk.office.now += 60 * 86400
    assert desk.ask(*ask, as_=A)["draft"] == []
    assert desk.ask("reports", "annual-trade", "2026", "--kind", "import", as_=A)["rows"] == 0
    assert desk.ask("reports", "annual-trade", "2026", "--basis", "issued", as_=A)["rows"] == 1


def test_illegal_trade_report_is_a_workbook(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "illegal.xlsx"
    assert desk.ask("reports", "illegal-trade", "2026", "--to", str(file), as_=A)["rows"] == 0
    assert openpyxl.load_workbook(file).sheetnames == ["Illegal trade"]


def test_reconciliation_lists_endorsed_and_open_permits(desk: Desk) -> None:
    left, kept = issued(desk.office), issued(desk.office)
    endorse(desk.office, left)
    told = desk.ask("reports", "reconciliation", "2026", as_=A)
    assert {each["number"]: each["outcome"] for each in told} == {left.number: "endorsed", kept.number: "open"}
