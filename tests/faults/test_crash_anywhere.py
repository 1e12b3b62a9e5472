"""Power failure at each point of issuing, then the sweep: I1, I2, I5 hold and the exporter gets a permit."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest
from crashing import check_invariants, dies, fragile, rows
from life import APPLICATION, SAKER, approved, issue
from office import MemoryOffice

from chalicelib.issuing.services import sign
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.rows import Key
from chalicelib.permits.services import store

NINE = replace(APPLICATION, lines=tuple(replace(SAKER, marks=f"ring KG-{n}", quantity="1") for n in range(9)))
# intent, attempt and tokens are one commit each; each page is one signature; each has a point before and after
POINTS = {"one page": (APPLICATION, 2 * (3 + 1)), "annexed": (NINE, 2 * (3 + 3))}
CASES = [(name, n) for name, (_, points) in POINTS.items() for n in range(points)]


@pytest.mark.parametrize("name", POINTS)
def test_list_of_crash_points_is_complete(name: str) -> None:
    office = MemoryOffice()
    application, points = POINTS[name]
    dossier = approved(office, application)
    steps = fragile(office)
    issue(office, dossier)
    assert len(steps.names) == points


@pytest.mark.parametrize("asked_again", [False, True], ids=["swept", "asked again first"])
@pytest.mark.parametrize(("name", "kill"), CASES, ids=str)
def test_issue_killed_at_any_point_completes_after_sweep(name: str, kill: int, asked_again: bool) -> None:
    office = MemoryOffice()
    dossier = approved(office, POINTS[name][0])
    steps = fragile(office, kill)
    dies(lambda: issue(office, dossier))
    assert len(steps.names) == kill + 1  # it did stop there
    left = store.load(office.register, dossier.id)
    fragile(office)
    if asked_again:
        with suppress(Unavailable):
            issue(office, left)
    office.later(sign.SIGNING_TIMEOUT)
    swept = sign.give_up_signings(office)
    after = store.load(office.register, dossier.id)
    assert after.state in {"approved", "issued"}
    serials = 1 if left.number else 0
    if swept:
        assert swept == [left.number]
        assert after.state == "approved"
        key = Key(f"STATUS#{left.status_uri}", f"{left.status_idx:06d}")
        assert rows(office.register)[key]["value"] == 1
    again = issue(office, after)
    assert again.state == "issued"
    assert again.number not in again.voided
    check_invariants(office, serials=max(serials, int((again.number or "")[4:10])))


@pytest.mark.parametrize("kill", range(2))
def test_killed_sweep_can_be_repeated(kill: int) -> None:
    office = MemoryOffice()
    dossier = approved(office)
    fragile(office, 5)  # after the signature
    dies(lambda: issue(office, dossier))
    office.later(sign.SIGNING_TIMEOUT)
    fragile(office, kill)
    dies(lambda: sign.give_up_signings(office))
    fragile(office)
    sign.give_up_signings(office)
    issue(office, dossier)
    check_invariants(office, serials=2)
