"""Where the uses of a permit are kept: in our own dossier, or in a row of ours for another Party's permit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.core.dossier import Dossier, snapshot
from chalicelib.core.errors import NoMatch
from chalicelib.core.ledger import Allowance, Use
from chalicelib.core.permit import Permit
from chalicelib.core.roles import Actor
from chalicelib.core.stage import Stage
from chalicelib.core.token import token_allowance
from chalicelib.core.verdict import Register
from chalicelib.ports import Key, PermitRegister, Put
from chalicelib.services import store


@dataclass(frozen=True, slots=True)
class Account:
    """The uses of one (issuer, number) as they were read, and what is needed to add one to exactly these.

    `dossier` is None for another Party's permit, and for a number that our register does not know.
    """

    issuer: str
    number: str
    ours: bool
    dossier: Dossier | None
    kind: str
    allowed: Mapping[str, Allowance]
    uses: tuple[Use, ...]
    version: int
    heirs: tuple[Dossier, ...] = ()  # the permits that replaced it, one after the other

    @property
    def known(self) -> Register:
        """The register's answer for a verdict."""
        if not self.ours:
            return "not_asked"
        return snapshot(self.dossier) if self.dossier else "unknown"

    @property
    def own_uses(self) -> tuple[Use, ...]:
        return () if self.ours else self.uses

    @property
    def all_uses(self) -> tuple[Use, ...]:
        """These and its replacements'."""
        return (*self.uses, *(use for heir in self.heirs for use in heir.uses))

    def puts(
        self, uses: tuple[Use, ...], actor: Actor, now: int, action: str, detail: Mapping[str, Any]
    ) -> tuple[Put, ...]:
        """The guarded writes that make these the uses: dossier, status value and history, or the foreign row.

        What happens to a replaced permit happens to its replacements too: the goods left but once.
        """
        if self.dossier is not None:
            made = store.Change(self.dossier.but(uses=uses), action, detail)
            puts = store.writes(self.dossier, made, actor, now)
            for heir in self.heirs:
                made = store.Change(heir.but(uses=self._carried(uses, heir)), action, {**detail, "of": self.number})
                puts += store.writes(heir, made, actor, now)
            return puts
        data = {
            "issuer": self.issuer,
            "number": self.number,
            "kind": self.kind,
            "allowed": {letter: [a.quantity, a.unit] for letter, a in self.allowed.items()},
            "uses": store.dump_uses(uses),
        }
        entry = {"at": now, "by": actor.id, "by_name": actor.name, "action": action, "detail": dict(detail)}
        key = foreign_key(self.issuer, self.number)
        return (
            Put(key, data, expect=self.version),
            Put(Key(f"FOREIGN-HISTORY#{self.issuer}#{self.number}", f"{self.version + 1:08d}"), entry, expect=0),
        )

    def _carried(self, uses: tuple[Use, ...], heir: Dossier) -> tuple[Use, ...]:
        """The heir's uses, with these among them as they are now."""
        ours = {use.event_id: replace(use, number=use.number or self.number) for use in uses}
        return (*(ours.pop(use.event_id, use) for use in heir.uses), *ours.values())


def foreign_key(issuer: str, number: str) -> Key:
    return Key(f"FOREIGN#{issuer}", number)


def open_account(permit: Permit, pages: Sequence[Permit], *, register: PermitRegister, stage: Stage) -> Account:
    """The account of a verified permit; the signed pages say what another Party's permits."""
    try:
        return account_of(permit.issuer, permit.number, register=register, stage=stage)
    except NoMatch:
        ours = permit.issuer == stage.issuer
        return Account(permit.issuer, permit.number, ours, None, permit.kind, token_allowance(pages), (), 0)


def account_of(issuer: str, number: str, *, register: PermitRegister, stage: Stage) -> Account:
    """The account that is there already; raises `NoMatch`."""
    if issuer == stage.issuer:
        dossier = store.find_number(register, issuer, number)
        if dossier is None:
            raise NoMatch("No such permit.")
        return Account(
            issuer, number, True, dossier, dossier.kind, dossier.allowed, dossier.uses, dossier.version,
            tuple(_heirs(dossier, register)),
        )  # fmt: skip
    row = register.get(foreign_key(issuer, number))
    if row is None:
        raise NoMatch("No such permit.")
    allowed = {letter: Allowance(*pair) for letter, pair in row.data["allowed"].items()}
    uses = store.load_uses(row.data["uses"])
    return Account(issuer, number, False, None, row.data["kind"], allowed, uses, row.version)


def _heirs(dossier: Dossier, register: PermitRegister) -> Iterator[Dossier]:
    while dossier.replaced_by:
        dossier = store.load(register, dossier.replaced_by)
        yield dossier
