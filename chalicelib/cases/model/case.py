"""Case: a seizure, a detention or a suspicion, with its goods, people, custody and follow-ups.

One record serves the case file, the illegal trade report, and WCO's CEN (docs/OPERATIONS.md, "The fields of WCO's
CEN"). Custody and follow-ups are only added to. People are stored beside the record, and readers without the right to
see them get none.

The vocabularies are those of the CITES annual illegal trade report and of WCO's CEN, in words. The letter codes of the
report's template and of CEN's form were not available. Each word stands for one of their answers and can be mapped
later. The words are stable, because they are stored and exchanged.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Literal, get_args

from chalicelib.kernel.codes import TERMS, UNITS
from chalicelib.kernel.countries import COUNTRIES, ORIGINS
from chalicelib.kernel.days import day
from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.kernel.quantity import QUANTITY
from chalicelib.kernel.rows import RowData
from chalicelib.species.model.listing import Listing
from chalicelib.species.model.name_resolution import accepted_name
from chalicelib.verification.model.foreign_permit import text_faults


class CaseKind(StrEnum):
    SEIZURE = "seizure"
    DETENTION = "detention"  # held until it is clear
    SUSPICION = "suspicion"  # only noted: the goods are gone


KINDS = tuple(CaseKind)


class CaseState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


type CaseDirection = Literal["import", "export", "transit", "return", "inland"]

DIRECTIONS: tuple[CaseDirection, ...] = get_args(CaseDirection.__value__)

type CaseAgency = Literal["customs", "border", "inspector", "police", "ministry", "other"]

AGENCIES: tuple[CaseAgency, ...] = get_args(CaseAgency.__value__)

type CaseReason = Literal[
    "no_document",
    "forged_document",
    "altered_document",
    "used_document",
    "expired_document",
    "false_declaration",
    "undeclared",
    "more_than_permitted",
    "other_species",
    "false_source",
    "domestic_law",
    "other",
]

REASONS: tuple[CaseReason, ...] = get_args(CaseReason.__value__)

TRANSPORT = ("air", "road", "rail", "foot", "post", "courier", "none", "other")

type Detection = Literal[
    "document_check", "risk_profile", "search", "xray", "dog", "tip_off", "scanner", "inland_control", "online", "other"
]

DETECTION: tuple[Detection, ...] = get_args(Detection.__value__)

type Disposal = Literal[
    "stored",
    "destroyed",
    "released",
    "rescue_centre",
    "returned_to_country",
    "scientific",
    "sold",
    "returned_to_owner",
    "died",
    "undecided",
]

DISPOSAL: tuple[Disposal, ...] = get_args(Disposal.__value__)

PERSON_ROLES = ("carrier", "sender", "consignee", "owner", "driver", "witness", "other")

FOLLOW_UPS = (
    "note",
    "charged",
    "sanction",
    "court",
    "disposal",
    "handed_over",
    "expert_opinion",
    "asked_abroad",
    "released",
    "closed",
    "reopened",
)

CURRENCIES = ("KGS", "USD", "EUR", "RUB", "KZT", "CNY")

LINES_AT_MOST = 60

PEOPLE_AT_MOST = 20

ENTRIES_AT_MOST = 200  # of custody, and of follow-ups

OF_ONE_AT_MOST = 50  # of these by one person, so that nobody alone fills the chain before later holders write to it

NAME, SHORT, LONG = 200, 100, 2000


@dataclass(frozen=True, slots=True)
class Case:
    """A case. `record`: members of the API (CODED, TEXTS, goods, route, value, permit, ...).

    Its goods have `accepted_name` (`under_accepted_names`). `origin_of_record`: post | import. `imported`: digest of
    the imported row, so that the same row again changes nothing. `earlier`: versions whose record was replaced.
    """

    id: str
    kind: str
    post: str
    occurred_at: int
    recorded_at: int
    received_at: int
    officer: str
    officer_name: str
    record: RowData = field(hash=False)
    people: tuple[RowData, ...] = field(default=(), hash=False)
    custody: tuple[RowData, ...] = field(default=(), hash=False)
    followups: tuple[RowData, ...] = field(default=(), hash=False)
    state: str = CaseState.OPEN
    database_id: str | None = None
    origin_of_record: str = "post"
    imported: str | None = None
    earlier: tuple[int, ...] = ()
    version: int = 0

    def but(self, **changes: Any) -> Case:
        return replace(self, version=self.version + 1, **changes)


# Member of the record -> its vocabulary; below, the greatest length of its text.
CODED: Mapping[str, Container[str]] = {
    "direction": DIRECTIONS,
    "agency": AGENCIES,
    "reason": REASONS,
    "detection": DETECTION,
    "disposal": DISPOSAL,
}

TEXTS: Mapping[str, int] = {
    "place": NAME,
    "concealment": LONG,
    "law": NAME,
    "sanction": LONG,
    "note": LONG,
    "vehicle": SHORT,
}

ROUTE_COUNTRIES = ("origin", "departure", "destination")


def under_accepted_names(record: RowData, listing: Listing) -> RowData:
    """The record with `accepted_name` beside each scientific name as written. None where the list has no such name.

    A line without a scientific name has no such member, nor has a case stored by an older release.
    """
    lines = [dict(line) for line in record.get("goods") or ()]
    for line in lines:
        if name := line.get("scientific_name"):
            line["accepted_name"] = accepted_name(name, listing)
    return {**record, "goods": lines}


def check(kind: str, record: RowData, people: tuple[RowData, ...]) -> None:
    """Check a case: 1 codes   2 texts   3 goods   4 route   5 value   6 permit   7 people.

    Raises `Invalid` with every fault.
    """
    faults = [*_faults(kind, record), *_people(people)]
    if faults:
        raise Invalid(*faults)


def _faults(kind: str, record: RowData) -> Iterator[FieldError]:
    yield from _code("kind", kind, KINDS)  # 1
    for name, table in CODED.items():
        yield from _code(name, record.get(name), table)
    for name in ("agency", "reason"):
        if not record.get(name):
            yield FieldError(name, "required", "Required: the illegal trade report needs it.")
    for name, at_most in TEXTS.items():  # 2
        yield from text_faults(name, record.get(name) or "", at_most)
    goods = record.get("goods") or ()
    if not goods:
        yield FieldError("goods", "required", "Enter at least one line of goods.")
    if len(goods) > LINES_AT_MOST:
        yield FieldError("goods", "too_many", f"At most {LINES_AT_MOST} lines.")
    for index, line in enumerate(goods[:LINES_AT_MOST]):  # 3
        yield from _line(f"goods[{index}]", line)
    route = record.get("route") or {}
    for name in ROUTE_COUNTRIES:  # 4
        yield from _code(f"route.{name}", route.get(name), ORIGINS)
    for index, country in enumerate(route.get("transit") or ()):
        yield from _code(f"route.transit[{index}]", country, COUNTRIES)
    yield from _code("route.transport", route.get("transport"), TRANSPORT)
    yield from text_faults("route.document", route.get("document") or "", SHORT)
    value = record.get("value") or {}
    if value:  # 5
        yield from _amount("value.amount", value.get("amount"))
        yield from _code("value.currency", value.get("currency") or "", CURRENCIES, needed=True)
    permit = record.get("permit") or {}  # 6
    yield from _code("permit.issuer", permit.get("issuer"), COUNTRIES)
    yield from text_faults("permit.number", permit.get("number") or "", SHORT)


def _line(at: str, line: RowData) -> Iterator[FieldError]:
    if not line.get("scientific_name") and not line.get("common_name"):
        yield FieldError(f"{at}.scientific_name", "required", "Enter the species or its common name.")
    for name in ("scientific_name", "common_name", "marks"):
        yield from text_faults(f"{at}.{name}", line.get(name) or "", NAME)
    yield from text_faults(f"{at}.description", line.get("description") or "", LONG)
    yield from _code(f"{at}.term", line.get("term") or "", TERMS, needed=True)
    yield from _amount(f"{at}.quantity", line.get("quantity"))
    yield from _code(f"{at}.unit", line.get("unit"), UNITS)
    yield from _code(f"{at}.appendix", line.get("appendix"), ("0", "I", "II", "III"))


def _people(people: tuple[RowData, ...]) -> Iterator[FieldError]:  # 7
    if len(people) > PEOPLE_AT_MOST:
        yield FieldError("people", "too_many", f"At most {PEOPLE_AT_MOST} people.")
    for index, person in enumerate(people[:PEOPLE_AT_MOST]):
        at = f"people[{index}]"
        yield from _code(f"{at}.role", person.get("role") or "", PERSON_ROLES, needed=True)
        yield from _code(f"{at}.nationality", person.get("nationality"), COUNTRIES)
        for name in ("name", "document"):
            yield from text_faults(f"{at}.{name}", person.get(name) or "", NAME)
        yield from text_faults(f"{at}.note", person.get("note") or "", LONG)
        if person.get("born") and day(person["born"]) is None:
            yield FieldError(f"{at}.born", "date", "Must be an existing day as YYYY-MM-DD.")


def _code(field: str, code: str | None, table: Container[str], *, needed: bool = False) -> Iterator[FieldError]:
    if needed and not code:
        yield FieldError(field, "required", "Required: choose a code of the list.")
    elif code and code not in table:
        yield FieldError(field, "unknown", "Must be a code of the list.")


def _amount(field: str, text: str | None) -> Iterator[FieldError]:
    if not text:
        yield FieldError(field, "required", "Enter the amount.")
    elif QUANTITY.fullmatch(text) is None or text == "0":
        yield FieldError(field, "quantity", "Must be a number above 0 with at most six decimals, for example 2.5.")
