"""The parts of the bundle that change with a release or now and then, not with each endorsement (ADR 0026).

Each is one JSON value of its own, under an ETag of its own: a device fetches it once, and again when it is another.
Whoever adds a part adds a line to `PARTS`, and to `web/scan/parts.js` what reads it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from chalicelib.services.hold_species import SpeciesDeps

if TYPE_CHECKING:
    from chalicelib.core.listing import Listing
    from chalicelib.core.stage import Stage
    from chalicelib.ports import PermitRegister
    from chalicelib.services.make_bundle import Bundle


@dataclass(frozen=True, slots=True)
class Part:
    """As it is sent, and its ETag with the quotation marks (RFC 9110 s. 8.8.3)."""

    text: str
    etag: str


class PartDeps(Protocol):
    """What the parts are made of."""

    @property
    def stage(self) -> Stage: ...
    @property
    def register(self) -> PermitRegister: ...
    @property
    def listing(self) -> Listing: ...

    def clock(self) -> int: ...


class BundleDeps(SpeciesDeps, Protocol):
    """With the offline bundle, and what is fetched beside it."""

    def bundle(self) -> Bundle: ...

    def bundle_parts(self) -> Mapping[str, Part]: ...


def _species(office: PartDeps) -> Any:
    from chalicelib.services import tell_species

    return tell_species.for_devices(office.listing)


def _requirements(office: PartDeps) -> Any:
    """With its words in each language spoken here: a device whose page is older than a rule can still say it."""
    from chalicelib import requirement_words, tables, words
    from chalicelib.services import tell_requirements

    table = tell_requirements.for_devices(tables.stricter_abroad())
    spoken = [each for each in tables.spoken(office.stage.issuer) if each in words.LANGUAGES]
    return {**table, "words": {each: requirement_words.unfilled(each) for each in spoken}}


def _quotas(office: PartDeps) -> Any:
    from chalicelib.services import quotas

    return quotas.for_devices(office.stage.today(office.clock()).year, register=office.register)


PARTS: Mapping[str, Callable[[PartDeps], Any]] = MappingProxyType(
    {"species": _species, "requirements": _requirements, "quotas": _quotas}
)


def made(office: PartDeps) -> Mapping[str, Part]:
    """Every part as it is now."""
    return {name: _part(make(office)) for name, make in PARTS.items()}


def _part(content: Any) -> Part:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Part(text, f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"')
