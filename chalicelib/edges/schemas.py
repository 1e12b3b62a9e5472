"""What answers look like, as JSON Schema: the part of the OpenAPI document that no request model says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.core.hit import OUTCOMES
from chalicelib.core.lifecycle import STATES

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer"}
FLAG: Schema = {"type": "boolean"}
TIME: Schema = {"type": "string", "format": "date-time"}
DAY: Schema = {"type": "string", "format": "date"}
ANYTHING: Schema = {"type": "object"}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def listed(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def members(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None, words: str = "") -> Schema:
    made: Schema = {"type": "object", "properties": {**required, **(optional or {})}, "required": list(required)}
    return {**made, "description": words} if words else made


def one_of(values: Iterable[str]) -> Schema:
    return {"enum": list(values)}


_USED_LINES = listed(members({"line": TEXT, "quantity": TEXT}, {"dead_on_arrival": TEXT}))
_OTHER = maybe(members({"id": TEXT, "number": maybe(TEXT)}))
USE = one_of(("unused", "exported", "imported"))

_SIGNED_LINE = members(
    {"scientific_name": TEXT, "appendix": one_of(("0", "I", "II", "III")), "source": TEXT, "term": TEXT,
     "quantity": TEXT},
    {"line": TEXT, "unit": TEXT, "marks": TEXT, "marks_digest": members({"count": NUMBER, "digest": TEXT}),
     "origin": ANYTHING, "last_reexport": ANYTHING, "operation_or_acquisition": TEXT},
)  # fmt: skip
_SIGNED_PARTY = members({"name": TEXT, "country": TEXT})
_DIFFERENCES = listed(members({"block": TEXT, "signed": TEXT, "printed": TEXT}))  # F5; `printed` is unverified
_ENTRY = {
    "id": TEXT, "state": one_of(STATES), "use": USE, "expired": FLAG, "number": maybe(TEXT),
}  # fmt: skip

ANSWERS: Mapping[str, Schema] = {
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
            "permit": maybe(ref("SignedPermit")),
            "register": maybe(ref("RegisterSays")),
            "checked_at": TIME,
            "data_as_of": TIME,
        },
        {"event_id": TEXT, "document": members({"kind": TEXT, "pages": NUMBER, "codes": NUMBER})},
        "`permit` and `register` are null unless checks 1-6 passed.",
    ),
    "SignedPermit": members(
        {
            "issuer": TEXT, "document_type": TEXT, "number": TEXT, "issued_at": TIME, "valid_until": DAY,
            "exporter": _SIGNED_PARTY, "importer": _SIGNED_PARTY, "purpose": TEXT, "lines": listed(_SIGNED_LINE),
        },
        {"stamp_number": TEXT, "pages": members({"of": NUMBER, "seen": listed(NUMBER)})},
        "Signed fields only, under the request's names.",
    ),
    "RegisterSays": members(
        {"state": one_of(STATES), "use": USE, "uses": listed(ref("Use")), "replaced_by": maybe(TEXT)}
    ),
    "Use": members(
        {"kind": TEXT, "day": DAY, "post": TEXT, "lines": _USED_LINES, "transport_document": TEXT},
        {"result": TEXT, "withdrawn": FLAG, "event_id": TEXT, "at": TIME, "post_name": TEXT, "officer": TEXT,
         "recorded": TEXT, "offline": FLAG, "customs_document": TEXT},
        "Hour, officer and the post's name for signed-in officers only.",
    ),
    "Permit": members(
        {
            **_ENTRY, "version": NUMBER, "digest": maybe(TEXT), "creator": TEXT, "created_at": TIME,
            "submitted_at": maybe(TIME), "issued_at": maybe(TIME), "expires_at": maybe(TIME),
            "findings_needed": listed(TEXT),
            "findings": listed(
                members({"kind": TEXT, "result": TEXT, "note": TEXT, "by": TEXT, "at": TIME, "current": FLAG})
            ),
            "approvals": listed(members({"by": TEXT, "by_name": TEXT, "at": TIME, "digest": TEXT})),
            "attachments": listed(ref("Attachment")), "reason": maybe(TEXT), "replaces": _OTHER,
            "replaces_reason": maybe(TEXT), "replaced_by": _OTHER, "missing": maybe(TEXT), "for_cause": FLAG,
            "voided_numbers": listed(TEXT), "uses": listed(ref("Use")),
        },
        {"qr": TEXT, "qr_pages": listed(TEXT), "check_code": TEXT, "pdf_url": TEXT},
        "Beside these, the fields of ApplicationBody as they stand; absent ones are left out.",
    ),
    "Permits": members(
        {
            "items": listed(
                members(
                    {**_ENTRY, "document_type": maybe(TEXT), "valid_until": maybe(TEXT), "exporter": maybe(TEXT),
                     "importer": maybe(TEXT), "scientific_names": listed(maybe(TEXT)), "created_at": TIME}
                )
            ),
            "cursor": maybe(TEXT),
        }
    ),
    "History": members(
        {
            "items": listed(
                members(
                    {"version": NUMBER, "at": TIME, "by": TEXT, "by_name": TEXT, "action": TEXT, "from": maybe(TEXT),
                     "to": TEXT, "detail": ANYTHING}
                )
            ),
            "cursor": maybe(TEXT),
        }
    ),
    "Attachment": members(
        {"id": TEXT, "name": TEXT, "content_type": TEXT, "size": NUMBER, "sha256": TEXT, "at": TIME}, {"by": TEXT}
    ),
    "Download": members({"url": TEXT}, words="A short-lived address."),
    "Receipt": members(
        {"event_id": TEXT, "number": TEXT, "kind": TEXT, "post": TEXT, "at": TIME, "officer": TEXT,
         "lines": _USED_LINES, "transport_document": TEXT, "result": TEXT, "state": TEXT, "use": USE}
    ),
    "Undone": members(
        {"event_id": TEXT, "undone": TEXT, "number": TEXT, "at": TIME, "officer": TEXT, "state": TEXT, "use": USE}
    ),
    "Photo": members({"event_id": TEXT, "sha256": TEXT, "content_type": TEXT, "size": NUMBER, "at": TIME}),
    "Resolution": members({"code": TEXT, "result": TEXT, "number": TEXT, "events": listed(TEXT)}),
    "Device": members({"device_id": TEXT, "post": TEXT, "name": TEXT}, {"revoked": FLAG}),
    "Synced": members(
        {
            "results": listed(
                members(
                    {"event_id": TEXT, "result": one_of(("stored", "duplicate", "conflict", "rejected"))},
                    {"receipt": ANYTHING, "outcome": TEXT, "codes": listed(TEXT), "problem": TEXT, "detail": TEXT,
                     "again": FLAG, "refused": FLAG},
                )
            )
        }
    ),
    "Bundle": members(
        {"issuer": TEXT, "practice": FLAG, "zone": TEXT, "host": TEXT, "duty_number": TEXT, "trust_list": maybe(TEXT),
         "status_lists": ANYTHING, "posts": listed(ANYTHING), "uses": listed({"type": "array"}),
         "offline_limits": ANYTHING, "as_of": TIME}
    ),
    "Species": members(
        {"id": TEXT, "scientific_name": TEXT, "accepted_name": TEXT, "rank": TEXT, "appendix": TEXT, "kingdom": TEXT,
         "class": TEXT, "order": TEXT, "family": TEXT, "synonyms": listed(TEXT), "annotation": TEXT,
         "names": ANYTHING, "source": TEXT, "as_of": TEXT}
    ),
    "SpeciesList": members({"items": listed(ref("Species")), "cursor": maybe(TEXT), "as_of": TEXT}),
    "JWKS": members({"keys": listed(ANYTHING)}),
    "Health": members({"status": one_of(("ok", "degraded")), "version": TEXT, "checks": ANYTHING}),
}  # fmt: skip
