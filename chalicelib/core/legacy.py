"""What a permit on paper from before Tamga is worth: no code and no signature, only what the register holds of it.

`judge_legacy` runs those of the numbered checks (verdict.py, FORMAT.md 5) that need no code: 7 time, 9 the register's
state and D4, 10 use. 1-6 and 8 are skipped, 11 and 12 too. At best it says `check`: a person compares the paper.
"""

from __future__ import annotations

from chalicelib.core.dossier import Dossier
from chalicelib.core.permit import (
    Line,
    Permit,
    SourceDocument,
    TokenLine,
    TokenParty,
    TokenSource,
    from_record,
    record_digest,
)
from chalicelib.core.snapshot_hits import arrival_hits
from chalicelib.core.verdict import NOWHERE, Context, Snapshot, Verdict, concluded
from chalicelib.core.verdict_hits import expired_hits, state_hits, time_hits, use_hits

SKIPPED = frozenset({1, 2, 3, 4, 5, 6, 8, 11, 12})


def paper_permit(paper: Dossier, issuer: str) -> Permit:
    """What the register holds of a paper, in the shape in which a code speaks. `status_uri` is empty: it has no entry.

    `paper`: a legacy dossier, whose record has what `legacy_rules.py` demands.
    """
    app = from_record(paper.record)
    return Permit(
        issuer=issuer,
        number=paper.number or "",
        kind=app.document_type or "",
        exporter=TokenParty(app.exporter.name or "", app.exporter.country or ""),
        importer=TokenParty(app.importer.name or "", app.importer.country or ""),
        purpose=app.purpose or "",
        lines=tuple(_line(line) for line in app.lines),
        record_digest=bytes.fromhex(record_digest(paper.record))[:16],
        cti=bytes(16),
        issued_at=paper.issued_at or 0,
        expires_at=paper.expires_at or 0,
        status_uri="",
        status_idx=0,
        stamp=app.stamp_number,
    )


def judge_legacy(permit: Permit, register: Snapshot, *, zone: str, now: int, context: Context = NOWHERE) -> Verdict:
    """The verdict on a paper permit as our register holds it; pure, raises nothing. `zone`: the Party's."""
    uses, seen = context.as_seen(register.uses, now)
    hits = time_hits(permit, zone, seen)  # 7
    hits += state_hits(register)  # 9
    hits += use_hits(permit, (permit,), register, None, uses, context, seen)  # 10
    hits += arrival_hits(permit, register, context, seen)
    hits = expired_hits(hits, permit, uses, None, context, seen)
    return concluded(hits, (permit,), register, uses, zone=zone, skipped=SKIPPED, now=now, as_of=now)


def _line(line: Line) -> TokenLine:
    return TokenLine(
        taxon=line.scientific_name or "",
        appendix=line.appendix or 0,
        source=line.source or "",
        term=line.term or "",
        quantity=line.quantity or "",
        unit=line.unit,
        marks=line.marks,
        origin=_source(line.origin),
        last_reexport=_source(line.last_reexport),
        operation=line.operation_or_acquisition,
    )


def _source(source: SourceDocument | None) -> TokenSource | None:
    return TokenSource(source.country, source.document, source.date) if source and source.country else None
