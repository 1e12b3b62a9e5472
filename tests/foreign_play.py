"""One permit of Kazakhstan, presented by its code and as paper: for the contract, the race and the services."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

import border
from office import MemoryOffice
from process import but

from chalicelib.endorsement.services import endorse
from chalicelib.endorsement.services.requests import Endorsement
from chalicelib.foreign_permits.services import record
from chalicelib.foreign_permits.services.record import EndorsementRequest, ForeignRecord
from chalicelib.kernel.enums import Direction
from chalicelib.kernel.roles import Actor
from chalicelib.platform.deps import PermitRegister
from chalicelib.record.permit import Application, from_record
from chalicelib.uses.use import UsedLine
from chalicelib.verdict.border_rules import Place
from chalicelib.verdict.verdict import Verdict
from chalicelib.verification.model.foreign_permit import ForeignPermit
from chalicelib.verification.services.verify import Checker, verify


def read_off(quantity: str, kind: str = "E", unit: str | None = None) -> Application:
    line = {"scientific_name": "Falco cherrug", "source": "C", "term": "LIV", "quantity": quantity, "unit": unit}
    return from_record(
        {"document_type": kind, "valid_until": "2027-01-31", "purpose": "Z", "lines": [line],
         "exporter": {"name": "Almaty Falcons", "country": "KZ"}, "importer": {"name": "Bishkek Zoo", "country": "KG"}}
    )  # fmt: skip


@dataclass
class Presented:
    """The permit and its uses. `quantity`: permitted on line A. Another `serial` is another permit."""

    register: PermitRegister
    office: MemoryOffice
    checker: Checker
    quantity: str = "2"
    kind: str = "E"
    serial: int = field(default_factory=lambda: uuid.uuid4().int % 10**6)

    def __post_init__(self) -> None:
        self.number = f"26KZ{self.serial:06d}/{self.kind}"
        line = border.replace(border.token_maker.FALCON, quantity=self.quantity)
        self.code = border.from_kazakhstan(self.office, number=self.number, kind=self.kind, lines=(line,))[1]

    @property
    def deps(self) -> Any:
        return but(self.office, register=self.register, checker=lambda: self.checker)

    def asked_by_code(self, post: str, quantity: str | None = None, **changes: Any) -> Endorsement:
        return Endorsement(
            event_id=border.new_uuid(), post=post, endorsed_at=self.office.now, qr=self.code,
            lines=(UsedLine("A", quantity or self.quantity),),
            **({"direction": "import", "transport_document": f"CMR {post}"} | changes),
        )  # fmt: skip

    def by_code(
        self, post: str = "dostuk", quantity: str | None = None, actor: Actor = border.AIZADA, **changes: Any
    ) -> dict[str, Any]:
        return endorse.endorse(
            self.asked_by_code(post, quantity, **changes),
            actor,
            self.deps,
        )[0]

    def as_paper(
        self, post: str = "dostuk", quantity: str | None = None, actor: Actor = border.BEKZAT, *, document: str = "",
        direction: str = "import", used: bool = True, offline: bool = False, number: str | None = None,
        permit: Application | None = None, lines: tuple[tuple[str, str], ...] | None = None,
    ) -> ForeignPermit:  # fmt: skip
        using = EndorsementRequest(lines or (("A", quantity or self.quantity),), document or f"CMR {post}", True)
        asked = ForeignRecord(
            event_id=border.new_uuid(), post=post, recorded_at=self.office.now,
            direction=Direction(direction), issuer="KZ",
            number=number or self.number, permit=permit or read_off(self.quantity, self.kind),
            endorsed=using if used else None,
        )  # fmt: skip
        return record.record(asked, actor, self.deps, offline=offline)[0]

    def look(self, post: str | None = None, direction: str = "import") -> Verdict:
        return verify(self.code, self.deps, place=Place(direction, "KG", post))
