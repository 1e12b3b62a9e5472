"""JSON of permits, and of species, stamps, deputies and quotas beside them: schemas, and the fields each reader sees.

An exporter reads their own permit and its history: what happened to it on which day, without other people's names.
Officers' ids, names, hours and words are for officials (verification/public_view.py does the same for verdicts).
Inquiries at a border, or reports of another Party, are not in the exporter's history.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, time
from typing import Annotated, Any, Literal, NotRequired, TypedDict

from pydantic import StringConstraints

from chalicelib.http.answers import Day, Time
from chalicelib.http.requests import Code, Model, Reason
from chalicelib.http.schema_parts import (
    ANYTHING,
    DAY,
    FLAG,
    NUMBER,
    REFUSALS,
    TEXT,
    TIME,
    Schema,
    listed,
    maybe,
    members,
    one_of,
    ref,
)
from chalicelib.kernel.days import from_text, local_day, to_text, with_times, zone_named
from chalicelib.kernel.enums import State, UseResult
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.stage import Stage
from chalicelib.people.readers import Reader
from chalicelib.permits.model import lifecycle
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.model.lifecycle import STATES
from chalicelib.permits.model.overrides import valid_overrides
from chalicelib.record.permit import line_letter
from chalicelib.species.schemas import _SPECIES_LIST
from chalicelib.uses import use as uses_use
from chalicelib.uses.single_use import why_not_counted
from chalicelib.uses.use import LineOfUse

_USED_LINES = listed(members({"line": TEXT, "quantity": TEXT}, {"dead_on_arrival": TEXT}))

USE = one_of(("unused", "exported", "imported"))

_CONFIRMED = listed(members({"line": TEXT, "quantity": TEXT}))

_OTHER = maybe(members({"id": TEXT, "number": maybe(TEXT)}))

_STOP_IDENTITY = members({"line": maybe(NUMBER), "limited_by": TEXT, "limit": TEXT, "excess": TEXT})

_ENTRY = {
    "id": TEXT,
    "state": one_of(STATES),
    "use": USE,
    "uncounted": maybe(one_of(("waiting", "withdrawn"))),
    "expired": FLAG,
    "number": maybe(TEXT),
}

_SETTLEMENT = one_of(("restore", "withdraw"))

DESK_ANSWERS: Mapping[str, Schema] = {
    "Permit": members(
        {
            **_ENTRY,
            "version": NUMBER,
            "digest": maybe(TEXT),
            "creator": TEXT,
            "created_at": TIME,
            "submitted_at": maybe(TIME),
            "species_list": maybe(members({"as_of": DAY, "version": TEXT})),
            "issued_at": maybe(TIME),
            "expires_at": maybe(TIME),
            "findings_needed": listed(TEXT),
            "findings": listed(
                members({"kind": TEXT, "result": TEXT, "note": TEXT, "by": TEXT, "at": TIME, "current": FLAG})
            ),
            "approvals": listed(
                members({"by": TEXT, "by_name": TEXT, "at": TIME, "digest": TEXT}, {"represented_name": TEXT})
            ),
            "overrides": listed(
                members(
                    {
                        "stops": listed(listed(TEXT)),
                        "rules": listed(TEXT),
                        "reason": TEXT,
                        "by": TEXT,
                        "by_name": TEXT,
                        "at": TIME,
                        "current": FLAG,
                    },
                    {"represented_name": TEXT, "identities": listed(_STOP_IDENTITY)},
                )
            ),
            "attachments": listed(ref("Attachment")),
            "reason": maybe(TEXT),
            "stamp_by_hand": maybe(TEXT),
            "replaces": _OTHER,
            "replaces_reason": maybe(TEXT),
            "replaced_by": _OTHER,
            "missing": maybe(TEXT),
            "for_cause": FLAG,
            "voided_numbers": listed(TEXT),
            "uses": listed(ref("Use")),
            "quotas": listed(
                members(
                    {
                        "line": TEXT,
                        "quota": TEXT,
                        "year": NUMBER,
                        "quantity": TEXT,
                        "total": TEXT,
                        "limit": TEXT,
                        "let_pass": FLAG,
                    }
                )
            ),
            "block_5": {**TEXT, "description": "What the print says there, or would say if it were issued now."},
            "difference": maybe(ref("Difference")),
            "steps": {**listed(TEXT), "description": "What the caller could do with it now."},
        },
        {"qr": TEXT, "qr_pages": listed(TEXT), "check_code": TEXT, "pdf_url": TEXT},
        "Beside these, the fields of ApplicationBody as they stand; absent ones are left out.",
    ),
    "Checked": members(
        {"errors": REFUSALS, "findings_needed": listed(TEXT)},
        words="What submitting would refuse; once that is nothing, the findings that it will ask for.",
    ),
    "Exchanged": members(
        {
            "calls": listed(ref("ExchangeCall")),
            "confirmations": listed(
                members(
                    {
                        "country": TEXT,
                        "at": TIME,
                        "lines": _CONFIRMED,
                        "remarks": listed(
                            members(
                                {
                                    "code": one_of(("not_left", "more", "less", "differs")),
                                    "line": TEXT,
                                    "theirs": TEXT,
                                    "ours": TEXT,
                                }
                            )
                        ),
                        "set_aside": maybe(
                            members(
                                {"by_name": TEXT, "at": TIME, "reason": TEXT},
                                {"confirmed_by_name": TEXT, "confirmed_at": TIME},
                            )
                        ),
                        "steps": listed(one_of(("propose_set_aside", "set_aside"))),
                    }
                )
            ),
        }
    ),
    "ExchangeCall": members(
        {"id": TEXT, "at": TIME, "country": TEXT, "side": one_of(("they", "we")), "operation": TEXT, "outcome": TEXT},
        {
            "number": TEXT,
            "digest": TEXT,
            "serial": TEXT,
            "thumbprint": TEXT,
            "by": TEXT,
            "by_name": TEXT,
            "correlation_id": TEXT,
            "lines": _CONFIRMED,
        },
    ),
    "Arrived": members({"lines": _CONFIRMED, "service": FLAG, "told": listed(ref("ExchangeCall"))}),
    "ExchangeCalls": members({"items": listed(ref("ExchangeCall")), "cursor": maybe(TEXT)}),
    "ExchangeServices": members({"items": listed(TEXT), "cursor": maybe(TEXT)}),
    "Heard": members({"call": ref("ExchangeCall"), "permit": maybe(ANYTHING), "words": listed(TEXT)}),
    "ExchangeParty": members(
        {
            "country": TEXT,
            "certificates": listed(TEXT),
            "may": listed(TEXT),
            "active": FLAG,
            "note": TEXT,
            "at": TIME,
            "by": TEXT,
            "by_name": TEXT,
        }
    ),
    "ExchangeParties": members({"items": listed(ref("ExchangeParty")), "cursor": maybe(TEXT)}),
    "Permits": members(
        {
            "items": listed(
                members(
                    {
                        **_ENTRY,
                        "document_type": maybe(TEXT),
                        "valid_until": maybe(TEXT),
                        "form": maybe(TEXT),
                        "exporter": maybe(TEXT),
                        "importer": maybe(TEXT),
                        "scientific_names": listed(maybe(TEXT)),
                        "lines": listed(
                            members({}, dict.fromkeys(("scientific_name", "term", "quantity", "unit"), TEXT))
                        ),
                        "replaces": _OTHER,
                        "created_at": TIME,
                        "submitted_at": maybe(TIME),
                        "waiting_since": TIME,
                    }
                )
            ),
            "cursor": maybe(TEXT),
        }
    ),
    "History": members(
        {
            "items": listed(
                members(
                    {
                        "version": NUMBER,
                        "at": TIME,
                        "by": TEXT,
                        "by_name": TEXT,
                        "action": TEXT,
                        "from": maybe(TEXT),
                        "to": TEXT,
                        "detail": ANYTHING,
                    },
                    {"for": TEXT, "for_name": TEXT},
                )
            ),
            "cursor": maybe(TEXT),
        }
    ),
    "Attachment": members(
        {"id": TEXT, "name": TEXT, "content_type": TEXT, "size": NUMBER, "sha256": TEXT, "at": TIME}, {"by": TEXT}
    ),
    "Stops": members(
        {
            "digest": TEXT,
            "same_import_permit": listed(members({"id": TEXT, "number": maybe(TEXT), "state": one_of(STATES)})),
            "items": listed(
                members(
                    {
                        "field": TEXT,
                        "code": TEXT,
                        "detail": TEXT,
                        "identity": _STOP_IDENTITY,
                        "asked_again": FLAG,
                        "override": maybe(members({"by": TEXT, "by_name": TEXT, "at": TIME, "reason": TEXT})),
                    }
                )
            ),
        }
    ),
    "Overrides": members(
        {
            "year": NUMBER,
            "items": listed(
                members(
                    {
                        "permit_id": TEXT,
                        "stops": listed(listed(TEXT)),
                        "rules": listed(TEXT),
                        "reason": TEXT,
                        "by": TEXT,
                        "by_name": TEXT,
                        "at": TIME,
                    },
                    {"identities": listed(_STOP_IDENTITY)},
                )
            ),
            "people": listed(members({"by": TEXT, "by_name": TEXT, "count": NUMBER})),
            "cursor": maybe(TEXT),
        }
    ),
    "Download": members({"url": TEXT}, words="A short-lived address."),
    "Species": members(
        {
            "id": TEXT,
            "scientific_name": TEXT,
            "accepted_name": TEXT,
            "found_by": TEXT,
            "rank": TEXT,
            "appendix": TEXT,
            "may_be": listed(TEXT),
            "listed_by": maybe(TEXT),
            "kingdom": TEXT,
            "population": maybe(
                members(
                    {
                        "appendix": TEXT,
                        "origins": listed(TEXT),
                        "open": listed(TEXT),
                        "others": maybe(TEXT),
                        "note": TEXT,
                        "source": TEXT,
                        "as_of": DAY,
                    }
                )
            ),
            "class": TEXT,
            "order": TEXT,
            "family": TEXT,
            "synonyms": listed(TEXT),
            "annotation": TEXT,
            "names": ANYTHING,
            "also": listed(TEXT),
            "group": TEXT,
            "decided": TEXT,
            "usual_terms": listed(TEXT),
            "range_states": listed(TEXT),
            "range_source": TEXT,
            "source": TEXT,
            "as_of": TEXT,
            "list_version": TEXT,
            "history": listed(members({"day": DAY, "what": TEXT, "source": TEXT})),
            "restrictions": listed(
                members(
                    {
                        "since": DAY,
                        "until": maybe(DAY),
                        "kinds": listed(TEXT),
                        "sources": listed(TEXT),
                        "purposes": listed(TEXT),
                        "origins": listed(TEXT),
                        "reason": TEXT,
                        "reasons": ANYTHING,
                        "source": TEXT,
                    }
                )
            ),
        }
    ),
    "SpeciesList": members({"items": listed(ref("Species")), "cursor": maybe(TEXT), "as_of": TEXT, "version": TEXT}),
    "SpeciesLists": members(
        {
            "in_use": members({"version": TEXT, "as_of": DAY, "taxa": NUMBER, "release": FLAG}),
            "proposed": maybe(ref("SpeciesListProposed")),
            "items": listed(ref("SpeciesListHead")),
            "cursor": maybe(TEXT),
        }
    ),
    "SpeciesListHead": members(_SPECIES_LIST),
    "SpeciesListProposed": members(
        {**_SPECIES_LIST, "changes": listed(members({"what": TEXT, "name": TEXT, "before": TEXT, "after": TEXT}))}
    ),
    "Difference": members(
        {
            "value": NUMBER,
            "listed_at": TIME,
            "own": NUMBER,
            "proposal": maybe(members({"choice": _SETTLEMENT, "reason": TEXT, "by_name": TEXT, "at": TIME})),
            "steps": listed(_SETTLEMENT),
        },
        words="T8: our status list, signed at `listed_at`, has `value`; the register says `own`. `steps`: what the "
        "caller could send to `difference`; the `choice` of another person's `proposal` settles it.",
    ),
    "Settlement": members({"value": NUMBER, "choice": _SETTLEMENT, "settled": FLAG}),
    "Quota": members(
        {
            "id": TEXT,
            "year": NUMBER,
            "scientific_name": TEXT,
            "terms": listed(TEXT),
            "sources": listed(TEXT),
            "quantity": TEXT,
            "unit": maybe(TEXT),
            "before": TEXT,
            "source": TEXT,
            "as_of": DAY,
            "note": TEXT,
            "granted": TEXT,
            "used": TEXT,
            "outstanding": TEXT,
            "lapsed": TEXT,
            "total": TEXT,
            "left": TEXT,
            "set_at": TIME,
            "set_by_name": TEXT,
        }
    ),
    "QuotaProposal": members(
        {
            "id": TEXT,
            "year": NUMBER,
            "scientific_name": TEXT,
            "terms": listed(TEXT),
            "sources": listed(TEXT),
            "quantity": TEXT,
            "unit": maybe(TEXT),
            "before": TEXT,
            "source": TEXT,
            "as_of": DAY,
            "note": TEXT,
            "was": TEXT,
            "reason": TEXT,
            "at": TIME,
            "by_name": TEXT,
            "version": NUMBER,
            "steps": listed(TEXT),
        },
        words="A higher figure that waits for another admin; `was`: the figure that it raises.",
    ),
    "Quotas": members(
        {
            "year": NUMBER,
            "items": listed(ref("Quota")),
            "proposals": listed(ref("QuotaProposal")),
            "cursor": maybe(TEXT),
        }
    ),
    "QuotaHistory": members(
        {
            "items": listed(
                members(
                    {
                        "at": TIME,
                        "by": TEXT,
                        "by_name": TEXT,
                        "quantity": TEXT,
                        "taken": ANYTHING,
                        "permits": listed(
                            members(
                                {
                                    "id": TEXT,
                                    "number": maybe(TEXT),
                                    "action": TEXT,
                                    "used": TEXT,
                                    "outstanding": TEXT,
                                    "lapsed": TEXT,
                                }
                            )
                        ),
                    },
                    {
                        "reason": TEXT,
                        "set": ANYTHING,
                        "was": maybe(ANYTHING),
                        "proposed_by": TEXT,
                        "proposed_by_name": TEXT,
                        "proposed_at": TIME,
                    },
                )
            ),
            "cursor": maybe(TEXT),
        }
    ),
}


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


ANSWERS: Mapping[str, Any] = {"Use": Use}


class ReasonBody(Model):
    reason: Reason


class Revoke(Model):
    reason: Reason
    for_cause: bool


class SettleDifference(Model):
    """`choice`: `restore` the list's value, or record that it was taken back (`withdraw`)."""

    choice: Literal["restore", "withdraw"]
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

OTHERS = frozenset({"by", "by_name", "for", "for_name", "detail"})

JUDGED = ("findings", "approvals", "overrides")  # members of a permit's JSON that contain the hour of an official's act

OFFICIALS = frozenset({"by", "by_name", "represented", "represented_name", "note", "reason"})


def told(entries: Sequence[Mapping[str, Any]], actor: Actor, stage: Stage) -> list[dict[str, Any]]:
    """The history entries that this reader sees.

    An official sees all as they are. An exporter sees other people's steps by day (start of the day in the Party's
    zone).
    """
    if not actor.only_own:
        return [dict(entry) for entry in entries]
    return [
        dict(entry) if entry["by"] == actor.id else _bare(entry, stage)
        for entry in entries
        if entry["action"] not in LOOKED_INTO
    ]


def permit(shown: Mapping[str, Any], actor: Actor, stage: Stage) -> dict[str, Any]:
    """The permit that this reader sees, from the JSON of `dossier`.

    An official sees all of it. An exporter does not see who judged it, the hour, or the official's words. The approver
    of an issued permit is named on its paper (block 13), so that name stays.
    """
    if not actor.only_own:
        return dict(shown)
    told = {**shown, "creator": _own(shown["creator"], actor)}
    if shown["state"] == State.ISSUED:  # the reason for lifting a suspension is not for the holder
        told["reason"] = None
    for member in JUDGED:
        printed = {"by_name", "represented_name"} if member == "approvals" and "qr" in shown else set()
        told[member] = [
            {**each, **dict.fromkeys(OFFICIALS & each.keys() - printed, ""), "at": _day(each["at"], stage)}
            for each in shown[member]
        ]
    told["attachments"] = [
        each if each["by"] == actor.id else {**each, "by": "", "at": _day(each["at"], stage)}
        for each in shown["attachments"]
    ]
    return told


def by_days(item: Dossier, actor: Actor, stage: Stage) -> Dossier:
    """The dossier for a file that shows block 14: an exporter sees the day of each endorsement only."""
    if not actor.only_own:
        return item
    return replace(item, uses=tuple(replace(use, at=_midnight(use.at, stage)) for use in item.uses))


def _own(person: str, actor: Actor) -> str:
    return person if person == actor.id else ""


def _day(at: str, stage: Stage) -> str:
    return to_text(_midnight(from_text(at), stage))


def _midnight(at: int, stage: Stage) -> int:
    return int(datetime.combine(stage.today(at), time(), zone_named(stage.zone)).timestamp())


def _bare(entry: Mapping[str, Any], stage: Stage) -> dict[str, Any]:
    kept = {name: value for name, value in entry.items() if name not in OTHERS}
    return {**kept, "at": _midnight(entry["at"], stage), "by": "", "by_name": "", "detail": {}}


def use(item: uses_use.Use, reader: Reader) -> Use:
    """JSON of one endorsement; hour, officer and the post's name are for officers only."""
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
        if item.hands & reader.persons:
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


OF_A_LINE = ("scientific_name", "term", "quantity", "unit")  # fields that distinguish the applications of a list


def dossier(item: Dossier, now: int, *, reader: Reader | None = None) -> dict[str, Any]:
    """JSON of a permit: the request's fields as they are, with its state, findings, approval and uses."""
    shown: dict[str, Any] = {
        **item.record,
        **_standing(item, now),
        "version": item.version,
        "digest": item.digest,
        "creator": item.creator,
        "created_at": to_text(item.created_at),
        "submitted_at": _time(item.submitted_at),
        "species_list": dict(item.species_list) if item.species_list else None,
        "issued_at": _time(item.issued_at),
        "expires_at": _time(item.expires_at),
        "findings_needed": [] if item.legacy else lifecycle.findings_asked(item),
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
        "approvals": [with_times(asdict(item.approval))] if item.approval else [],
        "overrides": [
            {
                **with_times(asdict(each)),
                "current": item.digest is not None and each in valid_overrides(item, item.digest),
            }
            for each in item.overrides
        ],
        "attachments": [with_times(asdict(attachment)) for attachment in item.attachments],
        "reason": item.reason,
        "stamp_by_hand": item.stamp or None,
        "replaces": _other(item.replaces, item.replaces_number),
        "replaces_reason": item.replaces_reason,
        "replaced_by": _other(item.replaced_by, item.replaced_by_number),
        "missing": item.missing,
        "for_cause": item.for_cause,
        "voided_numbers": list(item.voided),
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
    if item.tokens:
        shown |= {
            "qr": item.tokens[0],
            "qr_pages": list(item.tokens),
            "check_code": item.check_code,
            "pdf_url": f"/v1/permits/{item.id}/pdf",
        }
    if reader is not None:
        shown["uses"] = [use(used, reader) for used in item.uses]
    return shown


def entry(item: Dossier, now: int) -> dict[str, Any]:
    """JSON of one row of a list."""
    lines = item.record.get("lines", ())
    return {
        **_standing(item, now),
        "document_type": item.record.get("document_type"),
        "valid_until": item.record.get("valid_until"),
        "form": item.record.get("form"),
        "exporter": item.record.get("exporter", {}).get("name"),
        "importer": item.record.get("importer", {}).get("name"),
        "scientific_names": [line.get("scientific_name") for line in lines],
        "lines": [{name: line[name] for name in OF_A_LINE if line.get(name)} for line in lines],
        "replaces": _other(item.replaces, item.replaces_number),
        "created_at": to_text(item.created_at),
        "submitted_at": _time(item.submitted_at),
        "waiting_since": to_text(item.waiting_since),
    }


def _standing(item: Dossier, now: int) -> dict[str, Any]:
    return {
        "id": item.id,
        "state": item.state,
        "use": item.use,
        "uncounted": why_not_counted(item.uses),
        "expired": item.expires_at is not None and now >= item.expires_at,
        "number": item.number,
    }


def _other(permit_id: str | None, number: str | None) -> dict[str, str | None] | None:
    return {"id": permit_id, "number": number} if permit_id else None


def _time(at: int | None) -> str | None:
    return None if at is None else to_text(at)
