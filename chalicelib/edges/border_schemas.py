"""Answers about checking and endorsing: verdicts, receipts, devices and what they hold offline, as JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.core.address import LANGUAGES
from chalicelib.core.hit import OUTCOMES
from chalicelib.core.lifecycle import STATES
from chalicelib.core.permit import LEGACY
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
    ref,
)

_USED_LINES = listed(members({"line": TEXT, "quantity": TEXT}, {"dead_on_arrival": TEXT}))
USE = one_of(("unused", "exported", "imported"))
_SIGNED_LINE = members(
    {"scientific_name": TEXT, "appendix": one_of(("0", "I", "II", "III")), "source": TEXT, "term": TEXT,
     "quantity": TEXT},
    {"line": TEXT, "unit": TEXT, "marks": TEXT, "marks_digest": members({"count": NUMBER, "digest": TEXT}),
     "origin": ANYTHING, "last_reexport": ANYTHING, "operation_or_acquisition": TEXT},
)  # fmt: skip
_SIGNED_PARTY = members({"name": TEXT, "country": TEXT})
_DIFFERENCES = listed(members({"block": TEXT, "signed": TEXT, "printed": TEXT}))  # F5; `printed` is unverified

BORDER_ANSWERS: Mapping[str, Schema] = {
    "Verdict": members(
        {
            "outcome": one_of(OUTCOMES),
            "words": TEXT,
            "steps": listed(TEXT),
            "codes": listed(
                members({"code": TEXT, "check": NUMBER, "text": TEXT}, {"cleared": FLAG, "differences": _DIFFERENCES})
            ),
            "checks": listed(
                members({"n": NUMBER, "name": TEXT, "words": TEXT, "result": one_of(("pass", "fail", "skipped"))})
            ),
            "permit": {"anyOf": [ref("SignedPermit"), ref("PaperPermit"), {"type": "null"}]},
            "register": maybe(ref("RegisterSays")),
            "checked_at": TIME,
            "data_as_of": TIME,
        },
        {"event_id": TEXT, "document": members({"kind": TEXT, "pages": NUMBER, "codes": NUMBER})},
        "`permit` and `register` are null unless checks 1-6 passed, or were skipped for a permit on paper.",
    ),
    "SignedPermit": members(
        {
            "issuer": TEXT, "document_type": TEXT, "number": TEXT, "issued_at": TIME, "valid_until": DAY,
            "exporter": _SIGNED_PARTY, "importer": _SIGNED_PARTY, "purpose": TEXT, "lines": listed(_SIGNED_LINE),
        },
        {"stamp_number": TEXT, "pages": members({"of": NUMBER, "seen": listed(NUMBER)}), "form": one_of((LEGACY,))},
        "Signed fields only, under the request's names. With `form: legacy`: what the register holds of a permit on "
        "paper from before Tamga, for signed-in officials.",
    ),
    "PaperPermit": members(
        {
            "form": one_of((LEGACY,)), "issuer": TEXT, "document_type": TEXT, "number": TEXT, "issued_at": TIME,
            "valid_until": DAY, "exporter": members({"country": TEXT}), "importer": members({"country": TEXT}),
            "lines": listed(
                members(
                    {"scientific_name": TEXT, "appendix": one_of(("0", "I", "II", "III")), "term": TEXT,
                     "quantity": TEXT},
                    {"line": TEXT, "unit": TEXT},
                )
            ),
        },
        words="What a stranger reads of a permit on paper from before Tamga.",
    ),
    "RegisterSays": members(
        {"state": one_of(STATES), "use": USE, "uses": listed(ref("Use")), "replaced_by": maybe(TEXT)}
    ),
    "Use": members(
        {"kind": TEXT, "day": DAY, "post": TEXT, "lines": _USED_LINES, "transport_document": TEXT},
        {"result": TEXT, "withdrawn": FLAG, "event_id": TEXT, "at": TIME, "post_name": TEXT, "officer": TEXT,
         "recorded": TEXT, "offline": FLAG, "customs_document": TEXT, "brought_by": TEXT, "received_at": TIME,
         "on_behalf_of": TEXT, "yours": FLAG, "foreign_document": TEXT},
        "Hour, officer and the post's name for signed-in officers only; `brought_by`: who sent it in that name; "
        "`yours`: the reader is one of the two, or stands in for one; "
        "`on_behalf_of`: the officer at the post for whom the duty desk entered it; `foreign_document`: of an import "
        "permit, the foreign document it was used with.",
    ),
    "Receipt": members(
        {"event_id": TEXT, "number": TEXT, "kind": TEXT, "post": TEXT, "at": TIME, "officer": TEXT,
         "lines": _USED_LINES, "transport_document": TEXT, "result": TEXT, "state": TEXT, "use": USE},
        {"import_permit": members({"number": TEXT, "result": TEXT, "lines": _USED_LINES}), "remarks": listed(TEXT)},
        "`import_permit`: what was used of ours with another Party's permit; `remarks`: what is odd about it.",
    ),
    "Undone": members(
        {"event_id": TEXT, "undone": TEXT, "number": TEXT, "at": TIME, "officer": TEXT, "state": TEXT, "use": USE}
    ),
    "Photo": members({"event_id": TEXT, "sha256": TEXT, "content_type": TEXT, "size": NUMBER, "at": TIME}),
    "Photographs": members(
        {"items": listed(members({"sha256": TEXT, "content_type": TEXT, "size": NUMBER, "at": TIME, "by_name": TEXT}))}
    ),
    "Resolution": members({"code": TEXT, "result": TEXT, "number": TEXT, "events": listed(TEXT)}),
    "Device": members({"device_id": TEXT, "post": TEXT, "name": TEXT}, {"revoked": FLAG}),
    "Devices": members(
        {
            "items": listed(
                members(
                    {"device_id": TEXT, "post": TEXT, "name": TEXT, "registered_at": TIME, "registered_by": TEXT,
                     "synced_at": maybe(TIME), "synced_by": TEXT, "heard_at": maybe(TIME), "heard_by": TEXT,
                     "sending": FLAG, "revoked": FLAG, "revoked_at": maybe(TIME), "revoked_by": TEXT,
                     "steps": listed(TEXT)}
                )
            ),
            "cursor": maybe(TEXT),
        }
    ),
    "Synced": members(
        {
            "results": listed(
                members(
                    {"event_id": TEXT, "result": one_of(("stored", "duplicate", "conflict", "rejected"))},
                    {"receipt": ANYTHING, "outcome": TEXT, "codes": listed(TEXT), "remarks": listed(TEXT),
                     "problem": TEXT, "detail": TEXT,
                     "again": FLAG, "refused": FLAG, "kept": FLAG},
                )
            )
        }
    ),
    "KeptApart": members(
        {
            "items": listed(
                members(
                    {"event_id": TEXT, "kind": TEXT, "at": maybe(TIME), "post": TEXT,
                     "direction": TEXT, "officer": TEXT, "brought_by": TEXT, "received_at": TIME, "reason": TEXT,
                     "issuer": TEXT, "number": TEXT, "lines": _USED_LINES, "transport_document": TEXT}
                )
            ),
            "cursor": maybe(TEXT),
        }
    ),
    "Person": members(
        {"id": TEXT, "name": TEXT, "roles": listed(TEXT), "posts": listed(TEXT), "steps": listed(TEXT)},
        {"notify": maybe(members({"email": TEXT, "language": one_of(LANGUAGES)})), "deputy_for": TEXT},
    ),
    "Bundle": members(
        {"issuer": TEXT, "practice": FLAG, "zone": TEXT, "host": TEXT, "duty_number": TEXT, "trust_list": maybe(TEXT),
         "party_status_lists": ANYTHING, "posts": listed(ANYTHING), "uses": listed(listed({})),
         "offline_limits": ANYTHING, "parts": ANYTHING, "as_of": TIME},
        {"resend_since": TIME, "uses_since": TIME},
        "`party_status_lists`: Party -> address -> signed list in base64, believed under that Party's keys only. "
        "`parts`: name -> ETag of what is fetched under /v1/bundle/{part}.",
    ),
    "BundlePart": members({}, words="What this part holds: a piece of the species list, the rules, or the quotas."),
}  # fmt: skip
