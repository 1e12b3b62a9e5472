"""A dossier as the sealed PDF that the ministry, the exporter and the officer hold, and as a preview before that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from chalicelib.core.block_5 import other_years, replaces_of
from chalicelib.core.dossier import Dossier
from chalicelib.core.permit import Permit, from_record, record_bytes
from chalicelib.core.stage import Stage
from chalicelib.core.token import read_own
from chalicelib.documents.permit_pdf import render
from chalicelib.documents.seal_pdf import seal
from chalicelib.documents.sheet import Authority, Sheet
from chalicelib.ports import Signer

REASON = "Issued by the Management Authority"


def sheet_of(
    dossier: Dossier, replaced: Dossier | None, marks: frozenset[str], *, stage: Stage, authority: Authority, place: str
) -> Sheet:
    """Everything that the print of an issued dossier needs."""
    return Sheet(
        application=from_record(dossier.record),
        permits=tuple(read_own(text) for text in dossier.tokens),
        qr_texts=dossier.tokens,
        check_code=dossier.check_code or "",
        host=stage.host,
        authority=authority,
        place=place,
        approver=dossier.approval.printed if dossier.approval else "",
        zone=ZoneInfo(stage.zone),
        record_json=record_bytes(dossier.record).decode(),
        quotas=_box_11a(dossier),
        quota_years=other_years(dossier, stage),
        replaces=replaces_of(dossier, stage) if replaced is not None else None,
        mark=marks,
    )


def _box_11a(dossier: Dossier) -> dict[int, str]:
    """Line -> total and quota; of several quotas the narrowest, which stands first."""
    return {draw.line: draw.printed for draw in reversed(dossier.draws)}


def printer(
    *,
    sealer: Callable[[], tuple[Signer, bytes]],
    clock: Callable[[], int],
    stage: Stage,
    authority: Authority,
    place: str,
) -> Callable[[Dossier, Dossier | None, frozenset[str]], bytes]:
    """The function that `print_permit.make` renders with. `sealer`: the key that seals now, and its certificate."""

    def made(dossier: Dossier, replaced: Dossier | None, marks: frozenset[str]) -> bytes:
        sheet = sheet_of(dossier, replaced, marks, stage=stage, authority=authority, place=place)
        now = datetime.fromtimestamp(clock(), UTC)
        signer, certificate = sealer()
        return seal(render(sheet), signer, certificate, now=now, reason=REASON, location=place)

    return made


def previewer(
    *, stage: Stage, authority: Authority, place: str
) -> Callable[[Dossier, Dossier | None, frozenset[str], tuple[Permit, ...]], bytes]:
    """The function that `preview_permit.preview` renders with: no seal. `pages`: what the tokens would say."""

    def made(dossier: Dossier, replaced: Dossier | None, marks: frozenset[str], pages: tuple[Permit, ...]) -> bytes:
        sheet = sheet_of(dossier, replaced, marks, stage=stage, authority=authority, place=place)
        return render(replace(sheet, permits=pages))

    return made
