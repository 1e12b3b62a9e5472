"""Requests and answers about permits, their JSON, and the fields that each reader sees.

An exporter reads their own permit and its history, with what happened to it on which day, without other people's names.
Officers' ids, names, hours and words are for officials (verification/public_view.py does the same for verdicts).
Inquiries at a border, or reports of another Party, are not in the exporter's history.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import Annotated, Any, Literal, NotRequired, TypedDict, get_args

from pydantic import Field, StringConstraints
from pydantic.json_schema import SkipJsonSchema

from chalicelib.http.answers import Anything, Day, Time
from chalicelib.http.requests import Code, Model, Reason
from chalicelib.kernel.days import from_text, local_day, to_text, with_times, zone_named
from chalicelib.kernel.enums import State, UseResult, UseState
from chalicelib.kernel.errors import Stop
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import RowData
from chalicelib.kernel.stage import Stage
from chalicelib.people.readers import Reader
from chalicelib.permits.model import dossier as dossier_model
from chalicelib.permits.model import lifecycle
from chalicelib.permits.model.dossier import Approval, Choice, Dossier, Override
from chalicelib.permits.model.overrides import valid_overrides
from chalicelib.record.permit import line_letter
from chalicelib.uses import use as uses_use
from chalicelib.uses.single_use import Uncounted, why_not_counted
from chalicelib.uses.use import LineOfUse


class Use(TypedDict):
    """One endorsement of a permit.

    Hour, officer and the post's name are for signed-in officers only. `brought_by`: who sent it in that name. `yours`:
    the reader is one of the two, or stands in for one. `on_behalf_of`: the officer at the post for whom the duty desk
    entered it. `foreign_document`: of an import permit, the foreign document it was used with.
    """

    kind: str
    day: Day
    post: str
    lines: list[LineOfUse]
    transport_document: str
    result: NotRequired[str]
    withdrawn: NotRequired[bool]
    event_id: NotRequired[str]
    at: NotRequired[Time]
    post_name: NotRequired[str]
    officer: NotRequired[str]
    recorded: NotRequired[str]
    offline: NotRequired[bool]
    customs_document: NotRequired[str]
    brought_by: NotRequired[str]
    received_at: NotRequired[Time]
    on_behalf_of: NotRequired[str]
    yours: NotRequired[bool]
    foreign_document: NotRequired[str]


class PermitHead(TypedDict):
    id: str
    state: State
    use: UseState
    uncounted: Uncounted | None
    expired: bool
    number: str | None


class OtherPermit(TypedDict):
    """A permit that this one replaces, or that replaces it."""

    id: str
    number: str | None


class SpeciesListUsed(TypedDict):
    """The species list from which block 10 was filled.

    `in_force`: the day from which its Appendices are in force. `checked`: the day on which it was last compared with
    its sources. Permits of before 1.0.0 lack both.
    """

    as_of: Day
    version: str
    in_force: NotRequired[Day]
    checked: NotRequired[Day]


class FindingMade(TypedDict):
    """A finding. `current`: it is valid for the present digest."""

    kind: str
    result: str
    note: str
    by: str
    at: Time
    current: bool


class ApprovalGiven(TypedDict):
    """`represented_name`: the approver that a deputy stood in for."""

    by: str
    by_name: str
    at: Time
    digest: str
    represented: SkipJsonSchema[str]
    represented_name: NotRequired[str]


class HardStop(TypedDict):
    """Distinguishes hard stops of the same field and code."""

    line: int | None
    limited_by: str
    limit: str
    excess: str


class OverrideMade(TypedDict):
    """`stops`: field and code of each. `rules`: the texts of the refusals. `current`: it counts for the present digest.

    `represented_name`: the approver that a deputy stood in for.
    """

    stops: list[list[str]]
    rules: list[str]
    reason: str
    by: str
    by_name: str
    at: Time
    digest: SkipJsonSchema[str]
    current: bool
    represented: SkipJsonSchema[str]
    represented_name: NotRequired[str]
    identities: NotRequired[list[HardStop]]


class Attachment(TypedDict):
    """A supporting document."""

    id: str
    name: str
    content_type: str
    size: int
    sha256: str
    at: Time
    by: NotRequired[str]


class QuotaShare(TypedDict):
    """The quantity that a line takes of a quota. `total` of `limit` is box 11a, this permit included."""

    line: str
    quota: str
    year: int
    quantity: str
    total: str
    limit: str
    let_pass: bool


class DifferenceProposal(TypedDict):
    choice: Choice
    reason: str
    by_name: str
    at: Time


class Difference(TypedDict):
    """T8: our status list, signed at `listed_at`, has `value`. The register says `own`.

    `steps`: what the caller could send to `difference`. The `choice` of another person's `proposal` settles it.
    """

    value: int
    listed_at: Time
    own: int
    proposal: DifferenceProposal | None
    steps: list[Choice]


class ApplicationFields(TypedDict, total=False):
    """The fields of an application as they stand. The contract has them as ApplicationBody."""

    document_type: SkipJsonSchema[str]
    valid_until: SkipJsonSchema[str]
    exporter: SkipJsonSchema[RowData]
    importer: SkipJsonSchema[RowData]
    special_conditions: SkipJsonSchema[str]
    purpose: SkipJsonSchema[str]
    stamp_number: SkipJsonSchema[str]
    form: SkipJsonSchema[str]
    lines: SkipJsonSchema[list[RowData]]
    transport_document: SkipJsonSchema[str]
    import_permit: SkipJsonSchema[RowData]
    retrospective: SkipJsonSchema[RowData]
    ata_carnet: SkipJsonSchema[str]


class TokensOfPermit(TypedDict, total=False):
    """QR texts, check code and print. They are left out before the permit is signed."""

    qr: str
    qr_pages: list[str]
    check_code: str
    pdf_url: str


class PermitRecord(ApplicationFields, PermitHead, TokensOfPermit):
    """A permit as its dossier has it."""

    version: int
    digest: str | None
    creator: str
    created_at: Time
    submitted_at: Time | None
    species_list: SpeciesListUsed | None
    issued_at: Time | None
    expires_at: Time | None
    findings_needed: list[str]
    findings: list[FindingMade]
    approvals: list[ApprovalGiven]
    overrides: list[OverrideMade]
    attachments: list[Attachment]
    reason: str | None
    stamp_by_hand: str | None
    replaces: OtherPermit | None
    replaces_reason: str | None
    replaced_by: OtherPermit | None
    missing: str | None
    for_cause: bool
    voided_numbers: list[str]
    uses: list[Use]
    quotas: list[QuotaShare]


class Permit(PermitRecord):
    """Beside these, the fields of ApplicationBody as they stand. Absent ones are left out."""

    block_5: Annotated[str, Field(description="What the print says there, or would say if it were issued now.")]
    difference: Difference | None
    steps: Annotated[list[str], Field(description="What the caller could do with it now.")]


class LineInShort(TypedDict, total=False):
    """The fields that distinguish the applications of a list."""

    scientific_name: str
    term: str
    quantity: str
    unit: str


class PermitInShort(PermitHead):
    document_type: str | None
    valid_until: str | None
    form: str | None
    exporter: str | None
    importer: str | None
    scientific_names: list[str | None]
    lines: list[LineInShort]
    replaces: OtherPermit | None
    created_at: Time
    submitted_at: Time | None
    waiting_since: Time


class Permits(TypedDict):
    items: list[PermitInShort]
    cursor: str | None


# Members whose names are keywords of Python
_FromAndFor = TypedDict("_FromAndFor", {"from": str | None, "for": NotRequired[str]})


class HistoryEntry(_FromAndFor):
    """A change of a permit. `for`, `for_name`: the approver that a deputy stood in for."""

    version: int
    at: Time
    by: str
    by_name: str
    action: str
    to: str
    detail: Anything
    for_name: NotRequired[str]


class History(TypedDict):
    items: list[HistoryEntry]
    cursor: str | None


class Settlement(TypedDict):
    """`settled`: false while it waits for the second person."""

    value: int
    choice: Choice
    settled: bool


ANSWERS: Mapping[str, Any] = {
    "Permit": Permit,
    "Permits": Permits,
    "History": History,
    "Attachment": Attachment,
    "Difference": Difference,
    "Settlement": Settlement,
    "Use": Use,
}


class ReasonBody(Model):
    reason: Reason


class Revoke(Model):
    reason: Reason
    for_cause: bool


class SettleDifference(Model):
    """`choice`: `restore` the list's value, or record that it was taken back (`withdraw`)."""

    choice: Choice
    reason: Reason


class Lost(Model):
    reason: Reason
    how: Literal["lost", "stolen"]


class PermitsQuery(Model):
    state: Code | None = None
    order: Literal["newest", "waiting"] | None = None
    q: Annotated[str, StringConstraints(max_length=400)] | None = None
    cursor: Annotated[str, StringConstraints(min_length=1, max_length=2000)] | None = None


LOOKED_INTO = frozenset({"resolve", "keep_apart", "confirmed_abroad", "propose_set_aside", "set_aside", "settled"})


def visible_history(entries: Sequence[RowData], actor: Actor, stage: Stage) -> list[HistoryEntry]:
    """The history entries that this reader sees.

    An official sees all as they are. An exporter sees other people's steps by day (start of the day in the Party's
    zone).
    """
    if not actor.only_own:
        return [_entry(each) for each in entries]
    return [
        _entry(each) if each["by"] == actor.id else _bare(each, stage)
        for each in entries
        if each["action"] not in LOOKED_INTO
    ]


def visible_permit(whole: PermitRecord, actor: Actor, stage: Stage) -> PermitRecord:
    """The permit that this reader sees, from the JSON of `dossier`.

    An official sees all of it. An exporter does not see who judged it, the hour, or the official's words. The approver
    of an issued permit is named on its paper (block 13), so that name stays.
    """
    if not actor.only_own:
        return whole
    findings: list[FindingMade] = [
        {**each, "by": "", "note": "", "at": _day(each["at"], stage)} for each in whole["findings"]
    ]
    overrides: list[OverrideMade] = [
        {
            **each,
            "by": "",
            "by_name": "",
            "represented": "",
            "represented_name": "",
            "reason": "",
            "at": _day(each["at"], stage),
        }
        for each in whole["overrides"]
    ]
    attachments: list[Attachment] = [
        each if each["by"] == actor.id else {**each, "by": "", "at": _day(each["at"], stage)}
        for each in whole["attachments"]
    ]
    return {
        **whole,
        "creator": whole["creator"] if whole["creator"] == actor.id else "",
        # the reason for lifting a suspension is not for the holder
        "reason": None if whole["state"] == State.ISSUED else whole["reason"],
        "findings": findings,
        "approvals": [_approval_by_day(each, stage, named="qr" in whole) for each in whole["approvals"]],
        "overrides": overrides,
        "attachments": attachments,
    }


def _approval_by_day(each: ApprovalGiven, stage: Stage, *, named: bool) -> ApprovalGiven:
    bare: ApprovalGiven = {**each, "by": "", "represented": "", "at": _day(each["at"], stage)}
    return bare if named else {**bare, "by_name": "", "represented_name": ""}


def by_days(item: Dossier, actor: Actor, stage: Stage) -> Dossier:
    """The dossier for a file that shows block 14, where an exporter sees the day of each endorsement only."""
    if not actor.only_own:
        return item
    return replace(item, uses=tuple(replace(use, at=_midnight(use.at, stage)) for use in item.uses))


def _day(at: str, stage: Stage) -> str:
    return to_text(_midnight(from_text(at), stage))


def _midnight(at: int, stage: Stage) -> int:
    return int(datetime.combine(stage.today(at), time(), zone_named(stage.zone)).timestamp())


def _entry(entry: RowData) -> HistoryEntry:
    shown: HistoryEntry = {
        "version": entry["version"],
        "at": to_text(entry["at"]),
        "by": entry["by"],
        "by_name": entry["by_name"],
        "action": entry["action"],
        "from": entry["from"],
        "to": entry["to"],
        "detail": with_times(entry["detail"]),  # its members differ from action to action
    }
    if "for" in entry:
        shown |= {"for": entry["for"], "for_name": entry["for_name"]}
    return shown


def _bare(entry: RowData, stage: Stage) -> HistoryEntry:
    """The entry by day, without names and without detail."""
    return {
        "version": entry["version"],
        "at": to_text(_midnight(entry["at"], stage)),
        "by": "",
        "by_name": "",
        "action": entry["action"],
        "from": entry["from"],
        "to": entry["to"],
        "detail": {},
    }


def use(item: uses_use.Use, reader: Reader) -> Use:
    """JSON of one endorsement. Hour, officer and the post's name are for officers only."""
    shown: Use = {
        "kind": item.kind,
        "day": local_day(item.at, reader.stage.zone),
        "post": item.post,
        "lines": [line.as_json for line in item.lines],
        "transport_document": item.transport_document,
    }
    if item.result != UseResult.ACCEPTED:
        shown["result"] = item.result
    if item.withdrawn:
        shown["withdrawn"] = True
    if reader.officer:
        shown |= {
            "event_id": item.event_id,
            "at": to_text(item.at),
            "post_name": reader.post_names.get(item.post, item.post),
            "officer": reader.names(item.officer),
            "recorded": item.recorded,
            "offline": item.offline,
        }
        if item.excluded_confirmers & reader.persons:
            shown["yours"] = True
        if item.foreign_document:
            shown["foreign_document"] = item.foreign_document
        if item.on_behalf_of:
            shown["on_behalf_of"] = item.on_behalf_of
        if item.customs_document:
            shown["customs_document"] = item.customs_document
        if item.brought_by:
            shown |= {"brought_by": reader.names(item.brought_by), "received_at": to_text(item.received_at)}
    return shown


LineField = Literal["scientific_name", "term", "quantity", "unit"]

OF_A_LINE: tuple[LineField, ...] = get_args(LineField)

ApplicationField = Literal[
    "document_type",
    "valid_until",
    "exporter",
    "importer",
    "special_conditions",
    "purpose",
    "stamp_number",
    "form",
    "lines",
    "transport_document",
    "import_permit",
    "retrospective",
    "ata_carnet",
]

OF_AN_APPLICATION: tuple[ApplicationField, ...] = get_args(ApplicationField)


def dossier(item: Dossier, now: int, *, reader: Reader) -> PermitRecord:
    """JSON of a permit: the request's fields as they are, with its state, findings, approval and uses."""
    return {
        **_application(item.record),
        **_head(item, now),
        **_tokens(item),
        "version": item.version,
        "digest": item.digest,
        "creator": item.creator,
        "created_at": to_text(item.created_at),
        "submitted_at": _time(item.submitted_at),
        "species_list": _species_list(item),
        "issued_at": _time(item.issued_at),
        "expires_at": _time(item.expires_at),
        "findings_needed": [] if item.legacy else lifecycle.findings_required(item),
        "findings": [
            {
                "kind": finding.kind,
                "result": finding.result,
                "note": finding.note,
                "by": finding.by,
                "at": to_text(finding.at),
                "current": finding.digest == item.digest,
            }
            for finding in item.findings
        ],
        "approvals": [_approval(item.approval)] if item.approval else [],
        "overrides": [_override(each, item) for each in item.overrides],
        "attachments": [named_attachment(each) for each in item.attachments],
        "reason": item.reason,
        "stamp_by_hand": item.stamp or None,
        "replaces": _other(item.replaces, item.replaces_number),
        "replaces_reason": item.replaces_reason,
        "replaced_by": _other(item.replaced_by, item.replaced_by_number),
        "missing": item.missing,
        "for_cause": item.for_cause,
        "voided_numbers": list(item.voided),
        "uses": [use(each, reader) for each in item.uses],
        "quotas": [
            {
                "line": line_letter(draw.line),
                "quota": draw.quota,
                "year": draw.year,
                "quantity": draw.quantity,
                "total": draw.total,
                "limit": draw.limit,
                "let_pass": draw.passed,
            }
            for draw in item.draws
        ],
    }


def entry(item: Dossier, now: int) -> PermitInShort:
    """JSON of one row of a list."""
    lines = item.record.get("lines", ())
    return {
        **_head(item, now),
        "document_type": item.record.get("document_type"),
        "valid_until": item.record.get("valid_until"),
        "form": item.record.get("form"),
        "exporter": item.record.get("exporter", {}).get("name"),
        "importer": item.record.get("importer", {}).get("name"),
        "scientific_names": [line.get("scientific_name") for line in lines],
        "lines": [_line(line) for line in lines],
        "replaces": _other(item.replaces, item.replaces_number),
        "created_at": to_text(item.created_at),
        "submitted_at": _time(item.submitted_at),
        "waiting_since": to_text(item.waiting_since),
    }


def named_attachment(item: dossier_model.Attachment) -> Attachment:
    """JSON of a supporting document, with the person who added it."""
    return {**attachment(item), "by": item.by}


def attachment(item: dossier_model.Attachment) -> Attachment:
    """JSON of a supporting document."""
    return {
        "id": item.id,
        "name": item.name,
        "content_type": item.content_type,
        "size": item.size,
        "sha256": item.sha256,
        "at": to_text(item.at),
    }


def hard_stop(stop: Stop) -> HardStop:
    """JSON of a hard stop's identity."""
    return {"line": stop.line, "limited_by": stop.limited_by, "limit": stop.limit, "excess": stop.excess}


def _application(record: RowData) -> ApplicationFields:
    fields: ApplicationFields = {}
    for name in OF_AN_APPLICATION:
        if name in record:
            fields[name] = record[name]
    return fields


def _line(line: RowData) -> LineInShort:
    fields: LineInShort = {}
    for name in OF_A_LINE:
        if line.get(name):
            fields[name] = line[name]
    return fields


def _head(item: Dossier, now: int) -> PermitHead:
    return {
        "id": item.id,
        "state": item.state,
        "use": item.use,
        "uncounted": why_not_counted(item.uses),
        "expired": item.expires_at is not None and now >= item.expires_at,
        "number": item.number,
    }


def _tokens(item: Dossier) -> TokensOfPermit:
    if not item.tokens or item.check_code is None:
        return {}
    return {
        "qr": item.tokens[0],
        "qr_pages": list(item.tokens),
        "check_code": item.check_code,
        "pdf_url": f"/v1/permits/{item.id}/pdf",
    }


def _species_list(item: Dossier) -> SpeciesListUsed | None:
    used = item.species_list
    if not used:
        return None
    made: SpeciesListUsed = {"as_of": used["as_of"], "version": used["version"]}
    if "checked" in used:
        made |= {"in_force": used["in_force"], "checked": used["checked"]}
    return made


def _approval(approval: Approval) -> ApprovalGiven:
    return {
        "by": approval.by,
        "by_name": approval.by_name,
        "at": to_text(approval.at),
        "digest": approval.digest,
        "represented": approval.represented,
        "represented_name": approval.represented_name,
    }


def _override(made: Override, item: Dossier) -> OverrideMade:
    return {
        "stops": [list(stop) for stop in made.stops],
        "rules": list(made.rules),
        "reason": made.reason,
        "by": made.by,
        "by_name": made.by_name,
        "at": to_text(made.at),
        "digest": made.digest,
        "represented": made.represented,
        "represented_name": made.represented_name,
        "identities": [hard_stop(each) for each in made.identities],
        "current": item.digest is not None and made in valid_overrides(item, item.digest),
    }


def _other(permit_id: str | None, number: str | None) -> OtherPermit | None:
    return {"id": permit_id, "number": number} if permit_id else None


def _time(at: int | None) -> str | None:
    return None if at is None else to_text(at)
