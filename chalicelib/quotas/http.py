"""The year's quotas over HTTP: figures, what is granted, used, lapsed and left of each, and the history of changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalice.app import Response

from chalicelib.http.blueprint import Blueprint, Call, json_response
from chalicelib.http.requests import Confirm, CursorQuery
from chalicelib.kernel.days import to_text
from chalicelib.kernel.quantity import spelled
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import RowData
from chalicelib.quotas import model as quotas_model
from chalicelib.quotas.schemas import (
    ChangeOfQuota,
    FigureOfQuota,
    NewQuota,
    Quota,
    QuotaFigure,
    QuotaHistory,
    QuotaProposal,
    Quotas,
    YearQuery,
)
from chalicelib.quotas.services import check_application, figures
from chalicelib.quotas.services.count import QuotaRow, load, read_row
from chalicelib.quotas.services.figures import Proposal, Result, confirm, set_quota
from chalicelib.species.model.name_resolution import resolve_name

if TYPE_CHECKING:
    from chalicelib.species.services.list_in_use import SpeciesDeps


blueprint: Blueprint[SpeciesDeps] = Blueprint(__name__)


def quota_json(held: QuotaRow) -> Quota:
    quota, taken = held.quota, held.taken
    return {
        **_figure(quota),
        "granted": spelled(taken.granted),
        "used": spelled(taken.used),
        "outstanding": spelled(taken.outstanding),
        "lapsed": spelled(taken.lapsed),
        "total": spelled(held.total),
        "left": spelled(held.left),
        "set_at": to_text(held.set_at),
        "set_by_name": held.set_by_name,
    }


def proposal_json(proposal: Proposal, actor: Actor) -> QuotaProposal:
    return {
        **_figure(proposal.quota),
        "was": proposal.was,
        "reason": proposal.reason,
        "at": to_text(proposal.at),
        "by_name": proposal.by_name,
        "version": proposal.version,
        "steps": ["confirm"] if actor.may("set_quota") and proposal.by not in actor.same_person_ids else [],
    }


def _figure(quota: quotas_model.Quota) -> FigureOfQuota:
    return {
        "id": quota.id,
        "year": quota.year,
        "scientific_name": quota.taxon,
        "terms": list(quota.terms),
        "sources": list(quota.sources),
        "quantity": quota.quantity,
        "unit": quota.unit,
        "before": quota.before,
        "source": quota.source,
        "as_of": quota.as_of,
        "note": quota.note,
    }


def _change(row: RowData) -> ChangeOfQuota:
    shown: ChangeOfQuota = {
        "at": to_text(row["at"]),
        "by": row["by"],
        "by_name": row["by_name"],
        "quantity": row["quantity"],
        "taken": row["taken"],
        "permits": list(row["permits"]),
    }
    if "set" in row:  # the figure was set; else permits took or gave back
        shown |= {"reason": row["reason"], "set": row["set"], "was": row["was"]}
    if "proposed_by" in row:
        shown |= {
            "proposed_by": row["proposed_by"],
            "proposed_by_name": row["proposed_by_name"],
            "proposed_at": to_text(row["proposed_at"]),
        }
    return shown


def _answer(made: Result, actor: Actor, status: int) -> Response:
    if made.proposal is not None:
        return json_response(proposal_json(made.proposal, actor), 202)
    assert made.held is not None
    return json_response(quota_json(made.held), status)


@blueprint.route("/v1/quotas", query=YearQuery, returns="Quotas", may="quotas")
def of_year(call: Call[SpeciesDeps]) -> Quotas:
    """List the quotas of a year, by taxon.

    Without `year`, the present year. `scientific_name`: only the quotas that bound this taxon. `proposals`: higher
    figures that wait for a second admin.
    """
    year = int(call.query.year) if call.query.year else call.deps.stage.today(call.now).year
    found = check_application.of_year(year, call.actor, register=call.deps.register)
    if call.query.scientific_name is not None:
        goods = resolve_name(call.query.scientific_name, call.deps.listing)
        found = [each for each in found if goods.within(each.quota.taxon)]
    waiting = figures.of_year(year, call.deps.register)
    return {
        "year": year,
        "items": [quota_json(each) for each in found],
        "proposals": [proposal_json(each, call.actor) for each in waiting],
        "cursor": None,
    }


@blueprint.route(
    "/v1/quotas", method="POST", body=NewQuota, status=201, returns="Quota", may="set_quota", proposes="QuotaProposal"
)
def enter(call: Call[SpeciesDeps]) -> Response:
    """Enter a figure for a scope that has none this year.
    A repeated request changes nothing.

    A figure above last year's of the same scope needs a reason. It becomes a proposal (202), which another admin
    confirms.
    """
    body = call.body
    made = set_quota(body.quota(), body.reason or "", call.actor, call.deps, only_new=True)
    return _answer(made, call.actor, 201)


@blueprint.route(
    "/v1/quotas/{quota_id}", method="PUT", body=QuotaFigure, returns="Quota", may="set_quota", proposes="QuotaProposal"
)
def change(call: Call[SpeciesDeps], quota_id: str) -> Response:
    """Change a figure, with the reason.
    Scope and unit stay.

    A figure below what is granted needs `below_taken`. A lower figure counts at once (200). A higher figure, or a
    smaller `before`, becomes a proposal (202), which another admin confirms. Sending the figure in force withdraws the
    proposal.
    """
    body, old = call.body, read_row(load(quota_id, call.deps.register)).quota
    wanted = replace(
        old,
        quantity=body.quantity,
        source=body.source,
        as_of=body.as_of,
        before=old.before if body.before is None else body.before,
        note=old.note if body.note is None else body.note,
    )
    made = set_quota(wanted, body.reason or "", call.actor, call.deps, below_taken=body.below_taken)
    return _answer(made, call.actor, 200)


@blueprint.route("/v1/quotas/{quota_id}/confirm", method="POST", body=Confirm, returns="Quota", may="set_quota")
def confirm_figure(call: Call[SpeciesDeps], quota_id: str) -> Quota:
    """Confirm another admin's higher figure.

    Send the version of the proposal that was read.
    """
    return quota_json(confirm(quota_id, call.body.version, call.actor, call.deps))


@blueprint.route("/v1/quotas/{quota_id}/history", query=CursorQuery, returns="QuotaHistory", may="quotas")
def history(call: Call[SpeciesDeps], quota_id: str) -> QuotaHistory:
    """List every figure that was set and every permit that took or gave back, newest first."""
    found, cursor = check_application.history(
        quota_id, call.actor, register=call.deps.register, cursor=call.query.cursor
    )
    return {"items": [_change(each) for each in found], "cursor": cursor}
