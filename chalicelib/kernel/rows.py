"""Rows of the register: keys, what is written, and the conflict of two writers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """Where a row lives: a partition and a name that sorts inside it."""

    partition: str
    sort: str = "-"


@dataclass(frozen=True, slots=True)
class Row:
    """One stored row. `data` is JSON (strings, ints, bools, lists, dicts); `version` counts its writes from 1."""

    key: Key
    data: Mapping[str, Any] = field(hash=False)
    version: int = 1


@dataclass(frozen=True, slots=True)
class Put:
    """One write of a transaction: it holds only if the stored version is `expect` (0: the row must not exist).

    `expect=None` writes whatever is there. `index` fills the search index of `PermitRegister.search`
    (names: state, owner, shelf), `expires` is a time (whole seconds) after which the row may vanish.
    """

    key: Key
    data: Mapping[str, Any] = field(hash=False)
    expect: int | None = 0
    index: Mapping[str, str] = field(default_factory=dict, hash=False)
    expires: int | None = None


class Conflict(Exception):
    """A guard did not hold: another writer was first. `keys`: the rows whose guard failed. Nothing was written."""

    def __init__(self, keys: Sequence[Key]) -> None:
        super().__init__(", ".join(f"{key.partition}/{key.sort}" for key in keys))
        self.keys = tuple(keys)
