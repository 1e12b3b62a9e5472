"""UNEP-WCMC's validation of the annual trade report, run on each row before the file leaves.

The rules are in UNEP-WCMC's order (unepwcmc/SAPI, db/seeds.rb), with one of ours at the end. Its upload always refuses
findings of level `error`. A person may let findings of level `warning` pass:

1 required: partner, term, taxon, Appendix, quantity, year   2 quantity a number, year four digits
3 codes of the lists: term, source, purpose, unit, partner, origin, Appendix; a taxon of the species list
4 taxon and Appendix in that year   5 term and unit   6 term and purpose   7 taxon and term
8 source W: the origin, or the exporter where none is given, is a range State   9 exporter and origin differ
10 exporter and importer differ   11 source and kingdom
12 (ours) the endorsement is no conflict: a conflict counts beside the endorsement that it contradicts

Rule 4 uses the history of the species list (`Listing.appendices_in`) where it has that year. Else it uses the list in
use, which is of one day. For another year the finding says so. Rule 8 uses the taxon's range States in the list. For a
taxon without any, it checks only goods from this country, by the list's group.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from chalicelib.kernel.codes import APPENDIX_NAMES, PURPOSES, SOURCES, TERMS, UNITS
from chalicelib.kernel.countries import COUNTRIES, OF_NO_COUNTRY, ORIGINS, VARIOUS
from chalicelib.reports.model.annual_report import EXPORT, ReportLine
from chalicelib.species.model import usual_terms
from chalicelib.species.model.listing import Listing, Taxon
from chalicelib.species.model.usual_terms import taxon_fits

type Level = Literal["error", "warning"]

ERROR: Final = "error"

WARNING: Final = "warning"

RULES = tuple(range(1, 13))

REQUIRED = ("TradingPartner", "TermCode", "SpeciesName", "Appendix", "Quantity", "Year")

_QUANTITY = re.compile(r"[0-9]+(\.[0-9]+)?", re.ASCII)

_YEAR = re.compile(r"[0-9]{4}", re.ASCII)

RANKS = frozenset({"species", "subspecies"})

LIVES_HERE = frozenset({"native", "extinct"})  # groups of the species list

PARTNERS = frozenset(COUNTRIES) | {"XX", VARIOUS}

_CODED = {
    "TermCode": frozenset(TERMS),
    "SourceCode": frozenset(SOURCES),
    "PurposeCode": frozenset(PURPOSES),
    "UnitCode": frozenset(UNITS),
    "TradingPartner": PARTNERS,
    "CountryOfOrigin": frozenset(ORIGINS) | {VARIOUS},
    "Appendix": frozenset({"1", "2", "3"}),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. `row`: of the file as a spreadsheet counts, 2 for the first line. `rule`: its number above.

    `expected`: the codes that fit, where these are few. `as_of`: day of the list that it rests on. `event_id`: of the
    endorsement that it is about.
    """

    row: int
    field: str
    rule: int
    level: Level
    detail: str
    expected: tuple[str, ...] = ()
    as_of: str = ""
    event_id: str = ""


def check(
    lines: Iterable[ReportLine], direction: str, listing: Listing, *, issuer: str, first: int = 2
) -> tuple[Finding, ...]:
    """Every finding, row by row. `first`: row of the first line, where the lines are a part of the file."""
    return tuple(
        finding for row, line in enumerate(lines, first) for finding in _of(row, line, direction, listing, issuer)
    )


def _of(row: int, line: ReportLine, direction: str, listing: Listing, issuer: str) -> Iterator[Finding]:
    cells = line.cells

    def error(field: str, rule: int, detail: str) -> Finding:
        return Finding(row, field, rule, ERROR, detail)

    def warning(field: str, rule: int, detail: str, *expected: str, as_of: str = "") -> Finding:
        return Finding(row, field, rule, WARNING, detail, expected, as_of)

    for field in REQUIRED:  # 1
        if not cells[field]:
            yield error(field, 1, "Must not be empty.")
    if cells["Quantity"] and (not _QUANTITY.fullmatch(cells["Quantity"]) or Decimal(cells["Quantity"]) == 0):  # 2
        yield error("Quantity", 2, "A number above 0.")
    if cells["Year"] and not _YEAR.fullmatch(cells["Year"]):
        yield error("Year", 2, "Four digits.")
    for field, known in _CODED.items():  # 3
        if cells[field] and cells[field] not in known:
            yield error(field, 3, "Not in the list of codes.")
    taxon = listing.find(cells["SpeciesName"]) if cells["SpeciesName"] else None
    if cells["SpeciesName"] and taxon is None:
        yield error("SpeciesName", 3, "Not in the species list.")
    if taxon is not None and cells["Appendix"] in {"1", "2", "3"}:  # 4
        yield from _appendix(row, cells["Appendix"], cells["Year"], taxon, listing)
    term, unit, purpose = cells["TermCode"], cells["UnitCode"], cells["PurposeCode"]
    if not usual_terms.unit_fits(term, unit):  # 5
        usual = usual_terms.units_of(term)
        yield warning("UnitCode", 5, f"Not a usual unit of {term}: {', '.join(usual)}.", *usual)
    if not usual_terms.purpose_fits(term, purpose):  # 6
        yield warning("PurposeCode", 6, f"Not a usual purpose of {term}.")
    if taxon is not None and not taxon_fits(term, taxon):  # 7
        yield warning("TermCode", 7, f"{term} is not usual of {taxon.family or taxon.order or taxon.class_name}.")
    exporter = issuer if direction == EXPORT else cells["TradingPartner"]
    importer = cells["TradingPartner"] if direction == EXPORT else issuer
    origin = cells["CountryOfOrigin"]
    if taxon is not None and cells["SourceCode"] == "W" and not _lives_in(origin or exporter, taxon, issuer):  # 8
        words = f"Source W, but the species list does not say that it lives in {origin or exporter}"
        said = f" ({taxon.range_source})" if taxon.range_source else ""
        yield warning("CountryOfOrigin" if origin else "SpeciesName", 8, f"{words}{said}.")
    if origin and origin == exporter:  # 9
        yield warning("CountryOfOrigin", 9, "Leave this blank: it is the same as the exporter.")
    if exporter and exporter == importer:  # 10
        yield warning("TradingPartner", 10, "Exporter and importer are the same country.")
    source = SOURCES.get(cells["SourceCode"])
    if taxon is not None and source is not None and source.kingdom not in {None, taxon.kingdom}:  # 11
        yield warning("SourceCode", 11, f"Source {source.code} is for {source.kingdom} only.")
    if line.conflict:  # 12
        words = f"Endorsement {line.conflict} contradicts another, or came late: it counts until it is taken back."
        yield Finding(row, "Quantity", 12, WARNING, words, event_id=line.conflict)


def _appendix(row: int, written: str, year: str, taxon: Taxon, listing: Listing) -> Iterator[Finding]:
    then = listing.appendices_in(taxon, int(year)) if _YEAR.fullmatch(year) else None
    if then is not None:
        may_be, as_of = then, ""
        names = [APPENDIX_NAMES[each] for each in sorted(then) if each]
        words = f"Its history has Appendix {' and '.join(names) or 'none'} in {year}."
    else:
        may_be, as_of = frozenset({taxon.appendix, *taxon.may_be}), taxon.as_of or listing.as_of
        names = [APPENDIX_NAMES[taxon.appendix]]
        words = _of_list(taxon, as_of, year)
    if int(written) not in may_be:
        yield Finding(row, "Appendix", 4, WARNING, words, tuple(names), as_of)


def _of_list(taxon: Taxon, as_of: str, year: str) -> str:
    words = f"The species list has Appendix {APPENDIX_NAMES[taxon.appendix]} (as of {as_of})."
    return words if as_of.startswith(year) else f"{words} Look up which was in force in {year}."


def _lives_in(country: str, taxon: Taxon, issuer: str) -> bool:
    """True if the species list allows this country, or cannot say."""
    if taxon.rank not in RANKS or not country or country in OF_NO_COUNTRY:
        return True
    if country == issuer and (taxon.group in LIVES_HERE or not taxon.range_states):
        return taxon.group in LIVES_HERE
    return not taxon.range_states or country in taxon.range_states
