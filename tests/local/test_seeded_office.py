"""Example data for the ministry's desk: a spoiled stamp, a deputy, devices and a proposed species list, once each."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from desk import ok
from http_client import get
from office import MemoryOffice
from staff import staffed

from app import app
from chalicelib.composition import container
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Put
from chalicelib.people.services import PERSONS, person_key
from local import office, people, server
from local.client import Client
from local.seed import STAMPS


@pytest.fixture
def ministry() -> Iterator[MemoryOffice]:
    made = staffed()
    for role, name in people.DEFAULT_NAMES.items():
        if name in made.people:  # the officers of the tests have the same names
            continue
        made.people[name] = Actor(f"u-{name}", name.title(), frozenset({role}), frozenset({"*"}))
        row = {"name": name.title(), "posts": ["*"], "roles": [role]}
        made.register.commit(Put(person_key(f"u-{name}"), row, index={"shelf": PERSONS}))
    container.replace_deps(made)
    yield made
    container.replace_deps(None)


def test_example_data_of_desk_exist_once_after_repetition(ministry: MemoryOffice) -> None:
    running = server.create(app, 0)
    threading.Thread(target=running.run, daemon=True).start()
    client = Client(f"http://127.0.0.1:{running.effective_port}", lambda name, role: name)
    client.post(office.ADMIN, "/v1/stamps", STAMPS)
    for _ in range(2):
        office.ensure(client, datetime.fromtimestamp(ministry.now, UTC).date())
    running.task_dispatcher.shutdown(cancel_pending=True, timeout=5)

    (run,) = ok(get("/v1/stamps", token="gulnara"))["items"]
    assert (run["spoiled"], run["left"]) == (1, run["total"] - 1)
    (deputy,) = ok(get("/v1/deputies", token="gulnara"))["items"]
    assert (deputy["state"], deputy["represented"]["name"]) == ("coming", "Bakyt")
    devices = ok(get("/v1/devices", token="gulnara", query={"post": "manas-airport"}))["items"]
    assert [(each["name"], each["revoked"]) for each in devices] == [("hall 1, phone 1", False), (office.LOST, True)]
    lists = ok(get("/v1/species-lists", token="gulnara"))
    assert lists["proposed"]["counts"] == {"added": 1}
    assert lists["in_use"]["release"] is True
