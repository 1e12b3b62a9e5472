"""Confirmation, correction and withdrawal of another Party's recorded paper.

Confirmation: a second person confirms a stamp that was entered later. From then on the endorsement counts.

Correction: the content changes in place, and the history keeps the old content with the reason. A paper with an
endorsement is not corrected, because the endorsement rests on the content. A second person withdraws it first, then the
paper is corrected and endorsed anew. The withdrawal (U7) stays under the number of the endorsement; a paper corrected
to another number has it in its history alone. Enquiries and answers stay, and so do the remarks that follow from them.

Withdrawal: an endorsement that was an entry error. Nothing is erased.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.alerts.services import alerts
from chalicelib.endorsement.services.endorse import check_body_at_post
from chalicelib.endorsement.services.withdraw import StoredUndo, Undo, may_undo
from chalicelib.foreign_permits.services.record import change
from chalicelib.kernel.enums import UseResult
from chalicelib.kernel.errors import EditedMeanwhile, NoMatch, NotUsable, TamgaError, TwoPeople, WrongState
from chalicelib.kernel.numbers import use_key
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Put, RowData
from chalicelib.kernel.text import checked_reason
from chalicelib.people.model import Posts
from chalicelib.permits.services import store
from chalicelib.platform.deps import Deps
from chalicelib.platform.transact import transact
from chalicelib.record.permit import Application, to_record
from chalicelib.uses import single_use
from chalicelib.uses.single_use import use_state
from chalicelib.uses.use import Withdrawal
from chalicelib.verification.model import foreign_permit
from chalicelib.verification.model.foreign_permit import ForeignPermit
from chalicelib.verification.services import foreign_records, import_permits
from chalicelib.verification.services.foreign_numbers import ForeignNumber, number_of
from chalicelib.verification.services.import_permits import PairedUse
from chalicelib.verification.services.verify import VerifyDeps


def confirm(paper_id: str, actor: Actor, deps: VerifyDeps) -> ForeignPermit:
    """Confirm a stamp as second person: the paper is used at the stamp's time and place.

    If its number has another, different use, this use becomes a conflict, and the duty desks are notified. The same
    confirmation again by the same person is a success. Raises `NotUsable`, `TwoPeople`, `Forbidden`, `NoMatch`.
    """

    def decide(paper: ForeignPermit, known: ForeignNumber) -> ForeignPermit:
        done, use = paper.endorsed, paper.use
        if done is not None and done.stands and done.confirmed_by == actor.id:
            return paper
        if done is None or use is None or done.result != UseResult.PENDING or not done.stands:
            raise NotUsable("This endorsement does not wait for a second person.")
        check_body_at_post(actor, paper.post, deps.posts)
        if actor.id in use.excluded_confirmers:
            raise TwoPeople("The second person is another one.")
        kind, allowed = known.kind(paper.record["document_type"]), known.allowed(paper.allowed)
        result = single_use.classify_offline_use(kind, known.others(paper.id), use, allowed, deps.posts)
        return paper.but(endorsed=replace(done, result=result, confirmed_by=actor.id, confirmed_by_name=actor.name))

    def pair(paper: ForeignPermit) -> PairedUse | None:
        return import_permits.confirmed(paper.use, deps) if paper.use else None

    def faults(paper: ForeignPermit, paired: PairedUse | None) -> Sequence[str]:
        return paired.shortfall if paired else ()

    return change(
        paper_id,
        actor,
        decide,
        "confirm",
        deps,
        operation="endorse",
        tell=True,
        pair=pair,
        faults=faults,
        posts=deps.posts,
    )


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction: the whole content of the paper, in place of the content read at `version`."""

    version: int
    reason: str
    direction: str
    issuer: str
    number: str
    permit: Application
    issued_on: str | None
    sealed: bool
    note: str


def correct(paper_id: str, asked: Correction, actor: Actor, deps: VerifyDeps) -> ForeignPermit:
    """Correct a recorded paper and return it. The same content again is a success and changes nothing.

    The duty desks are notified of a number used before, of faults of the import permit and of watch-list matches.
    Raises `Invalid`, `Forbidden`, `NoMatch`, `EditedMeanwhile` with the present `version`, and `WrongState` for a
    paper with an endorsement that is not withdrawn.
    """
    actor.require("record_foreign")
    checked_reason(asked.reason)
    number = foreign_permit.checked(
        asked.issuer, asked.number, asked.issued_on, asked.note, asked.permit, ours=deps.stage.issuer
    )
    content = {
        "direction": asked.direction,
        "issuer": asked.issuer,
        "number": number,
        "record": to_record(asked.permit),
        "issued_on": asked.issued_on,
        "sealed": asked.sealed,
        "note": asked.note,
    }

    def attempt() -> ForeignPermit:
        paper = foreign_records.load(paper_id, deps.register)
        if not foreign_records.may_see(actor, paper.post):
            raise NoMatch("No such record of a foreign permit.")
        if all(getattr(paper, name) == value for name, value in content.items()):
            return paper
        if paper.version != asked.version:
            raise EditedMeanwhile("Somebody has changed this record since it was read.", version=paper.version)
        if paper.endorsed is not None and paper.endorsed.stands:
            words = "This paper was endorsed: a second person takes that back, then it is corrected and endorsed anew."
            raise WrongState(words)
        same = use_key(asked.issuer, number) == use_key(paper.issuer, paper.number)
        made = paper.but(**content, endorsed=paper.endorsed if same else None)
        faults = import_permits.of(made, deps)
        deps.register.commit(*_puts(paper, made, asked.reason, actor, deps, faults=faults))
        return made

    return transact(attempt, "Others are changing this record; try again.")


def _puts(
    old: ForeignPermit, made: ForeignPermit, reason: str, actor: Actor, deps: Deps, *, faults: Sequence[str]
) -> tuple[Put, ...]:
    """Writes of the record, its history, its number under guard, and the alerts."""
    known = number_of(made.issuer, made.number, deps.register).with_paper(made)
    event = store.derived_event_id(made.id, made.version)
    return (
        *foreign_records.puts(made, actor, deps.now, "correct", {"reason": reason, "changes": _changes(old, made)}),
        known.put(),
        *alerts.of_paper(event, actor, made, deps, against=known.against(made), faults=faults),
    )


def _changes(old: ForeignPermit, made: ForeignPermit) -> list[RowData]:
    before, after = (foreign_records.content(each) for each in (old, made))
    return [
        {"field": path, "was": before.get(path), "is": after.get(path)}
        for path in dict.fromkeys((*before, *after))
        if before.get(path) != after.get(path)
    ]


def withdraw(
    paper_id: str, reason: str, actor: Actor, deps: VerifyDeps, *, also: tuple[Put, ...] = ()
) -> ForeignPermit:
    """Withdraw an endorsement that was an entry error, by the rule for codes (`may_undo`). Nothing is erased.

    Its use of our import permit is withdrawn too. `also`: rows written in the same transaction.
    Raises `Invalid` for the reason, `NoMatch`, `Forbidden`, `WrongState`, `NotUsable`, `TwoPeople`.
    """
    checked_reason(reason)

    def decide(paper: ForeignPermit, known: ForeignNumber) -> ForeignPermit:
        done = paper.endorsed
        if done is None or not done.stands:
            raise WrongState("There is no endorsement to take back.")
        assert paper.use is not None
        may_undo(paper.use, (), actor, deps.posts, deps.now)
        undone = {"at": deps.now, "by": actor.id, "by_name": actor.name, "reason": reason}
        return paper.but(endorsed=replace(done, withdrawn=undone))

    def pair(paper: ForeignPermit) -> PairedUse | None:
        took = Withdrawal(paper.id, deps.now, actor.id, reason)
        return import_permits.withdrawn(paper.id, took, deps)

    return change(
        paper_id, actor, decide, "withdraw", deps, operation="undo", detail={"reason": reason}, pair=pair, also=also
    )


def undo_paper(paper_id: str, asked: Undo, deps: VerifyDeps) -> StoredUndo:
    """Withdraw a foreign permit's endorsement, named by the event id of its use of our import permit.

    Returns the receipt. Raises `NoMatch`, `TwoPeople`; else as `withdraw`.
    """
    half = import_permits.paired_use_of(paper_id, deps)
    done = foreign_records.load(paper_id, deps.register).use
    if half is None or done is None or half.use.event_id != asked.event_id:
        raise NoMatch("No such endorsement.")
    if asked.made_by is not None and asked.made_by.same_person_ids & done.excluded_confirmers:
        raise TwoPeople("Another person withdraws it.")
    left = [use for use in half.account.uses if use.event_id != asked.event_id]
    receipt: StoredUndo = {
        "event_id": asked.undo_id,
        "undone": asked.event_id,
        "number": half.account.number,
        "at": deps.now,
        "officer": asked.actor.name,
        "state": half.dossier.state,
        "use": use_state(half.account.kind, left),
    }
    event = Put(store.event_key(asked.undo_id), {**asked.mark, "receipt": receipt}, expected_version=0)
    withdraw(paper_id, asked.reason, asked.actor, deps, also=(event,))
    return receipt


def may_withdraw(paper: ForeignPermit, actor: Actor, posts: Posts, now: int) -> bool:
    """True if `withdraw` would accept this person."""
    try:
        actor.require("undo")
        if paper.use is not None:
            may_undo(paper.use, (), actor, posts, now)
    except TamgaError:
        return False
    return paper.use is not None
