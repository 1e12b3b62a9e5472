"""Answers about permits and what the ministry keeps beside them: species, stamps, deputies, quotas, as JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.core.lifecycle import STATES
from chalicelib.edges.schema_parts import (
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

_CONFIRMED = listed(members({"line": TEXT, "quantity": TEXT}))
_OTHER = maybe(members({"id": TEXT, "number": maybe(TEXT)}))
USE = one_of(("unused", "exported", "imported"))
_WHO = members({"id": TEXT, "name": TEXT})
_STOP_IDENTITY = members({"line": maybe(NUMBER), "limited_by": TEXT, "limit": TEXT, "excess": TEXT})
_ENTRY = {
    "id": TEXT, "state": one_of(STATES), "use": USE,
    "uncounted": maybe(one_of(("waiting", "withdrawn"))), "expired": FLAG, "number": maybe(TEXT),
}  # fmt: skip
_SETTLEMENT = one_of(("restore", "withdraw"))
_SPECIES_LIST = {
    "digest": TEXT, "state": one_of(("proposed", "published", "rejected")), "taxa": NUMBER, "as_of": DAY,
    "based_on": TEXT, "counts": ANYTHING, "file": TEXT, "by": TEXT, "by_name": TEXT, "at": TIME,
    "decided_by_name": TEXT, "decided_at": maybe(TIME), "reason": TEXT,
}  # fmt: skip

DESK_ANSWERS: Mapping[str, Schema] = {
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
                         "by_name": TEXT, "at": TIME, "current": FLAG},
                        {"represented_name": TEXT, "identities": listed(_STOP_IDENTITY)})
            ),
            "attachments": listed(ref("Attachment")), "reason": maybe(TEXT), "stamp_by_hand": maybe(TEXT),
            "replaces": _OTHER, "replaces_reason": maybe(TEXT), "replaced_by": _OTHER, "missing": maybe(TEXT),
            "for_cause": FLAG,
            "voided_numbers": listed(TEXT), "uses": listed(ref("Use")),
            "quotas": listed(
                members({"line": TEXT, "quota": TEXT, "year": NUMBER, "quantity": TEXT, "total": TEXT, "limit": TEXT,
                         "let_pass": FLAG})
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
    "Exchanged": members({"calls": listed(ref("ExchangeCall")), "confirmations": listed(
        members({"country": TEXT, "at": TIME, "lines": _CONFIRMED, "remarks": listed(
            members({"code": one_of(("not_left", "more", "less", "differs")), "line": TEXT, "theirs": TEXT,
                     "ours": TEXT})),
                 "set_aside": maybe(members({"by_name": TEXT, "at": TIME, "reason": TEXT},
                                            {"confirmed_by_name": TEXT, "confirmed_at": TIME})),
                 "steps": listed(one_of(("propose_set_aside", "set_aside")))}))}),
    "ExchangeCall": members(
        {"id": TEXT, "at": TIME, "country": TEXT, "side": one_of(("they", "we")), "operation": TEXT, "outcome": TEXT},
        {"number": TEXT, "digest": TEXT, "serial": TEXT, "thumbprint": TEXT, "by": TEXT, "by_name": TEXT,
         "correlation_id": TEXT, "lines": _CONFIRMED}),
    "Arrived": members({"lines": _CONFIRMED, "service": FLAG, "told": listed(ref("ExchangeCall"))}),
    "ExchangeCalls": members({"items": listed(ref("ExchangeCall")), "cursor": maybe(TEXT)}),
    "ExchangeServices": members({"items": listed(TEXT), "cursor": maybe(TEXT)}),
    "Heard": members({"call": ref("ExchangeCall"), "permit": maybe(ANYTHING), "words": listed(TEXT)}),
    "ExchangeParty": members(
        {"country": TEXT, "certificates": listed(TEXT), "may": listed(TEXT), "active": FLAG, "note": TEXT, "at": TIME,
         "by": TEXT, "by_name": TEXT}),
    "ExchangeParties": members({"items": listed(ref("ExchangeParty")), "cursor": maybe(TEXT)}),
    "Permits": members(
        {
            "items": listed(
                members(
                    {**_ENTRY, "document_type": maybe(TEXT), "valid_until": maybe(TEXT), "form": maybe(TEXT),
                     "exporter": maybe(TEXT), "importer": maybe(TEXT), "scientific_names": listed(maybe(TEXT)),
                     "lines": listed(members({}, dict.fromkeys(("scientific_name", "term", "quantity", "unit"), TEXT))),
                     "replaces": _OTHER, "created_at": TIME, "submitted_at": maybe(TIME), "waiting_since": TIME}
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
            "same_import_permit": listed(members({"id": TEXT, "number": maybe(TEXT), "state": one_of(STATES)})),
            "items": listed(
                members({"field": TEXT, "code": TEXT, "detail": TEXT, "identity": _STOP_IDENTITY, "asked_again": FLAG,
                         "override": maybe(members({"by": TEXT, "by_name": TEXT, "at": TIME, "reason": TEXT}))})
            ),
        }
    ),
    "Overrides": members(
        {
            "year": NUMBER,
            "items": listed(
                members({"permit_id": TEXT, "stops": listed(listed(TEXT)), "rules": listed(TEXT), "reason": TEXT,
                         "by": TEXT, "by_name": TEXT, "at": TIME}, {"identities": listed(_STOP_IDENTITY)})
            ),
            "people": listed(members({"by": TEXT, "by_name": TEXT, "count": NUMBER})),
            "cursor": maybe(TEXT),
        }
    ),
    "Download": members({"url": TEXT}, words="A short-lived address."),
    "Species": members(
        {"id": TEXT, "scientific_name": TEXT, "accepted_name": TEXT, "found_by": TEXT, "rank": TEXT,
         "appendix": TEXT, "may_be": listed(TEXT), "listed_by": maybe(TEXT), "kingdom": TEXT,
         "population": maybe(members({"appendix": TEXT, "origins": listed(TEXT), "open": listed(TEXT),
                                      "others": maybe(TEXT), "note": TEXT, "source": TEXT, "as_of": DAY})),
         "class": TEXT, "order": TEXT, "family": TEXT, "synonyms": listed(TEXT), "annotation": TEXT,
         "names": ANYTHING, "also": listed(TEXT), "group": TEXT, "decided": TEXT, "usual_terms": listed(TEXT),
         "range_states": listed(TEXT), "range_source": TEXT, "source": TEXT, "as_of": TEXT,
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
    "SpeciesLists": members(
        {"in_use": members({"version": TEXT, "as_of": DAY, "taxa": NUMBER, "release": FLAG}),
         "proposed": maybe(ref("SpeciesListProposed")), "items": listed(ref("SpeciesListHead")), "cursor": maybe(TEXT)}
    ),
    "SpeciesListHead": members(_SPECIES_LIST),
    "SpeciesListProposed": members(
        {**_SPECIES_LIST,
         "changes": listed(members({"what": TEXT, "name": TEXT, "before": TEXT, "after": TEXT}))}
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
    "Difference": members(
        {"value": NUMBER, "listed_at": TIME, "own": NUMBER,
         "proposal": maybe(members({"choice": _SETTLEMENT, "reason": TEXT, "by_name": TEXT, "at": TIME})),
         "steps": listed(_SETTLEMENT)},
        words="T8: our status list, signed at `listed_at`, has `value`; the register says `own`. `steps`: what the "
        "caller could send to `difference`; the `choice` of another person's `proposal` settles it.",
    ),
    "Settlement": members({"value": NUMBER, "choice": _SETTLEMENT, "settled": FLAG}),
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
    "QuotaProposal": members(
        {"id": TEXT, "year": NUMBER, "scientific_name": TEXT, "terms": listed(TEXT), "sources": listed(TEXT),
         "quantity": TEXT, "unit": maybe(TEXT), "before": TEXT, "source": TEXT, "as_of": DAY, "note": TEXT,
         "was": TEXT, "reason": TEXT, "at": TIME, "by_name": TEXT, "version": NUMBER, "steps": listed(TEXT)},
        words="A higher figure that waits for another admin; `was`: the figure that it raises.",
    ),
    "Quotas": members({"year": NUMBER, "items": listed(ref("Quota")), "proposals": listed(ref("QuotaProposal")),
                       "cursor": maybe(TEXT)}),
    "QuotaHistory": members(
        {
            "items": listed(
                members({"at": TIME, "by": TEXT, "by_name": TEXT, "quantity": TEXT, "taken": ANYTHING,
                         "permits": listed(
                             members({"id": TEXT, "number": maybe(TEXT), "action": TEXT, "used": TEXT,
                                      "outstanding": TEXT, "lapsed": TEXT})
                         )},
                        {"reason": TEXT, "set": ANYTHING, "was": maybe(ANYTHING), "proposed_by": TEXT,
                         "proposed_by_name": TEXT, "proposed_at": TIME})
            ),
            "cursor": maybe(TEXT),
        }
    ),
    "JWKS": members({"keys": listed(ANYTHING)}),
    "Health": members({"status": one_of(("ok", "degraded", "starting")), "version": TEXT, "checks": ANYTHING}),
}  # fmt: skip
