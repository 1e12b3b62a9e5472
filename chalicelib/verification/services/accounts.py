"""The uses of one permit, read and written in our own dossier, or in a row of ours for another Party's permit.

A cache holds the id of the dossier in which a number was found last. It saves one of two reads when a permit is
verified again:

1 no id is cached for the number: read both rows, and cache the id
2 read the dossier of the cached id; if it still has the number, it is what both rows would give. The same transactions
  write the two (`reserve.issue` gives a number, `sign.give_up` takes it back)
3 else the number was declared void or the register was restored: do step 1

Only the id is cached. State, uses and tokens are read again for every verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from chalicelib.kernel.days import DAY
from chalicelib.kernel.document_kinds import KINDS
from chalicelib.kernel.enums import Direction
from chalicelib.kernel.errors import NoMatch
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Key, Put, RowData
from chalicelib.people.model import Posts
from chalicelib.permits.model.dossier import Dossier, snapshot
from chalicelib.permits.services import store
from chalicelib.platform.deps import Deps, PermitRegister
from chalicelib.record.permit import Permit
from chalicelib.uses import single_use, use_limits
from chalicelib.uses.use import FROM_LIST, PermittedAmount, Subject, Use, Withdrawal, alert_subject
from chalicelib.verdict import border_rules
from chalicelib.verdict.snapshot import NotAsked, Register, Unknown
from chalicelib.verdict.token_checks import token_allowance
from chalicelib.verification.model.foreign_pages import ForeignPages, load_pages
from chalicelib.verification.services.foreign_numbers import (
    BY_CODE,
    ForeignNumber,
    dump_allowed,
    foreign_key,
    load_allowed,
    number_of,
)

HELD_AT_MOST = 10_000  # numbers, about two megabytes; a full cache is emptied

type Find = Callable[[PermitRegister, str, str], Dossier | None]  # like `store.find_number`


class NumberCache:
    """Cache of one process: number -> id of its dossier. `find` is `store.find_number` with one read where possible."""

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
    """The uses of one (issuer, number) as read, and the data to add one to exactly these.

    `dossier`: None for another Party's permit, and for a number that our register does not know. `signed` is the
    content of another Party's signed pages in the form of a record. The annual report needs it. `foreign_number`:
    everything known of another Party's number, with its uses on paper, and the version that guards them. `seen`: its
    pages, of this event and of earlier ones.
    """

    issuer: str
    number: str
    ours: bool
    dossier: Dossier | None
    kind: str
    allowed: Mapping[str, PermittedAmount]
    uses: tuple[Use, ...]
    version: int
    replacements: tuple[Dossier, ...] = ()  # its replacements, in order
    signed: RowData = field(default_factory=dict)
    foreign_number: ForeignNumber | None = None
    seen: ForeignPages = field(default_factory=ForeignPages)

    @property
    def known(self) -> Register:
        """The register's answer for a verdict."""
        if not self.ours:
            return NotAsked()
        return snapshot(replace(self.dossier, uses=self.uses)) if self.dossier else Unknown()

    @property
    def own_uses(self) -> tuple[Use, ...]:
        return () if self.ours else self.counted(self.uses)

    def counted(self, uses: tuple[Use, ...]) -> tuple[Use, ...]:
        """These uses, with those on papers of another Party's number."""
        return (*uses, *self.foreign_number.papers) if self.foreign_number else uses

    def others(self, use: Use) -> tuple[Use, ...]:
        """All other uses that count, also those of replacements, because the goods left only once."""
        every = {each.event_id: each for each in self.counted(self.all_uses) if each.counts}
        return tuple(each for each in every.values() if each.event_id != use.event_id)

    def too_far(self, use: Use, posts: Posts) -> tuple[str, ...]:
        """U3 if another use is too far from this one for the time between them."""
        return ("U3",) if border_rules.is_impossible_journey(use, self.others(use), posts) else ()

    def unconfirmed_beside(self, use: Use, posts: Posts) -> tuple[Use, ...]:
        """Other hand-stamped endorsements of this direction that wait for a second officer."""
        return single_use.unconfirmed_beside(self.kind, self.counted(self.all_uses), use, posts)

    def divisible(self, use: Use) -> Mapping[str, PermittedAmount]:
        """The amounts that may arrive in parts, or an empty mapping if nothing may.

        Nothing may while a page of another Party's permit was not seen, or if a paper of this number has other amounts
        than its code.
        """
        if not self.ours and not self.seen.complete:
            return {}
        return (
            self.foreign_number.allowed(self.allowed)
            if self.foreign_number and use.kind == Direction.IMPORT
            else self.allowed
        )

    @property
    def all_uses(self) -> tuple[Use, ...]:
        """The uses of this permit and of its replacements."""
        return (*self.uses, *(use for heir in self.replacements for use in heir.uses))

    def subject(self, pages: Sequence[Permit] = ()) -> Subject:
        """The description of the permit for the duty desks. `pages`: the pages that were shown."""
        return alert_subject(self.issuer, self.number, pages, self.dossier.record if self.dossier else self.signed)

    def room_for(self, use: Use) -> int:
        """Bytes that the row may have with this use in it. Raises `TooLarge` if there are too many uses of its kind."""
        use_limits.check_room(self.kind, self.uses, use)
        return (
            store.DOSSIER_BYTES
            if use_limits.is_first_use(self.kind, self.uses, use)
            else store.DOSSIER_BYTES - store.SPARE
        )

    def puts(  # noqa: PLR0913 - the uses, and the name, detail and limit of their change
        self,
        uses: tuple[Use, ...],
        actor: Actor,
        deps: Deps,
        action: str,
        detail: RowData,
        room: int = store.DOSSIER_BYTES,
    ) -> tuple[Put, ...]:
        """Guarded writes that store these uses in dossier, status value and history, or in the row of the foreign
        permit.

        Uses of a replaced permit are written to its replacements too, because the goods left only once.
        """
        if self.dossier is not None:
            changes = [(self.dossier, store.Change(self.dossier.but(uses=uses), action, detail, room=room))]
            for heir in self.replacements:
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
            Put(key, data, expected_version=self.version, index={"shelf": BY_CODE}),
            Put(
                Key(f"FOREIGN-HISTORY#{self.issuer}#{self.number}", f"{self.version + 1:08d}"),
                entry,
                expected_version=0,
            ),
            *((self.foreign_number.put(),) if self.foreign_number else ()),
        )

    def with_pages(self, pages: Sequence[Permit]) -> UseAccount:
        """The account of another Party's permit with the content of these pages added.

        A row from before pages were stored keeps its amounts while page 1 and the pages after it give fewer lines.
        """
        seen = self.seen.merged(pages)
        if len(seen.allowed) < len(self.allowed):
            return replace(self, seen=seen)
        theirs = self.foreign_number
        if theirs and theirs.signed and theirs.signed.key == foreign_key(self.issuer, self.number):
            data = {**theirs.signed.data, "allowed": dump_allowed(seen.allowed), "pages": seen.dump()}
            theirs = replace(theirs, signed=replace(theirs.signed, data=data))
        signed = {**self.signed, **seen.signed}
        return replace(self, seen=seen, allowed=seen.allowed, signed=signed, foreign_number=theirs)

    def without_inferred(self, use: Use, now: int) -> UseAccount:
        """The account after the event itself has come in. Inferred uses that it explains no longer count.

        A status list shows a use from before the list was signed (`Use.at` of an inferred use), so a later use is
        another one. `dossier` stays as it was read.
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
        """Uses of a replacement, brought up to date with these.

        Uses carried over to it get their current state, and those that it should have from the start and lacks are
        added.
        """
        ours = {use.event_id: replace(use, number=use.number or self.number) for use in uses}
        here = {use.event_id for use in heir.uses}
        new = (ours[use.event_id] for use in use_limits.carried_over(self.kind, uses) if use.event_id not in here)
        return (*(ours.get(use.event_id, use) for use in heir.uses), *new)


def open_account(permit: Permit, pages: Sequence[Permit], deps: Deps, *, find: Find = store.find_number) -> UseAccount:
    """The account of a verified permit. The signed pages give the amounts of another Party's permit."""
    ours = permit.issuer == deps.stage.issuer
    try:
        held = account_of(permit.issuer, permit.number, deps, find=find)
    except NoMatch:
        theirs = None if ours else number_of(permit.issuer, permit.number, deps.register)
        allowed = token_allowance(pages) if ours else {}
        held = UseAccount(permit.issuer, permit.number, ours, None, permit.kind, allowed, (), 0, foreign_number=theirs)
    return held if ours else held.with_pages(pages)


def account_of(issuer: str, number: str, deps: Deps, *, find: Find = store.find_number) -> UseAccount:
    """The account of a permit that has a row already. Raises `NoMatch`."""
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
    if theirs.issuer != issuer:  # the Party signed a number that names another country; this is not that country's row
        row = deps.register.get(foreign_key(issuer, number))
    if row is None or row.key != foreign_key(issuer, number):  # the row may be of the number with another ending
        raise NoMatch("No such permit.")
    return UseAccount(
        issuer,
        number,
        False,
        None,
        row.data["kind"],
        load_allowed(row.data["allowed"]),
        store.load_uses(row.data["uses"], row.key),
        row.version,
        signed=row.data.get("signed", {}),
        foreign_number=theirs,
        seen=load_pages(row.data["pages"]) if "pages" in row.data else ForeignPages(),
    )


def use_of_day(use: Use, kind: str, issuer: str, number: str, *, expected_version: int | None = 0) -> tuple[Put, ...]:
    """The row in the list of uses of the day of receipt, from which devices learn of uses elsewhere.

    No row for a use that uses nothing. With `expected_version` None, write without a check, to correct a row after the
    use was undone or confirmed.
    """
    if use.kind in use_limits.NON_CONSUMING and not KINDS[kind].many_crossings:
        return ()
    data = {"issuer": issuer, "number": number, "use": store.dump_uses((use,))[0]}
    return (Put(Key(f"USES#{use.received_at // DAY}", use.event_id), data, expected_version=expected_version),)


def replacements(dossier: Dossier, register: PermitRegister) -> Iterator[Dossier]:
    """The permits that replaced it, one after the other."""
    while dossier.replaced_by:
        dossier = store.load(register, dossier.replaced_by)
        yield dossier
