"""The `legacy` commands: a table checked row by row, proposed by one person, read and confirmed by another."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cli_tables import paper_row, to_csv, to_xlsx
from office import ADMIN, APPROVER, PREPARER, SCIENTIST, MemoryOffice
from papers import opened
from typer.testing import CliRunner

from chalicelib.cli import output
from chalicelib.composition import container
from chalicelib.composition.main import app
from chalicelib.permits.services import store

PEOPLE = {"preparer": PREPARER, "approver": APPROVER, "admin": ADMIN, "scientist": SCIENTIST}
BAD = [
    paper_row(number="KG-9001", issued_on="2026-11-21"),
    paper_row(number="KG-9002", term="XYZ"),
    paper_row(number="KG-9003", quantity="=2"),
    paper_row(number="26KG000001/E"),
    paper_row(number="kg 117-2026", quantity="9"),
]


@pytest.fixture
def office() -> Iterator[MemoryOffice]:
    made = opened(MemoryOffice())
    made.people = dict(PEOPLE)
    container.replace_deps(made)
    yield made
    container.replace_deps(None)


def legacy(who: str, step: str, *args: object, code: int = 0, answer: str | None = None) -> Any:
    more = [] if answer is not None else ["--json"]
    result = CliRunner().invoke(app, ["legacy", step, *map(str, args), "--token", who, *more], input=answer)
    assert result.exit_code == code, (result.exit_code, result.output, result.exception)
    return json.loads(result.stdout) if result.stdout.startswith(("{", "[")) else result.output


def report(path: Path) -> set[tuple[str, str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {(each["row"], each["column"], each["rule"]) for each in csv.DictReader(file)}


def there(office: MemoryOffice, number: str) -> bool:
    return store.find_number(office.register, "KG", number) is not None


def test_template_is_accepted_and_its_example_row_is_skipped(office: MemoryOffice, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["legacy", "template"])
    (tmp_path / "t.csv").write_text(result.stdout)
    found = legacy("preparer", "import", tmp_path / "t.csv")
    assert (found["done"], found["batch"]) == (0, None)
    assert "ISO 3166-1" in CliRunner().invoke(app, ["legacy", "template", "--explain"]).stdout


def test_good_rows_count_when_confirmed_and_bad_rows_are_reported(office: MemoryOffice, tmp_path: Path) -> None:
    good = [paper_row(), paper_row(number="KG-2"), paper_row(number="KG-3", valid_until="2027-05-02")]
    second = {"number": "KG-2", "scientific_name": "Falco peregrinus", "source": "C", "term": "LIV", "quantity": "1"}
    file = to_xlsx(tmp_path / "register.xlsx", [*good, second, *BAD])
    found = legacy("preparer", "import", file, code=1)
    assert (found["done"], found["known"]) == (3, 0)
    assert report(tmp_path / "register.xlsx.report.csv") == {
        ("6", "issued_on", "too_late"), ("7", "term", "unknown"), ("8", "quantity", "formula"),
        ("9", "number", "tamga"), ("10", "number", "twice"),
    }  # fmt: skip
    batch = found["batch"]
    assert (batch["count"], batch["state"], batch["by"]) == (3, "proposed", PREPARER.id)
    assert not there(office, "KG-2")
    shown = legacy("approver", "show", batch["id"])
    assert [each["number"] for each in shown["sample"]] == ["KG-0117/2026", "KG-2", "KG-3"]
    assert len(shown["sample"][1]["record"]["lines"]) == 2
    # same goods, exporter and day
    assert [each["like"] for each in shown["sample"]] == [["KG-3"], [], ["KG-0117/2026"]]
    assert legacy("preparer", "batches")[0]["id"] == batch["id"]
    legacy("preparer", "confirm", batch["id"], "--digest", batch["digest"], code=1)
    legacy("approver", "confirm", batch["id"], "--digest", "0" * 64, code=2)
    legacy("approver", "confirm", batch["id"], answer="n\n", code=1)
    assert legacy("approver", "confirm", batch["id"], code=1)["digest"] == batch["digest"]  # shown, and nothing done
    assert not there(office, "KG-2")
    legacy("approver", "confirm", batch["id"], "--digest", batch["digest"], code=2)
    assert legacy("approver", "confirm", batch["id"], "--digest", batch["digest"], "--similar", 2)["done"] == 3
    assert there(office, "KG-2")


def test_same_file_again_changes_nothing_and_changed_row_is_refused(office: MemoryOffice, tmp_path: Path) -> None:
    file = to_csv(tmp_path / "a.csv", [paper_row(), paper_row(number="KG-2")])
    first = legacy("preparer", "import", file)["batch"]
    assert legacy("preparer", "import", file)["batch"] == first
    asked = legacy("approver", "confirm", first["id"], answer="n\n", code=1)
    for words in (
        "permit 2, KG-2, resembles KG-0117/2026",
        "2 rows resemble another paper. Is each one a different paper?",
        "Nothing was done",
    ):
        assert words in asked
    assert "2 permits confirmed" in legacy("approver", "confirm", first["id"], answer="y\ny\n")
    told = legacy("approver", "confirm", first["id"], answer="")  # no question is asked again
    assert f"Confirmed before, by {APPROVER.name} on 2026-11-25: 2 permits count, 0 refused" in told
    assert "2 imported before, 0 refused" in legacy("preparer", "import", file, answer="")
    again = legacy("preparer", "import", file)
    assert (again["done"], again["known"], again["batch"]) == (2, 2, None)
    to_csv(file, [paper_row(quantity="20"), paper_row(number="KG-2"), paper_row(number="KG-3")])
    changed = legacy("preparer", "import", file, code=1)
    assert [(r["row"], r["column"], r["value"], r["rule"]) for r in changed["refused"]] == [
        (2, "quantity", "20", "conflict")
    ]
    assert changed["batch"]["count"] == 1


def test_narrow_screen_shows_the_whole_batch_id(
    office: MemoryOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = legacy("preparer", "import", to_csv(tmp_path / f"{'register-of-paper' * 4}.csv", [paper_row()]))["batch"]
    monkeypatch.setattr(output.out, "_width", 80)
    assert batch["id"] in legacy("approver", "batches", answer="")


def test_all_faults_of_a_row_are_reported_together(office: MemoryOffice, tmp_path: Path) -> None:
    file = to_csv(tmp_path / "a.csv", [paper_row(quantity="1,5", term="XYZ", importer_country="UAE")])
    legacy("preparer", "import", file, code=1)
    assert report(tmp_path / "a.csv.report.csv") == {
        ("2", "quantity", "comma"), ("2", "term", "unknown"), ("2", "importer_country", "unknown"),
    }  # fmt: skip


def test_all_or_nothing_and_dry_run_propose_nothing(office: MemoryOffice, tmp_path: Path) -> None:
    file = to_csv(tmp_path / "a.csv", [paper_row(), *BAD[:1]])
    found = legacy("preparer", "import", file, "--all-or-nothing", code=1)
    assert (found["done"], found["batch"]) == (0, None)
    found = legacy("preparer", "import", file, "--dry-run", code=1)
    assert (found["done"], found["batch"]) == (1, None)
    told = legacy("preparer", "import", file, "--dry-run", answer="", code=1)
    assert "1 ready to propose (nothing written), 1 refused" in told
    assert legacy("preparer", "batches") == []
    assert legacy("admin", "import", to_csv(file, [paper_row()]), "--all-or-nothing")["batch"]["count"] == 1


def test_rejected_file_is_imported_again_by_other_person_only(office: MemoryOffice, tmp_path: Path) -> None:
    batch = legacy("preparer", "import", to_csv(tmp_path / "a.csv", [paper_row()]))["batch"]
    assert "rejected" in legacy("approver", "reject", batch["id"], "--reason", "a false stamp", answer="")
    legacy("approver", "confirm", batch["id"], "--digest", batch["digest"], code=1)
    legacy("preparer", "import", tmp_path / "a.csv", code=1)
    assert legacy("admin", "import", tmp_path / "a.csv")["batch"]["id"] != batch["id"]
    assert legacy("preparer", "show", batch["id"])["reason"] == "a false stamp"


def test_wrong_role_token_or_file_is_refused(office: MemoryOffice, tmp_path: Path) -> None:
    file = to_csv(tmp_path / "a.csv", [paper_row()])
    legacy("scientist", "import", file, code=1)
    legacy("approver", "import", file, code=1)
    legacy("nobody", "import", file, code=1)
    legacy("", "import", file, code=2)
    legacy("preparer", "import", tmp_path / "none.csv", code=2)
    legacy("scientist", "batches", code=1)
    legacy("approver", "confirm", "nothing", "--digest", "0" * 64, code=1)
