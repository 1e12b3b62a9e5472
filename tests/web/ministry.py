"""The ministry of `make run` in memory, with a fixed clock, for the pictures of the screens."""

from __future__ import annotations

import logging
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from browsing import Site
from office import MemoryOffice
from staff import staffed

from app import app
from chalicelib.composition import container
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Put
from chalicelib.people.services import PERSONS, person_key
from chalicelib.suspicions.services.pattern_search import find_patterns
from local import people, server
from local.client import Client
from local.ministry import STORIES
from local.place import Place
from local.seed import Seed
from local.setup import STAGE


@contextmanager
def serving() -> Iterator[Site]:
    """Run the service over an empty register, with a user for each role. A token is the user's name."""
    office = staffed(STAGE)
    container.replace_deps(office)
    running = server.create(app, 0)
    threading.Thread(target=running.run, daemon=True).start()
    try:
        yield Site(office, int(running.effective_port))
    finally:
        running.task_dispatcher.shutdown(cancel_pending=True, timeout=5)


def seeded(site: Site) -> dict[str, str]:
    """Fill the register with the stories of `make run`, and return story -> permit id."""
    logging.getLogger("tamga").setLevel(logging.ERROR)
    office = site.office
    for name, role in {
        **{story.applicant: "applicant" for story in STORIES},
        **{name: role for role, name in people.DEFAULT_NAMES.items()},
    }.items():
        if name not in office.people:  # the tests have officers of the same names
            _hire(office, name, role)
    client = Client(site.address, lambda name, role: name)
    with tempfile.TemporaryDirectory() as folder:
        told = Seed(client, Place(Path(folder)), lambda: datetime.fromtimestamp(office.now, UTC))
        told.ensure()
    find_patterns(office, at_once=True)  # fmt: skip
    return told.made


def _hire(office: MemoryOffice, name: str, role: str) -> None:
    actor = Actor(f"u-{name}", people.full_name(name), frozenset({role}))
    office.people[name] = actor
    row = {"name": actor.name, "posts": ["*"], "roles": [role]}
    office.register.commit(Put(person_key(actor.id), row, index={"shelf": PERSONS}))
