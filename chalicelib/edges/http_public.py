"""What anybody may ask without signing in: verdicts, the published lists, health, the contract."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from chalice.app import Response

from chalicelib import __version__, tables
from chalicelib.core.errors import NoMatch, TamgaError
from chalicelib.core.qr_text import edge_strip
from chalicelib.core.roles import ENFORCEMENT, MINISTRY, OFFICERS
from chalicelib.core.verdict import Verdict
from chalicelib.edges import models, pages, parsing, people, show
from chalicelib.edges.blueprint import FILE_CAP, FILES, JSON, KB, Blueprint, Call, held, json_response
from chalicelib.services import verify_permit
from chalicelib.services.people import person_key
from chalicelib.services.publish_status import CONTENT_TYPE as STATUS_TYPE
from chalicelib.services.publish_trust import BUNDLE_PATH, BUNDLE_TYPE, JWKS_PATH

if TYPE_CHECKING:
    from chalicelib.services.examine import ExamineDeps
    from chalicelib.services.people import PeopleDeps
    from chalicelib.services.verify_permit import VerifyDeps

blueprint: Blueprint[ExamineDeps] = Blueprint(__name__)

PARTY = re.compile(r"[A-Z]{2}", re.ASCII)
LIST_NAME = re.compile(r"[0-9]{2}q[1-4]", re.ASCII)
OFFICIALS = OFFICERS | MINISTRY | ENFORCEMENT
VERIFY_CAP = 128 * KB  # twenty pages of a permit


def reader(call: Call[PeopleDeps], direction: str = "none") -> show.Reader:
    """How this caller reads a verdict: hours, officers and posts' names only for officials who are signed in."""
    officer = call.caller is not None and not call.caller.roles.isdisjoint(OFFICIALS)
    return show.Reader(
        language=call.language,
        stage=call.office.stage,
        posts=call.office.posts,
        officer=officer,
        direction=direction,
        names=cache(lambda person_id: people.name_of(person_id, call.office.register)),
        persons=call.caller.persons if call.caller else frozenset(),
    )


@blueprint.route("/v1/verify", method="POST", public=True, body=models.Verify, cap=VERIFY_CAP, returns="Verdict")
def verify(call: Call[VerifyDeps]) -> dict[str, Any]:
    """The verdict on a code's text.
    Reads only, alarms nothing, keeps nothing."""
    asked: models.Verify = call.body
    found = verify_permit.verify(
        edge_strip(asked.qr),
        register=call.office.register,
        checker=call.office.checker(),
        now=call.now,
        place=asked.place(),
        other_pages=parsing.trimmed_pages(asked.other_pages),
    )
    return show.verdict(found, reader(call, asked.direction or "none"))


@blueprint.route(
    "/v1/verify/document", method="POST", public=True, raw=FILES, cap=FILE_CAP, query=models.PlaceQuery,
    returns="Verdict",
)  # fmt: skip
def verify_document(call: Call[VerifyDeps]) -> dict[str, Any]:
    """The worst verdict of all the codes in a PDF, PNG or JPEG.
    The file is parsed in a function without any right in the account, and not kept."""
    direction = call.query.direction or "none"
    found, document = verify_permit.verify_document(
        call.body,
        call.content_type,
        reader=call.office.reader,
        register=call.office.register,
        checker=call.office.checker(),
        now=call.now,
        place=call.query.place(),
    )
    return {
        **show.verdict(found, reader(call, direction)),
        "document": show.document(document),
    }


@blueprint.route("/v1/verify/number", public=True, query=models.NumberQuery, returns="Verdict")
def verify_number(call: Call[VerifyDeps]) -> dict[str, Any]:
    """The verdict on a number and its check code, as typed from the page.
    An unknown number and a wrong code give the same 404. Strangers have 1,000 tries an hour and number, right or wrong,
    then 429; the code itself (`/v1/verify`) is never limited by number.
    Without a code: a permit on paper from before Tamga (`form: legacy`, D4). Officials ask by number alone;
    anybody else sends `valid_until` too, the day in box 2 of the paper (without it 422, another day 404), and reads no
    names."""
    direction = call.query.direction or "none"
    found: Verdict = verify_permit.verify_number(
        call.query.number,
        call.query.code,
        register=call.office.register,
        checker=call.office.checker(),
        now=call.now,
        actor=call.caller,
        valid_until=call.query.valid_until or "",
        place=call.query.place(),
    )
    return show.verdict(found, reader(call, direction))


@blueprint.route("/trust-list", public=True, returns="binary", produces=[BUNDLE_TYPE])
def trust_list(call: Call) -> Response:
    """The signed trust lists (FORMAT.md 4), CBOR."""
    return _static(call, BUNDLE_PATH, BUNDLE_TYPE)


@blueprint.route("/trust-list.json", public=True, returns="JWKS")
def trust_list_json(call: Call) -> Response:
    """The usable permit keys as a JWKS, for convenience: unsigned."""
    return _static(call, JWKS_PATH, JSON)


@blueprint.route("/v1/trust-list.json", public=True, returns="JWKS")
def trust_list_json_v1(call: Call) -> Response:
    """The same JWKS."""
    return _static(call, JWKS_PATH, JSON)


@blueprint.route("/s/{name}", public=True, returns="binary", produces=[STATUS_TYPE])
def status_list(call: Call, name: str) -> Response:
    """A signed status list (FORMAT.md 3), by the quarter in which its permits expire."""
    if not LIST_NAME.fullmatch(name):
        raise NoMatch("There is no such status list.")
    return _static(call, f"s/{name}", STATUS_TYPE)


@blueprint.route("/s/{name}/{quarter}", public=True, returns="binary", produces=[STATUS_TYPE])
def party_list(call: Call, name: str, quarter: str) -> Response:
    """Another Party's signed status list as it was fetched and believed here; `name`: the Party, two letters."""
    if not PARTY.fullmatch(name) or not LIST_NAME.fullmatch(quarter):
        raise NoMatch("There is no such status list.")
    return _static(call, f"s/{name}/{quarter}", STATUS_TYPE)


def _static(call: Call, path: str, media_type: str) -> Response:
    """A published object with its ETag; in production the CDN serves it at the same path without this function."""
    found = call.office.static.read(path)
    if found is None:
        raise NoMatch("Not published yet.")
    data, etag = found
    headers: dict[str, Any] = {
        "Content-Type": media_type,
        "ETag": etag,
        "Cache-Control": "public, max-age=60",
        "Access-Control-Allow-Origin": "*",
    }
    if held(call, etag):
        return Response("", status_code=304, headers={n: v for n, v in headers.items() if n != "Content-Type"})
    return Response(data if media_type != JSON else data.decode(), headers=headers)


@blueprint.route("/v1/health", public=True, returns="Health")
def health(call: Call[ExamineDeps]) -> Response:
    """Whether the parts that a verdict needs answer."""
    checks = {
        "register": _answers(lambda: call.office.register.get(person_key("health"))),
        "trust_list": _answers(lambda: _alive(call)),
    }
    if call.office.gate.not_open:
        checks["restore"] = "failed"  # docs/OPERATIONS.md, "Restoring"
    up = all(state == "ok" for state in checks.values())
    body = {"status": "ok" if up else "degraded", "version": __version__, "checks": checks}
    return json_response(body, 200 if up else 503)


def _alive(call: Call[ExamineDeps]) -> None:
    own = call.office.checker().trust.list_for(call.office.stage.issuer)
    if own is None or own.expires_at <= call.now:
        raise NoMatch("No trust list in force.")


def _answers(ask: Any) -> str:
    try:
        ask()
    except TamgaError:
        return "failed"
    return "ok"


@blueprint.route("/v1/openapi.json", public=True, returns="object")
def openapi_json(call: Call) -> dict[str, Any]:
    """This contract, as OpenAPI 3.1."""
    from chalicelib.edges import openapi

    return openapi.document(blueprint.current_app.routes, host=call.office.stage.host)


@blueprint.route("/v1/docs", public=True, returns="html", produces=["text/html"])
def docs(call: Call) -> Response:
    """This contract, to read."""
    from chalicelib.edges import openapi

    contract = openapi.document(blueprint.current_app.routes, host=call.office.stage.host)
    return pages.html(pages.contract(contract))


@blueprint.route("/", public=True, returns="html", produces=["text/html"])
def front(call: Call) -> Response:
    """What this is and where to go."""
    stage = call.office.stage
    names = tables.authority(stage.issuer)
    authority = names.get(f"name_{call.language}", names["name"])
    return pages.html(pages.front(authority=authority, practice=stage.practice, language=call.language))
