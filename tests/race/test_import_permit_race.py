"""Parallel endorsement of foreign papers that name one import permit of ours: it is used as often as permitted.

All officers read before any of them writes. The same without the version check must fail.
"""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from border import new_uuid
from crashing import Wrapped
from engine_office import EngineOffice
from kinds import APPLICATIONS, BISHKEK_ZOO
from life import SAKER, issued
from office import NOW
from process import but
from proof import found, size

from chalicelib.foreign_permits.services import record
from chalicelib.foreign_permits.services.record import EndorsementRequest, ForeignRecord
from chalicelib.kernel.errors import NotUsable, Unavailable
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Put
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import store
from chalicelib.record.permit import from_record
from local.engine import Engine

pytestmark = pytest.mark.engine

ROUNDS, OFFICERS = size(3, 100), 8
LEOPARD = replace(SAKER, scientific_name="Panthera uncia", source="W", marks="chip 7")


def import_permit(office: EngineOffice, quantity: str) -> Dossier:
    line = replace(LEOPARD, quantity=quantity)
    return issued(office, replace(APPLICATIONS["I"], importer=BISHKEK_ZOO, purpose="Z", lines=(line,)))


def naming(permit: Dossier, n: int, now: int) -> ForeignRecord:
    """A record of one snow leopard with its own document, all under one waybill."""
    line = {"scientific_name": "Panthera uncia", "source": "W", "term": "LIV", "quantity": "1"}
    read = from_record(
        {"document_type": "E", "valid_until": "2027-01-31", "purpose": "Z", "lines": [line],
         "exporter": {"name": "Almaty Zoo", "country": "KZ"}, "importer": {"name": "Bishkek Zoo", "country": "KG"},
         "import_permit": {"number": permit.number, "country": "KG"}}
    )  # fmt: skip
    return ForeignRecord(
        event_id=new_uuid(), post="dostuk", recorded_at=now, direction="import", issuer="KZ",
        number=f"KZ-{n}{uuid.uuid4().int % 10**9}/2026", permit=read,
        endorsed=EndorsementRequest((("A", "1"),), "CMR 1187", True),
    )  # fmt: skip


def race(office: EngineOffice, permit: Dossier, *, guarded: bool = True) -> Counter[str]:
    """The results of the officers, each with another paper that names this import permit."""
    barrier = threading.Barrier(OFFICERS)

    def unguarded(puts: Sequence[Put]) -> Sequence[Put]:
        """Write without the version check of the import permit's dossier, history and notices."""
        return [replace(put, expected_version=None) if put.key.partition.endswith(permit.id) else put for put in puts]

    def one(n: int) -> str:
        waited: list[bool] = []

        def together(_: Sequence[Put]) -> None:
            if not waited:
                waited.append(True)
                barrier.wait(120)

        register: Any = Wrapped(office.register, before=together, change=None if guarded else unguarded)
        actor = Actor(f"u-{n}", f"Officer {n}", frozenset({"customs"}), frozenset({"*"}))
        asked = naming(permit, n, office.now)
        for _ in range(20):
            try:
                record.record(asked, actor, but(office, register=register))
            except NotUsable:
                return "refused"
            except Unavailable:
                continue
            return "used"
        return "busy"

    with ThreadPoolExecutor(OFFICERS) as pool:
        return Counter(pool.map(one, range(OFFICERS)))


@pytest.mark.parametrize("permitted", [1, 3])
def test_import_permit_is_used_by_as_many_papers_as_permitted(engine: Engine, permitted: int) -> None:
    office = EngineOffice(engine.endpoint, now=NOW)
    office.trust()
    for _ in range(ROUNDS):
        permit = import_permit(office, str(permitted))
        assert race(office, permit) == {"used": permitted, "refused": OFFICERS - permitted}
        uses = store.load(office.register, permit.id).uses
        assert [use.result for use in uses] == ["accepted"] * permitted
        assert len({use.foreign_document for use in uses}) == permitted
    found("import-permit-race", rounds=ROUNDS, officers=OFFICERS, permitted=permitted)


def test_import_permit_without_version_check_is_used_too_often(engine: Engine) -> None:
    office = EngineOffice(engine.endpoint, now=NOW)
    office.trust()
    assert race(office, import_permit(office, "1"), guarded=False)["used"] > 1
