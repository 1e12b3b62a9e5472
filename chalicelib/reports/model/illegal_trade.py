"""Rows of the annual illegal trade report, one for each line of seized goods, in the order of its columns.

Conf. 11.17 (Rev. CoP18) para 3, due on 31 October of the next year. The Secretariat's letter codes for detection,
transport, reason and the like were not available, so the words of `cases/model/case.py` are used. Only seizures have
rows. Of people the report has nationalities and a count, and no name, document or vehicle.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chalicelib.kernel.codes import APPENDIX_NAMES
from chalicelib.kernel.rows import RowData
from chalicelib.species.model.listing import Listing
from chalicelib.species.model.name_resolution import accepted_name, appendix_of, resolve_name

COLUMNS = (
    "Case", "Date of seizure", "Species", "Common name", "Appendix", "Specimen code", "Quantity", "Unit",
    "Location of incident", "Detecting agency", "Direction", "Reason for seizure", "Means of transport",
    "Method of concealment", "Method of detection", "Alleged country of origin", "Country of departure",
    "Countries of transit", "Alleged final destination", "Estimated value", "Currency", "Nationality of offenders",
    "Law under which charged", "Sanction", "Disposal of specimens", "Additional information",
)  # fmt: skip

NEEDED = ("Species", "Appendix", "Means of transport", "Disposal of specimens")  # columns that a case may leave empty


def as_listed(line: RowData, origin: str, listing: Listing) -> RowData:
    """A line of goods under its stored accepted name.

    If none was entered, the list gives the Appendix for the country of origin, and the English name. A stored name
    without an accepted one is looked up. A name that the list lacks, or leaves open, stays as written, and `lacking`
    reports it.
    """
    written = line.get("scientific_name") or ""
    name = line.get("accepted_name") or accepted_name(written, listing) or written
    appendix = appendix_of(name, origin, listing)
    found = line.get("appendix") or (APPENDIX_NAMES[appendix] if appendix is not None else "")
    taxon = listing.find(name) if listing.has(name) else None
    common = line.get("common_name") or (taxon.names.get("en") if taxon else "")
    return {**line, "scientific_name": name, "common_name": common, "appendix": found}


def rows_of(case: RowData, day: str, nationalities: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Rows of one case. `case`: its record with `id`, `database_id` and the name of its `post`.

    The first row has value, law, sanction and additional information. `nationalities`: one for each person, "" if
    unknown.
    """
    route = case.get("route") or {}
    later = {each["kind"]: each.get("text") for each in case.get("followups") or ()}  # the last of each kind counts
    value = case.get("value") or {}
    for index, line in enumerate(case.get("goods") or ()):
        first = index == 0
        yield tuple(
            str(text or "")
            for text in (
                case.get("database_id") or case["id"],
                day,
                line.get("scientific_name"),
                line.get("common_name"),
                line.get("appendix"),
                line.get("term"),
                line.get("quantity"),
                line.get("unit"),
                case.get("place") or case["post"],
                case.get("agency"),
                case.get("direction"),
                case.get("reason"),
                route.get("transport"),
                case.get("concealment"),
                case.get("detection"),
                route.get("origin"),
                route.get("departure"),
                " ".join(route.get("transit") or ()),
                route.get("destination"),
                value.get("amount") if first else "",
                value.get("currency") if first else "",
                " ".join(sorted(set(filter(None, nationalities)))),
                case.get("law") if first else "",
                (case.get("sanction") or later.get("sanction")) if first else "",
                case.get("disposal"),
                _additional(case, len(nationalities)) if first else "",
            )
        )


def _additional(case: RowData, people: int) -> str:
    """Facts without a column: document shown, number of people, follow-ups. Never a note, which may name a person."""
    permit = case.get("permit") or {}
    shown = " ".join(filter(None, (permit.get("issuer"), permit.get("number"))))
    steps = dict.fromkeys(
        each["kind"].replace("_", " ") for each in case.get("followups") or () if each["kind"] != "note"
    )
    told = (
        f"document shown: {shown}" if shown else "",
        f"people: {people}" if people else "",
        f"followed by: {', '.join(steps)}" if steps else "",
    )
    return "; ".join(filter(None, told))


def lacking(rows: Sequence[Sequence[str]], listing: Listing) -> Iterator[tuple[int, str]]:
    """(row as a spreadsheet counts, column) of required cells that are empty, and of names not in the species list."""
    for number, row in enumerate(rows, 2):
        for name, text in zip(COLUMNS, row, strict=True):
            if name in NEEDED and not text:
                yield number, name
            elif name == "Species" and not resolve_name(text, listing).whole:
                yield number, "Species (not in the list)"
