"""Routes of cases: open, amend, custody, follow-ups, photographs, and exchange with the ministry's database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.app import Response

from chalicelib.cases import schemas as cases_schemas
from chalicelib.cases.model import case as cases_case
from chalicelib.cases.schemas import (
    Case,
    CaseAbroad,
    Cases,
    CaseSummary,
    TakenIn,
    by_month,
    by_post,
    case_abroad,
    case_in_list,
    case_json,
    taken_in_json,
)
from chalicelib.cases.services import cases, record_case, wildlife_database
from chalicelib.endorsement.http import PHOTOS, PRODUCED, photograph_response
from chalicelib.endorsement.schemas import Photo, photo_json
from chalicelib.foreign_permits.schemas import ForeignHistory, history_entry
from chalicelib.http.blueprint import KB, Blueprint, Call, json_response
from chalicelib.http.requests import CursorQuery
from chalicelib.kernel.files import FILE_CAP
from chalicelib.platform import files
from chalicelib.verification.services.foreign_records import may_edit

if TYPE_CHECKING:
    from chalicelib.verification.services.verify import VerifyDeps


blueprint: Blueprint[VerifyDeps] = Blueprint(__name__)

ONE = "/v1/cases/{event_id}"

CAP = 128 * KB

CSV_CAP = 1024 * KB


@blueprint.route(
    "/v1/cases",
    method="POST",
    body=cases_schemas.CaseBody,
    cap=CAP,
    status=201,
    returns="Case",
    may="open_case",
    repeats=True,
)
def record(call: Call[VerifyDeps]) -> Response:
    """Open a case under an event id made by the caller.
    201. The same event again is answered with 200."""
    case, new = record_case.record(call.body.case(), call.actor, call.deps)
    return json_response(_answer(call, case), 201 if new else 200)


@blueprint.route("/v1/cases", query=CursorQuery, returns="Cases", may="see_cases")
def listed(call: Call[VerifyDeps]) -> Cases:
    """List cases, the newest first, without people.
    Officers get the cases of their posts. A page may be short."""
    found, cursor = cases.listed(call.actor, register=call.deps.register, cursor=call.query.cursor)
    return {"items": [case_in_list(each, call.actor) for each in found], "cursor": cursor}


@blueprint.route("/v1/cases/summary", returns="CaseSummary", may="see_cases")
def summary(call: Call[VerifyDeps]) -> CaseSummary:
    """Count the cases of the last 366 days that the caller may see, by month and by post.
    Officers get the counts of their posts alone."""
    deps = call.deps
    made = cases.count(call.actor, deps)
    posts = [post for post in deps.posts.values() if may_edit(call.actor, post.id) or post.id in made.posts]
    return {"months": by_month(made.months), "posts": by_post(posts, made.posts), "complete": made.complete}


@blueprint.route(
    "/v1/cases/table", query=cases_schemas.CaseExportQuery, returns="Table", produces=("text/csv",), may="export_cases"
)
def table(call: Call[VerifyDeps]) -> Response:
    """Export cases as CSV, one page at a time.
    `Next-Cursor` continues.
    Only enforcement gets people, and the history of each case records it."""
    text, cursor = wildlife_database.export_page(
        call.actor, call.deps, people=call.query.people == "true", cursor=call.query.cursor
    )
    headers = {"Content-Type": "text/csv; charset=utf-8", "Content-Disposition": "attachment; filename=cases.csv"}
    return Response("\ufeff" + text, headers={**headers, **({"Next-Cursor": cursor} if cursor else {})})


@blueprint.route(
    "/v1/cases/table", method="POST", raw=("text/csv",), cap=CSV_CAP, returns="TakenIn", may="import_cases"
)
def take_in(call: Call[VerifyDeps]) -> TakenIn:
    """Import cases from CSV, each by itself.
    The same again changes nothing.
    A refusal names row and column."""
    return taken_in_json(wildlife_database.import_cases(call.body, call.actor, call.deps))


@blueprint.route(ONE, returns="Case", may="see_cases")
def one(call: Call[VerifyDeps], event_id: str) -> Case:
    """Read the part of one case that the caller's agency may see.
    The history records each person who reads people."""
    return _answer(call, cases.read_case(event_id, call.actor, call.deps))


@blueprint.route(ONE, method="PUT", body=cases_schemas.CaseAmend, cap=CAP, returns="Case", may="amend_case")
def amend(call: Call[VerifyDeps], event_id: str) -> Case:
    """Replace the content of a case.
    The old content is kept.
    Another version than was read gives 409 `edited-meanwhile`. A closed case gives 409 `wrong-state`, so reopen it
    first.
    """
    body = call.body
    asked = record_case.Amendment(body.version, body.kind, body.record(), body.persons())
    return _answer(call, record_case.amend(event_id, asked, call.actor, call.deps))


@blueprint.route(f"{ONE}/custody", method="POST", body=cases_schemas.Custody, status=201, returns="Case", may="custody")
def custody(call: Call[VerifyDeps], event_id: str) -> Case:
    """Add a link to the chain of custody.
    Links never change."""
    body = call.body
    link = record_case.Handover(body.what, body.taker, body.giver or "", body.place or "", body.seal or "")
    record_case.hand_over(event_id, link, call.actor, call.deps)
    return _answer(call, cases.read_case(event_id, call.actor, call.deps))


@blueprint.route(
    f"{ONE}/followups", method="POST", body=cases_schemas.FollowUp, status=201, returns="Case", may="follow_up"
)
def follow_up(call: Call[VerifyDeps], event_id: str) -> Case:
    """Add a follow-up to a case.
    `closed` closes the case, `reopened` opens it again."""
    body = call.body
    record_case.follow_up(event_id, record_case.FollowUp(body.kind, body.text, body.on), call.actor, call.deps)
    return _answer(call, cases.read_case(event_id, call.actor, call.deps))


@blueprint.route(f"{ONE}/photos", method="POST", raw=PHOTOS, cap=FILE_CAP, status=201, returns="Photo", may="open_case")
def photo(call: Call[VerifyDeps], event_id: str) -> Photo:
    """Keep a photograph under its SHA-256.
    The same picture again is the same photograph.

    For the officer who recorded the case, persons who wrote a link of its custody, its agency, and the police. Each
    person may add twelve photographs. Every photograph is a line of the history.
    """
    deps = call.deps
    return photo_json(cases.add_photo(event_id, call.body, call.content_type, call.actor, deps))


@blueprint.route(f"{ONE}/photos/{{sha256}}", returns="Download", produces=PRODUCED, may="see_cases")
def picture(call: Call[VerifyDeps], event_id: str, sha256: str) -> Response:
    """Download one photograph of a case.
    Bytes where `Accept` begins with `image/`, else a short-lived address."""
    cases.check_reach(call.actor, cases.load(event_id, call.deps.register))
    return photograph_response(call, event_id, sha256)


@blueprint.route(f"{ONE}/history", query=CursorQuery, returns="ForeignHistory", may="case_history")
def history(call: Call[VerifyDeps], event_id: str) -> ForeignHistory:
    """List the history of a case, first to last, with the persons who read its people.
    `cursor` continues it."""
    items, cursor = cases.history(event_id, call.actor, register=call.deps.register, cursor=call.query.cursor)
    return {"items": [history_entry(each) for each in items], "cursor": cursor}


@blueprint.route(f"{ONE}/versions/{{version}}", returns="Case", may="see_cases")
def earlier(call: Call[VerifyDeps], event_id: str, version: str) -> Case:
    """Read a case with its content before an amendment.
    `earlier` of the case names the versions.
    The caller sees the same parts as of the case itself, and the history records it alike."""
    return _answer(call, cases.earlier(event_id, version, call.actor, call.deps), past=True)


@blueprint.route(f"{ONE}/abroad", returns="CaseAbroad", may="share_abroad")
def abroad(call: Call[VerifyDeps], event_id: str) -> CaseAbroad:
    """Read the part of a case that may go to another country.
    It has goods, route and detection, and no text that may name a person."""
    return case_abroad(cases.to_share(event_id, call.actor, register=call.deps.register))


def _answer(call: Call[VerifyDeps], case: cases_case.Case, *, past: bool = False) -> Case:
    """The case for the caller. `past`: content before an amendment, on which no step can be taken."""
    steps = [] if past else cases.steps(case, call.actor)
    return case_json(case, call.actor, files.photographs_of(case.id, register=call.deps.register), steps)
