"""`tamga requirements`: the documents that goods need, from this version's own tables, without service or rights.

Exit codes: 0 documents or none, 1 prohibited, 2 usage, 3 a fact that decides it is missing, or a person has to decide.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer
from rich.markup import escape

from chalicelib.cli.output import DONE, REFUSED, UNAVAILABLE, AsJson, out, print_json, usage
from chalicelib.kernel import codes, countries, days
from chalicelib.kernel.quantity import QUANTITY
from chalicelib.requirements.model.requirements import ABROAD, DIRECTIONS, USES, Question
from chalicelib.requirements.model.table import Decision
from chalicelib.species.model.annotation_rules import FORMS, OTHER

FEW_CODES = 15  # a refusal lists at most so many codes

EXIT = {
    Decision.DOCUMENTS: DONE,
    Decision.NONE: DONE,
    Decision.PROHIBITED: REFUSED,
    Decision.ASK: UNAVAILABLE,
}

ISSUERS = {  # words for an issuer whose country is not given
    "holder": "the country of the owner or base (give --based)",
    "exporting": "the country of export (give --exporting or --origin)",
    "destination": "the country of destination (give --destination)",
}

DECISION = {
    Decision.DOCUMENTS: "Needed:",
    Decision.NONE: "No CITES document is needed.",
    Decision.PROHIBITED: "Not allowed.",
    Decision.ASK: "Undecided: a fact is missing, or a person has to decide.",
}


def requirements(
    species: Annotated[str, typer.Argument(help="Scientific name, or a synonym in the species list.")],
    direction: Annotated[str, typer.Option(help=f"Direction: {', '.join(DIRECTIONS)}.")] = "",
    term: Annotated[str, typer.Option(help="Term (kind of specimen) by code, such as LIV or TRO.")] = "",
    source: Annotated[str, typer.Option(help="Source by code, such as W or C.")] = "",
    purpose: Annotated[str, typer.Option(help="Purpose by code, such as T or H.")] = "",
    origin: Annotated[str, typer.Option(help="Country of origin, ISO 3166-1 code.")] = "",
    exporting: Annotated[
        str, typer.Option(help="Country of export or re-export, if not the origin: ISO 3166-1 code.")
    ] = "",
    destination: Annotated[str, typer.Option(help="Country of destination, ISO 3166-1 code.")] = "",
    use: Annotated[str, typer.Option(help=f"Claimed exemption: {', '.join(USES)}.")] = "",
    abroad: Annotated[str, typer.Option(help="Personal effects acquired abroad: yes, no or unknown.")] = "unknown",
    quantity: Annotated[str, typer.Option(help="Quantity, for allowances and finished wood, such as 2 or 0.125.")] = "",
    form: Annotated[
        str, typer.Option(help=f"Form of the goods that an annotation names: {', '.join((*FORMS, OTHER))}.")
    ] = "",
    based: Annotated[
        str, typer.Option(help="Country of the owner, or of the base of the exhibition, ISO 3166-1 code.")
    ] = "",
    on: Annotated[str, typer.Option(help="Day of the movement, such as 2026-03-05. Without it: today.")] = "",
    exported_on: Annotated[str, typer.Option(help="Day on which the goods left their country of origin.")] = "",
    unit: Annotated[
        str, typer.Option(help="Unit of the quantity by code, such as KGM. Without it: number of specimens.")
    ] = "",
    pre_convention: Annotated[bool | None, typer.Option(help="Acquired before the species was listed.")] = None,
    registered: Annotated[bool | None, typer.Option(help="Bred by an operation in the CITES register.")] = None,
    issuer: Annotated[
        str, typer.Option(envvar="TAMGA_ISSUER", help="Country whose ministry asks, ISO 3166-1 code.")
    ] = "KG",
    as_json: AsJson = False,
) -> None:
    """List the documents that a movement of goods needs, with issuer, reason and Article.

    Give the species, and as many facts about the goods as you know.

    Exit code: 0 documents or none needed, 1 not allowed, 2 wrong use, 3 a fact is missing or a person has to decide.
    """
    from chalicelib.requirements.schemas import answer_json, importers_json
    from chalicelib.requirements.services import find_requirements
    from chalicelib.species.services import list_in_use

    said = (
        ("--direction", direction, DIRECTIONS),
        ("--term", term, codes.TERMS),
        ("--source", source, codes.SOURCES),
        ("--purpose", purpose, codes.PURPOSES),
        ("--origin", origin, countries.ORIGINS),
        ("--exporting", exporting, countries.COUNTRIES),
        ("--destination", destination, countries.COUNTRIES),
        ("--use", use, USES),
        ("--abroad", abroad, ABROAD),
        ("--unit", unit, codes.UNITS),
        ("--form", form, (*FORMS, OTHER)),
        ("--based", based, countries.COUNTRIES),
        ("--issuer", issuer, countries.COUNTRIES),
    )
    for name, value, known in said:
        if value and value not in known:
            few = len(known) <= FEW_CODES
            where = f"give one of {', '.join(known)}" if few else "the codes are in docs/GLOSSARY.md, section 4"
            raise usage(f"{name}: unknown code {value}; {where}")
    if quantity and not QUANTITY.fullmatch(quantity):
        raise usage("--quantity: give a number above 0, such as 2 or 0.125")
    for name, value in (("--on", on), ("--exported-on", exported_on)):
        if value and days.day(value) is None:
            raise usage(f"{name}: give a day, such as 2026-03-05")
    asked = Question(
        subject=None,
        direction=direction or None,
        term=term or None,
        source=source or None,
        purpose=purpose or None,
        origin=origin or None,
        exporting=exporting or None,
        destination=destination or None,
        pre_convention=pre_convention,
        registered=registered,
        use=use,
        abroad=abroad,
        quantity=quantity or None,
        unit=unit or None,
        on=days.day(on),
        based=based or None,
        form=form or None,
        exported_on=days.day(exported_on),
    )
    result = find_requirements(
        species,
        asked,
        listing=list_in_use.listing().on(date.today()),
        today=date.today(),
        issuer=issuer,
    )
    found = answer_json(result.answer, "en", result.listing.restrictions)
    documents = found["documents"]
    reasons = [each["text"] for each in found["reasons"]]
    papers = [f"{each['text']}: {each['checked']}" for each in found["other_papers"]]
    allowance = found["allowance"]["text"] if found["allowance"] else None
    importers = importers_json(result.importers, destination, "en")
    if as_json:
        print_json(
            {
                "decision": found["decision"],
                "documents": documents,
                "reasons": reasons,
                "other_papers": papers,
                "allowance": allowance,
                "findings": list(result.findings),
                "findings_open": list(result.findings_open),
                "near": list(result.near),
                "in_force": result.listing.in_force,
                "checked": result.listing.checked,
                "stricter_abroad": importers,
            }
        )
    else:
        out.print(DECISION[found["decision"]])
        for each in documents:
            by = ISSUERS.get(str(each["issued_by"]), each["issued_by"])
            out.print(f"  [bold]{each['kind']}[/bold] by {by}: {each['why']} {each['article']}", soft_wrap=True)
        also = [
            f"{destination} also asks: {each['text']} ({each['source']}; {each['as_of']}; to be confirmed there)"
            for each in importers
        ]
        near = [f"Perhaps: {each}" for each in result.near]
        for line in (*reasons, *near, *([allowance] if allowance else ()), *papers, *also, result.listing.dates):
            out.print(f"  {escape(line)}", soft_wrap=True)
    raise typer.Exit(EXIT[found["decision"]])
