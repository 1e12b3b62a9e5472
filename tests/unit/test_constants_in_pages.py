"""Constants that the pages repeat from Python: names of operations, numbers, codes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chalicelib.applications.rules import range as range_rules
from chalicelib.applications.rules import species, warnings
from chalicelib.applications.services.draft import ATTACHMENTS_AT_MOST
from chalicelib.endorsement.services import withdraw
from chalicelib.exchange.model.exchanged_permit import unit_of
from chalicelib.exchange.model.operations import OPERATIONS as OF_PARTIES
from chalicelib.kernel import days
from chalicelib.kernel.codes import SEIZED
from chalicelib.kernel.files import FILE_CAP
from chalicelib.kernel.roles import FINDING_ROLES, OPERATIONS, ROLES
from chalicelib.mail import services as mail
from chalicelib.people import model as people
from chalicelib.record import permit
from chalicelib.species.model import name_search
from chalicelib.token import check_code, claims, cose, qr_text
from chalicelib.trust.model import status_list, trust_list
from chalicelib.uses import single_use
from chalicelib.verdict import border_rules, register_checks, token_checks
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


def test_desk_uses_known_operations_and_has_no_table_of_roles() -> None:
    asked = {name for text in DESK.values() for one, many in STEP.findall(text)
             for name in [one, *re.findall(r': "(\w+)"', many)] if name}  # fmt: skip
    assert len(asked) > 20
    assert sorted(asked - OPERATIONS.keys()) == []
    tables = re.compile(rf'\[(?:"(?:{"|".join(ROLES)})",? ?){{2,}}\]')
    assert {name: tables.findall(text) for name, text in DESK.items() if tables.search(text)} == {}


def test_desk_has_the_longest_period_of_a_deputy() -> None:
    assert f"const DAYS_AT_MOST = {people.DAYS_AT_MOST};" in DESK["deputies.js"]


@pytest.mark.parametrize(
    ("module", "sentence", "numbers"),
    [
        ("notices", MAILS, [mail.PER_DAY]),
        ("papers", PAPERS, [FILE_CAP // 1024**2, ATTACHMENTS_AT_MOST]),
    ],
)
def test_limits_in_texts_of_the_exporter_page_equal_python(module: str, sentence: str, numbers: list[int]) -> None:
    assert sentence in (WEB / f"exporter/{module}.js").read_text("utf-8")
    for language in ("ky", "ru"):
        for said in (sentence, translated("exporter", language)[sentence]):
            assert [int(number) for number in re.findall(r"\d+", said)] == numbers


def test_operations_and_units_of_the_exchange_equal_python() -> None:
    assert listed("exchange-words.js", "OPERATIONS") == list(OF_PARTIES)
    assert {unit_of(unit or None) for unit in listed("heard.js", "PIECES")} == {None}


def test_findings_of_the_scientific_authority_equal_python() -> None:
    assert sorted(listed("words.js", "SCIENTIFIC")) == sorted(
        kind for kind, role in FINDING_ROLES.items() if role == "scientist"
    )


# Names in web/core, in any of its modules, and the Python module with the same constant.
SAME = {
    "AIRCRAFT_KMH": border_rules, "ANYWHERE_WITHIN": border_rules, "BEFORE_LIST": status_list,
    "BEGINNINGS_AT_MOST": name_search, "BUNDLE_CAP": trust_list, "BUNDLE_LISTS": trust_list, "CALENDAR_ENDS": days,
    "DAY": days, "DISTANCE_SLACK_KM": border_rules, "DUPLICATE_WINDOW": single_use, "EARTH_KM": border_rules,
    "ENTRIES": status_list, "FRESH": token_checks, "HOUR": days, "KID_AT": cose, "LETTERS_AT_MOST": name_search,
    "LINES_AT_MOST": permit, "LINES_A_PAGE": permit, "LINKED_POST_WINDOW": border_rules, "LIST_CAP": trust_list,
    "LONG_JOURNEY": border_rules, "LOOKED_AT": name_search, "OWN_SCAN": register_checks, "PARTS_WINDOW": single_use,
    "PAYLOAD_CAP": claims, "SAME_POST_WINDOW": border_rules, "SIGNATURE_BYTES": cose, "SKEW": days,
    "STATUS_FRESH": register_checks, "TEXT_AT_MOST": qr_text, "TOKEN_CAP": token_checks, "TYPED_AT_MOST": check_code,
    "WITHDRAWN_SHOWN": border_rules, "WORDS_AT_MOST": name_search,
}  # fmt: skip
CORE = [path.read_text("utf-8") for path in sorted((WEB / "core").glob("*.js"))]


def numbers(name: str, texts: list[str]) -> set[int]:
    """The value of each `const NAME = ...;`: a number, a product, or seconds from DAY and HOUR."""
    found = [
        each for text in texts for each in re.findall(rf"^(?:export )?const {name} = ([^;]+);", text, re.MULTILINE)
    ]
    return {eval(each, {"__builtins__": {}}, {"DAY": days.DAY, "HOUR": days.HOUR}) for each in found}


@pytest.mark.parametrize("name", SAME)
def test_constant_of_web_core_equals_python(name: str) -> None:
    assert numbers(name, CORE) == {getattr(SAME[name], name)}


@pytest.mark.parametrize(
    ("module", "name", "value"),
    [
        ("queue.js", "KEPT_DAYS", days.EVENT_BACK_AT_MOST // days.DAY),
        ("take-back.js", "WINDOW", withdraw.UNDO_WINDOW),
    ],
)
def test_constant_of_the_scanner_equals_python(module: str, name: str, value: int) -> None:
    assert numbers(name, [(WEB / "scan" / module).read_text("utf-8")]) == {value}


def test_size_limit_of_pictures_equals_the_service() -> None:
    assert numbers("AT_MOST", [(WEB / "shared/picture.js").read_text("utf-8")]) == {FILE_CAP}


def test_kinds_whose_origin_is_filled_in_equal_python() -> None:
    text = (WEB / "shared/origin.js").read_text("utf-8")
    found = re.search(r"const FROM_HERE = \[(.*?)\];", text)
    assert found is not None
    assert set(re.findall(r'"(\w+)"', found[1])) == species.FROM_HERE
    assert f'.includes("{SEIZED}")' in text


def test_pages_have_text_for_every_warning_about_an_application() -> None:
    rules = [Path(module.__file__ or "").read_text("utf-8") for module in (range_rules, warnings)]
    made = {code for text in rules for code in re.findall(r'FieldWarning\(f?"[^"]*", "(\w+)"', text)}
    assert len(made) == 8
    said = (WEB / "shared/warnings.js").read_text("utf-8")
    assert {code for code in made if f"    {code}: t(" not in said} == set()
