"""Routes of other Parties' permits without a code: record, endorse, correct, withdraw, ask the issuer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.app import Response

from chalicelib.endorsement.http import PHOTOS, PRODUCED, photograph_response
from chalicelib.endorsement.schemas import Photo, photo_in_list, photo_json
from chalicelib.foreign_permits import schemas as foreign_permits_schemas
from chalicelib.foreign_permits.schemas import (
    Enquiry,
    ForeignEndorsement,
    ForeignHistory,
    ForeignNumber,
    ForeignPermit,
    ForeignPermitInList,
    ForeignPermits,
    ImportPermitLines,
    ImportPermitUsed,
    IssuersAnswer,
    LineQuantity,
    PlaceAndTime,
    history_entry,
    import_permit_json,
    importer_json,
)
from chalicelib.foreign_permits.services import changes, enquiry
from chalicelib.foreign_permits.services import record as foreign_permits_record
from chalicelib.http.blueprint import KB, Blueprint, Call, json_response
from chalicelib.http.requests import CursorQuery, Nothing
from chalicelib.kernel.days import to_text
from chalicelib.kernel.enums import Direction, UseResult
from chalicelib.kernel.files import FILE_CAP
from chalicelib.kernel.numbers import FORMS, form_of, normalise_number
from chalicelib.kernel.rows import RowData
from chalicelib.people import services as people
from chalicelib.permits.schemas import ReasonBody
from chalicelib.permits.services.store import last_day
from chalicelib.platform import files
from chalicelib.record.permit import line_letter
from chalicelib.uses.use import Use
from chalicelib.verification.model import foreign_permit
from chalicelib.verification.model.foreign_permit import GRAVE, Endorsed
from chalicelib.verification.services import foreign_records, import_permits
from chalicelib.verification.services.foreign_numbers import number_of
from chalicelib.verification.services.foreign_records import RemarkedPaper

if TYPE_CHECKING:
    from chalicelib.foreign_permits.services.enquiry import EnquiryDeps


blueprint: Blueprint[EnquiryDeps] = Blueprint(__name__)

ONE = "/v1/foreign-permits/{event_id}"

CAP = 128 * KB


@blueprint.route(
    "/v1/foreign-permits",
    method="POST",
    body=foreign_permits_schemas.ForeignPermitBody,
    cap=CAP,
    status=201,
    returns="ForeignPermit",
    may="record_foreign",
    repeats=True,
)
def record(call: Call[EnquiryDeps]) -> Response:
    """Record another Party's paper, and endorse it at once if `endorsed` says how.
    201. The same event again is answered with 200. A number used before gives 409 with `first_use`, and nothing is
    recorded."""
    paper, new = foreign_permits_record.record(call.body.record(), call.actor, call.deps)
    return json_response(_whole(call, paper), 201 if new else 200)


@blueprint.route("/v1/foreign-permits", query=CursorQuery, returns="ForeignPermits", may="see_foreign")
def listed(call: Call[EnquiryDeps]) -> ForeignPermits:
    """List recorded papers, the newest first.
    Officers get the papers of their posts. A page may be short."""
    found, cursor = foreign_records.listed(call.actor, call.deps, cursor=call.query.cursor)
    return {"items": [_entry(each) for each in found], "cursor": cursor}


@blueprint.route(
    "/v1/foreign-permits/known",
    query=foreign_permits_schemas.ForeignNumberQuery,
    returns="ForeignNumber",
    may="record_foreign",
)
def known(call: Call[EnquiryDeps]) -> ForeignNumber:
    """Look up a foreign number before recording: its form, and where a paper with it was used.
    `unconfirmed`: posts and times of hand-stamped imports that wait for a second officer."""
    number = normalise_number(call.query.number)
    found = number_of(call.query.issuer, number, call.deps.register)
    form = FORMS.get(call.query.issuer)
    return {
        "number": number,
        "form": form_of(call.query.issuer, number),
        "example": form.example if form else None,
        "used": [_place(use) for use in found.against()],
        "unconfirmed": [_place(use) for use in found.unconfirmed(call.deps.posts)],
    }


@blueprint.route(
    "/v1/foreign-permits/import-permit",
    query=foreign_permits_schemas.ImportPermitQuery,
    returns="ImportPermitLines",
    may="record_foreign",
)
def import_permit(call: Call[EnquiryDeps]) -> ImportPermitLines:
    """Look up an import permit of ours that a foreign document names.
    Returns its importer, its lines, what is left of each, and its first use."""
    return import_permit_json(import_permits.known(call.query.number, call.actor, call.deps))


@blueprint.route(ONE, returns="ForeignPermit", may="see_foreign")
def one(call: Call[EnquiryDeps], event_id: str) -> ForeignPermit:
    """Read one paper: its particulars, its remarks, the uses of its number, and the issuer's answers."""
    found = foreign_records.find(event_id, call.actor, call.deps)
    return _answer(call, found)


@blueprint.route(
    ONE,
    method="PUT",
    body=foreign_permits_schemas.ForeignCorrection,
    cap=CAP,
    returns="ForeignPermit",
    may="record_foreign",
)
def correct(call: Call[EnquiryDeps], event_id: str) -> ForeignPermit:
    """Correct what was typed wrongly.
    The history keeps the old content, the person and the reason.
    Another version than was read gives 409 `edited-meanwhile`. An endorsed one gives 409 `wrong-state`, so withdraw the
    endorsement first.
    """
    paper = changes.correct(event_id, call.body.correction(), call.actor, call.deps)
    return _whole(call, paper)


@blueprint.route(f"{ONE}/history", query=CursorQuery, returns="ForeignHistory", may="see_foreign")
def history(call: Call[EnquiryDeps], event_id: str) -> ForeignHistory:
    """List the history of a paper, first to last.
    `cursor` continues it."""
    items, cursor = foreign_records.history(event_id, call.actor, register=call.deps.register, cursor=call.query.cursor)
    return {"items": [history_entry(each) for each in items], "cursor": cursor}


@blueprint.route(
    f"{ONE}/endorse",
    method="POST",
    body=foreign_permits_schemas.ForeignUse,
    returns="ForeignPermit",
    may="record_foreign",
)
def endorse(call: Call[EnquiryDeps], event_id: str) -> ForeignPermit:
    """Endorse a recorded paper for import or transit.
    One used before gives 409 with `first_use`. With `stamped_at` it waits for a second person."""
    paper = foreign_permits_record.endorse(event_id, call.body.using(), call.actor, call.deps)
    return _whole(call, paper)


@blueprint.route(f"{ONE}/confirm", method="POST", body=Nothing, returns="ForeignPermit", may="endorse")
def confirm(call: Call[EnquiryDeps], event_id: str) -> ForeignPermit:
    """Confirm, as second person of the post, a stamp made by hand and entered later.
    From then on the endorsement counts."""
    paper = changes.confirm(event_id, call.actor, call.deps)
    return _whole(call, paper)


@blueprint.route(f"{ONE}/withdraw", method="POST", body=ReasonBody, returns="ForeignPermit", may="undo")
def withdraw(call: Call[EnquiryDeps], event_id: str) -> ForeignPermit:
    """Withdraw an endorsement that was an entry error.
    A second person of the post may do this within 24 hours, an approver at any time."""
    paper = changes.withdraw(event_id, call.body.reason, call.actor, call.deps)
    return _whole(call, paper)


@blueprint.route(
    f"{ONE}/photos", method="POST", raw=PHOTOS, cap=FILE_CAP, status=201, returns="Photo", may="record_foreign"
)
def photo(call: Call[EnquiryDeps], event_id: str) -> Photo:
    """Keep a photograph of the paper.
    The same picture again is the same photograph."""
    deps = call.deps
    paper = foreign_records.load(event_id, deps.register)
    foreign_records.need_sight(call.actor, paper)
    return photo_json(
        files.store_photograph(event_id, call.body, call.content_type, call.actor, deps, keep_until=last_day(call.now))
    )


@blueprint.route(f"{ONE}/photos/{{sha256}}", returns="Download", produces=PRODUCED, may="see_foreign")
def picture(call: Call[EnquiryDeps], event_id: str, sha256: str) -> Response:
    """Download one photograph of the paper.
    Bytes where `Accept` begins with `image/`, else a short-lived address."""
    foreign_records.need_sight(call.actor, foreign_records.load(event_id, call.deps.register))
    return photograph_response(call, event_id, sha256)


@blueprint.route(f"{ONE}/enquiries", method="POST", body=Nothing, status=201, returns="ForeignPermit", may="ask_issuer")
def ask(call: Call[EnquiryDeps], event_id: str) -> ForeignPermit:
    """Ask the issuing Party about a paper.
    This makes a letter to send. If that Party has a service, this asks it too and stores its answer."""
    return _whole(call, enquiry.ask(event_id, call.actor, call.deps))


@blueprint.route(
    f"{ONE}/answers",
    method="POST",
    body=foreign_permits_schemas.ForeignAnswer,
    status=201,
    returns="ForeignPermit",
    may="ask_issuer",
)
def answer(call: Call[EnquiryDeps], event_id: str) -> ForeignPermit:
    """Record the issuing Party's answer."""
    asked = enquiry.Answer(call.body.result, call.body.text, call.body.received_on)
    return _whole(call, enquiry.answer(event_id, asked, call.actor, call.deps))


def _whole(call: Call[EnquiryDeps], paper: foreign_permit.ForeignPermit) -> ForeignPermit:
    deps = call.deps
    number = number_of(paper.issuer, paper.number, deps.register)
    found = foreign_records.with_remarks(paper, number, deps)
    return _answer(call, found)


def _place(use: Use) -> PlaceAndTime:
    return {"post": use.post, "at": to_text(use.at)}


def _enquiry(each: RowData) -> Enquiry:
    return {
        "at": to_text(each["at"]),
        "by_name": each["by_name"],
        "channel": each["channel"],
        "letter": each["letter"],
    }


def _issuers_answer(each: RowData) -> IssuersAnswer:
    made: IssuersAnswer = {
        "at": to_text(each["at"]),
        "by_name": each["by_name"],
        "result": each["result"],
        "text": each["text"],
    }
    if "received_on" in each:
        made["received_on"] = each["received_on"]
    return made


def _entry(found: RemarkedPaper) -> ForeignPermitInList:
    paper = found.paper
    done = paper.endorsed
    return {
        "id": paper.id,
        "issuer": paper.issuer,
        "number": paper.number,
        "direction": paper.direction,
        "post": paper.post,
        "at": to_text(paper.at),
        "officer": paper.officer_name,
        "state": "endorsed" if done and done.counts else "recorded",
        "remarks": list(found.remarks),
        "flagged": not set(GRAVE).isdisjoint(found.remarks),
        "asked": bool(paper.enquiries),
        "answer": paper.answers[-1]["result"] if paper.answers else None,
        "scientific_names": [line.get("scientific_name") for line in paper.record.get("lines", ())],
    }


def _answer(call: Call[EnquiryDeps], found: RemarkedPaper) -> ForeignPermit:
    paper = found.paper
    done = paper.endorsed
    lines = [{"line": line_letter(index), **line} for index, line in enumerate(paper.record.get("lines", ()))]
    mine = call.actor.may("record_foreign")
    steps = {
        "correct": mine and (done is None or not done.stands),
        "endorse": mine
        and (done is None or not done.stands)
        and paper.direction in {Direction.IMPORT, Direction.TRANSIT},
        "confirm": call.actor.may("endorse")
        and done is not None
        and done.stands
        and done.result == UseResult.PENDING
        and call.actor.id not in {done.by, done.brought_by},
        "withdraw": changes.may_withdraw(paper, call.actor, call.deps.posts, call.now),
        "ask": call.actor.may("ask_issuer"),
        "answer": call.actor.may("ask_issuer") and bool(paper.enquiries),
        "tell": call.actor.may("ask_party")
        and done is not None
        and done.counts
        and paper.direction == Direction.IMPORT,
    }
    return {
        **_entry(found),
        "issued_on": paper.issued_on,
        "sealed": paper.sealed,
        "note": paper.note,
        "version": paper.version,
        "permit": {**paper.record, "lines": lines},
        "endorsed": _endorsement(call, paper, done) if done else None,
        "import_permit_use": _import_permit_use(call, paper),
        "import_permit_importer": importer_json(import_permits.importer_of(paper, call.deps)),
        "used": [
            {"id": use.event_id, "post": use.post, "at": to_text(use.at), "paper": use.event_id in found.number.used}
            for use in found.number.against(paper)
        ],
        "enquiries": [_enquiry(each) for each in paper.enquiries],
        "answers": [_issuers_answer(each) for each in paper.answers],
        "photos": [photo_in_list(each) for each in files.photographs_of(paper.id, register=call.deps.register)],
        "steps": [name for name, may in steps.items() if may],
    }


def _endorsement(call: Call[EnquiryDeps], paper: foreign_permit.ForeignPermit, done: Endorsed) -> ForeignEndorsement:
    withdrawn = done.withdrawn
    return {
        "at": to_text(done.at),
        "post": done.post,
        "officer": done.by_name,
        "result": done.result,
        "brought_by": people.name_of(done.brought_by, call.deps.register) if done.brought_by else None,
        "received_at": to_text(paper.received_at),
        "lines": [{"line": letter, "quantity": quantity} for letter, quantity in done.lines],
        "transport_document": done.transport_document,
        "retained": done.retained,
        "entered_at": None if done.entered_at is None else to_text(done.entered_at),
        "confirmed_by": done.confirmed_by_name,
        "withdrawn": {**withdrawn, "at": to_text(withdrawn["at"])} if withdrawn else None,
    }


def _import_permit_use(call: Call[EnquiryDeps], paper: foreign_permit.ForeignPermit) -> ImportPermitUsed | None:
    """The use of our import permit by this paper's endorsement, or None."""
    if paper.use is None or paper.use.withdrawn is not None:
        return None
    half = import_permits.paired_use_of(paper.id, call.deps)
    if half is None:
        return None
    lines: list[LineQuantity] = [{"line": line.line, "quantity": line.quantity} for line in half.use.lines]
    return {"number": half.account.number, "result": half.use.result, "lines": lines}
