"""Requests and answers about deputies and about the signed-in person's address for notices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, NotRequired, TypedDict

from pydantic import StringConstraints

from chalicelib.http.answers import Day, Time
from chalicelib.http.requests import Code, Model, Reason
from chalicelib.kernel.text import EMAIL_AT_MOST
from chalicelib.mail.services import MailLanguage
from chalicelib.people.model import TermState


class Deputise(Model):
    """Deputy of an approver.

    `deputy` and `represented` are ids. `first` and `last` are days in the Party's zone, both included.
    """

    deputy: Code
    represented: Code
    first: Code
    last: Code
    reason: Reason


class Notify(Model):
    """E-mail address and language for notices. `mail/services.py` checks the address."""

    email: Annotated[str, StringConstraints(max_length=EMAIL_AT_MOST)]
    language: MailLanguage


class Me(Model):
    """Settings of the signed-in person. `notify` null means no mail."""

    notify: Notify | None


class IdAndName(TypedDict):
    id: str
    name: str


class Deputation(TypedDict):
    id: str
    state: TermState
    first: Day
    last: Day
    reason: str
    deputy: IdAndName
    represented: IdAndName
    at: Time
    by: str
    by_name: str
    confirmed_by_name: str | None
    ended_by_name: str | None
    ended_at: Time | None


class DeputyCandidate(TypedDict):
    id: str
    name: str
    roles: list[str]


class Deputies(TypedDict):
    """The deputies, the newest first. `people`: those who can be a deputy or be represented."""

    items: list[Deputation]
    people: list[DeputyCandidate]
    cursor: str | None


class AddressForNotices(TypedDict):
    email: str
    language: MailLanguage


class Person(TypedDict):
    id: str
    name: str
    roles: list[str]
    posts: list[str]
    steps: list[str]
    notify: NotRequired[AddressForNotices | None]
    deputy_for: NotRequired[str]


ANSWERS: Mapping[str, Any] = {"Deputation": Deputation, "Deputies": Deputies, "Person": Person}
