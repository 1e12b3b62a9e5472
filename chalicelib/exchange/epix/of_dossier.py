"""An issued permit of ours in the form of the exchange, with what the print shows, block by block."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.exchange.epix.permit_xml import PURPOSE_OF_EXCHANGE
from chalicelib.exchange.model.exchanged_permit import (
    EXPORT_DOCUMENT,
    IMPORT_DOCUMENT,
    ORIGIN_DOCUMENT,
    Examination,
    ExchangedLine,
    ExchangedParty,
    ExchangedPermit,
    Reference,
    Signatory,
)
from chalicelib.issuing.print.sheet import IssuingOffice
from chalicelib.kernel.codes import APPENDIX_NAMES, NUMBER, PURPOSES
from chalicelib.kernel.countries import COUNTRIES
from chalicelib.kernel.document_kinds import KINDS, DocumentKind
from chalicelib.kernel.enums import UseResult
from chalicelib.kernel.stage import Stage
from chalicelib.permits.model.block_5 import other_years, replaces_of, special_conditions
from chalicelib.permits.model.dossier import Dossier
from chalicelib.record.permit import Application, Line, Party, SourceDocument, from_record, line_letter
from chalicelib.uses.use import Use

REPLACES = "replaces"

NO_VALUE = "PRACTICE: this document has NO VALUE."

TAKEN_OVER = "Issued on paper before Tamga; NOT SIGNED here: compare the stamp, signature and seal of the paper."  # D4


def exchanged(dossier: Dossier, office: IssuingOffice, *, posts: Mapping[str, str], final: bool) -> ExchangedPermit:
    """Convert an issued dossier, which has a number. `final`: with block 14, what left. `posts`: id -> name."""
    stage, authority = office.stage, office.authority
    application, kind = from_record(dossier.record), KINDS[dossier.kind]
    ours = ExchangedParty(
        name=authority.name,
        street=authority.address,
        country=authority.country,
        country_name=COUNTRIES.get(authority.country),
    )
    uses = _left(dossier) if final else ()
    conditions = special_conditions(application, kind, replaces_of(dossier, stage), other_years(dossier, stage))
    said = (NO_VALUE if stage.practice else "", TAKEN_OVER if dossier.legacy else "", conditions)
    issued = _time(dossier.issued.issued_at, stage)
    return ExchangedPermit(
        process=PURPOSE_OF_EXCHANGE,
        number=dossier.number,
        name=kind.en,
        type_code=kind.letter,
        issued_at=issued,
        copy="false" if application.form == "electronic" else "true",
        purpose_name=PURPOSES[code].en if (code := application.purpose or "") in PURPOSES else None,
        purpose=application.purpose,
        conditions="\n".join(filter(None, said)),
        references=tuple(_references(application, dossier)),
        valid_from=issued,
        valid_until=_time((dossier.expires_at or 1) - 1, stage),
        place=office.place,
        first=Signatory(type_code="A", number=application.stamp_number, party=ours),
        third=Signatory(
            type_code="C",
            at=issued,
            statement="\n".join(dossier.tokens) or None,  # the signed tokens (FORMAT.md 2), one a page
            party=ExchangedParty(
                name=authority.name,
                country=authority.country,
                signatory=dossier.approval.printed if dossier.approval else None,
            ),
            place=office.place,
        ),
        exporter=_party(application.exporter),
        importer=_party(application.importer),
        transport=_transport(application, uses),
        examined=tuple(
            Examination(at=_time(use.at, stage), place_id=use.post or None, place=posts.get(use.post), by=ours)
            for use in uses
        ),
        lines=tuple(_line(n, line, uses, dossier, stage) for n, line in enumerate(application.lines)),
    )


def _left(dossier: Dossier) -> tuple[Use, ...]:
    """Endorsements for block 14, by time, those that use this kind of document."""
    wanted = ("import",) if dossier.kind == DocumentKind.IMPORT else ("export",)
    kinds = ("export", "import") if KINDS[dossier.kind].many_crossings else wanted
    found = [use for use in dossier.uses if use.counts and use.kind in kinds and use.result != UseResult.DUPLICATE]
    return tuple(sorted(found, key=lambda use: (use.at, use.event_id)))


def _references(application: Application, dossier: Dossier) -> list[Reference]:
    found = []
    permit = application.import_permit
    if permit is not None and permit.number:
        found.append(
            Reference(issued_at=permit.date, type_code=IMPORT_DOCUMENT, number=permit.number, name=permit.country)
        )
    if dossier.replaces_number:
        found.append(Reference(number=dossier.replaces_number, name=REPLACES))
    return found


def _transport(application: Application, uses: tuple[Use, ...]) -> Reference | None:
    """Document for block 15, from the endorsements, else from the application."""
    number = next((use.transport_document for use in uses if use.transport_document), application.transport_document)
    return Reference(number=number) if number else None


def _line(index: int, line: Line, uses: tuple[Use, ...], dossier: Dossier, stage: Stage) -> ExchangedLine:
    letter, unit = line_letter(index), line.unit or NUMBER
    draw = next((each for each in dossier.draws if each.line == index), None)  # of several the narrowest comes first
    origin, last = line.origin or SourceDocument(), line.last_reexport or SourceDocument()
    words = line.operation_or_acquisition
    operation = Reference(number=words) if words and len(words) <= 35 and " " not in words else Reference(name=words)
    return ExchangedLine(
        id=letter,
        marks=line.marks or None,
        origin_country=origin.country,
        origin_country_name=COUNTRIES.get(origin.country or ""),
        export_country=last.country,
        export_country_name=COUNTRIES.get(last.country or ""),
        origin_document=_document(origin, ORIGIN_DOCUMENT),
        export_document=_document(last, EXPORT_DOCUMENT),
        quantity=line.quantity,
        unit=unit,
        appendix=APPENDIX_NAMES[line.appendix] if line.appendix is not None else None,
        source=line.source,
        description=line.description or None,
        term=line.term,
        common_name=line.common_name or None,
        scientific_name=line.scientific_name,
        examined=tuple(
            Examination(at=_time(use.at, stage), quantity=moved.quantity, unit=unit)
            for use in uses
            for moved in use.lines
            if moved.line == letter
        ),
        quota_used=draw.total or None if draw else None,
        quota_used_unit=unit if draw and draw.total else None,
        quota=draw.limit or None if draw else None,
        quota_unit=unit if draw and draw.limit else None,
        operation=operation if words else None,
    )


def _document(source: SourceDocument, type_code: str) -> Reference | None:
    if not source.document:
        return None
    return Reference(issued_at=source.date, type_code=type_code, number=source.document)


def _party(party: Party) -> ExchangedParty:
    return ExchangedParty(
        name=party.name, street=party.address, country=party.country, country_name=COUNTRIES.get(party.country or "")
    )


def _time(at: int, stage: Stage) -> str:
    """Time in the Party's own offset, so that its day is the printed day."""
    return datetime.fromtimestamp(at, ZoneInfo(stage.zone)).isoformat()
