"""What answers look like, as JSON Schema: the part of the OpenAPI document that no request model says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.core.address import LANGUAGES
from chalicelib.core.hit import OUTCOMES
from chalicelib.core.lifecycle import STATES
from chalicelib.core.permit import LEGACY

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
_CONFIRMED = listed(members({"line": TEXT, "quantity": TEXT}))
_OTHER = maybe(members({"id": TEXT, "number": maybe(TEXT)}))
USE = one_of(("unused", "exported", "imported"))

_SIGNED_LINE = members(
    {"scientific_name": TEXT, "appendix": one_of(("0", "I", "II", "III")), "source": TEXT, "term": TEXT,
     "quantity": TEXT},
    {"line": TEXT, "unit": TEXT, "marks": TEXT, "marks_digest": members({"count": NUMBER, "digest": TEXT}),
     "origin": ANYTHING, "last_reexport": ANYTHING, "operation_or_acquisition": TEXT},
)  # fmt: skip
_WHO = members({"id": TEXT, "name": TEXT})
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
         "recorded": TEXT, "offline": FLAG, "customs_document": TEXT},
        "Hour, officer and the post's name for signed-in officers only.",
    ),
    "Permit": members(
        {
            **_ENTRY, "version": NUMBER, "digest": maybe(TEXT), "creator": TEXT, "created_at": TIME,
            "submitted_at": maybe(TIME), "species_list": maybe(members({"as_of": DAY, "version": TEXT})),
            "issued_at": maybe(TIME), "expires_at": maybe(TIME),
            "findings_needed": listed(TEXT),
            "findings": listed(
                members({"kind": TEXT, "result": TEXT, "note": TEXT, "by": TEXT, "at": TIME, "current": FLAG})
            ),
            "approvals": listed(
                members({"by": TEXT, "by_name": TEXT, "at": TIME, "digest": TEXT}, {"represented_name": TEXT})
            ),
            "overrides": listed(
                members({"stops": listed(listed(TEXT)), "rules": listed(TEXT), "reason": TEXT, "by": TEXT,
                         "by_name": TEXT, "at": TIME, "current": FLAG}, {"represented_name": TEXT})
            ),
            "attachments": listed(ref("Attachment")), "reason": maybe(TEXT), "stamp_by_hand": maybe(TEXT),
            "replaces": _OTHER, "replaces_reason": maybe(TEXT), "replaced_by": _OTHER, "missing": maybe(TEXT),
            "for_cause": FLAG,
            "voided_numbers": listed(TEXT), "uses": listed(ref("Use")),
            "quotas": listed(
                members({"line": TEXT, "quota": TEXT, "year": NUMBER, "quantity": TEXT, "total": TEXT, "limit": TEXT,
                         "let_pass": FLAG})
            ),
            "steps": {**listed(TEXT), "description": "What the caller could do with it now."},
        },
        {"qr": TEXT, "qr_pages": listed(TEXT), "check_code": TEXT, "pdf_url": TEXT},
        "Beside these, the fields of ApplicationBody as they stand; absent ones are left out.",
    ),
    "Checked": members({"findings_needed": listed(TEXT)}, words="Nothing stands against it."),
    "Exchanged": members({"calls": listed(ref("ExchangeCall")), "confirmations": listed(
        members({"country": TEXT, "at": TIME, "lines": _CONFIRMED, "remarks": listed(
            members({"code": one_of(("not_left", "more", "less", "differs")), "line": TEXT, "theirs": TEXT,
                     "ours": TEXT}))}))}),
    "ExchangeCall": members(
        {"id": TEXT, "at": TIME, "country": TEXT, "side": one_of(("they", "we")), "operation": TEXT, "outcome": TEXT},
        {"number": TEXT, "digest": TEXT, "serial": TEXT, "thumbprint": TEXT, "by": TEXT, "by_name": TEXT,
         "correlation_id": TEXT}),
    "ExchangeCalls": members({"items": listed(ref("ExchangeCall")), "cursor": maybe(TEXT)}),
    "Heard": members({"call": ref("ExchangeCall"), "permit": maybe(ANYTHING), "words": listed(TEXT)}),
    "ExchangeParty": members(
        {"country": TEXT, "certificates": listed(TEXT), "may": listed(TEXT), "active": FLAG, "note": TEXT, "at": TIME,
         "by": TEXT, "by_name": TEXT}),
    "ExchangeParties": members({"items": listed(ref("ExchangeParty")), "cursor": maybe(TEXT)}),
    "Permits": members(
        {
            "items": listed(
                members(
                    {**_ENTRY, "document_type": maybe(TEXT), "valid_until": maybe(TEXT), "exporter": maybe(TEXT),
                     "importer": maybe(TEXT), "scientific_names": listed(maybe(TEXT)), "created_at": TIME,
                     "submitted_at": maybe(TIME), "waiting_since": TIME}
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
                     "to": TEXT, "detail": ANYTHING},
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
            "items": listed(
                members({"field": TEXT, "code": TEXT, "detail": TEXT,
                         "override": maybe(members({"by": TEXT, "by_name": TEXT, "at": TIME, "reason": TEXT}))})
            ),
        }
    ),
    "Overrides": members(
        {
            "year": NUMBER,
            "items": listed(
                members({"permit_id": TEXT, "stops": listed(listed(TEXT)), "rules": listed(TEXT), "reason": TEXT,
                         "by": TEXT, "by_name": TEXT, "at": TIME})
            ),
            "people": listed(members({"by": TEXT, "by_name": TEXT, "count": NUMBER})),
            "cursor": maybe(TEXT),
        }
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
    "Devices": members(
        {
            "items": listed(
                members(
                    {"device_id": TEXT, "post": TEXT, "name": TEXT, "registered_at": TIME, "registered_by": TEXT,
                     "synced_at": maybe(TIME), "synced_by": TEXT, "sending": FLAG, "revoked": FLAG,
                     "revoked_at": maybe(TIME), "revoked_by": TEXT, "steps": listed(TEXT)}
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
                    {"receipt": ANYTHING, "outcome": TEXT, "codes": listed(TEXT), "problem": TEXT, "detail": TEXT,
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
        {"id": TEXT, "name": TEXT, "roles": listed(TEXT), "posts": listed(TEXT)},
        {"notify": maybe(members({"email": TEXT, "language": one_of(LANGUAGES)}))},
    ),
    "Bundle": members(
        {"issuer": TEXT, "practice": FLAG, "zone": TEXT, "host": TEXT, "duty_number": TEXT, "trust_list": maybe(TEXT),
         "status_lists": ANYTHING, "posts": listed(ANYTHING), "uses": listed({"type": "array"}),
         "offline_limits": ANYTHING, "parts": ANYTHING, "as_of": TIME},
        {"resend_since": TIME, "uses_since": TIME},
        "`parts`: name -> ETag of what is fetched under /v1/bundle/{part}.",
    ),
    "BundlePart": members({}, words="What this part holds: a piece of the species list, the rules, or the quotas."),
    "Species": members(
        {"id": TEXT, "scientific_name": TEXT, "accepted_name": TEXT, "found_by": TEXT, "rank": TEXT,
         "appendix": TEXT, "may_be": listed(TEXT), "listed_by": maybe(TEXT), "kingdom": TEXT,
         "class": TEXT, "order": TEXT, "family": TEXT, "synonyms": listed(TEXT), "annotation": TEXT,
         "names": ANYTHING, "also": listed(TEXT), "group": TEXT, "decided": TEXT, "source": TEXT, "as_of": TEXT,
         "list_version": TEXT, "history": listed(members({"day": DAY, "what": TEXT, "source": TEXT})),
         "restrictions": listed(
             members({"since": DAY, "until": maybe(DAY), "kinds": listed(TEXT), "sources": listed(TEXT),
                      "purposes": listed(TEXT), "origins": listed(TEXT), "reason": TEXT, "reasons": ANYTHING,
                      "source": TEXT})
         )}
    ),
    "SpeciesList": members(
        {"items": listed(ref("Species")), "cursor": maybe(TEXT), "as_of": TEXT, "version": TEXT}
    ),
    "Stamps": members(
        {
            "items": listed(
                members({"id": TEXT, "prefix": TEXT, "first": TEXT, "last": TEXT, "total": NUMBER, "used": NUMBER,
                         "spoiled": NUMBER, "left": NUMBER, "at": TIME, "by_name": TEXT})
            ),
            "next": maybe(TEXT), "cursor": maybe(TEXT),
        }
    ),
    "Deputation": members(
        {"id": TEXT, "state": one_of(("waiting", "coming", "running", "over", "ended")), "first": DAY, "last": DAY,
         "reason": TEXT, "deputy": _WHO, "represented": _WHO, "at": TIME, "by": TEXT, "by_name": TEXT,
         "confirmed_by_name": maybe(TEXT), "ended_by_name": maybe(TEXT), "ended_at": maybe(TIME)}
    ),
    "Deputies": members(
        {
            "items": listed(ref("Deputation")),
            "people": listed(members({"id": TEXT, "name": TEXT, "roles": listed(TEXT)})),
            "cursor": maybe(TEXT),
        }
    ),
    "StampRunEntered": members({"id": TEXT, "first": TEXT, "last": TEXT}),
    "StampWrittenOff": members({"stamp_number": TEXT, "reason": TEXT}),
    "StampsOfRun": members(
        {
            "items": listed(
                members({"stamp_number": TEXT,
                         "permit": maybe(members({"id": TEXT, "number": maybe(TEXT), "state": one_of(STATES)})),
                         "spoiled": maybe(members({"reason": TEXT, "by_name": TEXT, "at": TIME}))})
            ),
            "cursor": maybe(TEXT),
        }
    ),
    "Quota": members(
        {"id": TEXT, "year": NUMBER, "scientific_name": TEXT, "terms": listed(TEXT), "sources": listed(TEXT),
         "quantity": TEXT, "unit": maybe(TEXT), "before": TEXT, "source": TEXT, "as_of": DAY, "note": TEXT,
         "granted": TEXT, "used": TEXT, "outstanding": TEXT, "lapsed": TEXT, "total": TEXT, "left": TEXT,
         "set_at": TIME, "set_by_name": TEXT}
    ),
    "Quotas": members({"year": NUMBER, "items": listed(ref("Quota")), "cursor": maybe(TEXT)}),
    "QuotaHistory": members(
        {
            "items": listed(
                members({"at": TIME, "by": TEXT, "by_name": TEXT, "quantity": TEXT, "taken": ANYTHING,
                         "permits": listed(
                             members({"id": TEXT, "number": maybe(TEXT), "action": TEXT, "used": TEXT,
                                      "outstanding": TEXT, "lapsed": TEXT})
                         )},
                        {"reason": TEXT, "set": ANYTHING, "was": maybe(ANYTHING)})
            ),
            "cursor": maybe(TEXT),
        }
    ),
    "JWKS": members({"keys": listed(ANYTHING)}),
    "Health": members({"status": one_of(("ok", "degraded")), "version": TEXT, "checks": ANYTHING}),
}  # fmt: skip
