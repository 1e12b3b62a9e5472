"""What is known of one number of another Party: every use of it, on paper or by its code.

FOREIGN#<issuer>          <number>    the uses of a permit whose code we checked (accounts.py); on the shelf BY_CODE
FOREIGN-NUMBER#<country>  <identity>  the uses of papers with this number (foreign_permits/services/record.py)

The second row is the guard of both: whoever adds a use writes it as it was read, so of two at once one begins again
and meets the other. It is read first: what is read after it is not older than what it guards. A paper that was only
written down takes no room in it, so that no number of them keeps a use from being written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.kernel.document_kinds import KINDS
from chalicelib.kernel.numbers import NUMBER_FORM, counted_as
from chalicelib.kernel.rows import Key, Put, Row
from chalicelib.people.model import Posts
from chalicelib.permits.services import store
from chalicelib.platform.deps import PermitRegister
from chalicelib.uses import single_use, use_limits
from chalicelib.uses.single_use import surplus
from chalicelib.uses.use import PermittedAmount, Use
from chalicelib.verification.model.foreign_pages import load_pages
from chalicelib.verification.model.foreign_permit import ForeignPermit

BY_CODE = "foreign-codes"


def foreign_key(issuer: str, number: str) -> Key:
    return Key(f"FOREIGN#{issuer}", number)


def number_of(issuer: str, number: str, register: PermitRegister) -> Number:
    """`signed` is of the very number, of the one that differs by its ending, or of the Party that signed a number which
    names another country."""
    country, name = counted_as(issuer, number)
    row = register.get(_number_key(country, name))
    signed = register.get(foreign_key(country, number)) or _otherwise_signed(issuer, number, register)
    return _number(country, name, row, signed)


def numbers_of(asked: Iterable[tuple[str, str]], register: PermitRegister) -> dict[tuple[str, str], Number]:
    """`number_of` each (issuer, number), for a page of them: read together, so no decision stands on it."""
    known = {each: counted_as(*each) for each in asked}
    signed_at = {each: foreign_key(counted[0], each[1]) for each, counted in known.items()}
    found = register.get_all([*(_number_key(*counted) for counted in known.values()), *signed_at.values()])
    made = {}
    for each, counted in known.items():
        row, signed = found.get(_number_key(*counted)), found.get(signed_at[each])
        if row is not None and signed is None:  # no guard: nothing was done by a code either
            signed = _otherwise_signed(*each, register)
        made[each] = _number(*counted, row, signed)
    return made


def load_allowed(data: Mapping[str, Any]) -> dict[str, PermittedAmount]:
    return {letter: PermittedAmount(*pair) for letter, pair in data.items()}


def dump_allowed(allowed: Mapping[str, PermittedAmount]) -> dict[str, Any]:
    return {letter: [each.quantity, each.unit] for letter, each in allowed.items()}


@dataclass(frozen=True, slots=True)
class Number:
    """`used`: paper id -> {kind, read, use} of each that was endorsed, `read`: the digest of what its lines allow;
    `signed`: the row of their permit whose code we checked; `version`: of the guard."""

    issuer: str
    identity: str
    used: Mapping[str, Mapping[str, Any]]
    signed: Row | None
    version: int

    @property
    def papers(self) -> tuple[Use, ...]:
        """What was done with papers."""
        return store.load_uses([each["use"] for each in self.used.values()])

    @property
    def by_code(self) -> tuple[Use, ...]:
        return store.load_uses(self.signed.data["uses"]) if self.signed else ()

    @property
    def uses(self) -> tuple[Use, ...]:
        return (*self.by_code, *self.papers)

    def others(self, paper_id: str) -> tuple[Use, ...]:
        """Every use but that of one paper."""
        return tuple(use for use in self.uses if use.event_id != paper_id)

    @property
    def _standing(self) -> list[Mapping[str, Any]]:
        """Without what was taken back: how that paper was read binds no other."""
        return [each for each in self.used.values() if not each["use"].get("withdrawn")]

    def kind(self, read: str) -> str:
        """What a paper read as this kind is held to be: what the code says; else for many crossings only if no paper
        that was used said otherwise."""
        if self.signed is not None:
            return str(self.signed.data["kind"])
        kinds = [read, *(each["kind"] for each in self._standing)]
        return next((kind for kind in kinds if KINDS[kind].single), read)

    def allowed(self, read: Mapping[str, PermittedAmount]) -> Mapping[str, PermittedAmount]:
        """The lines as they were read, where every use stands on the same; else none. None either while a page of the
        code was not seen.

        Parts of a consignment are told by what is left of it, and a typed quantity would leave what it likes.
        """
        known = {each["read"] for each in self._standing}
        if (
            self.signed is not None
            and "pages" in self.signed.data
            and not load_pages(self.signed.data["pages"]).complete
        ):
            return {}
        if self.signed is not None:
            known.add(_digest(load_allowed(self.signed.data["allowed"])))
        return read if known <= {_digest(read)} else {}

    def against(self, paper: ForeignPermit | None = None) -> tuple[Use, ...]:
        """The imports that speak against a paper with this number, the first first; two of which neither was called a
        conflict are one crossing or parts of one consignment."""
        read, paper_id = (paper.record["document_type"], paper.id) if paper else ("OT", "")
        if KINDS[self.kind(read)].many_crossings:
            return ()
        imports = [use for use in self.others(paper_id) if use.kind == "import" and use.counts]
        own = [use for use in self.papers if use.event_id == paper_id and use.kind == "import" and use.counts]
        found = [use for use in imports if not own or "conflict" in {own[0].result, use.result}]
        return tuple(sorted(found, key=lambda use: (use.at, use.event_id)))

    def unconfirmed(self, posts: Posts, paper: ForeignPermit | None = None) -> tuple[Use, ...]:
        """The hand-stamped imports that wait for a second officer and are another use than this paper's. None where the
        paper does not arrive or is for many crossings."""
        read, paper_id = (paper.record["document_type"], paper.id) if paper else ("OT", "")
        if (paper and paper.direction != "import") or KINDS[self.kind(read)].many_crossings:
            return ()
        uses = self.with_paper(paper).uses if paper else self.uses
        return tuple(use for use in single_use.unconfirmed(uses, {"import"}, posts) if use.event_id != paper_id)

    def surplus(self, paper: ForeignPermit, posts: Posts) -> bool:
        """Whether more arrived in parts than stands on the paper. Where it was read otherwise nobody can say."""
        allowed = self.allowed(paper.allowed)
        many = KINDS[self.kind(paper.record["document_type"])].many_crossings
        return bool(allowed) and not many and bool(surplus(self.uses, allowed, posts))

    def with_paper(self, paper: ForeignPermit) -> Number:
        if paper.use is None:
            return self
        kind, read = paper.record["document_type"], _digest(paper.allowed)
        used = {**self.used, paper.id: {"kind": kind, "read": read, "use": store.dump_uses((paper.use,))[0]}}
        uses = store.dump_uses(use_limits.compact(replace(self, used=used).papers))
        return replace(self, used={use["event_id"]: {**used[use["event_id"]], "use": use} for use in uses})

    def check_room(self, kind: str, paper: ForeignPermit, use: Use) -> None:
        """Whether the number takes this paper's use, by the bounds of a code's; raises `TooLarge`."""
        use_limits.check_room(kind, self.others(paper.id), use)
        store.check_room(self.with_paper(paper).put().data, "endorse")

    def as_signed(self, paper: ForeignPermit) -> str | None:
        """The number that a code of it has, or would have: devices find its uses by that."""
        if self.signed is not None:
            return self.signed.key.sort
        guesses = (paper.identity, f"{self.identity}/{KINDS[paper.record['document_type']].letter}")
        return next(filter(NUMBER_FORM.fullmatch, guesses), None)

    def put(self) -> Put:
        return Put(_number_key(self.issuer, self.identity), {"used": dict(self.used)}, expect=self.version)


def _otherwise_signed(issuer: str, number: str, register: PermitRegister) -> Row | None:
    country, name = counted_as(issuer, number)
    found = register.query(foreign_key(country, "").partition, start=f"{name}/", stop=f"{name}0", limit=1)
    return next(iter(found), None) or (register.get(foreign_key(issuer, number)) if issuer != country else None)


def _number(country: str, name: str, row: Row | None, signed: Row | None) -> Number:
    return Number(country, name, dict(row.data["used"]) if row else {}, signed, row.version if row else 0)


def _digest(allowed: Mapping[str, PermittedAmount]) -> str:
    return store.request_hash(dump_allowed(allowed))


def _number_key(issuer: str, name: str) -> Key:
    return Key(f"FOREIGN-NUMBER#{issuer}", name)
