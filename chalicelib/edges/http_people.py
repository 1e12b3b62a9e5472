"""Whoever is signed in, about themselves: what a page shows and offers; each route decides for itself what they may."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from chalicelib.core.address import Address
from chalicelib.core.roles import OPERATIONS
from chalicelib.edges import models
from chalicelib.edges.blueprint import Blueprint, Call
from chalicelib.services import choose_notices

blueprint = Blueprint(__name__)


@blueprint.route("/v1/me", returns="Person", may="me")
def me(call: Call) -> dict[str, Any]:
    """Id, name, roles and posts of whoever asks; the post `*` stands for every post.
    `steps`: what their roles may do, by the names of the operations; of whom and when, each route decides.
    `deputy_for`: the approver whose role they have today, by name.
    An applicant's `notify` is where notices of their applications go, null for nowhere; nobody else is told."""
    if not call.actor.may("notify"):
        return _person(call)
    return _person(call) | _notify(choose_notices.chosen(call.actor.id, register=call.office.register))


@blueprint.route("/v1/me", method="PUT", body=models.Me, returns="Person", may="notify")
def choose(call: Call) -> dict[str, Any]:
    """Say where notices of one's applications go from now on, and in which language; null: no mail."""
    wanted = call.body.notify
    address = choose_notices.choose(
        (wanted.email, wanted.language) if wanted else None,
        call.actor,
        register=call.office.register,
        now=call.now,
    )
    return _person(call) | _notify(address)


def _person(call: Call) -> dict[str, Any]:
    who = call.actor
    shown = {"id": who.id, "name": who.name, "roles": sorted(who.roles), "posts": sorted(who.posts),
             "steps": sorted(filter(who.may, OPERATIONS))}  # fmt: skip
    return shown | ({"deputy_for": who.deputy_for_name} if who.deputy_for else {})


def _notify(address: Address | None) -> dict[str, Any]:
    return {"notify": asdict(address) if address else None}
