"""Rules of each kind of document: goods that it may not cover, each refusal with block and source.

8 import permit   9 the kinds, one function each   10 retrospective documents
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from types import MappingProxyType

from chalicelib.kernel.codes import PLANT, Purpose, counted_source, is_wild
from chalicelib.kernel.countries import LANDLOCKED
from chalicelib.kernel.days import day
from chalicelib.kernel.document_kinds import DocumentKind
from chalicelib.kernel.errors import FieldError, Stop
from chalicelib.permits.model.findings import LIVE
from chalicelib.record.permit import Application, ImportPermit, Line
from chalicelib.species.model.listing import Listing
from chalicelib.species.model.name_resolution import resolve_name

Refusals = Iterator[FieldError]


def broken(app: Application, listing: Listing, today: date, issuer: str) -> Refusals:
    """The refusals of the completed application as a document of its kind."""
    yield from _import_permit(app, today)  # 8
    yield from _owner(app, issuer)  # 9
    yield from _landlocked(app, issuer)
    if app.ata_carnet and app.document_type != DocumentKind.SAMPLE_COLLECTION:
        words = "Block 5: an ATA carnet belongs to a sample collection certificate, OS. Leave it out"
        yield FieldError("ata_carnet", "kind", f"{words} (Conf. 12.3).")
    for index, line in enumerate(app.lines):  # 9
        yield from BY_KIND[app.document_type or ""](app, f"lines[{index}]", line, listing, issuer)
    if app.lines and all(line.appendix == 0 for line in app.lines):
        words = "Block 10: no line has a listed species, so these goods need no CITES document (Art. II)."
        yield FieldError("lines", "not_listed", words)
    if app.retrospective is not None and any(line.appendix == 1 for line in app.lines):  # 10
        words = "Block 5: Appendix I documents cannot be issued retrospectively (Conf. 12.3, retrospective issue)."
        yield FieldError("retrospective", "appendix_i", words)


def import_permit_needed(app: Application) -> bool:
    """True if an import permit is required.

    Art. III(2)(d): an Appendix I export from the wild, or of a bred animal with an export permit. Art. III(4)(c): a
    live Appendix I re-export.

    Not for source D (Art. VII(4)) or O (VII(2)). OC and OA, certificates under Art. VII(5), need none either.
    """
    first = [line for line in app.lines if line.appendix == 1]
    if app.document_type == DocumentKind.EXPORT:
        return any(is_wild(line.source) or counted_source(line.source) == "C" for line in first)
    live = (counted_source(each.source) for each in first if each.term == LIVE and not _as_source_d(app, each))
    return app.document_type == DocumentKind.REEXPORT and any(source not in {"D", "O"} for source in live)


def _as_source_d(app: Application, line: Line) -> bool:
    """True for Appendix I plants propagated for commerce: treat them as Appendix II (Art. VII(4), Conf. 11.11)."""
    return line.kingdom == PLANT and app.purpose == Purpose.COMMERCIAL and counted_source(line.source) == "A"


def _import_permit(app: Application, today: date) -> Refusals:
    needed = import_permit_needed(app)
    permit = app.import_permit
    if permit is None and not needed:
        return
    permit = permit or ImportPermit()
    rule = "Art. III(2)(d), III(4)(c)"
    if not permit.number:
        words = (
            f"Import permit: give the number of the import permit; the country of destination issues it first ({rule})."
        )
        yield FieldError("import_permit.number", "required", words)
    if not permit.country:
        yield FieldError(
            "import_permit.country", "required", f"Import permit: give the country that issued it ({rule})."
        )
    elif app.importer.country and permit.country != app.importer.country:
        words = f"Import permit: its country must be that of block 3, {app.importer.country} ({rule})."
        yield FieldError("import_permit.country", "not_destination", words)
    dated = day(permit.date)
    if dated and dated > today:
        yield FieldError("import_permit.date", "future", f"Import permit: its date must not be in the future ({rule}).")


def _export(app: Application, at: str, line: Line, listing: Listing, issuer: str) -> Refusals:
    if line.appendix == 3 and issuer not in _listed_by(line, listing):
        words = f"Block 1: {issuer} did not list this species in Appendix III: choose a certificate of origin, OO"
        yield FieldError(f"{at}.appendix", "certificate_of_origin", f"{words} (Art. V(3)).")


def _any_goods(app: Application, at: str, line: Line, listing: Listing, issuer: str) -> Refusals:
    """Import permits and re-export certificates have no rule of their own."""
    yield from ()


def _origin(app: Application, at: str, line: Line, listing: Listing, issuer: str) -> Refusals:
    if line.appendix in {1, 2}:
        words = "Block 1: a certificate of origin is for Appendix III only; choose a permit for Appendix I or II"
        yield FieldError(f"{at}.appendix", "not_appendix_iii", f"{words} (Art. V(3)).")
    elif line.appendix == 3 and issuer in _listed_by(line, listing):
        words = f"Block 1: {issuer} itself listed this species: choose an export permit, E (Art. V(2))."
        yield FieldError(f"{at}.appendix", "export_permit", words)


def _pre_convention(app: Application, at: str, line: Line, listing: Listing, issuer: str) -> Refusals:
    yield from _only(at, line, {"O"}, "a pre-Convention certificate is for source O only (Art. VII(2), Conf. 13.6)")


def _captive(app: Application, at: str, line: Line, listing: Listing, issuer: str) -> Refusals:
    yield from _only(
        at, line, {"C"}, "a certificate of captive breeding is for source C only (Art. VII(5), Conf. 10.16)"
    )


def _propagated(app: Application, at: str, line: Line, listing: Listing, issuer: str) -> Refusals:
    words = "a certificate of artificial propagation is for source A only (Art. VII(5), Conf. 11.11)"
    yield from _only(at, line, {"A"}, words)


def _exhibition(app: Application, at: str, line: Line, listing: Listing, issuer: str) -> Refusals:
    words = "specimens of a travelling exhibition must be pre-Convention, bred or propagated: source A, C, D or O"
    yield from _only(at, line, {"A", "C", "D", "O"}, f"{words} (Art. VII(7), Conf. 12.3)")
    yield from _not_sold(app, "a travelling-exhibition certificate is not for commercial purposes (Conf. 12.3)")
    if line.term == LIVE and line.kingdom != PLANT:
        if len(app.lines) > 1:
            words = "Blocks 7-11: apply for a separate travelling-exhibition certificate for each live animal"
            yield FieldError(at, "one_animal", f"{words} (Art. VII(7), Conf. 12.3; 50 CFR 23.49).")
        if line.quantity and (line.quantity != "1" or line.unit is not None):
            words = "Block 11: the quantity must be 1; each live animal needs its own travelling-exhibition certificate"
            yield FieldError(f"{at}.quantity", "one_animal", f"{words} (Art. VII(7), Conf. 12.3; 50 CFR 23.49).")
        yield from _marked(at, line, "a live animal of a travelling exhibition")


def _ownership(app: Application, at: str, line: Line, listing: Listing, issuer: str) -> Refusals:
    words = "a certificate of ownership is for personally owned animals, not for commercial purposes (Conf. 10.20)"
    yield from _not_sold(app, words)
    if line.term == LIVE:
        yield from _marked(at, line, "a personally owned live animal")
    elif line.term:
        words = "Block 9: a certificate of ownership is for live animals only: choose term LIV (Conf. 10.20)."
        yield FieldError(f"{at}.term", "not_live", words)


def _instrument(app: Application, at: str, line: Line, listing: Listing, issuer: str) -> Refusals:
    yield from _not_sold(app, "a musical instrument certificate is not for commercial purposes (Conf. 16.8)")
    if line.term == LIVE:
        yield FieldError(
            f"{at}.term", "live", "Block 9: a musical instrument certificate is not for live specimens (Conf. 16.8)."
        )


def _samples(app: Application, at: str, line: Line, listing: Listing, issuer: str) -> Refusals:
    if line.appendix == 1 and is_wild(line.source):
        words = "Block 10: a sample collection must not have Appendix I specimens from the wild (Conf. 12.3)."
        yield FieldError(f"{at}.source", "appendix_i", words)
    if line.term == LIVE:
        yield FieldError(
            f"{at}.term", "live", "Block 9: a sample collection must not have live specimens (Conf. 12.3)."
        )


def _owner(app: Application, issuer: str) -> Refusals:
    """The State where the owner lives, or the exhibition or collection is based, issues these documents."""
    where = app.exporter.country
    if where in {None, "", issuer}:
        return
    if app.document_type in {DocumentKind.OWNERSHIP, DocumentKind.MUSICAL_INSTRUMENT}:
        words = f"Block 4: the owner must live in {issuer}; the State of residence issues this certificate"
        yield FieldError("exporter.country", "not_resident", f"{words} (Conf. 10.20, Conf. 16.8).")
    elif app.document_type in {DocumentKind.TRAVELLING_EXHIBITION, DocumentKind.SAMPLE_COLLECTION}:
        words = f"Block 4: the exhibition or collection must be based in {issuer}; the State of its base issues this"
        yield FieldError("exporter.country", "not_based", f"{words} certificate (Conf. 12.3).")


def _landlocked(app: Application, issuer: str) -> Refusals:
    if app.document_type == DocumentKind.INTRODUCTION_FROM_THE_SEA and issuer in LANDLOCKED:
        words = (
            f"Block 1: {issuer} has no sea coast. Goods from the sea land in another State first: apply for an import"
        )
        yield FieldError("document_type", "landlocked", f"{words} permit, I (Art. I(e), Conf. 14.6).", Stop())


def _from_the_sea(app: Application, at: str, line: Line, listing: Listing, issuer: str) -> Refusals:
    yield from _only(at, line, {"X"}, "introduction from the sea needs source X (Art. III(5), IV(6), Conf. 14.6)")
    if line.appendix == 3:
        words = "Block 10: introduction from the sea is certified for Appendices I and II only (Art. III(5), IV(6))."
        yield FieldError(f"{at}.appendix", "appendix_iii", words)


def _phytosanitary(app: Application, at: str, line: Line, listing: Listing, issuer: str) -> Refusals:
    if line.kingdom and line.kingdom != PLANT:
        yield FieldError(
            f"{at}.kingdom", "not_a_plant", "Block 1: a phytosanitary certificate is for plants only (Conf. 12.3)."
        )
    yield from _only(
        at, line, {"A"}, "a phytosanitary certificate is for artificially propagated plants only, source A (Conf. 12.3)"
    )
    if line.appendix == 1:
        words = "Block 10: a phytosanitary certificate is for Appendices II and III only (Conf. 12.3)."
        yield FieldError(f"{at}.appendix", "appendix_i", words)


def _only(at: str, line: Line, sources: set[str], words: str) -> Refusals:
    if line.source and line.source not in sources:
        yield FieldError(f"{at}.source", "kind", f"Block 10: {words}.")


def _marked(at: str, line: Line, what: str) -> Refusals:
    if not line.marks:
        yield FieldError(
            f"{at}.marks", "required", f"Block 9: give the ring, chip or tag; {what} must be marked (Conf. 12.3)."
        )


def _not_sold(app: Application, words: str) -> Refusals:
    if app.purpose == Purpose.COMMERCIAL:
        yield FieldError("purpose", "commercial", f"Block 5a: {words}.")


def _listed_by(line: Line, listing: Listing) -> frozenset[str]:
    """Every country that listed the taxon in Appendix III."""
    taxon = resolve_name(line.scientific_name or "", listing).strictest
    return taxon.listed_by_all if taxon else frozenset()


BY_KIND: Mapping[str, Callable[[Application, str, Line, Listing, str], Refusals]] = MappingProxyType(
    {
        DocumentKind.EXPORT: _export,
        DocumentKind.REEXPORT: _any_goods,
        DocumentKind.IMPORT: _any_goods,
        DocumentKind.ORIGIN: _origin,
        DocumentKind.PRE_CONVENTION: _pre_convention,
        DocumentKind.CAPTIVE_BREEDING: _captive,
        DocumentKind.ARTIFICIAL_PROPAGATION: _propagated,
        DocumentKind.TRAVELLING_EXHIBITION: _exhibition,
        DocumentKind.OWNERSHIP: _ownership,
        DocumentKind.MUSICAL_INSTRUMENT: _instrument,
        DocumentKind.SAMPLE_COLLECTION: _samples,
        DocumentKind.INTRODUCTION_FROM_THE_SEA: _from_the_sea,
        DocumentKind.PHYTOSANITARY: _phytosanitary,
    }
)
