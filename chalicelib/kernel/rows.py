"""Rows of the register: keys, rows, conditional writes, and the version conflict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

type RowData = Mapping[str, Any]  # JSON of a row, or a part of it; its module says which members it has


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """Key of a row: a partition, and a sort key inside it."""

    partition: str
    sort: str = "-"


@dataclass(frozen=True, slots=True)
class Row:
    """A stored row. `data` is JSON (strings, ints, bools, lists, dicts). `version` counts its writes from 1."""

    key: Key
    data: RowData = field(hash=False)
    version: int = 1


@dataclass(frozen=True, slots=True)
class Put:
    """One write of a transaction, on condition that the stored version is `expected_version`.

    With `expected_version` 0 the row must not exist. None skips the version check.
    `index`: values for the search index of `PermitRegister.search` (names: state, owner, shelf).
    `expires`: time in whole seconds after which the store may delete the row.
    """

    key: Key
    data: RowData = field(hash=False)
    expected_version: int | None = 0
    index: Mapping[str, str] = field(default_factory=dict, hash=False)
    expires: int | None = None


class Conflict(Exception):
    """Version conflict. Another writer was first, and nothing was written. `keys`: rows whose version check failed."""

    def __init__(self, keys: Sequence[Key]) -> None:
        super().__init__(", ".join(f"{key.partition}/{key.sort}" for key in keys))
        self.keys = tuple(keys)
