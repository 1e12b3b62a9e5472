"""Species that a line may name: the list in use, its restrictions, and the specimen's country of origin."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from chalicelib.kernel.codes import APPENDIX_NAMES
from chalicelib.kernel.countries import UNKNOWN
from chalicelib.kernel.errors import FieldError, Stop
from chalicelib.record.permit import Application, Line
from chalicelib.species.model.listing import Listing, Taxon
from chalicelib.species.model.name_resolution import ResolvedName, resolve_name, stricter, too_many_parents
from chalicelib.species.model.name_search import PARENTS_AT_MOST

NEAREST_AT_MOST = 5  # entries that a refusal names


def species_refusals(
    app: Application, index: int, line: Line, given: Line, listing: Listing
) -> Iterator[FieldError]:  # 3
    at = f"lines[{index}]"
    if not given.scientific_name:
        return
    if too_many_parents(given.scientific_name):
        words = f"Block 7/8: give at most {PARENTS_AT_MOST} different parents of a hybrid, the closest ones"
        yield FieldError(f"{at}.scientific_name", "too_many_parents", f"{words} (Conf. 10.17).")
        return
    every = resolve_name(given.scientific_name, listing)
    known = every.of(origin_of(app, line))
    if not known.whole:
        yield FieldError(f"{at}.scientific_name", "not_in_list", _not_in_list(known), Stop(index))
    taxon, listed = known.strictest, every.strictest
    if taxon is None or listed is None:
        return
    if given.kingdom and given.kingdom != taxon.kingdom:
        words = f"Block 10: the species list has {taxon.scientific_name} in {taxon.kingdom} ({taxon.source})."
        yield FieldError(f"{at}.kingdom", "contradicts_list", words)
    if given.appendix is None or given.appendix == taxon.appendix:
        return
    elsewhere = given.appendix in {listed.appendix, *listed.may_be, *taxon.may_be}
    if elsewhere and given.appendix not in taxon.may_be and stricter(taxon.appendix, given.appendix):
        words = f"Block 10: {taxon.scientific_name} from this origin is in Appendix {APPENDIX_NAMES[taxon.appendix]}"
        stop = Stop(index, taxon.scientific_name, APPENDIX_NAMES[taxon.appendix])
        yield FieldError(f"{at}.appendix", "population", f"{words} ({_split_source(taxon)}).", stop)
    elif not elsewhere and (known.whole or not stricter(given.appendix, taxon.appendix)):
        words = f"Block 10: the species list has {taxon.scientific_name} in Appendix {APPENDIX_NAMES[taxon.appendix]}"
        if not known.one:
            words += "; the strictest Appendix of all taxa in the name counts (Conf. 10.17)"
        yield FieldError(f"{at}.appendix", "contradicts_list", f"{words} ({taxon.source}, as of {taxon.as_of}).")
    elif elsewhere and not app.special_conditions:
        words = "Block 5: name the population; this Appendix is for some populations of the species only"
        yield FieldError("special_conditions", "population", f"{words} ({taxon.source}: {taxon.annotation}).")


def origin_of(app: Application, line: Line) -> str:
    """The country of origin: block 12, else the country that the goods leave (Conf. 12.3 Annex 2, block 12)."""
    return (line.origin.country if line.origin else None) or app.exporter.country or UNKNOWN


def _split_source(taxon: Taxon) -> str:
    split = taxon.population
    return f"{split.source}, as of {split.as_of}" if split else f"{taxon.source}, as of {taxon.as_of}"


def _not_in_list(known: ResolvedName) -> str:
    entries = known.near or known.taxa
    some = ", ".join(f"{each.scientific_name} ({APPENDIX_NAMES[each.appendix]})" for each in entries[:NEAREST_AT_MOST])
    more = ", and more" if len(entries) > NEAREST_AT_MOST else ""
    words = f"; it has {some}{more}" if some else ", nor its genus"
    return (
        f"Block 7/8: the species list does not have all of this name{words}. Give a name from the list (Conf. 12.11)."
    )


def restriction_refusals(  # 11
    app: Application, index: int, listing: Listing, today: date, issuer: str
) -> Iterator[FieldError]:
    line = app.lines[index]
    if not (line.source and app.purpose and app.document_type):
        return
    exporting = issuer if app.document_type != "I" else app.exporter.country or UNKNOWN
    origin = (line.origin.country if line.origin else None) or exporting
    for rule in resolve_name(line.scientific_name or "", listing).restricted(listing):
        if rule.forbids(app.document_type, line.source, app.purpose, origin, today):
            words = f"Block 11: {rule.reason} ({rule.source})."
            yield FieldError(f"lines[{index}].quantity", "suspended", words, Stop(index, rule.id))
