"""Answers about foreign permits, questions to experts, cases, alerts and the watch-list, as JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.core import case_codes as codes
from chalicelib.core.alert import ANSWER, NOTE, REOPENED
from chalicelib.core.alert import KINDS as ALERTS
from chalicelib.core.expert_question import CERTAIN
from chalicelib.core.foreign_paper import ANSWERS as RESULTS
from chalicelib.core.foreign_paper import REMARKS
from chalicelib.core.sharing import AGENCIES
from chalicelib.core.watch import KINDS as WATCHED
from chalicelib.edges.schema_parts import (
    ANYTHING,
    DAY,
    FLAG,
    NUMBER,
    TEXT,
    TIME,
    Schema,
    listed,
    maybe,
    members,
    one_of,
)
from chalicelib.edges.spread import MONTHS, POSTS
from chalicelib.services.duty_desks import DESKS

_AMOUNTS = listed(members({"line": TEXT, "quantity": TEXT}))
_PHOTO = members({"sha256": TEXT, "content_type": TEXT, "size": NUMBER, "at": TIME}, {"by_name": TEXT})
_QUESTION = members(
    {
        "id": TEXT, "post": TEXT, "at": TIME, "received_at": TIME, "term": TEXT, "taxon": TEXT, "question": TEXT,
        "photos": listed(_PHOTO),
        "answers": listed(members({"at": TIME, "by_name": TEXT, "taxon": TEXT, "certain": one_of(CERTAIN),
                                   "text": TEXT})),
        "steps": listed(TEXT),
    }
)  # fmt: skip
_FOREIGN = {
    "id": TEXT, "issuer": TEXT, "number": TEXT, "direction": TEXT, "post": TEXT, "at": TIME, "officer": TEXT,
    "state": one_of(("recorded", "endorsed")), "remarks": listed(one_of(REMARKS)), "flagged": FLAG, "asked": FLAG,
    "answer": maybe(one_of(RESULTS)), "scientific_names": listed(maybe(TEXT)),
}  # fmt: skip

_CASE_ENTRY = {
    "id": TEXT, "kind": one_of(codes.KINDS), "state": one_of(("open", "closed")), "post": TEXT, "place": maybe(TEXT),
    "occurred_at": TIME, "reason": maybe(one_of(codes.REASONS)), "agency": maybe(one_of(codes.AGENCIES)),
    "goods": listed(ANYTHING), "permit": maybe(ANYTHING), "database_id": maybe(TEXT),
}  # fmt: skip
_CASE_ABROAD = {
    **{name: each for name, each in _CASE_ENTRY.items() if name not in {"post", "place"}},
    "direction": maybe(one_of(codes.DIRECTIONS)), "route": maybe(ANYTHING), "value": maybe(ANYTHING),
    "detection": maybe(one_of(codes.DETECTION)),
}  # fmt: skip
_DISPOSAL = {"disposal": maybe(one_of(codes.DISPOSAL))}

_ALERT_ABROAD = {
    "id": TEXT, "kind": one_of(ALERTS), "state": one_of(("open", "acknowledged")), "occurred_at": TIME,
    "outcome": TEXT, "codes": listed(TEXT), "permit": maybe(ANYTHING), "goods": listed(ANYTHING), "case": maybe(TEXT),
    "charge": one_of(AGENCIES), "unheard": FLAG,
}  # fmt: skip
_ALERT = members(
    {**_ALERT_ABROAD, "post": TEXT, "officer": TEXT, "brought_by": TEXT, "version": NUMBER,
     "acknowledged": listed(
         members({"kind": one_of((ANSWER, NOTE, REOPENED)), "at": TIME, "by": TEXT, "by_name": TEXT,
                  "agency": one_of(AGENCIES), "note": TEXT})
     ), "steps": listed(TEXT)},
    {"people": listed(TEXT), "watch": listed(ANYTHING)},
    "Of each member what the caller's agency may see: who was involved and what was looked for, for the police.",
)  # fmt: skip
_WATCHED = members(
    {"id": TEXT, "kind": one_of(WATCHED), "value": TEXT, "reason": TEXT, "until": TIME, "at": TIME, "by_name": TEXT,
     "ended": maybe(ANYTHING), "state": one_of(("in_force", "expired", "ended"))}
)  # fmt: skip
_ADDRESSES = listed(members({"email": TEXT, "language": TEXT}))
_DESK = members(
    {"agency": one_of(DESKS), "email": maybe(TEXT), "language": maybe(TEXT), "addresses": _ADDRESSES,
     "proposed": maybe(members({"addresses": _ADDRESSES, "at": TIME, "by_name": TEXT, "steps": listed(TEXT)})),
     "version": NUMBER},
    words="`email`, `language`: the first of `addresses`. `proposed`: what waits for another admin.",
)  # fmt: skip

ENFORCEMENT_ANSWERS: Mapping[str, Schema] = {
    "ExpertQuestion": _QUESTION,
    "ExpertQuestions": members({"items": listed(_QUESTION), "cursor": maybe(TEXT)}),
    "ForeignPermit": members(
        {
            **_FOREIGN, "issued_on": maybe(DAY), "sealed": FLAG, "note": TEXT, "version": NUMBER,
            "permit": ANYTHING,
            "endorsed": maybe(
                members({"at": TIME, "post": TEXT, "officer": TEXT, "brought_by": maybe(TEXT), "received_at": TIME,
                         "result": one_of(("accepted", "conflict", "duplicate", "pending")),
                         "lines": _AMOUNTS, "transport_document": TEXT, "retained": FLAG,
                         "entered_at": maybe(TIME), "confirmed_by": maybe(TEXT), "withdrawn": maybe(ANYTHING)})
            ),
            "import_permit_use": maybe(
                members({"number": TEXT, "result": one_of(("accepted", "conflict", "duplicate", "pending")),
                         "lines": _AMOUNTS})
            ),
            "used": listed(members({"id": TEXT, "post": TEXT, "at": TIME, "paper": FLAG})),
            "enquiries": listed(
                members({"at": TIME, "by_name": TEXT, "channel": one_of(("letter", "exchange")), "letter": TEXT})
            ),
            "answers": listed(members({"at": TIME, "by_name": TEXT, "result": one_of(RESULTS), "text": TEXT},
                                      {"received_on": DAY})),
            "photos": listed(_PHOTO), "steps": listed(TEXT),
        },
        words="What a person read off a paper: nothing of it is verified.",
    ),
    "Case": members(
        {**_CASE_ENTRY, **_CASE_ABROAD, "concealment": maybe(TEXT), "foreign_permit": maybe(TEXT),
         "scan": maybe(TEXT), "recorded_at": TIME, "origin_of_record": one_of(("post", "import")),
         "version": NUMBER, "earlier": listed(NUMBER), "officer": TEXT, "custody": listed(ANYTHING),
         "photos": listed(_PHOTO), "steps": listed(TEXT)},
        {**_DISPOSAL, "law": maybe(TEXT), "sanction": maybe(TEXT), "vehicle": maybe(TEXT), "note": maybe(TEXT),
         "people": listed(ANYTHING), "followups": listed(ANYTHING)},
        "Of each member what the caller's agency may see; people for enforcement and whoever wrote them down.",
    ),
    "CaseAbroad": members({**_CASE_ABROAD, **_DISPOSAL}),
    "Cases": members({"items": listed(members(_CASE_ENTRY)), "cursor": maybe(TEXT)}),
    "CaseSummary": members(
        {"months": MONTHS, "posts": POSTS, "complete": FLAG},
        words="Of a year, of what the caller may see; `complete`: nothing was left out.",
    ),
    "Alert": _ALERT,
    "AlertAbroad": members(_ALERT_ABROAD),
    "Alerts": members({"items": listed(_ALERT), "cursor": maybe(TEXT)}),
    "WatchEntry": _WATCHED,
    "WatchList": members({"items": listed(_WATCHED), "cursor": maybe(TEXT)}),
    "DutyDesk": _DESK,
    "DutyDesks": members({"items": listed(_DESK), "cursor": maybe(TEXT)}),
    "DutyDeskHistory": members(
        {
            "items": listed(
                members({"at": TIME, "by": TEXT, "by_name": TEXT,
                         "action": one_of(("add", "propose", "keep", "confirm")), "was": _ADDRESSES,
                         "addresses": _ADDRESSES},
                        {"proposed_by": TEXT, "proposed_by_name": TEXT, "proposed_at": TIME})
            ),
            "cursor": maybe(TEXT),
        }
    ),
    "TakenIn": members(
        {
            "stored": NUMBER, "linked": NUMBER, "updated": NUMBER, "unchanged": NUMBER,
            **{
                name: listed(members({"row": NUMBER, "ref": TEXT, "column": TEXT, "code": TEXT, "detail": TEXT}))
                for name in ("refused", "noted")
            },
        }
    ),
    "ForeignPermits": members({"items": listed(members(_FOREIGN)), "cursor": maybe(TEXT)}),
    "ForeignNumber": members(
        {"number": TEXT, "form": one_of(("known", "recommended", "unusual", "other_country", "unknown")),
         "example": maybe(TEXT), "used": listed(members({"post": TEXT, "at": TIME})),
         "unconfirmed": listed(members({"post": TEXT, "at": TIME}))}
    ),
    "ImportPermitLines": members(
        {"number": maybe(TEXT), "state": TEXT,
         "lines": listed(members({"line": TEXT, "quantity": TEXT, "left": TEXT},
                                 {"scientific_name": TEXT, "term": TEXT, "unit": TEXT})),
         "used": maybe(members({"post": TEXT, "at": TIME, "transport_document": TEXT}))},
        words="An import permit of ours that a foreign document names; `left`: what is not used of a line yet; `state` "
              "is `unknown` where there is none with this number.",
    ),
    "ForeignHistory": members(
        {
            "items": listed(
                members({"version": NUMBER, "at": TIME, "by": TEXT, "by_name": TEXT, "action": TEXT,
                         "detail": ANYTHING})
            ),
            "cursor": maybe(TEXT),
        }
    ),
}  # fmt: skip
