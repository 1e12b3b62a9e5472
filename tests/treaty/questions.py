"""Read the questions of questions.csv and compare an answer of the service with the answer of the treaty.

README.md beside this file describes the columns.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, Self

from chalicelib.kernel.document_kinds import KINDS
from chalicelib.requirements.schemas import RequirementsQuery
from chalicelib.requirements.services import find_requirements
from chalicelib.species.model.listing import Listing

FILE = Path(__file__).with_name("questions.csv")
TODAY = date(2026, 11, 30)
ISSUER = "KG"

PARAMETERS = (
    "species",
    "direction",
    "term",
    "source",
    "purpose",
    "origin",
    "exporting",
    "destination",
    "pre_convention",
    "registered_operation",
    "acquired_abroad",
    "use",
    "based",
    "form",
    "on",
    "exported_on",
    "quantity",
    "unit",
)
EXPECTED = ("decision", "documents", "reasons_must", "reasons_must_not", "abroad", "taxon")
COLUMNS = ("id", "topic", *PARAMETERS, *EXPECTED, "article", "why", "author", "second_reader", "owes")
TOPICS = {
    "table": 70,
    "plants": 40,
    "annotations": 45,
    "populations": 35,
    "kyrgyz": 35,
    "effects": 20,
    "owners": 25,
    "caviar": 12,
    "unlisted": 30,
    "names": 20,
    "dates": 20,
    "importers": 20,
    "sources": 15,
}
DECISIONS = ("documents", "none", "prohibited", "ask")
PACKAGES = ("A", "B", "C", "D", "E", "F")
_DOCUMENT = re.compile(r"([A-Z]{1,2}\??(?:/[A-Z]{1,2}\??)*)@([A-Z]{2}|exporting|destination|holder)(~?)")

Row = Mapping[str, str]


class Document(NamedTuple):
    """A document of an answer. `kinds`: its kind and those that serve instead."""

    kinds: frozenset[str]
    issued_by: str
    comparable: bool

    def __str__(self) -> str:
        return f"{'/'.join(sorted(self.kinds))}@{self.issued_by}{'~' * self.comparable}"


class Needed(NamedTuple):
    """A document that a row expects.

    `must`: kinds that the answer has to offer. `may`: kinds that it is free to offer beside them. `comparable`: a
    comparable document of a State outside the Convention (Art. X).
    """

    must: frozenset[str]
    may: frozenset[str]
    issued_by: str
    comparable: bool

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a document of the file, such as `E/OC?@KG`. Raises ValueError."""
        found = _DOCUMENT.fullmatch(text)
        if found is None:
            raise ValueError(f"no document: {text!r}")
        kinds = found[1].split("/")
        must = frozenset(each for each in kinds if not each.endswith("?"))
        may = frozenset(each[:-1] for each in kinds if each.endswith("?"))
        if unknown := (must | may) - KINDS.keys():
            raise ValueError(f"no kind of document: {', '.join(sorted(unknown))}")
        return cls(must, may, found[2], bool(found[3]))

    def fits(self, document: Document) -> bool:
        """True if the document of an answer is this one."""
        if (document.issued_by, document.comparable) != (self.issued_by, self.comparable):
            return False
        return self.must <= document.kinds <= self.must | self.may

    def __str__(self) -> str:
        kinds = "/".join((*sorted(self.must), *(f"{kind}?" for kind in sorted(self.may))))
        return f"{kinds}@{self.issued_by}{'~' * self.comparable}"


class Found(NamedTuple):
    """What an answer says of the columns that a row expects. `taxon`: "" if the name is unknown."""

    decision: str
    documents: tuple[Document, ...]
    reasons: tuple[str, ...]
    abroad: frozenset[str]
    taxon: str


def read_rows() -> list[dict[str, str]]:
    """Read all rows of the file."""
    with FILE.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        assert tuple(reader.fieldnames or ()) == COLUMNS
        return list(reader)


def parameters(row: Row) -> dict[str, str]:
    """Return the query of the row: what it gives."""
    return {name: row[name] for name in PARAMETERS if row[name]}


def question(row: Row) -> str:
    """Return the query of the row as one line."""
    return " ".join(value if name == "species" else f"{name}={value}" for name, value in parameters(row).items())


def form_faults(row: Row) -> Iterator[str]:
    """Yield the faults of the row itself."""
    if None in row or None in row.values():
        yield "wrong number of cells"
        return
    for name in ("id", "species", "decision", "article", "why", "author"):
        if not row[name]:
            yield f"{name} is empty"
    if row["topic"] not in TOPICS:
        yield f"no topic: {row['topic']}"
    if wrong := [each for each in row["decision"].split("/") if each not in DECISIONS]:
        yield f"no decision: {', '.join(wrong)}"
    if bool(row["documents"]) != ("documents" in row["decision"].split("/")):
        yield "documents and decision differ"
    if unknown := set(_cell(row["owes"])) - set(PACKAGES):
        yield f"no package: {', '.join(sorted(unknown))}"
    try:
        _needed(row)
    except ValueError as fault:
        yield str(fault)


def answer_faults(row: Row, listing: Listing) -> list[str]:
    """Return what the service answers other than the row expects; empty if all agrees."""
    given = parameters(row)
    if unknown := given.keys() - RequirementsQuery.model_fields.keys():
        return [f"no parameter {', '.join(sorted(unknown))}"]
    return list(differences(row, from_service(given, listing)))


def from_service(given: Mapping[str, Any], listing: Listing) -> Found:
    """Ask the service function."""
    query = RequirementsQuery.model_validate(given)
    found = find_requirements(query.species, query.question(), listing=listing, today=TODAY, issuer=ISSUER)
    documents = (
        Document(frozenset(map(str, (each.kind, *each.alternatives))), each.issued_by, each.comparable)
        for each in found.answer.documents
    )
    return Found(
        found.answer.decision,
        tuple(documents),
        tuple(each.code for each in found.answer.reasons),
        frozenset(each.needs for each in found.importers),
        found.taxon.scientific_name if found.taxon else "",
    )


def from_json(answer: Mapping[str, Any]) -> Found:
    """Read the answer of `GET /v1/requirements`."""
    documents = (
        Document(frozenset((each["kind"], *each["alternatives"])), each["issued_by"], each["comparable"])
        for each in answer["documents"]
    )
    return Found(
        answer["decision"],
        tuple(documents),
        tuple(each["code"] for each in answer["reasons"]),
        frozenset(each["needs"] for each in answer["stricter_abroad"]),
        answer["species"]["scientific_name"] if answer["species"] else "",
    )


def differences(row: Row, found: Found) -> Iterator[str]:
    """Yield what the answer says other than the row expects."""
    reasons = ", ".join(found.reasons) or "no reason"
    if found.decision not in row["decision"].split("/"):
        yield f"{found.decision}, not {row['decision']} ({reasons})"
        return
    if found.decision == "documents":
        yield from _document_differences(_needed(row), found.documents)
    if missing := set(_cell(row["reasons_must"])) - set(found.reasons):
        yield f"without {', '.join(sorted(missing))} ({reasons})"
    if wrong := set(_cell(row["reasons_must_not"])) & set(found.reasons):
        yield f"with {', '.join(sorted(wrong))}"
    if row["abroad"] == "-" and found.abroad:
        yield f"abroad {', '.join(sorted(found.abroad))}, not nothing"
    if missing := set(_cell(row["abroad"].strip("-"))) - found.abroad:
        yield f"abroad without {', '.join(sorted(missing))}"
    if row["taxon"] and row["taxon"] != found.taxon:
        yield f"taxon {found.taxon or 'unknown'}, not {row['taxon']}"


def _document_differences(needed: list[Needed], documents: Iterable[Document]) -> Iterator[str]:
    """Yield the documents that nothing asks for, then those that are missing."""
    open_ = list(needed)
    for each in documents:
        fit = next((one for one in open_ if one.fits(each)), None)
        if fit is None:
            yield f"{each} is not asked for"
        else:
            open_.remove(fit)
    yield from (f"{each} is missing" for each in open_)


def _needed(row: Row) -> list[Needed]:
    return [Needed.read(each) for each in _cell(row["documents"])]


def _cell(text: str) -> list[str]:
    """Return the values of a cell, which "; " separates."""
    return [each.strip() for each in text.split(";") if each.strip()]
