"""What requests about security stamps must look like."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from chalicelib.http.requests import Code, Model, Reason


class StampRun(Model):
    """`prefix`: what stands before the digits, with its space; `first`, `last`: the digits, noughts included."""

    prefix: Annotated[str, StringConstraints(max_length=64)]
    first: Code
    last: Code


class SpoiledStamp(Model):
    number: Code
    reason: Reason


class StampPutOn(Model):
    """`number`: as it stands on the stamp."""

    number: Code
