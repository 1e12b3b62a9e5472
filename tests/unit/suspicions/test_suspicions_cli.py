"""`tamga patterns`: it looks now, and lists what nobody has answered; nothing about people inside."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_of_keys import Desk
from life import issued

from chalicelib.composition import container
from chalicelib.suspicions.services import flags


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    yield Desk(tmp_path)
    container.replace_deps(None)


def test_it_looks_and_lists_with_why_and_by_when(desk: Desk) -> None:
    assert "Nothing waits" in desk.run("patterns", "list").stdout
    one, other = issued(desk.office), issued(desk.office)
    assert desk.ask("patterns", "look") == {"read": 2, "found": 1, "complete": True}
    (flag,) = desk.ask("patterns", "list")["items"]
    assert (flag["rule"], flag["permits"], flag["overdue"]) == ("same_mark", [one.number, other.number], False)
    assert "KG0117" in flag["why"]
    assert "same_mark" in desk.run("patterns", "list").stdout
    assert "2 permits read, 0 new flags" in desk.run("patterns", "look").stdout
    assert desk.office.register.get(flags.RUN) is not None
