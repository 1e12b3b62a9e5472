"""Routes of the exchange between Parties: XML of a permit, EPIX's SOAP service, access list, calls, arrivals."""

from __future__ import annotations

import hashlib
import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal, Protocol, get_args

from chalice.app import Response

from chalicelib.exchange import schemas as exchange_schemas
from chalicelib.exchange.model.operations import CONFIRM, FINAL, QUESTION_CAP, STATE
from chalicelib.exchange.schemas import (
    Arrived,
    ExchangeCall,
    ExchangeCalls,
    Exchanged,
    ExchangeParties,
    ExchangeParty,
    ExchangeServices,
    Heard,
    ReportOfArrival,
    ReportSetAside,
)
from chalicelib.exchange.services import answer_party, arrival_reports, ask_party
from chalicelib.exchange.services import parties as exchange_parties
from chalicelib.exchange.services.ask_party import ExchangeDeps
from chalicelib.http.blueprint import Blueprint, Call
from chalicelib.http.requests import CursorQuery
from chalicelib.kernel.days import to_text
from chalicelib.kernel.enums import State
from chalicelib.kernel.errors import TamgaError, WrongState
from chalicelib.kernel.roles import Actor
from chalicelib.permits import schemas as permits_schemas
from chalicelib.permits.model import confirmations
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import store
from chalicelib.verdict.snapshot import ArrivalReport, ReportedQuantity

if TYPE_CHECKING:
    from chalicelib.issuing.print.sheet import IssuingOffice


blueprint: Blueprint[RouteDeps] = Blueprint(__name__)

ONE = "/v1/permits/{permit_id}"


class RouteDeps(ExchangeDeps, Protocol):
    """Dependencies of the exchange, and our own authority as a permit names it."""

    @property
    def issuing_office(self) -> IssuingOffice: ...


XML = "application/xml"

SOAP = ("text/xml", "application/xml", "application/soap+xml")

CallDetail = Literal["number", "digest", "serial", "thumbprint", "by", "by_name", "correlation_id"]

OF_A_CALL: tuple[CallDetail, ...] = get_args(CallDetail)

NOT_IN_A_NAME = re.compile("[^A-Za-z0-9.-]")  # a paper's number may have Cyrillic letters, which a header cannot carry


def _xml(call: Call[RouteDeps], dossier: Dossier, final: bool) -> Any:
    """The permit as `ExchangedPermit`, which the caller encodes as XML.

    The import is local, because it loads lxml, which verifying does not need.
    """
    from chalicelib.exchange.epix.of_dossier import exchanged

    deps = call.deps
    return exchanged(
        dossier,
        deps.issuing_office,
        posts={post.id: post.name for post in deps.posts.values()},
        final=final,
    )


@blueprint.route(f"{ONE}/epix", returns="binary", produces=[XML], may="see")
def epix(call: Call[RouteDeps], permit_id: str) -> Response:
    """Download a permit as CITESEPermit (toolkit v2), with block 14 once it was endorsed.
    Only a permit in force is sent, because the XML has no place for a state."""
    from chalicelib.exchange.epix.permit_xml import encode_permit
    from chalicelib.exchange.epix.xml import write

    call.actor.require("see")
    dossier = store.load(call.deps.register, permit_id, call.actor)
    if dossier.state != State.ISSUED:
        raise WrongState(f"Not possible in state {dossier.state}; possible in: issued.", state=dossier.state)
    told = permits_schemas.by_days(dossier, call.actor, call.deps.stage)
    data = write(encode_permit(_xml(call, told, final=True)))
    name = f"{NOT_IN_A_NAME.sub('-', dossier.number or dossier.id)}.xml"
    return Response(
        data.decode(),
        headers={"Content-Type": f"{XML}; charset=utf-8", "Content-Disposition": f'attachment; filename="{name}"'},
    )


@blueprint.route(f"{ONE}/exchange", returns="Exchanged", may="exchange")
def exchanged_of(call: Call[RouteDeps], permit_id: str) -> Exchanged:
    """List the calls between Parties about one permit, newest first, and the reports of arrival, oldest first.
    A report of arrival is another Party's word. `remarks` say where it differs from our own endorsements."""
    call.actor.require("exchange")
    return _exchanged(call, store.load(call.deps.register, permit_id, call.actor))


@blueprint.route(
    f"{ONE}/exchange/set-aside",
    method="POST",
    body=exchange_schemas.SetAsideBody,
    status=202,
    returns="Exchanged",
    may="set_aside_report",
)
def propose_set_aside(call: Call[RouteDeps], permit_id: str) -> Exchanged:
    """Propose that a Party's reports of arrival no longer count (P3).
    Another person confirms it. 404 where no report of that Party counts."""
    return _exchanged(
        call,
        arrival_reports.propose(permit_id, call.body.country, call.body.reason, call.actor, call.deps),
    )


@blueprint.route(
    f"{ONE}/exchange/set-aside/confirm",
    method="POST",
    body=exchange_schemas.ConfirmSetAsideBody,
    returns="Exchanged",
    may="confirm_set_aside",
)
def confirm_set_aside(call: Call[RouteDeps], permit_id: str) -> Exchanged:
    """Confirm, as another person than the proposer, that the reports no longer count.
    A later report counts again."""
    return _exchanged(
        call,
        arrival_reports.confirm_set_aside(permit_id, call.body.country, call.actor, call.deps),
    )


def _exchanged(call: Call[RouteDeps], dossier: Dossier) -> Exchanged:
    return {
        "calls": [_entry(each) for each in exchange_parties.of_permit(dossier.id, call.deps.register)],
        "confirmations": [_report(each, dossier, call.actor) for each in dossier.confirmations],
    }


def _report(report: ArrivalReport, dossier: Dossier, actor: Actor) -> ReportOfArrival:
    return {
        "country": report.country,
        "at": to_text(report.at),
        "lines": [{"line": each.line, "quantity": each.quantity} for each in report.lines],
        "remarks": [
            {"code": each.code, "line": each.line, "theirs": each.theirs, "ours": each.ours}
            for each in confirmations.remarks(dossier, report)
        ],
        "set_aside": _set_aside(report),
        "steps": arrival_reports.steps(report, actor),
    }


def _set_aside(report: ArrivalReport) -> ReportSetAside | None:
    aside = report.set_aside
    if aside is None:
        return None
    shown: ReportSetAside = {"by_name": aside.by_name, "at": to_text(aside.at), "reason": aside.reason}
    if aside.confirmed_at:
        shown |= {"confirmed_by_name": aside.confirmed_by_name, "confirmed_at": to_text(aside.confirmed_at)}
    return shown


@blueprint.route("/v1/exchange/parties", returns="ExchangeParties", may="exchange")
def parties(call: Call[RouteDeps]) -> ExchangeParties:
    """List the access list: each Party's operations and client certificates."""
    found = exchange_parties.parties(call.actor, register=call.deps.register)
    return {"items": [_party(each) for each in found], "cursor": None}


@blueprint.route(
    "/v1/exchange/parties/{country}",
    method="PUT",
    body=exchange_schemas.PartyBody,
    returns="ExchangeParty",
    may="parties",
)
def enter(call: Call[RouteDeps], country: str) -> ExchangeParty:
    """Set what a Party may ask from now on.
    `active: false` shuts it out at once."""
    body = call.body
    access = exchange_parties.Access(body.certificates, body.may, body.active, body.note or "")
    return _party(exchange_parties.enter(country, access, call.actor, call.deps))


@blueprint.route("/v1/exchange/parties/{country}/calls", query=CursorQuery, returns="ExchangeCalls", may="exchange")
def calls_of(call: Call[RouteDeps], country: str) -> ExchangeCalls:
    """List the calls between us and a Party, with refused ones, newest first, fifty a page."""
    call.actor.require("exchange")
    found, cursor = exchange_parties.of_country(country, call.deps.register, call.query.cursor)
    return {"items": [_entry(each) for each in found], "cursor": cursor}


@blueprint.route("/v1/exchange/services", returns="ExchangeServices", may="ask_party")
def services(call: Call[RouteDeps]) -> ExchangeServices:
    """List the Parties that can be asked.
    The addresses of their services are configuration."""
    return {"items": ask_party.askable(call.actor, call.deps.parties), "cursor": None}


@blueprint.route(
    "/v1/exchange/ask", method="POST", body=exchange_schemas.AskBody, status=201, returns="Heard", may="ask_party"
)
def ask(call: Call[RouteDeps]) -> Heard:
    """Ask another Party's service about its permit, or report what was found (ConfirmQuantities, sent once).
    `permit` is that Party's word, field by field. Texts without a field are in `other`. It is null with the reason in
    `call.outcome`. 404 where no service of that Party is known."""
    body = call.body
    lines = [(each.line, each.quantity) for each in body.lines or ()]
    question = ask_party.QuestionToParty(body.country, body.number, body.operation, body.token or "", lines)
    return _heard(ask_party.request_permit(question, call.actor, call.deps))


@blueprint.route("/v1/exchange/asked", query=exchange_schemas.AskedQuery, returns="ExchangeCalls", may="ask_party")
def asked(call: Call[RouteDeps]) -> ExchangeCalls:
    """List the questions to a Party about one of its permits, newest first."""
    found = ask_party.journal_of(call.query.country, call.query.number, call.actor, register=call.deps.register)
    return {"items": [_entry(each) for each in found], "cursor": None}


@blueprint.route("/v1/exchange/arrived", query=exchange_schemas.AskedQuery, returns="Arrived", may="ask_party")
def arrived(call: Call[RouteDeps]) -> Arrived:
    """Read what arrived here under another Party's number, by code or on paper, and our reports of it.
    `lines`: sums, as a report would have them now. `service`: a report can be sent. `told`: reports, newest first."""
    found = arrival_reports.arrived(call.query.country, call.query.number, call.actor, call.deps)
    return {
        "lines": [{"line": letter, "quantity": quantity} for letter, quantity in found.lines],
        "service": found.service,
        "told": [_entry(each) for each in found.reports],
    }


@blueprint.route(
    "/v1/exchange/arrived",
    method="POST",
    body=exchange_schemas.ArrivedBody,
    status=201,
    returns="Heard",
    may="ask_party",
)
def tell(call: Call[RouteDeps]) -> Heard:
    """Report to the issuing Party what arrived here under its permit (ConfirmQuantities), by our own endorsements.
    Sent once, even if no answer comes. 404 where no service of that Party is known, 409 where nothing arrived."""
    body = call.body
    return _heard(
        arrival_reports.report_arrival(body.country, body.number, call.actor, call.deps, token=body.token or "")
    )


def _heard(heard: ask_party.CallResult) -> Heard:
    return {
        "call": _entry(heard.entry),
        "permit": _said(asdict(heard.permit)) if heard.permit else None,
        "words": ask_party.in_words(heard.permit) if heard.permit else [],
    }


def _said(value: Any) -> Any:
    """Another Party's permit without empty fields. Its times stay its own text."""
    if isinstance(value, dict):
        return {name: _said(item) for name, item in value.items() if item not in (None, (), [])}
    return [_said(item) for item in value] if isinstance(value, list | tuple) else value


def _refused(error: TamgaError | None, correlation_id: str) -> Response:
    """A refusal as a SOAP fault, which always has status 500 (SOAP 1.1 s. 6.2)."""
    from chalicelib.exchange.epix.soap import MEDIA_TYPE, write_fault

    return Response(write_fault(error, correlation_id).decode(), headers={"Content-Type": MEDIA_TYPE}, status_code=500)


@blueprint.route(
    "/v1/epix",
    method="POST",
    public=True,
    raw=SOAP,
    cap=QUESTION_CAP,
    returns="binary",
    produces=["text/xml"],
    refused=_refused,
)
def soap(call: Call[RouteDeps]) -> Response:
    """Answer EPIX over SOAP 1.1, for Parties of the access list, at the host that asks for a client certificate.
    GetNonFinalCitesCertificate, GetFinalCitesCertificate, ConfirmQuantities, ServiceState. Refusals are faults."""
    from chalicelib.exchange.epix import soap as exchange_soap

    deps = call.deps
    caller = answer_party.identify(call.certificate, deps)
    question = exchange_soap.read_question(call.body, call.headers.get("soapaction", ""))
    asked = answer_party.PartyQuestion(
        question.operation, question.number, question.token, question.country, call.correlation_id
    )
    with answer_party.journaled(asked, caller, deps) as keep:
        answer_party.allowed(asked, caller)
        if question.operation == STATE:
            data = exchange_soap.write_answer(question, exchange_soap.Answer(question.operation, text="OK"))
            keep("answered", hashlib.sha256(data).hexdigest())
        elif question.operation == CONFIRM:
            lines = [ReportedQuantity(each.id, each.quantity) for each in question.positions]
            arrival_reports.receive_report(asked, lines, caller, deps)
            data = exchange_soap.write_answer(question, exchange_soap.Answer(question.operation, text="OK"))
        else:
            dossier = answer_party.permit_for(asked, caller, deps)
            answer_party.in_force(dossier, asked)
            told = exchange_soap.Answer(question.operation, _xml(call, dossier, question.operation == FINAL))
            data = exchange_soap.write_answer(question, told)
            keep("answered", hashlib.sha256(data).hexdigest(), dossier.id)
    return Response(data.decode(), headers={"Content-Type": exchange_soap.MEDIA_TYPE})


def _party(each: exchange_parties.Party) -> ExchangeParty:
    return {
        "country": each.country,
        "certificates": list(each.certificates),
        "may": list(each.may),
        "active": each.active,
        "note": each.note,
        "at": to_text(each.at),
        "by": each.by,
        "by_name": each.by_name,
    }


def _entry(each: exchange_parties.Entry) -> ExchangeCall:
    shown: ExchangeCall = {
        "id": each.id,
        "at": to_text(each.at),
        "country": each.country,
        "side": each.side,
        "operation": each.operation,
        "outcome": each.outcome,
    }
    for name in OF_A_CALL:
        if text := getattr(each, name):
            shown[name] = text
    if each.lines:
        shown["lines"] = [{"line": line["line"], "quantity": line["quantity"]} for line in each.lines]
    return shown
