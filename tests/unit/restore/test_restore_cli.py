"""The `tamga restore` commands: two administrators take a register from locked to open."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from border import endorse, held
from life import approved, issue
from office import ADMIN, ADMIN2, APPROVER, NOW
from papers import imported, opened
from restoring import MemoryRestorable
from typer.testing import CliRunner

from chalicelib.composition import container
from chalicelib.composition.main import app
from chalicelib.kernel.rows import Put
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import store


@pytest.fixture
def office() -> Iterator[MemoryRestorable]:
    made = MemoryRestorable(now=NOW)
    made.people = {"one": ADMIN, "two": ADMIN2, "approver": APPROVER}
    container.replace_deps(made)
    yield made
    container.replace_deps(None)


@pytest.fixture
def used(office: MemoryRestorable) -> Dossier:
    """A permit that was used after the time to which the table is then restored."""
    permit = issue(office, approved(office))
    office.minute()
    rows = office.backup()
    office.later(60)
    endorse(office, permit)
    issue(office, approved(office))
    office.minute()
    office.restore(rows)
    return permit


def run(*words: str, token: str = "one", typed: str = "") -> tuple[int, str]:
    ended = CliRunner().invoke(app, ["restore", *words], typed, env={"TAMGA_TOKEN": token, "COLUMNS": "200"})
    return ended.exit_code, ended.output


def test_restore_commands_on_open_register_change_nothing(office: MemoryRestorable) -> None:
    assert run("check") == (0, "The register is open.\n")
    told = json.loads(run("check", "--json")[1])
    assert (told["shut"], told["missing"], told["serials"]) == (None, [], {})
    for step in (("numbers",), ("status",), ("events", "--since", "2026-11-25T00:00:00Z"), ("open",)):
        code, said = run(*step)
        assert (code, "there is no restore to complete" in said) == (1, True), said


def test_restore_with_unreadable_row_names_it_and_writes_nothing(office: MemoryRestorable) -> None:
    permit = issue(office, approved(office))
    office.minute()
    row = office.register.get(store.dossier_key(permit.id))
    assert row is not None
    data, index = {**row.data, "state": "frozen"}, {"shelf": store.SHELF}
    office.register.commit(Put(row.key, data, expected_version=row.version, index=index))
    office.restore(office.backup())
    name = f"PERMIT#{permit.id}/DOSSIER"
    assert f"row {name}: this release cannot read it" in json.loads(run("check", "--json")[1])["missing"]
    for step in ("numbers", "status"):
        code, said = run(step)
        assert (code, name in said, "frozen" in said) == (3, True, False), said


def test_locked_register_opens_after_second_administrator_confirms(office: MemoryRestorable, used: Dossier) -> None:
    code, said = run("check")
    assert code == 1
    assert "The table is not the one" in said
    assert f"{used.number}" in said
    code, said = run("check", "--json")
    assert json.loads(said)["status_behind"][0]["listed"] == 3
    assert run("open")[0] == 1
    assert run("numbers", token="approver")[0] == 1
    code, said = run("numbers")
    # two serials were given out; 1,000 are skipped
    assert (code, said.splitlines()[0]) == (0, "counters: 26: 1 -> 1002")
    assert run("status", "--json")[0] == 0
    assert held(office, used).use == "exported"
    assert run("events", "--since", "yesterday")[0] == 2
    assert run("events", "--since", "2036-01-01T00:00:00Z")[0] == 2
    assert run("events", "--since", "2026-11-25T00:00:00Z")[0] == 0
    assert run("check")[0] == 0
    assert run("open")[0] == 0
    assert run("open")[0] == 0  # a second proposal by the same person
    assert office.restore_lock.shut(at_once=True)
    code, said = run("open", token="two", typed="n\n")
    assert (code, "Nothing was done." in said) == (1, True)
    for words in (
        "proposed by Admin One",
        "events since 2026-11-25T00:00:00Z",
        "2026: the next number follows serial 1002",
    ):
        assert words in said
    assert office.restore_lock.shut(at_once=True)
    code, said = run("open", token="two", typed="y\n")
    assert (code, "proposed_by: Admin One" in said) == (0, True)
    assert office.restore_lock.shut(at_once=True) is None
    assert issue(office, approved(office)).number == "26KG001003/E"


def test_open_with_digest_skips_prompt_and_other_administrator_may_propose(
    office: MemoryRestorable, used: Dossier
) -> None:
    for step in (("numbers",), ("status",), ("events", "--since", "2026-11-25T00:00:00Z")):
        assert run(*step)[0] == 0
    proposed = json.loads(run("open", "--json")[1])
    assert (proposed["proposed_by"], proposed["lost"], proposed["left"]) == ("Admin One", [], [])
    code, said = run("open", "--json", token="two")
    assert (code, json.loads(said)) == (1, proposed)  # the proposal is shown, the register stays locked
    assert run("open", "--digest", "0" * 64, token="two")[0] == 2
    assert office.restore_lock.shut(at_once=True)
    taken_over = json.loads(run("open", "--propose", "--json", token="two")[1])
    assert taken_over["proposed_by"] == "Admin Two"
    code, said = run("open", "--digest", taken_over["digest"], "--json")
    assert (code, json.loads(said)["proposed_by"]) == (0, ["Admin Two"])
    assert office.restore_lock.shut(at_once=True) is None


def test_open_with_data_in_no_list_requires_books_from_both(office: MemoryRestorable) -> None:
    """Paper permits and foreign permits are in no list, so both administrators confirm that they have the books."""
    opened(office)
    office.gated(office.register.inner)
    imported(office)
    office.minute()
    office.restore(office.backup())
    for step in (("numbers",), ("status",), ("events", "--since", "2026-11-25T00:00:00Z")):
        assert run(*step)[0] == 0
    code, said = run("check")
    assert (code, "not in any status list: 1 paper from before Tamga, 0 permits of other Parties;" in said) == (0, True)
    for books in ((), ("--books",)):
        code, said = run("open", *books)
        assert (code, "open --books" in said) == (0 if books else 1, bool(books)), said
    code, said = run("open", token="two", typed="y\n")
    assert (code, "Collect the books" in said) == (1, True)
    assert run("open", "--books", token="two", typed="y\n")[0] == 0
    assert office.restore_lock.shut(at_once=True) is None
