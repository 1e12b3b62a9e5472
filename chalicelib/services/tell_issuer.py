"""What arrived here under another Party's permit, and telling that Party (EPIX `ConfirmQuantities`): our register's
figures, which nobody types.

1 every import under this number that counts, by its code or on paper, also one that conflicts with another: the issuer
has to know   2 what two officers saw of one crossing, once   3 of a document for one consignment; of one for many
crossings no sum says anything
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.core.codes import KINDS
from chalicelib.core.errors import WrongState
from chalicelib.core.ledger import Posts, arrivals, moved
from chalicelib.core.quotas import spelled
from chalicelib.core.roles import Actor
from chalicelib.ports import BlobStore, PartyServices, PermitRegister
from chalicelib.services import ask_party
from chalicelib.services.ask_party import CONFIRM, Heard
from chalicelib.services.exchange_journal import Entry
from chalicelib.services.foreign_numbers import foreign_key, number_of


@dataclass(frozen=True, slots=True)
class Arrived:
    """`lines`: (letter, quantity); `service`: whether it can be told; `told`: each report to it, newest first."""

    lines: list[tuple[str, str]]
    service: bool
    told: list[Entry]


def arrived(
    country: str, number: str, actor: Actor, *, services: PartyServices | None, register: PermitRegister, posts: Posts
) -> Arrived:
    """Raises `Invalid` for what is no number."""
    before = ask_party.asked(country, number, actor, register=register)
    return Arrived(
        _lines(country, number, register, posts),
        country in ask_party.askable(actor, services),
        [each for each in before if each.operation == CONFIRM],
    )


def tell(
    country: str, number: str, actor: Actor, *, services: PartyServices | None, register: PermitRegister, posts: Posts,
    blobs: BlobStore, new_id: Callable[[], str], now: int, token: str = "",
) -> Heard:  # fmt: skip
    """Sent once, whatever comes back. Raises `NoMatch` where no service of that Party is known, `WrongState` where
    nothing arrived."""
    ask_party.need_service(country, actor, services)
    lines = _lines(country, number, register, posts)
    if not lines:
        raise WrongState("No import under this number is endorsed here: there is nothing to report.")
    return ask_party.ask(
        country, number, actor, services=services, register=register, blobs=blobs, new_id=new_id, now=now,
        operation=CONFIRM, token=token, lines=lines,
    )  # fmt: skip


def _lines(country: str, number: str, register: PermitRegister, posts: Posts) -> list[tuple[str, str]]:
    found = number_of(country, number, register)
    if KINDS[found.kind("OT")].many_crossings:  # 3
        return []
    uses = found.uses
    if found.issuer != country:  # a third Party's number is its own affair, but for what this one signed under it
        signed = found.signed is not None and found.signed.key == foreign_key(country, number)
        uses = found.by_code if signed else ()
    came = moved(arrivals(uses, posts))  # 1, 2
    return [(letter, spelled(quantity)) for letter, quantity in sorted(came.items())]
