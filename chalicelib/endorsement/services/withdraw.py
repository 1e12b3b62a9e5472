"""Withdrawal (undo) of an endorsement: who may withdraw it, and until when.

Reasons are goods that are still here, or an entry error. Nothing is erased.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol, TypedDict, final

from chalicelib.endorsement.services.endorse import check_body_at_post, check_repeated, day_puts, find_use
from chalicelib.endorsement.services.requests import is_uuid
from chalicelib.kernel.days import DAY
from chalicelib.kernel.enums import Direction, UseState
from chalicelib.kernel.errors import FieldError, Forbidden, Invalid, NoMatch, NotUsable, TwoPeople
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Put, RowData
from chalicelib.kernel.text import checked_reason
from chalicelib.people.model import Posts
from chalicelib.permits.services import store
from chalicelib.platform.deps import PermitRegister
from chalicelib.platform.transact import transact
from chalicelib.uses import use as uses_use
from chalicelib.uses import use_limits
from chalicelib.uses.single_use import use_state
from chalicelib.uses.use import Use
from chalicelib.verification.model.import_permit import endorsement_of
from chalicelib.verification.services import import_permits
from chalicelib.verification.services.verify import VerifyDeps

UNDO_WINDOW = DAY  # seconds after the use or its receipt, the earlier of the two


def may_undo(use: Use, uses: tuple[Use, ...], actor: Actor, posts: Posts, now: int) -> None:
    """Check that the actor may withdraw this use. `uses`: all uses of the permit, because an import bars an export.

    Raises `NotUsable`, `TwoPeople`, `Forbidden`.
    """
    if use.withdrawn is not None:
        raise NotUsable("This endorsement was withdrawn already.")
    if use.kind == Direction.EXPORT and any(u.kind == Direction.IMPORT and u.counts for u in uses):
        words = "The goods have arrived, so the export endorsement cannot be taken back before the import endorsement."
        raise NotUsable(words)
    if actor.same_person_ids & use.excluded_confirmers:
        raise TwoPeople("You took part in this endorsement. Another person must take it back.")
    if "approver" in actor.roles:
        return
    check_body_at_post(actor, use.post, posts)
    if now - min(use.at, use.received_at) > UNDO_WINDOW:
        words = "More than 24 hours have passed. Only an approver may take it back, with the carrier's document."
        raise Forbidden(words)


@dataclass(frozen=True, slots=True)
class Undo:
    """Request to withdraw the endorsement `event_id`. `undo_id`: event id of the withdrawal."""

    event_id: str
    undo_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class PaperUndo:
    """Withdrawal of a foreign permit's endorsement. `mark`: stored to recognize the same request again."""

    asked: Undo
    actor: Actor
    made_by: Actor | None
    mark: Mapping[str, str]


class UndoMembers(TypedDict):
    """Receipt of a withdrawal, without its time. `undone`: event id of the endorsement."""

    event_id: str
    undone: str
    number: str
    officer: str
    state: str
    use: UseState


@final
class StoredUndo(UndoMembers):
    """Receipt of a withdrawal as its event's row has it. `at`: whole seconds."""

    at: int


# Withdraws a foreign permit's endorsement with its use of our import permit.
UndoPaper = Callable[[str, PaperUndo, VerifyDeps], StoredUndo]


class EndorseDeps(VerifyDeps, Protocol):
    """Dependencies of verification, and the withdrawal of a foreign permit's use."""

    @property
    def undo_paper(self) -> UndoPaper: ...


def undo(asked: Undo, actor: Actor, deps: EndorseDeps, *, made_by: Actor | None = None) -> StoredUndo:
    """Withdraw an endorsement: another person of that post within 24 hours, an approver at any time.

    The officer who made it, and a deputy of that officer, never withdraw it. An export is not withdrawn after an
    import. Nothing is erased. Verdicts show U7 for 180 days. The endorsement of a foreign document and its use of our
    import permit are withdrawn together, under either event id.

    `made_by`: the officer who recorded the undo offline, where `actor` sends it. Only the rights of `actor` count, and
    neither may have made the endorsement.
    Raises `Invalid`, `NoMatch`, `NotUsable`, `TwoPeople`, `Forbidden`, `EventIdReused`.
    """
    event_id, undo_id, reason = asked.event_id, asked.undo_id, asked.reason
    actor.require("undo")
    checked_reason(reason)
    if not is_uuid(undo_id):
        raise Invalid(FieldError("event_id", "uuid", "A UUID in lower case, made once for this undo."))
    mark = {"officer": (made_by or actor).id, "hash": store.request_hash({"undo": event_id, "reason": reason})}
    main = endorsement_of(event_id)

    def attempt() -> StoredUndo:
        stored = deps.register.get(store.event_key(undo_id))
        if stored is not None:
            check_repeated(stored, mark)
            kept: StoredUndo = stored.data["receipt"]
            return kept
        paper = _paper_behind(event_id, deps.register)
        if paper is not None:
            return deps.undo_paper(paper, PaperUndo(asked, actor, made_by, mark), deps)
        account, use = find_use(main, deps)
        if made_by is not None and made_by.same_person_ids & use.excluded_confirmers:
            raise TwoPeople("You took part in this endorsement. Another person must take it back.")
        may_undo(use, account.all_uses, actor, deps.posts, deps.now)
        took = uses_use.Withdrawal(undo_id, deps.now, actor.id, reason)
        withdrawn = replace(use, withdrawn=took)
        paired = import_permits.withdrawn(main, took, deps)
        if main != event_id and (paired is None or paired.use.event_id != event_id):
            raise NoMatch("No such endorsement.")
        uses = use_limits.trim_withdrawn([withdrawn if u.event_id == main else u for u in account.uses])
        receipt: StoredUndo = {
            "event_id": undo_id,
            "undone": event_id,
            "number": account.number,
            "at": deps.now,
            "officer": actor.name,
            "state": account.dossier.state if account.dossier else "foreign",
            "use": use_state(account.kind, account.counted(uses)),
        }
        detail: RowData = {
            "event_id": main,
            "reason": reason,
            "use": store.dump_uses((use,))[0],
            **({"made_by": made_by.id, "made_by_name": made_by.name} if made_by is not None else {}),
        }
        deps.register.commit(
            *account.puts(uses, actor, deps, "undo", detail),
            Put(store.event_key(undo_id), {**mark, "receipt": receipt}, expected_version=0),
            *day_puts(withdrawn, account, expect=None),
            *(paired.puts(actor, deps, "undo") if paired else ()),
        )
        return receipt

    return transact(attempt, "Others are changing this permit; try again.")


def _paper_behind(event_id: str, register: PermitRegister) -> str | None:
    """Id of the foreign paper whose endorsement used the import permit under this event id, or None."""
    main = endorsement_of(event_id)
    stored = register.get(store.event_key(main)) if main != event_id else None
    return str(stored.data["foreign_permit"]) if stored and "foreign_permit" in stored.data else None
