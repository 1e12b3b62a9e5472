"""Requests and answers of the exchange with other Parties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NotRequired, TypedDict

from pydantic import Field, StringConstraints

from chalicelib.exchange.model.operations import NON_FINAL, Operation
from chalicelib.exchange.services.arrival_reports import ReportStep
from chalicelib.exchange.services.parties import CERTIFICATES_AT_MOST
from chalicelib.http.answers import Anything, Time
from chalicelib.http.requests import Digest, Model, Reason, Text
from chalicelib.kernel.countries import COUNTRY_FORM
from chalicelib.permits.model.confirmations import RemarkCode
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


class ConfirmedLine(TypedDict):
    """A line of a report of arrival: its letter, and the quantity that arrived."""

    line: str
    quantity: str


class ExchangeCall(TypedDict):
    """A call between Parties. `side`: they asked us, or we asked them. `by`: our person. `lines`: what we reported."""

    id: str
    at: Time
    country: str
    side: Literal["they", "we"]
    operation: str
    outcome: str
    number: NotRequired[str]
    digest: NotRequired[str]
    serial: NotRequired[str]
    thumbprint: NotRequired[str]
    by: NotRequired[str]
    by_name: NotRequired[str]
    correlation_id: NotRequired[str]
    lines: NotRequired[list[ConfirmedLine]]


class ExchangeCalls(TypedDict):
    items: list[ExchangeCall]
    cursor: str | None


class RemarkOnReport(TypedDict):
    """Where a report differs from our own endorsements, or from an earlier report of that Party."""

    code: RemarkCode
    line: str
    theirs: str
    ours: str


class ReportSetAside(TypedDict):
    """The setting aside of a report, or its proposal, which has no confirmation yet."""

    by_name: str
    at: Time
    reason: str
    confirmed_by_name: NotRequired[str]
    confirmed_at: NotRequired[Time]


class ReportOfArrival(TypedDict):
    country: str
    at: Time
    lines: list[ConfirmedLine]
    remarks: list[RemarkOnReport]
    set_aside: ReportSetAside | None
    steps: list[ReportStep]


class Exchanged(TypedDict):
    """Calls about a permit, the newest first, and reports of arrival, the oldest first."""

    calls: list[ExchangeCall]
    confirmations: list[ReportOfArrival]


class Arrived(TypedDict):
    """What arrived here under another Party's number. `told`: our reports of it, the newest first."""

    lines: list[ConfirmedLine]
    service: bool
    told: list[ExchangeCall]


class ExchangeServices(TypedDict):
    items: list[str]
    cursor: str | None


class Heard(TypedDict):
    """Another Party's answer: its permit field by field, and its main facts in words."""

    call: ExchangeCall
    permit: Anything | None
    words: list[str]


class ExchangeParty(TypedDict):
    """Entry of the access list. `may`: operations of EPIX."""

    country: str
    certificates: list[str]
    may: list[str]
    active: bool
    note: str
    at: Time
    by: str
    by_name: str


class ExchangeParties(TypedDict):
    items: list[ExchangeParty]
    cursor: str | None


ANSWERS: Mapping[str, Any] = {
    "Exchanged": Exchanged,
    "ExchangeCall": ExchangeCall,
    "ExchangeCalls": ExchangeCalls,
    "ExchangeServices": ExchangeServices,
    "ExchangeParty": ExchangeParty,
    "ExchangeParties": ExchangeParties,
    "Arrived": Arrived,
    "Heard": Heard,
}
