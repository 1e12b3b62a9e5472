"""Requests about deputies and about the signed-in person's address for notices."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from chalicelib.http.requests import Code, Model, Reason
from chalicelib.http.schema_parts import TEXT, members
from chalicelib.kernel.text import EMAIL_AT_MOST

_WHO = members({"id": TEXT, "name": TEXT})


class Deputise(Model):
    """Deputy of an approver. `deputy`, `represented`: ids; `first`, `last`: days in the Party's zone, both included."""

    deputy: Code
    represented: Code
    first: Code
    last: Code
    reason: Reason


class Notify(Model):
    """E-mail address and language for notices; `mail/services.py` checks the address."""

    email: Annotated[str, StringConstraints(max_length=EMAIL_AT_MOST)]
    language: Literal["ky", "ru", "en"]


class Me(Model):
    """Settings of the signed-in person. `notify` null: no mail."""

    notify: Notify | None
