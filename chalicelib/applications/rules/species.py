"""Species that a line may name: the list in use, its restrictions, and the specimen's country of origin."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import chain

from chalicelib.kernel.codes import APPENDIX_NAMES
from chalicelib.kernel.countries import OF_NO_COUNTRY, UNKNOWN
from chalicelib.kernel.days import day
from chalicelib.kernel.document_kinds import DocumentKind
from chalicelib.kernel.errors import FieldError, Stop
from chalicelib.record.permit import Application, Line, SourceDocument
from chalicelib.species.model.annotations import AnnotatedGoods, Covered, covered, symbol_for
from chalicelib.species.model.doubts import doubts_that_matter
from chalicelib.species.model.listing import Applies, Listing, RestrictedGoods, Taxon
from chalicelib.species.model.name_resolution import ResolvedName, resolve_name, stricter, too_many_parents
from chalicelib.species.model.name_search import PARENTS_AT_MOST
from chalicelib.species.model.wild_form import is_of_wild_animal, listed_wild_forms

# Kinds whose goods come from the issuing Party. Block 12 names it (Conf. 12.3 Annex 2).
FROM_HERE = frozenset({
    DocumentKind.EXPORT, DocumentKind.ORIGIN, DocumentKind.CAPTIVE_BREEDING, DocumentKind.ARTIFICIAL_PROPAGATION,
    DocumentKind.PHYTOSANITARY,
})  # fmt: skip

TAXA_AT_MOST = 1_000  # taxa of a name whose annotations are judged one by one

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
    if no_import_origin(app, line) and any(each.population or each.may_be for each in every.taxa):
        yield _origin_required(index)
    known = every.of(origin_of(app, line))
    if known.broad:
        words = "Block 7/8: the members of this group are not all in one Appendix. Name the species"
        yield FieldError(f"{at}.scientific_name", "name_too_broad", f"{words} (Conf. 12.3 Annex 2).", Stop(index))
    elif not known.whole:
        yield FieldError(f"{at}.scientific_name", "not_in_list", _not_in_list(known), Stop(index))
    imported = app.document_type == DocumentKind.IMPORT
    doubts = (doubts_that_matter(each.open, each.appendix, imported=imported) for each in known.sorts)
    if reasons := sorted({each.replace("_", " ") for each in chain.from_iterable(doubts)}):
        words = f"Block 7/8: the species list is not certain about this name ({', '.join(reasons)}). The Scientific"
        words += f" Authority decides (Appendices, list checked on {listing.checked})."
        yield FieldError(f"{at}.scientific_name", "uncertain", words, Stop(index, ", ".join(reasons)))
    taxon, listed = known.strictest, every.strictest
    if taxon is None or listed is None:
        return
    if (wild := listed_wild_forms(known.taxa)) and is_of_wild_animal(line.source, line.term, app.purpose):
        words = f"Block 7/8: {given.scientific_name} is a domestic animal. Its wild form may be listed"
        words += f" ({', '.join(wild)}). Name the wild animal, or correct source, term or purpose (Art. II)."
        yield FieldError(f"{at}.scientific_name", "wild_form", words, Stop(index, ", ".join(wild)))
    if given.kingdom and given.kingdom != taxon.kingdom:
        words = f"Block 10: the species list has {taxon.scientific_name} in {taxon.kingdom} ({taxon.source})."
        yield FieldError(f"{at}.kingdom", "contradicts_list", words)
    if given.appendix is None or given.appendix == taxon.appendix:
        return
    elsewhere = given.appendix in {listed.appendix, *listed.may_be, *taxon.may_be}
    by_origin = taxon.population is not None  # if not, block 5 alone would choose the Appendix
    unproven = given.appendix not in taxon.may_be or not by_origin
    if elsewhere and unproven and stricter(taxon.appendix, given.appendix):
        words = f"Block 10: {taxon.scientific_name} from this origin is in Appendix {APPENDIX_NAMES[taxon.appendix]}"
        if given.appendix in taxon.may_be:
            words = f"Block 10: only some populations of {taxon.scientific_name} are in this Appendix. Give proof of"
            words += " the population: an approver decides"
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


def coverage_refusals(app: Application, index: int, listing: Listing, today: date, issuer: str) -> Iterator[FieldError]:
    """A stop for goods that an annotation certainly leaves out. Some countries ask for a document all the same."""
    if annotation_results(app, app.lines[index], listing, today, issuer) == {Covered.OUTSIDE}:
        words = "Block 9: the annotation of the Appendices leaves these goods out, so they need no CITES document"
        yield FieldError(f"lines[{index}].term", "not_covered", f"{words} (Art. I(b)).", Stop(index))


def annotation_results(app: Application, line: Line, listing: Listing, today: date, issuer: str) -> frozenset[Covered]:
    """What the annotations say about a line, for every listed taxon of its name. Empty for a group too large to judge.

    A line does not state the form of the goods (`AnnotatedGoods.form`).
    """
    goods = resolve_name(line.scientific_name or "", listing).of(origin_of(app, line))
    if goods.names or len(goods.taxa) > TAXA_AT_MOST:
        return frozenset()
    return frozenset(
        covered(
            AnnotatedGoods(
                symbol=symbol_for(taxon.appendix, taxon.symbol),
                excepts=goods.excepts_of(taxon),
                taxon=taxon.scientific_name,
                family=taxon.family,
                term=line.term or "",
                origin=stated_origin(app, line, issuer),
                source=line.source or "",
                purpose=app.purpose or "",
                quantity=line.quantity,
                unit=line.unit,
            ),
            today,
        ).result
        for taxon in goods.taxa
        if taxon.appendix
    )


def origin_of(app: Application, line: Line) -> str:
    """The country of origin: block 12, else the country that the goods leave (Conf. 12.3 Annex 2, block 12).

    The goods of an import permit may have come to that country from another one. Without block 12 it is not known.
    """
    left = app.exporter.country if app.document_type != DocumentKind.IMPORT else None
    return (line.origin.country if line.origin else None) or left or UNKNOWN


def no_import_origin(app: Application, line: Line) -> bool:
    """True for an import permit without a country of origin in block 12."""
    return app.document_type == DocumentKind.IMPORT and not (line.origin and line.origin.country)


def stated_origin(app: Application, line: Line, issuer: str) -> str:
    """The country of block 12. If it is empty, this country for the kinds whose goods come from here, else ""."""
    given = line.origin.country if line.origin else None
    return given or (issuer if app.document_type in FROM_HERE else "")


def _origin_required(index: int) -> FieldError:
    words = "Block 12: give the country of origin, XX if it is unknown. The Appendix or a suspension depends on it"
    return FieldError(f"lines[{index}].origin.country", "required", f"{words} (Conf. 12.3 Annex 2).", Stop(index))


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
    field = f"lines[{index}].quantity"
    exporting = issuer if app.document_type != DocumentKind.IMPORT else app.exporter.country or UNKNOWN
    goods = RestrictedGoods(
        app.document_type,
        line.source,
        app.purpose,
        (line.origin.country if line.origin else None) or ("" if no_import_origin(app, line) else exporting),
        line.term or "",
        _left_origin(app, line, exporting, today),
    )
    for rule in resolve_name(line.scientific_name or "", listing).restricted(listing):
        result = rule.applies(goods, today)
        words, stop = f"Block 11: {rule.reason} ({rule.source}).", Stop(index, rule.id)
        if result == Applies.STOP:
            yield FieldError(field, "suspended", words, stop)
        elif result == Applies.ASK:
            yield FieldError(field, "uncertain", words, stop)
        elif result == Applies.ASK_ORIGIN:
            yield _origin_required(index)
        elif result == Applies.ASK_EXPORTED_ON:
            words = f"{words} Goods that left their country of origin before {rule.since} are outside it: give the date"
            yield FieldError(field, "exported_before", f"{words} of that country's permit in block 12.", stop)


def _left_origin(app: Application, line: Line, exporting: str, today: date) -> date | None:
    """The day on which the goods left their country of origin, or None if it is not known.

    1. Goods that come from that country now leave it today, whatever date block 12 has.
    2. Without a country of origin no permit has a day that counts.
    3. Else the day is that of the permit of the country of origin.
    """
    origin = line.origin or SourceDocument()
    if app.document_type != DocumentKind.REEXPORT and origin.country in {None, "", exporting}:  # 1
        return today
    if origin.country in OF_NO_COUNTRY:  # 2
        return None
    return day(origin.date)  # 3
