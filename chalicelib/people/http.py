"""Routes for deputies of approvers and for the signed-in person.

A deputy is named with dates, confirmed by a second person, and can be ended earlier. `/v1/me` describes the signed-in
person for the pages. It grants no right, because each route checks rights itself.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from chalicelib.http.blueprint import Blueprint, Call
from chalicelib.http.requests import Nothing
from chalicelib.kernel.days import to_text
from chalicelib.kernel.roles import OFFICIALS, OPERATIONS
from chalicelib.mail import services as mail
from chalicelib.mail.services import Address
from chalicelib.people import model as people_model
from chalicelib.people import readers
from chalicelib.people import schemas as people_schemas
from chalicelib.people import services as people_services
from chalicelib.people.schemas import AddressForNotices, Deputation, Deputies, Person

if TYPE_CHECKING:
    from chalicelib.people.services import PeopleDeps


blueprint = Blueprint(__name__)

ONE = "/v1/deputies/{deputation_id}"


def shown(made: people_model.Deputation, today: date) -> Deputation:
    return {
        "id": made.id,
        "state": made.state(today),
        "first": made.first,
        "last": made.last,
        "reason": made.reason,
        "deputy": {"id": made.deputy, "name": made.deputy_name},
        "represented": {"id": made.represented, "name": made.represented_name},
        "at": to_text(made.at),
        "by": made.by,
        "by_name": made.by_name,
        "confirmed_by_name": made.confirmed_by_name or None,
        "ended_by_name": made.ended_by_name or None,
        "ended_at": to_text(made.ended_at) if made.ended_at is not None else None,
    }


@blueprint.route("/v1/deputies", returns="Deputies", may="deputies")
def listed(call: Call) -> Deputies:
    """List the deputies of approvers, the newest first.
    `people`: the persons from whom the caller can choose, if the caller may name a deputy."""
    today = call.deps.stage.today(call.now)
    people = people_services.candidates(call.actor, register=call.deps.register)
    return {
        "items": [
            shown(each, today)
            for each in people_services.list_deputies(call.actor, register=call.deps.register, today=today)
        ],
        "people": [{"id": who, "name": name, "roles": sorted(roles)} for who, name, roles in people],
        "cursor": None,
    }


@blueprint.route(
    "/v1/deputies", method="POST", body=people_schemas.Deputise, status=201, returns="Deputation", may="name_deputy"
)
def name(call: Call) -> Deputation:
    """Name a deputy for an approver.
    It takes effect if an admin names the deputy. If an approver does, a second approver or admin must confirm it."""
    body, today = call.body, call.deps.stage.today(call.now)
    wanted = people_model.DeputationRequest(body.deputy, body.represented, body.first, body.last, body.reason)
    made = people_services.name(wanted, call.actor, call.deps, today=today)
    return shown(made, today)


@blueprint.route(f"{ONE}/confirm", method="POST", body=Nothing, returns="Deputation", may="name_deputy")
def confirm(call: Call, deputation_id: str) -> Deputation:
    """Confirm a deputy as the second person.
    This is neither the deputy nor the person who named the deputy."""
    today = call.deps.stage.today(call.now)
    return shown(people_services.confirm(deputation_id, call.actor, register=call.deps.register, today=today), today)


@blueprint.route(f"{ONE}/end", method="POST", body=Nothing, returns="Deputation", may="deputies")
def end(call: Call, deputation_id: str) -> Deputation:
    """End a deputy's term before its last day.
    Any approver or admin, or the deputy, may do this."""
    deps, today = call.deps, call.deps.stage.today(call.now)
    return shown(people_services.end(deputation_id, call.actor, deps, today=today), today)


@blueprint.route("/v1/me", returns="Person", may="me")
def me(call: Call) -> Person:
    """Get the caller's id, name, roles and posts.
    The post `*` means every post. `steps`: the operations that the caller's roles may do. Each route also checks on
    which objects and when. `deputy_for`: name of the approver whose role the caller has today.
    `notify`: e-mail address and language for notices about the caller's applications, null for no mail. Only an
    applicant gets it."""
    if not call.actor.may("notify"):
        return _person(call)
    return {**_person(call), "notify": _notify(mail.address_of(call.actor.id, register=call.deps.register))}


@blueprint.route("/v1/me", method="PUT", body=people_schemas.Me, returns="Person", may="notify")
def choose(call: Call) -> Person:
    """Set the e-mail address and language for notices about the caller's applications.
    Null means no mail."""
    wanted = call.body.notify
    address = mail.set_address((wanted.email, wanted.language) if wanted else None, call.actor, call.deps)
    return {**_person(call), "notify": _notify(address)}


def _person(call: Call) -> Person:
    who = call.actor
    shown: Person = {
        "id": who.id,
        "name": who.name,
        "roles": sorted(who.roles),
        "posts": sorted(who.posts),
        "steps": sorted(filter(who.may, OPERATIONS)),
    }
    if who.deputy_for:
        shown["deputy_for"] = who.deputy_for_name
    return shown


def _notify(address: Address | None) -> AddressForNotices | None:
    return {"email": address.email, "language": address.language} if address else None


def reader(call: Call[PeopleDeps], direction: str = "none") -> readers.Reader:
    """Return the caller as a reader of verdicts. Only signed-in officials see hours, officers and names of posts."""
    officer = call.caller is not None and not call.caller.roles.isdisjoint(OFFICIALS)
    return readers.Reader(
        language=call.language,
        stage=call.deps.stage,
        posts=call.deps.posts,
        officer=officer,
        direction=direction,
        names=cache(lambda person_id: people_services.name_of(person_id, call.deps.register)),
        persons=call.caller.same_person_ids if call.caller else frozenset(),
    )
