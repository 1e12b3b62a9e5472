"""Reconciliation of a year: permits that let goods out against what left under them, by pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

from chalicelib.kernel.quantity import spelled
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.stage import Stage
from chalicelib.people.model import Posts
from chalicelib.people.services import PeopleDeps
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.model.lifecycle import ISSUED_ONCE
from chalicelib.permits.services.find_permits import issued
from chalicelib.record.permit import line_letter
from chalicelib.reports.model.reconciliation import ExportOutcome, exported, lets_out, outcome
from chalicelib.reports.services.annual_report import DOCUMENTS
from chalicelib.uses.single_use import first_use


class ReconciledLine(TypedDict):
    """Of one line the permitted quantity and the quantity that left."""

    line: str
    scientific_name: str | None
    term: str | None
    unit: str | None
    permitted: str | None
    exported: str


@dataclass(frozen=True, slots=True)
class Reconciled:
    """One permit with its outcome."""

    dossier: Dossier
    outcome: ExportOutcome
    lines: tuple[ReconciledLine, ...]
    post: str | None
    month: str | None


def reconcile(
    year: int, actor: Actor, deps: PeopleDeps, *, cursor: str | None = None, documents: int = DOCUMENTS
) -> tuple[list[Reconciled], str | None]:
    """Permits in order of their numbers, and the next cursor. Raises `Forbidden`, `Invalid` for a bad cursor."""
    actor.require("reports")
    found, more = issued(year, deps, after=cursor or "", limit=documents)
    told = [
        _told(dossier, deps.stage, deps.posts, deps.now)
        for dossier in found
        if lets_out(dossier.kind) and dossier.state in ISSUED_ONCE
    ]
    return told, more


def _told(dossier: Dossier, stage: Stage, posts: Posts, now: int) -> Reconciled:
    left = exported(dossier, posts)
    use = first_use(dossier.uses, "export")
    lines: tuple[ReconciledLine, ...] = tuple(
        {
            "line": line_letter(index),
            "scientific_name": line.get("scientific_name"),
            "term": line.get("term"),
            "unit": line.get("unit"),
            "permitted": line.get("quantity"),
            "exported": spelled(left[line_letter(index)]) if line_letter(index) in left else "0",
        }
        for index, line in enumerate(dossier.record.get("lines", ()))
    )
    month = stage.today(use.at).isoformat()[:7] if use else None
    return Reconciled(dossier, outcome(dossier, now), lines, use.post if use else None, month)
