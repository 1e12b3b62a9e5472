"""Hard stops over HTTP: what stops an application, an approver's override with its reason, and the auditor's count."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from chalicelib.core.dossier import Override
from chalicelib.core.errors import FieldError
from chalicelib.edges import override_models as models
from chalicelib.edges.blueprint import Blueprint, Call
from chalicelib.edges.http_permits import ONE, shown
from chalicelib.edges.times import to_text, with_times
from chalicelib.services import override_stop

if TYPE_CHECKING:
    from chalicelib.services.hold_species import SpeciesDeps

blueprint: Blueprint[SpeciesDeps] = Blueprint(__name__)


@blueprint.route(f"{ONE}/stops", returns="Stops", may="stops")
def stops(call: Call[SpeciesDeps], permit_id: str) -> dict[str, Any]:
    """The hard stops that stand against an application today, and who let which of them pass.
    `digest`: of what was read; an override speaks for it alone. `identity`: which stop of its field and code it is.
    `asked_again`: what was let pass under this field and code was another stop, or less above the limit.
    `same_import_permit`: other Appendix I exports, applied for or issued, that name this one's import permit."""
    found = override_stop.stops(
        permit_id, call.actor, register=call.office.register, listing=call.office.listing, stage=call.office.stage,
        now=call.now,
    )  # fmt: skip
    items = [{**_stop(each, passed), "asked_again": each in found.asked_again} for each, passed in found.stops]
    same = [{"id": each.id, "number": each.number, "state": each.state} for each in found.same_import_permit]
    return {"digest": found.digest, "items": items, "same_import_permit": same}


@blueprint.route(f"{ONE}/override", method="POST", body=models.OverrideBody, returns="Permit", may="override")
def override(call: Call[SpeciesDeps], permit_id: str) -> dict[str, Any]:
    """Let hard stops pass, with a reason that stays on record; never by a person who had a hand in the application.
    It speaks for the digest that was read: a changed application is stopped again."""
    made = override_stop.override(
        permit_id,
        [each.named for each in call.body.stops],
        call.body.reason,
        call.body.digest,
        call.actor,
        register=call.office.register,
        listing=call.office.listing,
        stage=call.office.stage,
        now=call.now,
    )
    return shown(call, made)


@blueprint.route("/v1/overrides", query=models.YearQuery, returns="Overrides", may="stops")
def listed(call: Call[SpeciesDeps]) -> dict[str, Any]:
    """Every override of a year, newest first, with its reason; `people`: how many each person made."""
    year = int(call.query.year or call.office.stage.today(call.now).year)
    rows, people = override_stop.of_year(year, call.actor, register=call.office.register)
    return {"year": year, "items": with_times(rows), "people": people, "cursor": None}


def _stop(each: FieldError, passed: Override | None) -> dict[str, Any]:
    said = {"by": passed.by, "by_name": passed.by_name, "at": to_text(passed.at), "reason": passed.reason} \
        if passed else None  # fmt: skip
    identity = asdict(each.stop) if each.stop else None
    return {"field": each.field, "code": each.code, "detail": each.detail, "identity": identity, "override": said}
