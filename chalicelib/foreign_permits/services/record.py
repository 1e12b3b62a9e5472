"""Recording and endorsing of another Party's paper: each event once, and no second use of its number unnoticed.

Online, a number used before, on paper or by its code, is refused (`AlreadyUsed`, with the first use). Offline the use
has happened, so both are kept, and both papers get the remark `used_before`. `uses/single_use.py` decides what uses a
number.

1 event id: the same event is the same record   2 role, post   3 form of the particulars   4 single use
5 one transaction: record, history, the number's row under its guard, the event
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace

from chalicelib.alerts.services import alerts
from chalicelib.alerts.services.alerts import NO_DOUBTS, PaperDoubts
from chalicelib.endorsement.services.endorse import (
    ONLINE_WINDOW,
    PAPER_WINDOW,
    check_assigned,
    check_body_at_post,
    refusal_of,
)
from chalicelib.endorsement.services.requests import is_uuid
from chalicelib.kernel.days import SKEW
from chalicelib.kernel.enums import Direction, UseResult
from chalicelib.kernel.errors import (
    AlreadyUsed,
    EventIdReused,
    FieldError,
    Invalid,
    NoMatch,
    NotUsable,
    Unavailable,
    WrongState,
)
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Put, Row, RowData
from chalicelib.people.model import Posts
from chalicelib.permits.services import store
from chalicelib.platform.country_folder import DUTY_POST
from chalicelib.platform.deps import Deps, PermitRegister
from chalicelib.platform.transact import transact
from chalicelib.record.permit import Application, to_record
from chalicelib.uses import single_use
from chalicelib.uses.use import Use
from chalicelib.verification.model import foreign_permit
from chalicelib.verification.model.foreign_permit import Endorsed, ForeignPermit
from chalicelib.verification.model.import_permit import of_paper
from chalicelib.verification.services import foreign_records, import_permits
from chalicelib.verification.services.accounts import use_of_day
from chalicelib.verification.services.foreign_numbers import ForeignNumber, number_of
from chalicelib.verification.services.import_permits import PairedUse
from chalicelib.verification.services.verify import VerifyDeps


@dataclass(frozen=True, slots=True)
class EndorsementRequest:
    """An endorsement to make: every line with its quantity.

    `retained`: the paper is cancelled and kept here. `stamped_at`: time of a hand-made stamp entered later, which a
    second person confirms. `import_permit_lines`: lines used of the import permit that the paper names, where the goods
    do not determine them.
    """

    lines: tuple[tuple[str, str], ...]
    transport_document: str
    retained: bool
    stamped_at: int | None = None
    import_permit_lines: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ForeignRecord:
    """A paper to record. `permit`: the particulars on the paper, in the fields of an application."""

    event_id: str
    post: str
    recorded_at: int
    direction: Direction
    issuer: str
    number: str
    permit: Application
    issued_on: str | None = None
    sealed: bool = True
    note: str = ""
    endorsed: EndorsementRequest | None = None


def record(
    asked: ForeignRecord, actor: Actor, deps: VerifyDeps, *, offline: bool = False, late: bool = False
) -> tuple[ForeignPermit, bool]:
    """Record a paper. Return the record, and True if it is new.

    `offline`: sent by sync, so a second use is stored, not refused. `late`: an earlier sync should have brought it
    (L2). Raises `Invalid`, `Forbidden`, `EventIdReused`, `AlreadyUsed`, `NotUsable`, `TooLarge`, `Unavailable`.
    """
    actor.require("record_foreign")
    checker = deps.checker()
    if not is_uuid(asked.event_id):
        raise Invalid(FieldError("event_id", "uuid", "A UUID in lower case, made once for this paper."))
    mark = {"officer": actor.id, "hash": store.request_hash(_plain(asked))}

    def attempt() -> tuple[ForeignPermit, bool]:
        if (stored := deps.register.get(store.event_key(asked.event_id))) is not None:  # 1
            return _same(stored, mark, deps.register), False
        check_assigned(actor, asked.post, checker.posts)  # 2
        told = {"endorsed": asked.endorsed is not None, **actor.upload_detail}
        number = foreign_permit.checked(asked, ours=checker.stage.issuer)  # 3
        if asked.recorded_at > deps.now + SKEW:
            words = "This time is in the future. Set the clock of the device."
            raise Invalid(FieldError("recorded_at", "future", words))
        live = asked.endorsed is not None and asked.endorsed.stamped_at is None
        if live and not offline and asked.recorded_at < deps.now - ONLINE_WINDOW:
            detail = "Must be within 10 minutes of the server's clock. Send an offline endorsement by sync."
            raise Invalid(FieldError("recorded_at", "window", detail))
        paper = ForeignPermit(
            id=asked.event_id,
            issuer=asked.issuer,
            number=number,
            direction=asked.direction,
            record=to_record(asked.permit),
            post=asked.post,
            at=asked.recorded_at,
            received_at=deps.now,
            officer=actor.id,
            officer_name=actor.name,
            issued_on=asked.issued_on,
            sealed=asked.sealed,
            note=asked.note,
            version=1,
        )
        known = number_of(paper.issuer, paper.number, deps.register)
        if asked.endorsed is not None:
            made = _endorsed(paper, asked.endorsed, actor, deps, late=late)
            paper = _settled(made, known, actor, deps) if offline else _checked(paper, made, known, actor, deps)
        known = known.with_paper(paper)
        paired = _paired(paper, asked.endorsed, actor, deps, offline=offline)
        faults = import_permits.faults(of_paper(paper), import_permits.named_by(paper, checker), deps, paired)
        deps.register.commit(  # 5
            *(paired.puts(actor, deps, "endorse") if paired else ()),
            *foreign_records.puts(paper, actor, deps.now, "record", told),
            known.put(),
            Put(store.event_key(asked.event_id), {**mark, "foreign_permit": paper.id}, expected_version=0),
            *_day_line(paper, known),
            *alerts.of_paper(
                paper.id,
                actor,
                paper,
                PaperDoubts(known.against(paper), faults, unconfirmed(paper, known, paired, checker.posts)),
                deps,
            ),
        )
        return paper, True

    return transact(attempt, "Others are recording this number; send it again.")


def endorse(paper_id: str, using: EndorsementRequest, actor: Actor, deps: VerifyDeps) -> ForeignPermit:
    """Endorse a recorded paper, and record that it was cancelled and retained.

    The same request again by the same person is a success. Raises as `record` does, `NoMatch`, and `WrongState` where
    the paper was endorsed already.
    """

    checker = deps.checker()

    actor.require("record_foreign")

    def decide(paper: ForeignPermit, known: ForeignNumber) -> PaperChange | None:
        done = paper.endorsed
        if done is not None and done.stands:
            if (done.by, done.lines, done.stamped_at) == (actor.id, using.lines, using.stamped_at):
                return None
            raise WrongState("This paper was endorsed already. Take that endorsement back first if it is wrong.")
        new = paper.but()
        made = _checked(new, _endorsed(new, using, actor, deps), known, actor, deps)
        paired = _paired(made, using, actor, deps)
        after = known.with_paper(made)
        doubts = PaperDoubts(
            after.against(made) if using.stamped_at is not None else (),
            import_permits.faults(of_paper(made), import_permits.named_by(made, checker), deps, paired),
            unconfirmed(made, after, paired, checker.posts),
        )
        return PaperChange(made, "endorse", paired=paired, doubts=doubts)

    return change(paper_id, actor, decide, deps)


@dataclass(frozen=True, slots=True)
class PaperChange:
    """A change of a recorded paper, and its line in the history: `action`, `detail`.

    `paired`: the use of our import permit made or withdrawn with it. `doubts`: those of which the duty desks are
    notified. `puts`: further rows of the transaction.
    """

    paper: ForeignPermit
    action: str
    detail: RowData | None = None
    paired: PairedUse | None = None
    doubts: PaperDoubts = NO_DOUBTS
    puts: tuple[Put, ...] = ()


def change(
    paper_id: str, actor: Actor, decide: Callable[[ForeignPermit, ForeignNumber], PaperChange | None], deps: Deps
) -> ForeignPermit:
    """Read, decide and write, with a retry on a version conflict. `decide` returns None where nothing changes.

    The guards are the versions of the record, of its number, and of the import permit used with it.
    """

    def attempt() -> ForeignPermit:
        paper = foreign_records.load(paper_id, deps.register)
        if not foreign_records.may_see(actor, paper.post):
            raise NoMatch("No such record of a foreign permit.")
        known = number_of(paper.issuer, paper.number, deps.register)
        change = decide(paper, known)
        if change is None:
            return paper
        made = change.paper
        deps.register.commit(
            *foreign_records.puts(made, actor, deps.now, change.action, change.detail),
            known.with_paper(made).put(),
            *_day_line(made, known),
            *_alerts(made, change.doubts, actor, deps),
            *(change.paired.puts(actor, deps, change.action) if change.paired else ()),
            *change.puts,
        )
        return made

    return transact(attempt, "Others are changing this record; try again.")


def _paired(
    paper: ForeignPermit, using: EndorsementRequest | None, actor: Actor, deps: VerifyDeps, *, offline: bool = False
) -> PairedUse | None:
    """The use of our import permit by this endorsement.

    Only the duty desk endorses if another consignment uses that permit, or if it does not cover the quantity. Raises
    `NotUsable` then.
    """
    checker = deps.checker()
    if using is None:
        return None
    paired = import_permits.plan(
        import_permits.named_by(paper, checker),
        of_paper(paper),
        using.import_permit_lines,
        deps,
        offline=offline,
    )
    if paired and paired.shortfall and not offline and DUTY_POST not in actor.posts:
        _tell(paper, PaperDoubts(faults=paired.shortfall), actor, deps)
        raise NotUsable(import_permits.DESK_ONLY, codes=list(paired.shortfall))
    return paired


def _day_line(paper: ForeignPermit, known: ForeignNumber) -> tuple[Put, ...]:
    """The use's line in the list of its day, under the number that a code of this document has or would have.

    Devices find the use by that number. Without such a number, only a use that waits, was confirmed or was withdrawn
    has a line, for `endorsement/services/paper_stamps.py`.
    """
    use, number = paper.use, known.as_signed(paper)
    if use is not None and (use.is_unconfirmed or use.confirmed_by or use.withdrawn):
        number = number or paper.identity
    if use is None or number is None:
        return ()
    return use_of_day(use, str(paper.record["document_type"]), known.issuer, number, expected_version=None)


def _endorsed(
    paper: ForeignPermit, using: EndorsementRequest, actor: Actor, deps: VerifyDeps, *, late: bool = False
) -> ForeignPermit:
    """The paper with this endorsement, before it is compared with the other uses of its number. Raises as `record`."""
    stamped = using.stamped_at
    # version > 1: the post has recorded the paper before
    by_desk = DUTY_POST in actor.posts and (stamped is not None or paper.version > 1)
    check_body_at_post(actor, DUTY_POST if by_desk else paper.post, deps.posts)
    if paper.direction not in {Direction.IMPORT, Direction.TRANSIT}:
        words = "Another Party's paper can be endorsed for import or transit only."
        raise Invalid(FieldError("direction", "unknown", words))
    foreign_permit.check_lines(paper, using.lines)
    faults = list(foreign_permit.text_faults("transport_document", using.transport_document, 70))
    if not using.transport_document.strip():
        faults.append(FieldError("transport_document", "required", "Enter the waybill, the vehicle or the flight."))
    if paper.direction == Direction.IMPORT and foreign_permit.must_retain(paper) and not using.retained:
        words = "The country of import must cancel and keep this paper (Art. VI(6)). Confirm that you did so."
        faults.append(FieldError("retained", "required", words))
    if stamped is not None and not deps.now - PAPER_WINDOW <= stamped <= deps.now:
        faults.append(FieldError("stamped_at", "window", "A hand-stamped endorsement must be entered within 30 days."))
    if faults:
        raise Invalid(*faults)
    recorded_before = paper.version > 1
    done = Endorsed(
        at=stamped if stamped is not None else (deps.now if recorded_before else paper.at),
        post=paper.post,
        by=actor.id,
        by_name=actor.name,
        lines=using.lines,
        transport_document=using.transport_document,
        retained=using.retained,
        late=late,
        result=UseResult.ACCEPTED if stamped is None else UseResult.PENDING,
        entered_at=None if stamped is None else deps.now,
        brought_by=actor.brought_by or None,
    )
    return replace(paper, endorsed=done)


def _settled(made: ForeignPermit, known: ForeignNumber, actor: Actor, deps: VerifyDeps) -> ForeignPermit:
    """The paper endorsed offline, with the result of its use. A second use is stored, not refused."""
    done, use = made.endorsed, made.use
    assert done is not None
    assert use is not None
    kind, allowed = known.kind(made.record["document_type"]), known.allowed(made.allowed)
    if done.stamped_at is None:
        settled = (
            UseResult.PENDING
            if actor.by_uploaders_rights
            else single_use.classify_offline_use(kind, known.others(made.id), use, allowed, deps.posts)
        )
        made = replace(made, endorsed=replace(done, result=settled))
    known.check_room(kind, made, use)
    return made


def _checked(
    paper: ForeignPermit, made: ForeignPermit, known: ForeignNumber, actor: Actor, deps: VerifyDeps
) -> ForeignPermit:
    """`made`: the paper endorsed online. Raises `AlreadyUsed` for a second use, after a notice to the duty desks."""
    done, use = made.endorsed, made.use
    assert done is not None
    assert use is not None
    kind, allowed = known.kind(made.record["document_type"]), known.allowed(made.allowed)
    if done.stamped_at is None:
        try:
            single_use.check_use(kind, known.others(made.id), use, allowed, deps.posts, done.at)
        except AlreadyUsed as error:
            _tell(paper, PaperDoubts((error.extra["first_use"],)), actor, deps)
            words = "A permit with this number was used already. Hold the goods and ask the issuing Party."
            raise AlreadyUsed(words, **refusal_of(error)) from None
    known.check_room(kind, made, use)
    return made


def _tell(paper: ForeignPermit, doubts: PaperDoubts, actor: Actor, deps: Deps) -> None:
    """Notify the duty desks of a use that was refused (best effort: a failure does not change the response)."""

    def attempt() -> None:  # after a conflict some alerts may be stored; the retry adds the rest
        if puts := _alerts(paper, doubts, actor, deps):
            deps.register.commit(*puts)

    with suppress(Unavailable):
        transact(attempt, "Others are notifying the duty desks.")


def _alerts(paper: ForeignPermit, doubts: PaperDoubts, actor: Actor, deps: Deps) -> tuple[Put, ...]:
    if not doubts:
        return ()
    event = store.derived_event_id(paper.id, deps.now)  # the same after an hour raises a new alert
    return alerts.of_paper(event, actor, paper, doubts, deps)


def unconfirmed(paper: ForeignPermit, known: ForeignNumber, paired: PairedUse | None, posts: Posts) -> tuple[Use, ...]:
    """The hand-stamped endorsements that wait beside the use that this paper makes, also of our import permit."""
    beside = known.unconfirmed(posts, paper) if paper.use is not None and paper.use.counts else ()
    return (*beside, *import_permits.unconfirmed_of(paired))


def _same(stored: Row, mark: Mapping[str, str], register: PermitRegister) -> ForeignPermit:
    if any(stored.data.get(name) != value for name, value in mark.items()) or "foreign_permit" not in stored.data:
        raise EventIdReused("This event id was used for another request. Make a new one.")
    return foreign_records.load(str(stored.data["foreign_permit"]), register)


def _plain(asked: ForeignRecord) -> RowData:
    plain = {**asdict(asked), "permit": to_record(asked.permit)}
    if asked.endorsed is not None:  # without empty members: the hash of an older release stays valid
        plain["endorsed"] = {name: each for name, each in plain["endorsed"].items() if each not in (None, ())}
    return plain
