"""Whether a signed permit of another Party is found by its number however that is spelled."""

from __future__ import annotations

from decimal import Decimal

import pytest
from office import MemoryOffice

from chalicelib.core.ledger import Use, UsedLine
from chalicelib.ports import Put
from chalicelib.services import store
from chalicelib.services.accounts import foreign_key
from chalicelib.services.foreign_papers import number_of
from chalicelib.services.look_for_patterns import _origin

USE = Use("event", "import", "dostuk", 1000, "officer", (UsedLine("A", "2"),))


@pytest.mark.parametrize("spelled", ["26KZ000045/E", "26 kz 000045 e", "26КZ000045-Е"])
def test_a_signed_permit_is_found_in_every_spelling(spelled: str) -> None:
    office = MemoryOffice()
    row = {"allowed": {"A": ["2", None]}, "uses": store.dump_uses((USE,))}
    office.register.commit(Put(foreign_key("KZ", "26KZ000045/E"), row, expect=0))
    assert [each["id"] for each in number_of("KZ", spelled, office.register).used()] == ["event"]
    assert _origin("KZ", spelled, office.register, office.stage).allowed == {"": Decimal(2)}
