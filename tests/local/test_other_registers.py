"""Real register of the local run beside a practice register: it serves the practice lists as its front does in AWS."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from office import MemoryOffice
from staff import staffed

from app import app
from chalicelib.composition import container
from chalicelib.kernel.errors import TooLarge, Unavailable
from chalicelib.platform.config import practice_hosts
from local import other_registers, server, setup
from local.place import Place
from local.token import NotRunning, running


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Place]:
    """A running practice register, and the folder with the file that names its port."""
    office: MemoryOffice = staffed()
    container.replace_deps(office)
    running = server.create(app, 0)
    threading.Thread(target=running.run, daemon=True).start()
    place = Place(tmp_path)
    about = {"port": int(running.effective_port), "env": {"TAMGA_HOST": setup.STAGE.host}}
    place.running.write_text(json.dumps(about))
    place.roots.write_text(f"KG {'ab' * 32} practice\n")
    yield place
    running.task_dispatcher.shutdown(cancel_pending=True, timeout=5)
    container.replace_deps(None)


def test_real_register_serves_practice_lists_at_its_own_address(practice: Place) -> None:
    published = container.deps().static.read("trust-list")
    front = server.create(app, 0, beside=partial(other_registers.respond, practice))
    threading.Thread(target=front.run, daemon=True).start()
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{front.effective_port}/practice/trust-list", timeout=60) as said:
            assert published is not None
            assert said.read() == published[0]
        with pytest.raises(urllib.error.HTTPError) as nothing:
            urllib.request.urlopen(f"http://127.0.0.1:{front.effective_port}/practice/v1/health", timeout=60)
        assert nothing.value.code == 404
    finally:
        front.task_dispatcher.shutdown(cancel_pending=True, timeout=5)


def test_port_selects_practice_or_real_register(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.real.folder.mkdir()
    place.real.running.write_text(json.dumps({"port": 8010}))
    with pytest.raises(NotRunning, match="make run"):
        running(place, None)  # without a port the real register is never chosen
    place.running.write_text(json.dumps({"port": 8000}))
    assert running(place, None) == running(place, 8000) == {"port": 8000}
    assert running(place, 8010) == {"port": 8010}
    with pytest.raises(NotRunning, match="port 8020; it runs on port 8000 and 8010"):
        running(place, 8020)
    other = place.of("UZ")
    other.folder.mkdir()
    other.running.write_text(json.dumps({"port": 8100}))
    assert running(place, 8100) == {"port": 8100}
    assert running(place, None) == {"port": 8000}


@pytest.mark.parametrize("path", ["/trust-list", "/practice/v1/permits", "/practice/s/26q5", "/practice/s/26q4/x"])
def test_other_path_does_not_lead_to_practice_register(practice: Place, path: str) -> None:
    assert other_registers.respond(practice, "GET", path) is None
    assert other_registers.respond(practice, "POST", "/practice/trust-list") is None


def test_practice_lists_without_running_register_return_502(practice: Place, tmp_path: Path) -> None:
    practice.running.unlink()
    assert other_registers.respond(practice, "GET", "/practice/trust-list") == (502, [], b"")
    assert other_registers.roots(practice) == ("ab" * 32,)
    with pytest.raises(other_registers.NoPractice, match="make run"):
        other_registers.roots(Place(tmp_path / "elsewhere"))


def test_country_fetches_lists_of_another_country_in_the_folder(practice: Place) -> None:
    lists = other_registers.Published(practice)
    held = container.deps().static.read("trust-list")
    assert held is not None
    address = f"https://{setup.STAGE.host}"
    assert lists.fetch(f"{address}/trust-list", cap=len(held[0])) == held[0]
    assert lists.fetch(f"{address}/s/99q9", cap=100) is None
    with pytest.raises(TooLarge):
        lists.fetch(f"{address}/trust-list", cap=len(held[0]) - 1)
    with pytest.raises(Unavailable):
        lists.fetch("https://practice.uz.example/trust-list", cap=100)


def test_practice_register_pins_other_countries_of_its_folder(practice: Place) -> None:
    assert other_registers.pinned_roots(practice, "KG") == {}
    other = practice.of("UZ")
    other.folder.mkdir()
    assert other_registers.pinned_roots(practice, "KG") == {}  # it has never been started
    other.roots.write_text(f"UZ {'cd' * 32} practice\n")
    assert other_registers.pinned_roots(practice, "KG") == {"UZ": ("cd" * 32,)}
    assert other_registers.pinned_roots(practice, "UZ") == {"KG": ("ab" * 32,)}


def test_practice_and_real_register_have_different_hosts() -> None:
    hosts = practice_hosts({}).values()
    assert setup.STAGE.host in hosts
    assert setup.REAL.host not in hosts
    assert (setup.STAGE.practice, setup.REAL.practice) == (True, False)
