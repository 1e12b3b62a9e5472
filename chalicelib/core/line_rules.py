"""What may not stand on a line (blocks 7 to 12b), whatever the kind of document, each refusal with block and source.

3 species, Appendix (`named.py`)   4 source   5 quantity and unit   6 purpose   7 blocks 12, 12a, 12b   11 suspensions
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from chalicelib.core.codes import FROM_THE_SEA, SOURCES, UNKNOWN
from chalicelib.core.errors import FieldError, Stop
from chalicelib.core.listing import Listing
from chalicelib.core.name_search import PARENTS_AT_MOST
from chalicelib.core.named import Named, named, stricter, too_many_parents
from chalicelib.core.permit import APPENDIX_NAMES, Application, Line, SourceDocument
from chalicelib.core.sources import counted_source, is_wild
from chalicelib.core.taxon import Taxon
from chalicelib.core.validity import VALIDITY, day

_DAY = re.compile(  # a year, or 01.05.1970, or 1970-05-01
    r"(?<![0-9])(?:([0-9]{1,2})\.([0-9]{1,2})\.)?([12][0-9]{3})(?:-([0-9]{2})-([0-9]{2}))?(?![0-9])", re.ASCII
)
NEAREST_AT_MOST = 5  # entries that a refusal names


def validity_source(kind: str) -> str:
    return VALIDITY[kind].source


def broken(
    app: Application, index: int, line: Line, given: Line, listing: Listing, today: date, issuer: str
) -> Iterator[FieldError]:
    """The refusals of one line. `line` is the completed one, `given` the one that was written."""
    at = f"lines[{index}]"
    yield from _species(app, index, line, given, listing)
    yield from _source(app, at, line)
    yield from _quantity(at, line)
    yield from _purpose(app, index, line)
    yield from _block_12(app, at, line, today, issuer)
    yield from _block_12b(app, at, line, listing, today)
    yield from _restrictions(app, index, line, listing, today, issuer)


def _species(app: Application, index: int, line: Line, given: Line, listing: Listing) -> Iterator[FieldError]:  # 3
    at = f"lines[{index}]"
    if not given.scientific_name:
        return
    if too_many_parents(given.scientific_name):
        words = f"Block 7/8: a hybrid with more than {PARENTS_AT_MOST} different parents: name the closest ones"
        yield FieldError(f"{at}.scientific_name", "too_many_parents", f"{words} (Conf. 10.17).")
        return
    every = named(given.scientific_name, listing)
    known = every.of(origin_of(app, line))
    if not known.whole:
        yield FieldError(f"{at}.scientific_name", "not_in_list", _not_in_list(known), Stop(index))
    taxon, listed = known.strictest, every.strictest
    if taxon is None or listed is None:
        return
    if given.kingdom and given.kingdom != taxon.kingdom:
        words = f"Block 10: the species list has {taxon.scientific_name} under {taxon.kingdom} ({taxon.source})."
        yield FieldError(f"{at}.kingdom", "contradicts_list", words)
    if given.appendix is None or given.appendix == taxon.appendix:
        return
    elsewhere = given.appendix in {listed.appendix, *listed.may_be, *taxon.may_be}
    if elsewhere and given.appendix not in taxon.may_be and stricter(taxon.appendix, given.appendix):
        words = f"Block 10: {taxon.scientific_name} of this origin is in Appendix {APPENDIX_NAMES[taxon.appendix]}"
        stop = Stop(index, taxon.scientific_name, APPENDIX_NAMES[taxon.appendix])
        yield FieldError(f"{at}.appendix", "population", f"{words} ({_split_source(taxon)}).", stop)
    elif not elsewhere and (known.whole or not stricter(given.appendix, taxon.appendix)):
        words = f"Block 10: the species list has {taxon.scientific_name} in Appendix {APPENDIX_NAMES[taxon.appendix]}"
        if not known.one:
            words += ", and the strictest counts of all that the name speaks for (Conf. 10.17)"
        yield FieldError(f"{at}.appendix", "contradicts_list", f"{words} ({taxon.source}, as of {taxon.as_of}).")
    elif elsewhere and not app.special_conditions:
        words = "Block 5: another Appendix than the list's holds for some populations only: say which one this is"
        yield FieldError("special_conditions", "population", f"{words} ({taxon.source}: {taxon.annotation}).")


def origin_of(app: Application, line: Line) -> str:
    """Block 12, else the country that the goods leave, which they are then of (Conf. 12.3 Annex 2, block 12)."""
    return (line.origin.country if line.origin else None) or app.exporter.country or UNKNOWN


def _split_source(taxon: Taxon) -> str:
    split = taxon.population
    return f"{split.source}, as of {split.as_of}" if split else f"{taxon.source}, as of {taxon.as_of}"


def _not_in_list(known: Named) -> str:
    entries = known.near or known.taxa
    some = ", ".join(f"{each.scientific_name} ({APPENDIX_NAMES[each.appendix]})" for each in entries[:NEAREST_AT_MOST])
    more = ", and more" if len(entries) > NEAREST_AT_MOST else ""
    words = f"; it has {some}{more}" if some else ", nor its genus"
    return f"Block 7/8: the species list does not have all of this name{words}. Name a taxon of the list (Conf. 12.11)."


def _source(app: Application, at: str, line: Line) -> Iterator[FieldError]:  # 4
    source = SOURCES.get(line.source or "")
    if source is None:
        return
    if source.kingdom and line.kingdom and source.kingdom != line.kingdom:
        words = f"Block 10: source {source.code} is for {source.kingdom} only, this is one of {line.kingdom}"
        yield FieldError(f"{at}.source", "kingdom", f"{words} (Conf. 12.3).")
    if source.code == "D" and line.appendix not in {1, None}:
        words = "Block 10: source D is for Appendix I only; use C or A (Art. VII(4), Conf. 12.3)."
        yield FieldError(f"{at}.source", "appendix", words)
    if source.code == "U" and not app.special_conditions:
        words = "Block 5: source U, unknown, needs its reason in writing (Conf. 12.3)."
        yield FieldError("special_conditions", "source_unknown", words)
    if source.code == "I" and not app.special_conditions:
        words = "Block 5: source I stands with another code: say what was seized and its source before (Conf. 12.3)."
        yield FieldError("special_conditions", "source_confiscated", words)


def _quantity(at: str, line: Line) -> Iterator[FieldError]:  # 5
    if line.unit is None and line.quantity and re.fullmatch(r"[0-9]+\.[0-9]+", line.quantity):
        words = "Block 11: a number of specimens is a whole number; give a unit for a weight or a measure"
        yield FieldError(f"{at}.quantity", "whole_number", f"{words} (Conf. 12.3 Annex 2).")


def _purpose(app: Application, index: int, line: Line) -> Iterator[FieldError]:  # 6
    at = f"lines[{index}]"
    if line.appendix != 1 or app.purpose != "T" or app.document_type not in {"E", "R", "I", "OC", "OA", "OI"}:
        return
    if is_wild(line.source):
        words = "Block 5a: Appendix I specimens from the wild are not traded for commercial purposes"
        words += f" (Art. III(3)(c), III(5)(c), Conf. 5.10), {at}."
        yield FieldError("purpose", "commercial", words, Stop(index))
    elif counted_source(line.source) in {"A", "C"}:
        words = "Block 5a: Appendix I specimens bred or propagated for commercial purposes carry source D"
        yield FieldError("purpose", "commercial", f"{words} (Art. VII(4), Conf. 12.10), {at}.")


def _block_12(app: Application, at: str, line: Line, today: date, issuer: str) -> Iterator[FieldError]:  # 7
    origin, last = line.origin, line.last_reexport
    if app.document_type == "R":
        yield from _origin_of_reexport(app, at, line)
    from_here = origin is None or origin.country in {None, "", issuer, UNKNOWN, FROM_THE_SEA}
    bred_here = app.document_type in {"OC", "OA", "OY"}
    if bred_here and origin and origin.country not in {None, "", issuer}:  # no quota of ours would count for it
        words = f"Block 12: this certificate is for what was bred or propagated here, so the origin is {issuer}; goods"
        words += " that came from another country leave with a re-export certificate, R"
        yield FieldError(f"{at}.origin.country", "reexport", f"{words} (Art. VII(5), Conf. 12.3).")
    if app.document_type in {"E", "OO"} and not from_here:  # for them no quota and no suspension of ours would count
        words = "Block 12: goods that came from another country leave with a re-export certificate, R"
        yield FieldError(f"{at}.origin.country", "reexport", f"{words} (Art. I(d), Conf. 12.3).")
    if app.document_type == "E":
        if origin and origin.country == FROM_THE_SEA and line.source not in {"X", None}:
            words = "Block 12: only specimens of source X, exported by the vessel's State, are of no country; what was"
            words += " landed here has a certificate of introduction from the sea, OI (Art. I(e), Conf. 14.6)."
            yield FieldError(f"{at}.origin.country", "from_the_sea", words)
        if last:
            words = "Block 12a: only a re-export certificate names a last re-export (Conf. 12.3 Annex 2)."
            yield FieldError(f"{at}.last_reexport", "reexport", words)
    if last:
        yield from _whole(f"{at}.last_reexport", "certificate", last)
    for name, source in (("origin", origin), ("last_reexport", last)):
        dated = day(source.date) if source else None
        if dated and dated > today:
            block = "Block 12" if name == "origin" else "Block 12a"
            yield FieldError(
                f"{at}.{name}.date", "future", f"{block}: a document of a day to come (Conf. 12.3 Annex 2)."
            )


def _origin_of_reexport(app: Application, at: str, line: Line) -> Iterator[FieldError]:
    origin = line.origin or SourceDocument()
    if not origin.country:
        words = "Block 12: a re-export certificate names the country of origin, XX if unknown (Conf. 12.3 Annex 2)."
        yield FieldError(f"{at}.origin.country", "required", words)
    elif origin.country == UNKNOWN:
        if not app.special_conditions:
            words = "Block 5: say why the country of origin is unknown (Conf. 12.3 Annex 2, block 12)."
            yield FieldError("special_conditions", "origin_unknown", words)
    elif line.source != "O":  # pre-Convention goods left their country before there were permits
        for name, value in (("permit", origin.document), ("date", origin.date)):
            if not value:
                words = f"Block 12: the {name} of the country of origin's permit (Conf. 12.3 Annex 2)."
                yield FieldError(f"{at}.origin.{name}", "required", words)


def _whole(at: str, document: str, source: SourceDocument) -> Iterator[FieldError]:
    for name, value in (("country", source.country), (document, source.document), ("date", source.date)):
        if not value:
            words = f"Block 12a: the {name} of the last re-export, if there was one (Conf. 12.3 Annex 2)."
            yield FieldError(f"{at}.{name}", "required", words)


def _block_12b(app: Application, at: str, line: Line, listing: Listing, today: date) -> Iterator[FieldError]:  # 7
    field, text = f"{at}.operation_or_acquisition", line.operation_or_acquisition
    if line.source == "D" and not text:
        words = "Block 12b: the number of the registered operation for source D (Conf. 12.10, Conf. 12.3 Annex 2)."
        yield FieldError(field, "required", words)
    if line.source == "O" or app.document_type == "OP":
        acquired = _days_in(text or "")
        if not acquired:
            words = "Block 12b: the date of acquisition of a pre-Convention specimen, at least its year"
            yield FieldError(field, "required", f"{words} (Conf. 13.6).")
        elif max(acquired) > today:
            words = "Block 12b: a date of acquisition that is still to come (Conf. 13.6)."
            yield FieldError(field, "future", words)
        elif (listed := _listed_since(app, line, listing)) and min(acquired).isoformat() >= listed[0]:
            words = (
                f"Block 12b: acquired when the species was listed: it was on {listed[0]} ({listed[1]}), so this is not"
            )
            yield FieldError(field, "listed_before", f"{words} a pre-Convention specimen (Art. VII(2), Conf. 13.6).")


def _days_in(text: str) -> list[date]:
    """Every day of a text; of a year alone, or one without such a day, its first, so that nobody is accused."""
    return [
        day(f"{year}-{(m or month).zfill(2)}-{(d or dom).zfill(2)}") or date(int(year), 1, 1)
        for d, m, year, month, dom in _DAY.findall(text)
    ]


def _listed_since(app: Application, line: Line, listing: Listing) -> tuple[str, str] | None:
    """The day from which all that the name speaks for is known to have been listed; None if that is not known."""
    taxa = named(line.scientific_name or "", listing).of(origin_of(app, line)).taxa
    known = [listing.known_since(taxon) for taxon in taxa]
    told = [each for each in known if each]
    return max(told) if told and len(told) == len(known) else None


def _restrictions(  # 11
    app: Application, index: int, line: Line, listing: Listing, today: date, issuer: str
) -> Iterator[FieldError]:
    if not (line.source and app.purpose and app.document_type):
        return
    exporting = issuer if app.document_type != "I" else app.exporter.country or UNKNOWN
    origin = (line.origin.country if line.origin else None) or exporting
    for rule in named(line.scientific_name or "", listing).restricted(listing):
        if rule.forbids(app.document_type, line.source, app.purpose, origin, today):
            words = f"Block 11: {rule.reason} ({rule.source})."
            yield FieldError(f"lines[{index}].quantity", "suspended", words, Stop(index, rule.id))
