"""Cost of the whole list in a process of its own: processor time, memory, and no second copy."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from datetime import date

import pytest
from office import MemoryOffice
from staff import staffed

from chalicelib.species.model.layers import Published
from chalicelib.species.model.list_rows import Row
from chalicelib.species.model.listing import Listing
from chalicelib.species.services import list_in_use

BUSY = 4  # factor for a machine that is measuring something else

LOADING = """
import json, time
from datetime import date
from pathlib import Path
from chalicelib.species.model.layers import Published
from chalicelib.species.model.list_rows import Row
from chalicelib.species.model.listing import Listing
from chalicelib.species.services import list_in_use

def memory():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

held, began = memory(), time.process_time()
listing = list_in_use.listing()
built = time.process_time() - began
days = [listing.on(date.fromisoformat(day)) for day in ("2026-11-30", "2020-01-01", "2016-01-01")]
loaded = memory() - held
for listing in days:
    listing.find("Falco cherrug"), listing.below("dendrobium")
print(json.dumps({"taxa": len(listing.taxa), "seconds": built, "megabytes": loaded / 2**20}))
"""


@pytest.mark.slow
def test_list_loads_in_half_a_second_and_eighty_megabytes() -> None:
    told = subprocess.run([sys.executable, "-c", LOADING], check=True, capture_output=True, text=True)
    found = json.loads(told.stdout)
    assert found["taxa"] > 38_000
    assert found["seconds"] < 0.5 * BUSY
    assert found["megabytes"] < 80


def test_process_with_a_published_list_builds_one_list(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    true = list_in_use.listing_of

    def build(rows: Iterable[Row], version: str = "", published: Published | None = None) -> Listing:
        made.append(version)
        return true(rows, version, published)

    monkeypatch.setattr(list_in_use, "listing_of", build)
    monkeypatch.setattr(list_in_use, "listing", lambda: pytest.fail("the list of the release was built too"))
    office = staffed()
    publish(office)
    assert office.listing.find("Falco cherrug").appendix == 1  # type: ignore[union-attr]
    assert len(made) == 1


def test_list_of_today_changes_at_midnight_without_another_look(monkeypatch: pytest.MonkeyPatch) -> None:
    office = staffed()
    cache, days = office.species, iter([date(2027, 5, 31), date(2027, 6, 1), date(2027, 6, 30)])
    monkeypatch.setattr(cache, "_today", lambda now: next(days))
    found = [cache.at(office.now + second).find("Pelophylax ridibundus") for second in range(3)]
    assert [each and (each.appendix, bool(each.open)) for each in found] == [(0, False), (2, True), (2, False)]


def publish(office: MemoryOffice) -> None:
    """Put a list in use whose only row moves the saker to Appendix I."""
    from chalicelib.kernel.rows import Key, Put
    from chalicelib.species.model.list_rows import csv_text
    from chalicelib.species.services import propose_list

    rows = [row for row in list_in_use.release_rows() if row["scientific_name"] == "Falco cherrug"]
    text = csv_text([{**row, "appendix": "I", "as_of": "2026-11-20"} for row in rows])
    (part,) = propose_list.pack_parts(text)
    digest = propose_list._digest(text)
    head = {"digest": digest, "state": "published", "taxa": 1, "as_of": "2026-11-20", "parts": 1, "change_parts": 0,
            "based_on": "", "counts": {}, "file": "a.csv", "by": "a", "by_name": "A", "at": 1}  # fmt: skip
    office.register.commit(
        Put(Key(f"SPECIES-LIST#{digest}", "LIST#00"), {"packed": part}, expected_version=None),
        Put(propose_list.CURRENT, head, expected_version=0),
    )
