"""Requests about security stamps."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from chalicelib.http.requests import Code, Model, Reason


class StampRun(Model):
    """A run of stamps.

    `prefix`: the text before the digits, with its space; `first`, `last`: the digits, leading zeros included.
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
