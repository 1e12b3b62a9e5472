"""Request bodies and queries of the exchange with other Parties."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.exchange.model.operations import NON_FINAL, Operation
from chalicelib.exchange.services.parties import CERTIFICATES_AT_MOST
from chalicelib.http.requests import Digest, Model, Reason, Text
from chalicelib.kernel.countries import COUNTRY_FORM
from chalicelib.record.permit import LINES_AT_MOST

Country = Annotated[str, StringConstraints(pattern=f"^{COUNTRY_FORM.pattern}$")]

Number = Annotated[str, StringConstraints(pattern=r"^\S{1,70}$")]


class PartyBody(Model):
    certificates: Annotated[list[Digest], Field(max_length=CERTIFICATES_AT_MOST)]
    may: Annotated[list[Operation], Field(max_length=4)]
    active: bool
    note: Text | None = None


class FoundLine(Model):
    line: Number
    quantity: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,9}(\.[0-9]{1,6})?$")]


class AskBody(Model):
    """A question to a Party. `lines`: the quantities found, for ConfirmQuantities."""

    country: Country
    number: Number
    token: Number | None = None
    operation: Operation = NON_FINAL
    lines: Annotated[list[FoundLine], Field(max_length=LINES_AT_MOST)] | None = None


class ArrivedBody(Model):
    country: Country
    number: Number
    token: Number | None = None


class SetAsideBody(Model):
    country: Country
    reason: Reason


class ConfirmSetAsideBody(Model):
    country: Country


class AskedQuery(Model):
    country: Country
    number: Number
