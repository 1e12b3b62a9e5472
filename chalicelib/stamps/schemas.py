"""Requests and answers about security stamps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypedDict

from pydantic import StringConstraints

from chalicelib.http.answers import Time
from chalicelib.http.requests import Code, Model, Reason
from chalicelib.kernel.enums import State


class StampRun(Model):
    """A run of stamps.

    `prefix` is the text before the digits, with its space. `first` and `last` are the digits, leading zeros included.
    """

    prefix: Annotated[str, StringConstraints(max_length=64)]
    first: Code
    last: Code


class SpoiledStamp(Model):
    number: Code
    reason: Reason


class StampPutOn(Model):
    """`number`: as printed on the stamp."""

    number: Code


class RunOfStamps(TypedDict):
    """A run, and how many of its stamps are used, written off and left."""

    id: str
    prefix: str
    first: str
    last: str
    total: int
    used: int
    spoiled: int
    left: int
    at: Time
    by_name: str


class Stamps(TypedDict):
    """The runs, the newest first. `next`: the stamp that a form proposes."""

    items: list[RunOfStamps]
    next: str | None
    cursor: str | None


class StampRunEntered(TypedDict):
    id: str
    first: str
    last: str


class StampWrittenOff(TypedDict):
    stamp_number: str
    reason: str


class StampedPermit(TypedDict):
    id: str
    number: str | None
    state: State


class SpoiledNote(TypedDict):
    reason: str
    by_name: str
    at: Time


class StampState(TypedDict):
    """A stamp that left the stock, with the permit that has it, or why it was written off."""

    stamp_number: str
    permit: StampedPermit | None
    spoiled: SpoiledNote | None


class StampsOfRun(TypedDict):
    items: list[StampState]
    cursor: str | None


ANSWERS: Mapping[str, Any] = {
    "Stamps": Stamps,
    "StampRunEntered": StampRunEntered,
    "StampWrittenOff": StampWrittenOff,
    "StampsOfRun": StampsOfRun,
}
