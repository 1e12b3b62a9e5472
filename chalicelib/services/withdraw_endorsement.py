"""An endorsement taken back: goods still here, or an entry error. Nothing is erased."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from chalicelib.core import filing, ledger
from chalicelib.core.errors import FieldError, Invalid, NoMatch, TwoPeople, Unavailable
from chalicelib.core.import_permit import endorsement_of
from chalicelib.core.ledger import use_of
from chalicelib.core.roles import Actor
from chalicelib.ports import Conflict, PermitRegister, Put
from chalicelib.services import import_permits, store
from chalicelib.services.decide_application import checked_reason
from chalicelib.services.endorse_permit import answered, day_puts, find_use
from chalicelib.services.endorsement import UUID
from chalicelib.services.undo_rules import may_undo
from chalicelib.services.verify_permit import Checker, VerifyDeps


@dataclass(frozen=True, slots=True)
class Undo:
    """A request to withdraw the endorsement `event_id`. `mark`: what its row keeps, to know the same request again."""

    event_id: str
    undo_id: str
    reason: str
    actor: Actor
    made_by: Actor | None
    mark: Mapping[str, str]


# Withdraws the endorsement of this foreign permit with its import permit's use; the container hands it in.
UndoPaper = Callable[[str, Undo, PermitRegister, Checker, int], dict[str, Any]]


class EndorseDeps(VerifyDeps, Protocol):
    """With the withdrawal of a foreign permit's use."""

    @property
    def undo_paper(self) -> UndoPaper: ...


def undo(
    event_id: str,
    undo_id: str,
    reason: str,
    actor: Actor,
    *,
    register: PermitRegister,
    checker: Checker,
    now: int,
    undo_paper: UndoPaper,
    made_by: Actor | None = None,
) -> dict[str, Any]:
    """Withdraw an endorsement: within 24 hours by another person of that post, later by an approver.

    Never by the officer who made it or their deputy, never after an import. Nothing is erased; verdicts show U7 for
    180 days. The endorsement of a foreign document and the use of our import permit that went with it are withdrawn
    together, whichever is named. `made_by`: whose offline undo `actor` brings in: it counts by the rights of the latter
    alone, and neither may have made the endorsement.
    """
    actor.need("undo")
    checked_reason(reason)
    if not UUID.fullmatch(undo_id):
        raise Invalid(FieldError("event_id", "uuid", "A UUID in lower case, made once for this undo."))
    mark = {"officer": (made_by or actor).id, "hash": store.request_hash({"undo": event_id, "reason": reason})}
    main = endorsement_of(event_id)
    for _ in range(store.TRIES):
        stored = register.get(store.event_key(undo_id))
        if stored is not None:
            return answered(stored, mark)
        paper = _paper_behind(event_id, register)
        if paper is not None:
            return undo_paper(paper, Undo(event_id, undo_id, reason, actor, made_by, mark), register, checker, now)
        account, use = find_use(main, register=register, checker=checker)
        if made_by is not None and made_by.persons & use.hands:
            raise TwoPeople("Another person withdraws it.")
        may_undo(use, account.all_uses, actor, checker.posts, now)
        took = ledger.Withdrawal(undo_id, now, actor.id, reason)
        withdrawn = replace(use, withdrawn=took)
        paired = import_permits.withdrawn(main, took, register=register, checker=checker)
        if main != event_id and (paired is None or paired.use.event_id != event_id):
            raise NoMatch("No such endorsement.")
        uses = filing.compacted([withdrawn if u.event_id == main else u for u in account.uses])
        receipt = {
            "event_id": undo_id, "undone": event_id, "number": account.number, "at": now, "officer": actor.name,
            "state": account.dossier.state if account.dossier else "foreign",
            "use": use_of(account.kind, account.counted(uses)),
        }  # fmt: skip
        detail: dict[str, Any] = {"event_id": main, "reason": reason, "use": store.dump_uses((use,))[0]}
        if made_by is not None:
            detail |= {"made_by": made_by.id, "made_by_name": made_by.name}
        try:
            register.commit(
                *account.puts(uses, actor, now, "undo", detail, register=register),
                Put(store.event_key(undo_id), {**mark, "receipt": receipt}, expect=0),
                *day_puts(withdrawn, account, expect=None),
                *(paired.puts(actor, now, "undo", register=register) if paired else ()),
            )
        except Conflict:
            continue
        return receipt
    raise Unavailable("Others are changing this permit; try again.")


def _paper_behind(event_id: str, register: PermitRegister) -> str | None:
    """The foreign paper whose endorsement used the import permit under this event id, or None."""
    main = endorsement_of(event_id)
    stored = register.get(store.event_key(main)) if main != event_id else None
    return str(stored.data["foreign_permit"]) if stored and "foreign_permit" in stored.data else None
