"""Another Party's service without a network: its responses, as the client of the real one parses them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from chalicelib.adapters.outside.epix import read
from chalicelib.exchange.model.operations import CONFIRM
from chalicelib.exchange.services.ask_party import PartyAnswer
from chalicelib.kernel.errors import Unavailable

HUB = Path(__file__).parent / "unit/exchange/epix-v2-response.xml"  # UNEP-WCMC's own example, number XA000000


@dataclass
class Answering:
    """Switzerland's service: returns the hub's example for its number and knows no other. `silent`: no response.

    `told`: what was reported to it, number and lines. It accepts every report.
    """

    countries: frozenset[str] = frozenset({"CH"})
    silent: bool = False
    told: list[tuple[str, tuple[tuple[str, str], ...]]] = field(default_factory=list)

    def send(
        self, country: str, operation: str, number: str, *, token: str = "", lines: Sequence[tuple[str, str]] = ()
    ) -> PartyAnswer:
        if self.silent:
            raise Unavailable
        if operation == CONFIRM:
            self.told.append((number, tuple(lines)))
            return PartyAnswer(b"<ok/>")
        if number != "XA000000":
            return PartyAnswer(b"<a/>", fault="PermitNotFound")
        return read(HUB.read_bytes(), "text/xml", operation)
