"""Uses of one number of another Party, by its code and on paper.

FOREIGN#<issuer>          <number>    the uses of a permit whose code we checked (accounts.py); on the shelf BY_CODE
FOREIGN-NUMBER#<country>  <identity>  the uses of papers with this number (foreign_permits/services/record.py)

The second row guards both, because each new use is written together with it, under the version that was read. Of two
writers at the same time one gets a version conflict, starts again and finds the other use. The guard is read first, so
that everything read later is at least as new. A paper without a use takes no room in it. So no number of such papers
can block a use.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from chalicelib.kernel.document_kinds import KINDS
from chalicelib.kernel.enums import Direction
from chalicelib.kernel.numbers import NUMBER_FORM, use_key
from chalicelib.kernel.rows import Key, Put, Row, RowData
from chalicelib.people.model import Posts
from chalicelib.permits.services import store
from chalicelib.platform.deps import PermitRegister
from chalicelib.uses import single_use, use_limits
from chalicelib.uses.single_use import lines_above_export
from chalicelib.uses.use import PermittedAmount, Use
from chalicelib.verification.model.foreign_pages import load_pages
from chalicelib.verification.model.foreign_permit import ForeignPermit

BY_CODE = "foreign-codes"


def foreign_key(issuer: str, number: str) -> Key:
    return Key(f"FOREIGN#{issuer}", number)


def number_of(issuer: str, number: str, register: PermitRegister) -> ForeignNumber:
    """Everything known of a number.

    `signed` is the row of exactly this number, else of the number with another ending. If the number names another
    country, it may also be the row of the Party that signed it.
    """
    country, name = use_key(issuer, number)
    row = register.get(_number_key(country, name))
    signed = register.get(foreign_key(country, number)) or _otherwise_signed(issuer, number, register)
    return _number(country, name, row, signed)


def numbers_of(asked: Iterable[tuple[str, str]], register: PermitRegister) -> dict[tuple[str, str], ForeignNumber]:
    """`number_of` for each (issuer, number) of a page. The rows are read together, so make no decision on them."""
    known = {each: use_key(*each) for each in asked}
    signed_at = {each: foreign_key(counted[0], each[1]) for each, counted in known.items()}
    found = register.get_all([*(_number_key(*counted) for counted in known.values()), *signed_at.values()])
    made = {}
    for each, counted in known.items():
        row, signed = found.get(_number_key(*counted)), found.get(signed_at[each])
        if row is not None and signed is None:  # without the guard row there is no use by a code either
            signed = _otherwise_signed(*each, register)
        made[each] = _number(*counted, row, signed)
    return made


def load_allowed(data: RowData) -> dict[str, PermittedAmount]:
    return {letter: PermittedAmount(*pair) for letter, pair in data.items()}


def dump_allowed(allowed: Mapping[str, PermittedAmount]) -> dict[str, list[str | None]]:
    return {letter: [each.quantity, each.unit] for letter, each in allowed.items()}


@dataclass(frozen=True, slots=True)
class ForeignNumber:
    """Everything known of one number.

    `used` maps a paper id to {kind, read, use} for each endorsed paper. `read` is the digest of the amounts on its
    lines. `signed`: the row of the permit whose code we checked. `version`: of the guard.
    """

    issuer: str
    identity: str
    used: Mapping[str, RowData]
    signed: Row | None
    version: int

    @property
    def papers(self) -> tuple[Use, ...]:
        """Uses of papers."""
        return store.load_uses([each["use"] for each in self.used.values()], _number_key(self.issuer, self.identity))

    @property
    def by_code(self) -> tuple[Use, ...]:
        return store.load_uses(self.signed.data["uses"], self.signed.key) if self.signed else ()

    @property
    def uses(self) -> tuple[Use, ...]:
        return (*self.by_code, *self.papers)

    def others(self, paper_id: str) -> tuple[Use, ...]:
        """All uses except that of one paper."""
        return tuple(use for use in self.uses if use.event_id != paper_id)

    @property
    def _standing(self) -> list[RowData]:
        """Uses of papers that were not withdrawn. A withdrawn reading does not bind other papers."""
        return [each for each in self.used.values() if not each["use"].get("withdrawn")]

    def kind(self, read: str) -> str:
        """The kind of document that applies to a paper read as kind `read`.

        It is the kind in the code. Without a code it is for many crossings only if no used paper was read as a
        document for one consignment.
        """
        if self.signed is not None:
            return str(self.signed.data["kind"])
        kinds = [read, *(each["kind"] for each in self._standing)]
        return next((kind for kind in kinds if KINDS[kind].single), read)

    def allowed(self, read: Mapping[str, PermittedAmount]) -> Mapping[str, PermittedAmount]:
        """Return the amounts that may arrive in parts: `read`, or an empty mapping if nothing may.

        `read`: amounts of this paper by line. Nothing may arrive in parts if another used paper or the code of this
        number has other amounts, or if a page of the code was not seen yet. An officer types the amounts of a paper,
        and a wrong amount would let in more parts than left.
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
        """Imports that conflict with a paper of this number, earliest first, or none for many crossings.

        All other imports, if the paper has no import of its own that counts. Else only pairs in which one has the
        result `conflict`: two others are one crossing, or parts of one consignment.
        """
        read, paper_id = (paper.record["document_type"], paper.id) if paper else ("OT", "")
        if KINDS[self.kind(read)].many_crossings:
            return ()
        imports = [use for use in self.others(paper_id) if use.kind == Direction.IMPORT and use.counts]
        own = [use for use in self.papers if use.event_id == paper_id and use.kind == Direction.IMPORT and use.counts]
        found = [use for use in imports if not own or "conflict" in {own[0].result, use.result}]
        return tuple(sorted(found, key=lambda use: (use.at, use.event_id)))

    def unconfirmed(self, posts: Posts, paper: ForeignPermit | None = None) -> tuple[Use, ...]:
        """Hand-stamped imports that wait for a second officer and are not this paper's use.

        Empty if the paper does not arrive or is for many crossings.
        """
        read, paper_id = (paper.record["document_type"], paper.id) if paper else ("OT", "")
        if (paper and paper.direction != Direction.IMPORT) or KINDS[self.kind(read)].many_crossings:
            return ()
        uses = self.with_paper(paper).uses if paper else self.uses
        return tuple(use for use in single_use.unconfirmed(uses, {"import"}, posts) if use.event_id != paper_id)

    def surplus(self, paper: ForeignPermit, posts: Posts) -> bool:
        """True if more arrived in parts than the paper allows. False for many crossings and for different readings."""
        allowed = self.allowed(paper.allowed)
        many = KINDS[self.kind(paper.record["document_type"])].many_crossings
        return bool(allowed) and not many and bool(lines_above_export(self.uses, allowed, posts))

    def with_paper(self, paper: ForeignPermit) -> ForeignNumber:
        if paper.use is None:
            return self
        kind, read = paper.record["document_type"], _digest(paper.allowed)
        used = {**self.used, paper.id: {"kind": kind, "read": read, "use": store.dump_uses((paper.use,))[0]}}
        uses = store.dump_uses(use_limits.trim_withdrawn(replace(self, used=used).papers))
        return replace(self, used={use["event_id"]: {**used[use["event_id"]], "use": use} for use in uses})

    def check_room(self, kind: str, paper: ForeignPermit, use: Use) -> None:
        """Check that the number has room for this paper's use, by the limits for uses by code. Raises `TooLarge`."""
        use_limits.check_room(kind, self.others(paper.id), use)
        store.check_room(self.with_paper(paper).put().data, "endorse")

    def as_signed(self, paper: ForeignPermit) -> str | None:
        """The number that its code has or would have, by which devices find uses."""
        if self.signed is not None:
            return self.signed.key.sort
        guesses = (paper.identity, f"{self.identity}/{KINDS[paper.record['document_type']].letter}")
        return next(filter(NUMBER_FORM.fullmatch, guesses), None)

    def put(self) -> Put:
        return Put(_number_key(self.issuer, self.identity), {"used": dict(self.used)}, expected_version=self.version)


def _otherwise_signed(issuer: str, number: str, register: PermitRegister) -> Row | None:
    country, name = use_key(issuer, number)
    found = register.query(foreign_key(country, "").partition, start=f"{name}/", stop=f"{name}0", limit=1)
    return next(iter(found), None) or (register.get(foreign_key(issuer, number)) if issuer != country else None)


def _number(country: str, name: str, row: Row | None, signed: Row | None) -> ForeignNumber:
    return ForeignNumber(country, name, dict(row.data["used"]) if row else {}, signed, row.version if row else 0)


def _digest(allowed: Mapping[str, PermittedAmount]) -> str:
    return store.request_hash(dump_allowed(allowed))


def _number_key(issuer: str, name: str) -> Key:
    return Key(f"FOREIGN-NUMBER#{issuer}", name)
