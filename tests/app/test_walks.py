"""Files named in the three walks of docs/ARCHITECTURE.md: each runs in its walk and is in the named folder."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from desk import approved, ok
from http_client import get, post
from office import MemoryOffice
from walks import FOLDER, files_of, walks

TEXT = (Path(__file__).parents[2] / "docs" / "ARCHITECTURE.md").read_text("utf-8")


def named(number: int) -> list[str]:
    """Return the files of a walk's table.

    A bare file name belongs to the folder of the path before it.
    """
    table = TEXT.partition(f"\n## Walk {number}: ")[2].partition("\n\n|")[2].partition("\n\n")[0]
    found: list[str] = []
    for row in table.splitlines():
        for name in re.findall(r"`([\w/]+\.py)`", row.split("|")[2] if row.startswith("|") else row):
            folder = "" if "/" in name else found[-1].rpartition("/")[0] + "/"
            found.append(folder + name)
    return found


def application() -> None:
    permit = approved()["id"]
    ok(post(f"/v1/permits/{permit}/issue", token="approver"))
    assert get(f"/v1/permits/{permit}/pdf", token="approver").status == 200


@pytest.mark.parametrize(("number", "walk"), [(1, "a verdict"), (2, "an application"), (3, "an endorsement")])
def test_files_named_in_a_walk_run_in_it(number: int, walk: str, office: MemoryOffice) -> None:
    calls: dict[str, Callable[[], Any]] = {**walks(office), "an application": application}
    ran = {name.removeprefix(f"{FOLDER}/") for name in files_of(calls[walk])}
    assert len(named(number)) > 15
    assert sorted(set(named(number)) - ran) == []
