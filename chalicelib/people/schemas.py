"""Requests and answers about persons, deputies and their addresses."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from chalicelib.http.requests import Code, Model, Reason
from chalicelib.http.schema_parts import TEXT, members
from chalicelib.kernel.text import EMAIL_AT_MOST

_WHO = members({"id": TEXT, "name": TEXT})


class Deputise(Model):
    """`deputy`, `represented`: their ids; `first`, `last`: days in the Party's zone, both included."""

    deputy: Code
    represented: Code
    first: Code
    last: Code
    reason: Reason


class Notify(Model):
    """Where notices go; `core.address` knows which addresses a header can hold."""

    email: Annotated[str, StringConstraints(max_length=EMAIL_AT_MOST)]
    language: Literal["ky", "ru", "en"]


class Me(Model):
    """`notify` null: no mail."""

    notify: Notify | None
