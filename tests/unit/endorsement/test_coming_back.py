"""Returns of goods, which use nothing: accepted only on the issuer's own documents."""

from __future__ import annotations

import border
import pytest
from border import AIZADA
from process import but
from staff import staffed

from chalicelib.endorsement.services import endorse
from chalicelib.endorsement.services.requests import Endorsement
from chalicelib.kernel.enums import Direction
from chalicelib.kernel.errors import AlreadyUsed
from chalicelib.record.permit import TokenParty

HOME = TokenParty("Bishkek Falcons", "KG")


@pytest.mark.parametrize("kind", ["OP", "OC", "OA", "OI"])
def test_certificate_of_another_party_with_our_exporter_is_used_once(kind: str) -> None:
    office = staffed()
    checker = border.with_kazakhstan(office)
    _, code = border.from_kazakhstan(
        office, number=f"26KZ000077/{kind}", kind=kind, exporter=HOME, importer=TokenParty("Bishkek Zoo", "KG")
    )

    def arrives(document: str) -> str:
        asked = Endorsement(
            event_id=border.new_uuid(), post="dostuk", endorsed_at=office.now, qr=code, lines=border.lines("2"),
            direction=Direction.IMPORT, transport_document=document,
        )  # fmt: skip
        made = endorse.endorse(asked, AIZADA, but(office, checker=lambda: checker))[0]
        return str(made["kind"])

    assert arrives("CMR 1") == "import"
    with pytest.raises(AlreadyUsed):
        arrives("CMR 2")
