"""The register accepts and refuses an application as `GET /v1/requirements` answers a question of questions.csv.

An application is made of each question whose answer names a document of this country, or says that it is prohibited.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from desk import ok, saker
from http_client import call
from office import MemoryOffice
from staff import staffed
from treaty.questions import ISSUER, TODAY, Row, parameters, question, read_rows

from chalicelib.composition import container
from chalicelib.kernel.document_kinds import DocumentKind
from chalicelib.requirements.schemas import RequirementsQuery
from chalicelib.requirements.services import Requirements, find_requirements
from chalicelib.species.services import list_in_use

HERE = saker()["exporter"]
KIND_OF = {"export": "E", "reexport": "R", "import": "I"}  # of an application for what is prohibited
REFUSALS = {"commercial", "suspended"}  # of what is prohibited
LEAST = 90  # questions that become applications


@pytest.fixture(scope="module")
def office() -> Iterator[MemoryOffice]:
    """Composition root of these tests, in memory."""
    made = staffed()
    container.replace_deps(made)
    yield made
    container.replace_deps(None)


def answered() -> Iterator[tuple[Row, Requirements, str]]:
    """Each question with its answer and the kind of document that is applied for."""
    listing = list_in_use.listing()
    for row in read_rows():
        if row["on"] or row["direction"] not in KIND_OF:
            continue
        query = RequirementsQuery.model_validate(parameters(row))
        found = find_requirements(query.species, query.question(), listing=listing, today=TODAY, issuer=ISSUER)
        ours = [str(each.kind) for each in found.answer.documents if each.issued_by == ISSUER]
        if found.answer.decision == "documents" and ours:
            yield row, found, ours[0]
        elif found.answer.decision == "prohibited":
            yield row, found, KIND_OF[row["direction"]]


def application(row: Row, name: str, kind: str) -> dict[str, Any]:
    """A complete application for the goods of a question. `name`: the scientific name."""
    abroad, weight = {"name": "Zoo", "address": "1 Main St"}, "KGM" if row["term"] == "CAV" else None
    line: dict[str, Any] = {
        "scientific_name": name, "common_name": "as said", "description": "as said", "marks": "tag 1",
        "source": row["source"], "term": row["term"], "quantity": row["quantity"] or "1", "unit": row["unit"] or weight,
        "origin": {"country": row["origin"] or ISSUER},
    }  # fmt: skip
    if kind == DocumentKind.REEXPORT:
        line["origin"] |= {"permit": "AB 1", "date": row["exported_on"] or "2025-06-01"}
    if kind == DocumentKind.PRE_CONVENTION:
        line |= {"source": "O", "operation_or_acquisition": "1970-01-01"}
    if row["source"] == "D":
        line["operation_or_acquisition"] = "KG-OP-001"
    made = saker(document_type=kind, purpose=row["purpose"], lines=[line], exporter=HERE)
    made["importer"] = {**abroad, "country": row["destination"] or "AE"}
    if kind == DocumentKind.IMPORT:
        made |= {"exporter": {**abroad, "country": row["exporting"] or row["origin"] or "KZ"}, "importer": HERE}
    else:
        made["import_permit"] = {"number": "IM 1", "country": row["destination"] or "AE", "date": "2026-11-01"}
    if row["source"] in {"I", "U"}:
        made["special_conditions"] = "Confiscated on 1 March 2026, source W before; or found without papers"
    if kind == DocumentKind.SAMPLE_COLLECTION:
        made["ata_carnet"] = "KG 1/2026"
    return made


def test_application_for_an_answered_document_is_accepted_with_its_findings(office: MemoryOffice) -> None:
    wrong, asked, listing = [], 0, office.listing
    for row, found, kind in answered():
        common = found.taxon is not None and listing.find(row["species"]) is None and row["topic"] == "names"
        name = found.taxon.scientific_name if found.taxon and common else row["species"]
        checked = ok(call("POST", "/v1/permits/check", application(row, name, kind), token="preparer"))
        codes = {each["code"] for each in checked["errors"]}
        asked += 1
        if found.answer.decision == "prohibited":
            if not codes & REFUSALS:
                wrong.append(f"{row['id']} {question(row)}: prohibited, but accepted ({codes})")
        elif codes:
            wrong.append(f"{row['id']} {question(row)}: {kind} is refused: {checked['errors']}")
        elif not found.findings_open and sorted(found.findings) != sorted(checked["findings_needed"]):
            wrong.append(f"{row['id']} {question(row)}: {found.findings}, but {checked['findings_needed']}")
    assert not wrong, "\n" + "\n".join(wrong)
    assert asked >= LEAST
