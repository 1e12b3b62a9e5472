"""Photographs with concurrent writers: the row is committed again on a conflict, the picture is uploaded once."""

from __future__ import annotations

import pytest
from process import deps_of

from chalicelib.adapters.in_process.memory import MemoryBlobs, MemoryRegister
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Conflict, Put
from chalicelib.platform import files
from chalicelib.platform.transact import TRIES

PNG = b"\x89PNG\r\n\x1a\n" + bytes(8)
OFFICER = Actor("officer-1", "Officer", frozenset({"customs"}))


class BusyRegister(MemoryRegister):
    """Register in which another writer comes first this many times."""

    def __init__(self, conflicts: int) -> None:
        super().__init__()
        self.conflicts = conflicts
        self.commits = 0

    def commit(self, *puts: Put) -> None:
        self.commits += 1
        if self.commits <= self.conflicts:
            raise Conflict([put.key for put in puts])
        super().commit(*puts)


class CountedBlobs(MemoryBlobs):
    """Store of files that counts its writes."""

    uploads = 0

    def put(self, key: str, data: bytes, *, content_type: str, keep_until: int | None = None) -> bool:
        self.uploads += 1
        return super().put(key, data, content_type=content_type, keep_until=keep_until)


def _keep(register: MemoryRegister, blobs: MemoryBlobs) -> str:
    kept = files.store_photograph(
        "event", PNG, "image/png", OFFICER, deps_of(register=register, blobs=blobs, now=1), keep_until=2
    )
    return kept.sha256


def test_two_conflicts_upload_the_picture_once() -> None:
    register, blobs = BusyRegister(2), CountedBlobs()
    digest = _keep(register, blobs)
    assert (register.commits, blobs.uploads) == (3, 1)
    assert [row.key.sort for row in register.query("PHOTOS#event")] == [digest]


def test_permanent_conflict_raises_unavailable() -> None:
    register, blobs = BusyRegister(TRIES), CountedBlobs()
    with pytest.raises(Unavailable, match="Others are adding photographs"):
        _keep(register, blobs)
    assert (register.commits, blobs.uploads) == (TRIES, 1)
