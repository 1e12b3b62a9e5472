"""Rules of what may lawfully be issued. `check` gives every refusal of an application at once.

    malformed   codes, days, quantities, characters (`shape.py`): refused as soon as it is written
    missing     required by the kind of document and not given
    broken      1 validity   2 parties   3 species and Appendix   3b range   3c annotation   4 source
                5 quantity and unit   6 purpose   7 blocks 12, 12a, 12b   8 import permit   9 kind of document
                10 block 5   11 suspensions and zero quotas (restrictions of the species list)

Refusals 3 and 3c of a line are in `applications/rules/species.py`, 3b in `range.py`, 4 to 7 and 11 in
`quantity_and_origin.py`, 8 to 10 in `by_kind.py`, each with its block and its source. Periods of validity are in
`validity.py`, remarks that refuse nothing in `warnings.py`. Elsewhere: the findings that an application requires
(`permits/model/findings.py`), the year's quotas (`quotas/services/check_application.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from typing import Any

from chalicelib.applications.rules import by_kind, quantity_and_origin, source, species
from chalicelib.applications.rules.range import range_refusals
from chalicelib.applications.rules.validity import latest
from chalicelib.kernel.codes import SEIZED
from chalicelib.kernel.days import day
from chalicelib.kernel.document_kinds import KINDS, DocumentKind
from chalicelib.kernel.enums import State
from chalicelib.kernel.errors import FieldError
from chalicelib.permits.model.dossier import Dossier
from chalicelib.record.permit import (
    Application,
    ImportPermit,
    Line,
    Party,
    SourceDocument,
    from_record,
    record_digest,
    to_record,
)
from chalicelib.record.shape import malformed
from chalicelib.species.model.listing import Listing
from chalicelib.species.model.name_resolution import resolve_name

# Kinds for one consignment that leaves: without import permits and introduction from the sea.
LEAVING = frozenset(code for code, kind in KINDS.items() if kind.single) - {
    DocumentKind.IMPORT,
    DocumentKind.INTRODUCTION_FROM_THE_SEA,
}

# Certificates that say where the goods are from. Without a country of origin they certify nothing.
CERTIFIES_ORIGIN = frozenset({DocumentKind.ORIGIN, DocumentKind.CAPTIVE_BREEDING, DocumentKind.ARTIFICIAL_PROPAGATION})


def check(application: Application, listing: Listing, *, today: date, issuer: str) -> tuple[FieldError, ...]:
    """All refusals of this application today, or none if it may be issued.

    `today` is the day in the Party's zone, `issuer` the issuing Party (ISO 3166-1). The rules do not judge a malformed
    or missing field again.
    """
    first = (*malformed(application), *missing(application, listing))
    said = {error.field for error in first}
    return (*first, *(e for e in refusals(application, listing, today=today, issuer=issuer) if e.field not in said))


def complete(application: Application, listing: Listing, *, issuer: str | None) -> Application:
    """The application with accepted name, Appendix and kingdom from the list, and without empty texts.

    A missing common name is the list's English one (Conf. 12.3 Annex 2 requires it where it is known). A missing
    country of origin is `issuer` for the kinds whose goods come from here (`species.FROM_HERE`), but for seized goods.
    With `issuer` None block 12 stays as it is: a permit of the paper register is recorded as it was printed.
    """
    app = application
    if issuer is not None and app.document_type in species.FROM_HERE:
        app = replace(app, lines=tuple(_with_origin(line, issuer) for line in app.lines))
    return replace(
        _without_empty(app),
        exporter=_without_empty(app.exporter),
        importer=_without_empty(app.importer),
        import_permit=_without_empty(app.import_permit) if app.import_permit else None,
        lines=tuple(_completed(app, line, listing) for line in app.lines),
    )


def missing(application: Application, listing: Listing) -> tuple[FieldError, ...]:
    """Refusals for required fields that are missing (Conf. 12.3 Annexes 1 and 2)."""
    return tuple(_gaps(application, listing))


def missing_origin(application: Application) -> tuple[FieldError, ...]:
    """Refusals of a stored record that certifies an origin but has no country of origin.

    Submission fills it in. An application that was submitted before that has none, and is returned.
    """
    if application.document_type not in CERTIFIES_ORIGIN:
        return ()
    words = "Block 12: this certificate needs the country of origin. Return the application, so that it is submitted"
    return tuple(
        FieldError(f"lines[{index}].origin.country", "required", f"{words} again (Conf. 12.3 Annex 2).")
        for index, line in enumerate(application.lines)
        if not (line.origin and line.origin.country)
    )


def refusals(application: Application, listing: Listing, *, today: date, issuer: str) -> tuple[FieldError, ...]:
    """Every broken rule among the fields that are given."""
    if application.document_type not in KINDS:
        return ()
    app = complete(application, listing, issuer=issuer)
    faults = list(_validity(app, today))  # 1
    faults += _parties(app, issuer)  # 2
    for index, (line, given) in enumerate(zip(app.lines, application.lines, strict=True)):
        faults += species.species_refusals(app, index, line, given, listing)  # 3
        faults += range_refusals(app, index, listing, issuer)  # 3b
        faults += species.coverage_refusals(app, index, listing, today, issuer)  # 3c
        faults += quantity_and_origin.broken(app, index, listing, today, issuer)  # 4-7, 11
    faults += by_kind.broken(app, listing, today, issuer)  # 8-10
    return tuple(dict.fromkeys(faults))


def _gaps(app: Application, listing: Listing) -> Iterator[FieldError]:
    def gap(field: str, value: Any, words: str) -> Iterator[FieldError]:
        if value is None or (isinstance(value, str) and not value.strip()):
            yield FieldError(field, "required", f"{words} (Conf. 12.3 Annex 2).")

    yield from gap("document_type", app.document_type, "Block 1: choose the kind of document")
    yield from gap("valid_until", app.valid_until, "Block 2: give the last day of validity")
    for field, party, block in (("importer", app.importer, "Block 3"), ("exporter", app.exporter, "Block 4")):
        yield from gap(f"{field}.name", party.name, f"{block}: give the name")
        yield from gap(f"{field}.address", party.address, f"{block}: give the address")
        yield from gap(f"{field}.country", party.country, f"{block}: choose the country")
    yield from gap("purpose", app.purpose, "Block 5a: choose the purpose of the transaction")
    if app.document_type == DocumentKind.SAMPLE_COLLECTION:
        yield from gap("ata_carnet", app.ata_carnet, "Block 5: give the number of the collection's ATA carnet")
    if app.retrospective is not None:
        yield from gap("retrospective.reason", app.retrospective, "Block 5: give the reason for retrospective issue")
    if not app.lines:
        yield FieldError("lines", "required", "Blocks 7-11: give at least one line (Conf. 12.3 Annex 2).")
    for index, line in enumerate(app.lines):
        at = f"lines[{index}]"
        yield from gap(f"{at}.scientific_name", line.scientific_name, "Block 7/8: give the scientific name")
        yield from gap(f"{at}.description", line.description, "Block 9: describe the specimens")
        yield from gap(f"{at}.source", line.source, "Block 10: choose the source")
        yield from gap(f"{at}.term", line.term, "Block 9: choose the specimen term")
        yield from gap(f"{at}.quantity", line.quantity, "Block 11: give the quantity")
        certified = app.document_type in CERTIFIES_ORIGIN and SEIZED in (line.source or "")
        if app.document_type == DocumentKind.PRE_CONVENTION or certified:
            origin = line.origin.country if line.origin else None
            yield from gap(f"{at}.origin.country", origin, "Block 12: give the country of origin, XX if it is unknown")
        if line.scientific_name and not resolve_name(line.scientific_name, listing).taxa:
            unlisted = "the species list does not have this taxon"
            yield from gap(f"{at}.appendix", line.appendix, f"Block 10: give the Appendix; {unlisted}")
            yield from gap(f"{at}.kingdom", line.kingdom, f"Block 10: give the kingdom; {unlisted}")


def _with_origin(line: Line, issuer: str) -> Line:
    origin = line.origin or SourceDocument()
    seized = SEIZED in (line.source or "")  # seized here says nothing of where they are from
    return line if origin.country or seized else replace(line, origin=replace(origin, country=issuer))


def _completed(app: Application, line: Line, listing: Listing) -> Line:
    line = _without_empty(line)
    known = resolve_name(line.scientific_name or "", listing).of(species.origin_of(app, line))
    taxon = known.strictest
    if taxon is None:
        return line
    return replace(
        line,
        scientific_name=known.accepted or line.scientific_name,
        appendix=taxon.appendix if line.appendix is None else line.appendix,
        kingdom=line.kingdom or taxon.kingdom,
        common_name=line.common_name or (taxon.names.get("en") if taxon.scientific_name == known.accepted else None),
    )


def _without_empty[T: (Application, Party, ImportPermit, Line)](value: T) -> T:
    empty: dict[str, Any] = {item.name: None for item in fields(value) if getattr(value, item.name) == ""}
    return replace(value, **empty) if empty else value


def _validity(app: Application, today: date) -> Iterator[FieldError]:
    last = day(app.valid_until)
    if last is None:
        return
    if last < today:
        yield FieldError(
            "valid_until", "past", "Block 2: the last day of validity must not be in the past (Conf. 12.3)."
        )
    kind = KINDS[app.document_type or ""]
    limit = latest(kind.code, today)
    if last > limit:
        words = f"Block 2: must be {limit} or earlier for a document of the kind {kind.en.lower()} issued today"
        yield FieldError("valid_until", "too_late", f"{words} ({source.validity_source(kind.code)}).")


def _parties(app: Application, issuer: str) -> Iterator[FieldError]:
    exporter, importer = app.exporter.country, app.importer.country
    if app.document_type in LEAVING and exporter and exporter != issuer:
        words = f"Block 4: the exporter's country must be {issuer}, where the goods leave"
        yield FieldError("exporter.country", "not_issuer", f"{words} (Art. III, IV, V, VII).")
    if app.document_type == DocumentKind.IMPORT and importer and importer != issuer:
        words = f"Block 3: the importer's country must be {issuer}, which issues the import permit (Art. III(3))."
        yield FieldError("importer.country", "not_issuer", words)
    if app.document_type in {*LEAVING, DocumentKind.IMPORT} and exporter and exporter == importer:
        words = "Blocks 3 and 4: exporter and importer must be in different countries (Art. I(c))."
        field = "exporter.country" if app.document_type == DocumentKind.IMPORT else "importer.country"
        yield FieldError(field, "same_country", words)


def digest_of(dossier: Dossier, listing: Listing, *, issuer: str) -> str:
    """The digest that an override is valid for: as submitted, or as submission now would set it."""
    if dossier.state in {State.DRAFT, State.RETURNED} or dossier.digest is None:
        return record_digest(to_record(complete(from_record(dossier.record), listing, issuer=issuer)))
    return dossier.digest
