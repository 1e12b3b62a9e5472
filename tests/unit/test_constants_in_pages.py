"""What is written in the pages a second time, as Python has it: names of operations, numbers, codes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chalicelib.applications.services.draft import ATTACHMENTS_AT_MOST
from chalicelib.exchange.model.exchanged_permit import unit_of
from chalicelib.exchange.services.parties import OPERATIONS as OF_PARTIES
from chalicelib.http.blueprint import FILE_CAP
from chalicelib.kernel.roles import FINDING_ROLES, OPERATIONS, ROLES
from chalicelib.mail import services as mail
from chalicelib.people import model as people
from local.web_catalogues import translated

WEB = Path(__file__).resolve().parents[2] / "web"
DESK = {path.name: path.read_text("utf-8") for path in (WEB / "desk").glob("*.js")}
STEP = re.compile(r'\b(?:may\([\w.]+, |can\()"(\w+)"|^export const SCREENS = \{(.*)\}', re.MULTILINE)
MAILS = "After 50 e-mails on one day the next says that the rest is here."
PAPERS = "Too large, or too many papers: at most 4 MB each and 50 papers."


def listed(module: str, name: str) -> list[str]:
    found = re.search(rf"const {name} = \[(.*?)\];", DESK[module])
    assert found is not None
    return re.findall(r'"(.*?)"', found[1])


def test_the_desk_asks_for_operations_that_there_are_and_holds_no_table_of_roles() -> None:
    asked = {name for text in DESK.values() for one, many in STEP.findall(text)
             for name in [one, *re.findall(r': "(\w+)"', many)] if name}  # fmt: skip
    assert len(asked) > 20
    assert sorted(asked - OPERATIONS.keys()) == []
    tables = re.compile(rf'\[(?:"(?:{"|".join(ROLES)})",? ?){{2,}}\]')
    assert {name: tables.findall(text) for name, text in DESK.items() if tables.search(text)} == {}


def test_a_deputy_stands_in_for_as_many_days_as_the_service_lets_one() -> None:
    assert f"const DAYS_AT_MOST = {people.DAYS_AT_MOST};" in DESK["deputies.js"]


@pytest.mark.parametrize(
    ("module", "sentence", "numbers"),
    [
        ("notices", MAILS, [mail.A_DAY]),
        ("papers", PAPERS, [FILE_CAP // 1024**2, ATTACHMENTS_AT_MOST]),
    ],
)
def test_what_an_applicant_is_told_of_a_bound_is_the_bound(module: str, sentence: str, numbers: list[int]) -> None:
    assert sentence in (WEB / f"exporter/{module}.js").read_text("utf-8")
    for language in ("ky", "ru"):
        for said in (sentence, translated("exporter", language)[sentence]):
            assert [int(number) for number in re.findall(r"\d+", said)] == numbers


def test_the_exchanges_operations_and_units_are_pythons() -> None:
    assert listed("exchange-words.js", "OPERATIONS") == list(OF_PARTIES)
    assert {unit_of(unit or None) for unit in listed("heard.js", "PIECES")} == {None}


def test_who_makes_a_finding_is_pythons() -> None:
    assert sorted(listed("words.js", "SCIENTIFIC")) == sorted(
        kind for kind, role in FINDING_ROLES.items() if role == "scientist"
    )
