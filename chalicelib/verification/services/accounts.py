"""Where the uses of a permit are kept: in our own dossier, or in a row of ours for another Party's permit.

Which dossier a number was last found in: saves the second verification of a permit one of two reads.

1 nothing is held for the number                                   -> both rows are read, and the id is held
2 the dossier of the id that is held is read, as of now, and bears the number still  -> this is what both rows say: the
  two are written by the same transactions (`issue_permit` gives a number, `sign_permit` takes it back)
3 else (the number was declared void, the register was restored)   -> as 1

Held is an id and nothing of a permit: state, uses and tokens are read anew for every verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chalicelib.kernel.days import DAY
from chalicelib.kernel.document_kinds import KINDS
from chalicelib.kernel.errors import NoMatch
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Key, Put
from chalicelib.people.model import Posts
from chalicelib.permits.model.dossier import Dossier, snapshot
from chalicelib.permits.services import store
from chalicelib.platform.deps import Deps, PermitRegister
from chalicelib.record.permit import Permit
from chalicelib.uses import single_use, use_limits
from chalicelib.uses.use import FROM_LIST, PermittedAmount, Subject, Use, Withdrawal, subject
from chalicelib.verdict import border_rules
from chalicelib.verdict.snapshot import Register
from chalicelib.verdict.token_checks import token_allowance
from chalicelib.verification.model.foreign_pages import ForeignPages, load_pages
from chalicelib.verification.services.foreign_numbers import (
    BY_CODE,
    Number,
    dump_allowed,
    foreign_key,
    load_allowed,
    number_of,
)

HELD_AT_MOST = 10_000  # numbers, some two megabytes; full, it begins anew

type Find = Callable[[PermitRegister, str, str], Dossier | None]  # as `store.find_number`


class HeldNumbers:
    """One process's. `find`: `store.find_number`, with one read instead of two where it can."""

    def __init__(self, at_most: int = HELD_AT_MOST) -> None:
        self._at_most = at_most
        self._held: dict[tuple[str, str], str] = {}

    def find(self, register: PermitRegister, issuer: str, number: str) -> Dossier | None:
        held = self._held.get((issuer, number))
        dossier = _bearing(number, held, register) if held else None  # 2
        if dossier is None:  # 1, 3
            dossier = store.find_number(register, issuer, number)
            if dossier is not None and dossier.number == number:
                if len(self._held) >= self._at_most:
                    self._held.clear()
                self._held[issuer, number] = dossier.id
        return dossier


def _bearing(number: str, permit_id: str, register: PermitRegister) -> Dossier | None:
    try:
        dossier = store.load(register, permit_id)
    except NoMatch:
        return None
    return dossier if dossier.number == number else None


@dataclass(frozen=True, slots=True)
class UseAccount:
    """The uses of one (issuer, number) as they were read, and what is needed to add one to exactly these.

    `dossier`: as it was read; None for another Party's permit, and for a number that our register does not know.
    `signed`: what another Party's signed pages say, spelled as a record is: the annual report needs it.
    `theirs`: all that is known of another Party's number, with its uses on paper, and the guard of both. `seen`: its
    pages, of this event and of those before.
    """

    issuer: str
    number: str
    ours: bool
    dossier: Dossier | None
    kind: str
    allowed: Mapping[str, PermittedAmount]
    uses: tuple[Use, ...]
    version: int
    heirs: tuple[Dossier, ...] = ()  # the permits that replaced it, one after the other
    signed: Mapping[str, Any] = field(default_factory=dict)
    theirs: Number | None = None
    seen: ForeignPages = field(default_factory=ForeignPages)

    @property
    def known(self) -> Register:
        """The register's answer for a verdict."""
        if not self.ours:
            return "not_asked"
        return snapshot(replace(self.dossier, uses=self.uses)) if self.dossier else "unknown"

    @property
    def own_uses(self) -> tuple[Use, ...]:
        return () if self.ours else self.counted(self.uses)

    def counted(self, uses: tuple[Use, ...]) -> tuple[Use, ...]:
        """These, and what was done with papers of another Party's number."""
        return (*uses, *self.theirs.papers) if self.theirs else uses

    def others(self, use: Use) -> tuple[Use, ...]:
        """What counts beside this one, on what replaced the permit too: the goods left but once."""
        every = {each.event_id: each for each in self.counted(self.all_uses) if each.counts}
        return tuple(each for each in every.values() if each.event_id != use.event_id)

    def too_far(self, use: Use, posts: Posts) -> tuple[str, ...]:
        """U3, where another use is out of this one's reach."""
        return ("U3",) if border_rules.out_of_reach(use, self.others(use), posts) else ()

    def unconfirmed_beside(self, use: Use, posts: Posts) -> tuple[Use, ...]:
        """The hand-stamped endorsements of this direction that wait for a second officer and are another use."""
        return single_use.unconfirmed_beside(self.kind, self.counted(self.all_uses), use, posts)

    def divisible(self, use: Use) -> Mapping[str, PermittedAmount]:
        """What may arrive in parts: nothing while a page of another Party's was not seen, or where a paper of this
        number was read otherwise than its code."""
        if not self.ours and not self.seen.complete:
            return {}
        return self.theirs.allowed(self.allowed) if self.theirs and use.kind == "import" else self.allowed

    @property
    def all_uses(self) -> tuple[Use, ...]:
        """These and its replacements'."""
        return (*self.uses, *(use for heir in self.heirs for use in heir.uses))

    def subject(self, pages: Sequence[Permit] = ()) -> Subject:
        """What the duty desks are told of it. `pages`: those that were shown."""
        return subject(self.issuer, self.number, pages, self.dossier.record if self.dossier else self.signed)

    def room_for(self, use: Use) -> int:
        """Bytes that the file may have with this use in it; raises `TooLarge` where there are too many of its kind."""
        use_limits.check_room(self.kind, self.uses, use)
        return store.ROOM if use_limits.opens(self.kind, self.uses, use) else store.ROOM - store.SPARE

    def puts(
        self,
        uses: tuple[Use, ...],
        actor: Actor,
        deps: Deps,
        action: str,
        detail: Mapping[str, Any],
        room: int = store.ROOM,
    ) -> tuple[Put, ...]:
        """The guarded writes that make these the uses: dossier, status value and history, or the foreign row.

        What happens to a replaced permit happens to its replacements too: the goods left but once.
        """
        if self.dossier is not None:
            changes = [(self.dossier, store.Change(self.dossier.but(uses=uses), action, detail, room=room))]
            for heir in self.heirs:
                made = store.Change(heir.but(uses=self._carried(uses, heir)), action, {**detail, "of": self.number})
                changes.append((heir, made))
            return store.puts_of(actor, deps, *changes)
        data = {
            "issuer": self.issuer,
            "number": self.number,
            "kind": self.kind,
            "allowed": dump_allowed(self.allowed),
            "uses": store.dump_uses(uses),
            **({"signed": dict(self.signed)} if self.signed else {}),
            **({"pages": self.seen.dump()} if self.seen.count > 1 else {}),
        }
        store.check_room(data, action, room)
        entry = {"at": deps.now, "by": actor.id, "by_name": actor.name, "action": action, "detail": dict(detail)}
        key = foreign_key(self.issuer, self.number)
        return (
            Put(key, data, expect=self.version, index={"shelf": BY_CODE}),
            Put(Key(f"FOREIGN-HISTORY#{self.issuer}#{self.number}", f"{self.version + 1:08d}"), entry, expect=0),
            *((self.theirs.put(),) if self.theirs else ()),
        )

    def with_pages(self, pages: Sequence[Permit]) -> UseAccount:
        """The account of another Party's permit with what these pages say as well.

        A row of before pages were kept stays as it is until page 1 and those after it say more.
        """
        seen = self.seen.merged(pages)
        if len(seen.allowed) < len(self.allowed):
            return replace(self, seen=seen)
        theirs = self.theirs
        if theirs and theirs.signed and theirs.signed.key == foreign_key(self.issuer, self.number):
            data = {**theirs.signed.data, "allowed": dump_allowed(seen.allowed), "pages": seen.dump()}
            theirs = replace(theirs, signed=replace(theirs.signed, data=data))
        return replace(self, seen=seen, allowed=seen.allowed, signed={**self.signed, **seen.signed}, theirs=theirs)

    def told_now(self, use: Use, now: int) -> UseAccount:
        """The account once the event itself has come in: what only a list had told of it no longer counts.

        A list tells of what was before it was signed (`Use.at` of a told use), so a later use is another one.
        `dossier` stays as it was read.
        """
        took = Withdrawal(use.event_id, now, use.officer, "the event itself came in")
        uses = tuple(
            replace(u, withdrawn=took)
            if u.recorded == FROM_LIST and u.kind == use.kind and u.counts and use.at <= u.at
            else u
            for u in self.uses
        )
        return replace(self, uses=uses)

    def _carried(self, uses: tuple[Use, ...], heir: Dossier) -> tuple[Use, ...]:
        """The heir's uses, with these among them as they are now, and those that it should have begun with."""
        ours = {use.event_id: replace(use, number=use.number or self.number) for use in uses}
        here = {use.event_id for use in heir.uses}
        new = (ours[use.event_id] for use in use_limits.carried_over(self.kind, uses) if use.event_id not in here)
        return (*(ours.get(use.event_id, use) for use in heir.uses), *new)


def open_account(permit: Permit, pages: Sequence[Permit], deps: Deps, *, find: Find = store.find_number) -> UseAccount:
    """The account of a verified permit; the signed pages say what another Party's permits."""
    ours = permit.issuer == deps.stage.issuer
    try:
        held = account_of(permit.issuer, permit.number, deps, find=find)
    except NoMatch:
        theirs = None if ours else number_of(permit.issuer, permit.number, deps.register)
        allowed = token_allowance(pages) if ours else {}
        held = UseAccount(permit.issuer, permit.number, ours, None, permit.kind, allowed, (), 0, theirs=theirs)
    return held if ours else held.with_pages(pages)


def account_of(issuer: str, number: str, deps: Deps, *, find: Find = store.find_number) -> UseAccount:
    """The account that is there already; raises `NoMatch`."""
    if issuer == deps.stage.issuer:
        dossier = find(deps.register, issuer, number)
        if dossier is None:
            raise NoMatch("No such permit.")
        return UseAccount(
            issuer,
            number,
            True,
            dossier,
            dossier.kind,
            dossier.allowed,
            dossier.uses,
            dossier.version,
            tuple(replacements(dossier, deps.register)),
        )
    theirs = number_of(issuer, number, deps.register)
    row = theirs.signed
    if theirs.issuer != issuer:  # it signed a number that names another country, whose own it is not
        row = deps.register.get(foreign_key(issuer, number))
    if row is None or row.key != foreign_key(issuer, number):  # `signed` may differ by its ending
        raise NoMatch("No such permit.")
    return UseAccount(
        issuer,
        number,
        False,
        None,
        row.data["kind"],
        load_allowed(row.data["allowed"]),
        store.load_uses(row.data["uses"]),
        row.version,
        signed=row.data.get("signed", {}),
        theirs=theirs,
        seen=load_pages(row.data["pages"]) if "pages" in row.data else ForeignPages(),
    )


def day_line(use: Use, kind: str, issuer: str, number: str, *, expect: int | None = 0) -> tuple[Put, ...]:
    """The line in the list of the day that learnt of it, from which devices are told what was used elsewhere.

    None for what uses nothing. `expect` None: the line is there, and what became of the use since (undone, confirmed)
    is put right.
    """
    if use.kind in use_limits.QUIET and not KINDS[kind].many_crossings:
        return ()
    data = {"issuer": issuer, "number": number, "use": store.dump_uses((use,))[0]}
    return (Put(Key(f"USES#{use.received_at // DAY}", use.event_id), data, expect=expect),)


def replacements(dossier: Dossier, register: PermitRegister) -> Iterator[Dossier]:
    """The permits that replaced it, one after the other."""
    while dossier.replaced_by:
        dossier = store.load(register, dossier.replaced_by)
        yield dossier
