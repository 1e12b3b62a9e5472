"""Wild goods from a country outside the native range of their taxon (number 3b).

A stop that an approver may let pass, where the range is certain, no range State lies near the country of origin, and no
introduced population is known there. Elsewhere a warning to author, clerk and Scientific Authority: ranges on record
lag behind, and animals stray. Nothing for a kind that is not listed. An import without an origin is compared with the
exporter's country, and gets a warning at most: the goods may be from elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.applications.rules.species import stated_origin
from chalicelib.kernel.countries import COUNTRIES
from chalicelib.kernel.document_kinds import DocumentKind
from chalicelib.kernel.errors import FieldError, FieldWarning, Stop
from chalicelib.record.permit import Application, Line
from chalicelib.species.model.listing import Listing, Taxon
from chalicelib.species.model.name_resolution import resolve_name
from chalicelib.species.model.native_range import RangeResult, compare_range

NAMED_AT_MOST = 8  # range States that a sentence names


def range_refusals(app: Application, index: int, listing: Listing, issuer: str) -> Iterator[FieldError]:  # 3b
    taxon, origin, result = _compare(app, app.lines[index], listing, issuer)
    if result == RangeResult.FAR and taxon is not None:
        words = f"Block 12: {_sentence(taxon, origin)}. Check origin and source ({taxon.range_source or taxon.source};"
        stop = Stop(index, taxon.scientific_name, origin)
        yield FieldError(f"lines[{index}].origin.country", "out_of_range", f"{words} Conf. 12.3).", stop)


def range_warnings(app: Application, index: int, listing: Listing, issuer: str) -> Iterator[FieldWarning]:
    taxon, origin, result = _compare(app, app.lines[index], listing, issuer)
    if result == RangeResult.OUTSIDE and taxon is not None:
        words = f"{_sentence(taxon, origin)}. Ask where it was taken; the Scientific Authority looks at it."
        yield FieldWarning(f"lines[{index}].origin.country", "range", words)


def _compare(app: Application, line: Line, listing: Listing, issuer: str) -> tuple[Taxon | None, str, RangeResult]:
    goods = resolve_name(line.scientific_name or "", listing)
    if not goods.one or not goods.taxa:  # a hybrid or a group has no range of its own
        return None, "", RangeResult.FITS
    stated = stated_origin(app, line, issuer)
    exporting = app.exporter.country if app.document_type == DocumentKind.IMPORT else None
    origin = stated or exporting or ""
    taxon = goods.taxa[0].of(origin)
    if not (taxon.appendix or taxon.may_be):
        return taxon, origin, RangeResult.FITS
    sure = taxon.range_sure and bool(stated)
    result = compare_range(line.source, origin, taxon.range_states, sure=sure, introduced=taxon.introduced)
    return taxon, origin, result


def _sentence(taxon: Taxon, origin: str) -> str:
    states = sorted(COUNTRIES.get(each, each) for each in taxon.range_states)
    named = ", ".join(states[:NAMED_AT_MOST]) + (", and more" if len(states) > NAMED_AT_MOST else "")
    where = COUNTRIES.get(origin, origin)
    return f"{where} is outside the native range of {taxon.scientific_name}: {named}"
