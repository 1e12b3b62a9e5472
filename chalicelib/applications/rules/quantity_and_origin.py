"""Rules of one line (blocks 7 to 12b) for every kind of document, each refusal with block and source.

4 source   5 quantity and unit   5b caviar (caviar.py)   6 purpose   7 blocks 12, 12a, 12b   11 suspensions

Number 3, species and Appendix, is in `species.py` beside this file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from chalicelib.applications.rules.caviar import caviar_refusals
from chalicelib.applications.rules.commercial_trade import purpose_refusals
from chalicelib.applications.rules.source import source_refusals
from chalicelib.applications.rules.species import origin_of, restriction_refusals
from chalicelib.kernel.codes import PLANT
from chalicelib.kernel.countries import FROM_THE_SEA, OF_NO_COUNTRY, UNKNOWN
from chalicelib.kernel.days import day
from chalicelib.kernel.document_kinds import DocumentKind
from chalicelib.kernel.errors import FieldError, Stop
from chalicelib.permits.model.findings import LIVE
from chalicelib.record.permit import Application, Line, SourceDocument
from chalicelib.species.model.listing import Listing, Taxon
from chalicelib.species.model.name_resolution import resolve_name

# Certificates for goods that were bred or propagated here.
BRED_HERE = frozenset({
    DocumentKind.CAPTIVE_BREEDING, DocumentKind.ARTIFICIAL_PROPAGATION, DocumentKind.PHYTOSANITARY,
})  # fmt: skip

FIRST_YEAR = 1700  # of an acquisition. An earlier "year" in block 12b is the number of a document.

CONVENTION = date(1975, 7, 1)  # the Convention entered into force: nothing was listed before

_DAY = re.compile(  # a year, or 01.05.1970, or 1970-05-01
    r"(?<![0-9])(?:([0-9]{1,2})\.([0-9]{1,2})\.)?([12][0-9]{3})(?:-([0-9]{2})-([0-9]{2}))?(?![0-9])", re.ASCII
)


def broken(app: Application, index: int, listing: Listing, today: date, issuer: str) -> Iterator[FieldError]:
    """The refusals of one line of a completed application, except those of its species."""
    at, line = f"lines[{index}]", app.lines[index]
    yield from source_refusals(app, at, line)
    yield from _quantity(index, line)
    yield from caviar_refusals(app, at, line, listing, today)
    yield from purpose_refusals(app, index, line)
    yield from _block_12(app, at, line, today, issuer)
    yield from _block_12b(app, index, listing, today, issuer)
    yield from restriction_refusals(app, index, listing, today, issuer)


def _quantity(index: int, line: Line) -> Iterator[FieldError]:  # 5
    at = f"lines[{index}]"
    if line.term == LIVE and line.unit is not None:
        words = "Block 11: give live animals and plants (LIV) as a number; leave the unit out"
        stop = Stop(index, line.term, line.unit)
        yield FieldError(f"{at}.unit", "live_number", f"{words} (Conf. 12.3 Annex 2, CITES term LIV).", stop)
    if line.unit is None and line.quantity and re.fullmatch(r"[0-9]+\.[0-9]+", line.quantity):
        words = "Block 11: a number of specimens must be a whole number; give a unit for a weight or a measure"
        yield FieldError(f"{at}.quantity", "whole_number", f"{words} (Conf. 12.3 Annex 2).")


def _block_12(app: Application, at: str, line: Line, today: date, issuer: str) -> Iterator[FieldError]:  # 7
    origin, last = line.origin, line.last_reexport
    if app.document_type == DocumentKind.REEXPORT:
        yield from _origin_of_reexport(app, at, line)
    from_here = origin is None or origin.country in {None, "", issuer, UNKNOWN, FROM_THE_SEA}
    bred_here = app.document_type in BRED_HERE
    if bred_here and origin and origin.country not in {None, "", issuer}:  # our quotas would not count these goods
        words = f"Block 12: this certificate is for goods bred or propagated here: the origin must be {issuer}. Goods"
        words += " that came from another country need a re-export certificate, R"
        yield FieldError(f"{at}.origin.country", "reexport", f"{words} (Art. VII(5), Conf. 12.3).")
    if app.document_type == DocumentKind.ORIGIN and origin and origin.country in OF_NO_COUNTRY:
        words = "Block 12: a certificate of origin must name the country of origin, and it must be"
        yield FieldError(f"{at}.origin.country", "not_issuer", f"{words} {issuer} (Art. V(3), Conf. 12.3 Annex 2).")
    elif (
        app.document_type in {DocumentKind.EXPORT, DocumentKind.ORIGIN} and not from_here
    ):  # our quotas and suspensions would not apply to these goods
        words = "Block 12: goods that came from another country need a re-export certificate, R"
        yield FieldError(f"{at}.origin.country", "reexport", f"{words} (Art. I(d), Conf. 12.3).")
    if app.document_type == DocumentKind.EXPORT:
        if origin and origin.country == FROM_THE_SEA and line.source not in {"X", None}:
            words = "Block 12: choose origin ZZ only for source X, exported by the vessel's State; goods that were"
            words += " landed here need a certificate of introduction from the sea, OI (Art. I(e), Conf. 14.6)."
            yield FieldError(f"{at}.origin.country", "from_the_sea", words)
        if last:
            words = "Block 12a: leave it empty; only a re-export certificate has a last re-export (Conf. 12.3 Annex 2)."
            yield FieldError(f"{at}.last_reexport", "reexport", words)
    if last:
        yield from _whole(f"{at}.last_reexport", "certificate", last)
    for name, source in (("origin", origin), ("last_reexport", last)):
        dated = day(source.date) if source else None
        if dated and dated > today:
            block = "Block 12" if name == "origin" else "Block 12a"
            yield FieldError(
                f"{at}.{name}.date",
                "future",
                f"{block}: the document's date must not be in the future (Conf. 12.3 Annex 2).",
            )


def _origin_of_reexport(app: Application, at: str, line: Line) -> Iterator[FieldError]:
    origin = line.origin or SourceDocument()
    if not origin.country:
        words = "Block 12: give the country of origin, XX if it is unknown (Conf. 12.3 Annex 2)."
        yield FieldError(f"{at}.origin.country", "required", words)
    elif origin.country == UNKNOWN:
        if not app.special_conditions:
            words = "Block 5: say why the country of origin is unknown (Conf. 12.3 Annex 2, block 12)."
            yield FieldError("special_conditions", "origin_unknown", words)
    elif line.source != "O":  # pre-Convention goods left their country before there were permits
        for name, value in (("permit", origin.document), ("date", origin.date)):
            if not value:
                what = "number" if name == "permit" else "date"
                words = f"Block 12: give the {what} of the country of origin's permit (Conf. 12.3 Annex 2)."
                yield FieldError(f"{at}.origin.{name}", "required", words)


def _whole(at: str, document: str, source: SourceDocument) -> Iterator[FieldError]:
    for name, value in (("country", source.country), (document, source.document), ("date", source.date)):
        if not value:
            words = f"Block 12a: give the {name} of the last re-export, or leave block 12a empty (Conf. 12.3 Annex 2)."
            yield FieldError(f"{at}.{name}", "required", words)


def _block_12b(  # 7
    app: Application, index: int, listing: Listing, today: date, issuer: str
) -> Iterator[FieldError]:
    at, line = f"lines[{index}]", app.lines[index]
    field, text = f"{at}.operation_or_acquisition", line.operation_or_acquisition
    if line.source == "D" and line.kingdom != PLANT and not text:  # nurseries need no registration (Conf. 9.19)
        words = "Block 12b: give the number of the registered operation of an animal with source D"
        yield FieldError(field, "required", f"{words} (Conf. 12.10, Conf. 12.3 Annex 2).")
    if line.source == "O" or app.document_type == DocumentKind.PRE_CONVENTION:
        acquired = _days_in(text or "")
        if not acquired:
            words = "Block 12b: give the date or year of acquisition of the pre-Convention specimen"
            yield FieldError(field, "required", f"{words} (Conf. 13.6).")
        elif max(acquired) > today:
            words = "Block 12b: the date of acquisition must not be in the future (Conf. 13.6)."
            yield FieldError(field, "future", words)
        elif (listed := _listed_since(app, line, listing, issuer)) and max(acquired).isoformat() >= listed[0]:
            words = f"Block 12b: the species was listed on {listed[0]} ({listed[1]}), so this date is too late for"
            yield FieldError(field, "listed_before", f"{words} a pre-Convention specimen (Art. VII(2), Conf. 13.6).")
        elif max(acquired) >= CONVENTION and not _first_listing_is_known(app, line, listing):
            words = "Block 12b: the species list does not have the day on which this species was first listed. The"
            words += " Scientific Authority decides whether the specimen is pre-Convention (Art. VII(2), Conf. 13.6)."
            yield FieldError(field, "uncertain", words, Stop(index, line.scientific_name or ""))


def _days_in(text: str) -> list[date]:
    """Every day in a text since 1700.

    A year alone, or a year with an impossible day, gives its 1 January, in the applicant's favour.
    """
    return [
        day(f"{year}-{(m or month).zfill(2)}-{(d or dom).zfill(2)}") or date(int(year), 1, 1)
        for d, m, year, month, dom in _DAY.findall(text)
        if int(year) >= FIRST_YEAR
    ]


def _taxa(app: Application, line: Line, listing: Listing) -> Sequence[Taxon]:
    return resolve_name(line.scientific_name or "", listing).of(origin_of(app, line)).taxa


def _first_listing_is_known(app: Application, line: Line, listing: Listing) -> bool:
    listed = (taxon for taxon in _taxa(app, line, listing) if any((taxon.appendix, *taxon.may_be)))
    return all(map(listing.knows_first_listing, listed))


def _listed_since(app: Application, line: Line, listing: Listing, issuer: str) -> tuple[str, str] | None:
    """The day since which all taxa of the name are known to be listed, with its source, or None if it is unknown."""
    origin = origin_of(app, line)
    known = [_known_since(taxon, listing, origin, issuer) for taxon in _taxa(app, line, listing)]
    told = [each for each in known if each]
    return max(told) if told and len(told) == len(known) else None


def _known_since(taxon: Taxon, listing: Listing, origin: str, issuer: str) -> tuple[str, str] | None:
    """The first listing of the taxon. For our own population, decided to be a subspecies, that of the subspecies.

    The decision names an Appendix. The subspecies is the one in it that lives here.
    """
    found = listing.known_since(taxon)
    split = taxon.population
    if found is None or not taxon.decided or origin != issuer or split is None or split.of(origin) != split.appendix:
        return found
    own = (
        listing.known_since(each)
        for each in listing.below(taxon.scientific_name)
        if each.rank == "subspecies" and each.appendix == split.appendix and issuer in each.range_states
    )
    return min((found, *filter(None, own)))
