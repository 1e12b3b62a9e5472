"""Running service for the tests of `bulk`: the ministry in memory behind a real socket on 127.0.0.1."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from office import APPLICANT, APPROVER, PREPARER, SCIENTIST, MemoryOffice

from chalicelib.composition import container
from chalicelib.kernel.roles import Actor

PEOPLE = {"ainura": PREPARER, "turgunbek": SCIENTIST, "bakyt": APPROVER, "sunkar": APPLICANT,
          "both": Actor("u-both", "Both", frozenset({"preparer", "approver"}))}  # fmt: skip


@contextmanager
def serving() -> Iterator[tuple[MemoryOffice, str]]:
    """The office and its address; a token is a name of PEOPLE."""
    from app import app
    from local import server

    office = MemoryOffice()
    office.people = {name: replace(actor, posts=frozenset()) for name, actor in PEOPLE.items()}
    container.replace_deps(office)
    made = server.create(app, 0, threads=2)
    thread = threading.Thread(target=made.run, daemon=True)
    thread.start()
    try:
        yield office, f"http://127.0.0.1:{made.effective_port}"
    finally:
        made.close()
        container.replace_deps(None)
