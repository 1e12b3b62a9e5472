"""The `tamga patterns` commands: run the rules now and list open flags, without those about staff."""

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


def test_patterns_look_finds_flag_and_list_shows_reason_and_overdue(desk: Desk) -> None:
    assert "No flag waits" in desk.run("patterns", "list").stdout
    one, other = issued(desk.office), issued(desk.office)
    assert desk.ask("patterns", "look") == {"read": 2, "found": 1, "complete": True}
    (flag,) = desk.ask("patterns", "list")["items"]
    assert (flag["rule"], flag["permits"], flag["overdue"]) == ("same_mark", [one.number, other.number], False)
    assert "KG0117" in flag["why"]
    assert "same_mark" in desk.run("patterns", "list").stdout
    assert "2 permits read, 0 new flags" in desk.run("patterns", "look").stdout
    assert desk.office.register.get(flags.RUN) is not None
