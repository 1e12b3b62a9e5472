"""Confirmation, correction and withdrawal of another Party's recorded paper.

Confirmation: a second person confirms a stamp that was entered later. From then on the endorsement counts.

Correction: the content changes in place, and the history keeps the old content with the reason. A paper with an
endorsement is not corrected, because the endorsement rests on the content. A second person withdraws it first, then the
paper is corrected and endorsed anew. The withdrawal (U7) stays under the number of the endorsement. A paper corrected
to another number has it in its history alone. Enquiries and answers stay, and so do the remarks that follow from them.

Withdrawal: an endorsement that was an entry error. Nothing is erased.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from chalicelib.alerts.services import alerts
from chalicelib.alerts.services.alerts import PaperDoubts
from chalicelib.endorsement.services.endorse import check_body_at_post
from chalicelib.endorsement.services.withdraw import PaperUndo, StoredUndo, may_undo
from chalicelib.foreign_permits.services.record import PaperChange, change, unconfirmed
from chalicelib.kernel.enums import Direction, UseResult
from chalicelib.kernel.errors import EditedMeanwhile, NoMatch, NotUsable, TamgaError, TwoPeople, WrongState
from chalicelib.kernel.numbers import use_key
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Put, RowData
from chalicelib.kernel.text import checked_reason
from chalicelib.people.model import Posts
from chalicelib.permits.services import store
from chalicelib.platform.transact import transact
from chalicelib.record.permit import Application, to_record
from chalicelib.uses import single_use
from chalicelib.uses.single_use import use_state
from chalicelib.uses.use import Withdrawal
from chalicelib.verification.model import foreign_permit
from chalicelib.verification.model.foreign_permit import ForeignPermit
from chalicelib.verification.services import foreign_records, import_permits
from chalicelib.verification.services.foreign_numbers import ForeignNumber, number_of
from chalicelib.verification.services.verify import VerifyDeps


def confirm(paper_id: str, actor: Actor, deps: VerifyDeps) -> ForeignPermit:
    """Confirm a stamp as second person, so that the paper is used at the stamp's time and place.

    If its number has another, different use, this use becomes a conflict, and the duty desks are notified. The same
    confirmation again by the same person is a success. Raises `NotUsable`, `TwoPeople`, `Forbidden`, `NoMatch`.
    """

    actor.require("endorse")

    def decide(paper: ForeignPermit, known: ForeignNumber) -> PaperChange | None:
        done, use = paper.endorsed, paper.use
        if done is not None and done.stands and done.confirmed_by == actor.id:
            return None
        if done is None or use is None or done.result != UseResult.PENDING or not done.stands:
            raise NotUsable("This endorsement is not waiting for a second person.")
        check_body_at_post(actor, paper.post, deps.posts)
        if actor.id in use.excluded_confirmers:
            raise TwoPeople("You took part in this endorsement. Another officer must confirm it.")
        kind, allowed = known.kind(paper.record["document_type"]), known.allowed(paper.allowed)
        result = single_use.classify_offline_use(kind, known.others(paper.id), use, allowed, deps.posts)
        done = replace(done, result=result, confirmed_by=actor.id, confirmed_by_name=actor.name)
        made = paper.but(endorsed=done)
        paired = import_permits.confirmed(made.use, deps) if made.use else None
        after = known.with_paper(made)
        doubts = PaperDoubts(
            after.against(made), paired.shortfall if paired else (), unconfirmed(made, after, paired, deps.posts)
        )
        return PaperChange(made, "confirm", paired=paired, doubts=doubts)

    return change(paper_id, actor, decide, deps)


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction. It has the whole content of the paper, in place of the content read at `version`."""

    version: int
    reason: str
    direction: Direction
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
    number = foreign_permit.checked(asked, ours=deps.stage.issuer)
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
            words = "This record was changed after you read it. Read it again, then send your change."
            raise EditedMeanwhile(words, version=paper.version)
        if paper.endorsed is not None and paper.endorsed.stands:
            words = (
                "This paper is endorsed. A second person must take that back before "
                "you correct it and endorse it again."
            )
            raise WrongState(words)
        same = use_key(asked.issuer, number) == use_key(paper.issuer, paper.number)
        made = paper.but(**content, endorsed=paper.endorsed if same else None)
        deps.register.commit(*_puts(paper, made, asked.reason, actor, deps))
        return made

    return transact(attempt, "Others are changing this record; try again.")


def _puts(old: ForeignPermit, made: ForeignPermit, reason: str, actor: Actor, deps: VerifyDeps) -> tuple[Put, ...]:
    """Return the writes of the record, its history, its number and the alerts.

    The commit fails if the record or the row of the number has changed since it was read.
    """
    faults = import_permits.of(made, deps)
    known = number_of(made.issuer, made.number, deps.register).with_paper(made)
    event = store.derived_event_id(made.id, made.version)
    return (
        *foreign_records.puts(made, actor, deps.now, "correct", {"reason": reason, "changes": _changes(old, made)}),
        known.put(),
        *alerts.of_paper(event, actor, made, PaperDoubts(known.against(made), faults), deps),
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

    actor.require("undo")

    def decide(paper: ForeignPermit, known: ForeignNumber) -> PaperChange:
        done = paper.endorsed
        if done is None or not done.stands:
            raise WrongState("There is no endorsement to take back.")
        assert paper.use is not None
        may_undo(paper.use, (), actor, deps.posts, deps.now)
        undone = {"at": deps.now, "by": actor.id, "by_name": actor.name, "reason": reason}
        made = paper.but(endorsed=replace(done, withdrawn=undone))
        paired = import_permits.withdrawn(made.id, Withdrawal(made.id, deps.now, actor.id, reason), deps)
        return PaperChange(made, "withdraw", {"reason": reason}, paired, puts=also)

    return change(paper_id, actor, decide, deps)


def undo_paper(paper_id: str, undo: PaperUndo, deps: VerifyDeps) -> StoredUndo:
    """Withdraw a foreign permit's endorsement, named by the event id of its use of our import permit.

    Returns the receipt. Raises `NoMatch`, `TwoPeople`, else as `withdraw`.
    """
    asked = undo.asked
    half = import_permits.paired_use_of(paper_id, deps)
    done = foreign_records.load(paper_id, deps.register).use
    if half is None or done is None or half.use.event_id != asked.event_id:
        raise NoMatch("No such endorsement.")
    if undo.made_by is not None and undo.made_by.same_person_ids & done.excluded_confirmers:
        raise TwoPeople("You took part in this endorsement. Another person must take it back.")
    left = [use for use in half.account.uses if use.event_id != asked.event_id]
    receipt: StoredUndo = {
        "event_id": asked.undo_id,
        "undone": asked.event_id,
        "number": half.account.number,
        "at": deps.now,
        "officer": undo.actor.name,
        "state": half.dossier.state,
        "use": use_state(half.account.kind, left),
    }
    event = Put(store.event_key(asked.undo_id), {**undo.mark, "receipt": receipt}, expected_version=0)
    withdraw(paper_id, asked.reason, undo.actor, deps, also=(event,))
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
