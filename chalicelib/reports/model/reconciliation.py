"""Outcome of a permit that was issued to let goods out, by the register.

endorsed    an export counts that was recorded at the post
paper       stamped on the paper, entered afterwards by hand and confirmed by a second person
eaeu        unused, for a member of the Eurasian Economic Union, where no customs stand: nobody endorses an exit there
returned    given back unused (surrendered) by its holder
ended       replaced, or revoked without a use: it let nothing out
pending     stamped on the paper, and the second person has not confirmed it
open        unused, and may still be used
unknown     unused, and no longer valid or reported lost: nothing is known of the goods
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, get_args

from chalicelib.kernel.document_kinds import KINDS, DocumentKind
from chalicelib.kernel.enums import Direction, Recorded, State, UseResult
from chalicelib.people.model import Posts
from chalicelib.permits.model.dossier import Dossier
from chalicelib.requirements.model.table import EAEU
from chalicelib.uses.single_use import distinct_uses, moved_amounts

type ExportOutcome = Literal["endorsed", "paper", "eaeu", "returned", "ended", "pending", "open", "unknown"]

OUTCOMES: tuple[ExportOutcome, ...] = get_args(ExportOutcome.__value__)


def lets_out(kind: str) -> bool:
    """True for documents under which a consignment leaves once."""
    return (
        kind in KINDS
        and KINDS[kind].single
        and kind not in {DocumentKind.IMPORT, DocumentKind.INTRODUCTION_FROM_THE_SEA}
    )


def outcome(dossier: Dossier, now: int) -> ExportOutcome:
    exports = [use for use in dossier.uses if use.kind == Direction.EXPORT and use.withdrawn is None]
    counting = [use for use in exports if use.counts]
    if counting:
        return "paper" if all(use.recorded == Recorded.PAPER for use in counting) else "endorsed"
    if any(use.result == UseResult.PENDING for use in exports):
        return "pending"
    if dossier.state == State.REVOKED and "surrender" in dossier.last_actions:
        return "returned"
    if dossier.state in {State.REPLACED, State.REVOKED}:
        return "ended"
    if (dossier.record.get("importer") or {}).get("country") in EAEU:
        return "eaeu"
    valid = dossier.state in {State.ISSUED, State.SUSPENDED} and now < (dossier.expires_at or 0)
    return "open" if valid else "unknown"


def exported(dossier: Dossier, posts: Posts) -> Mapping[str, Decimal]:
    """Line letter -> quantity that left."""
    return moved_amounts(distinct_uses(dossier.uses, "export", posts))
