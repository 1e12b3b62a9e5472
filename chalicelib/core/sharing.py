"""What each agency sees of a case and of an alert: the one table, and nobody sees what it does not name.

A part is a group of members; `abroad` is what goes to another country: no person, no vehicle, no officer, no text in
which somebody may be named. As they were written go only the species, the paper's number and the ministry's id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from chalicelib.core.roles import ENFORCEMENT, MINISTRY, Actor

AGENCIES = ("customs", "border", "ministry", "police")
ABROAD = "abroad"
AGENCY_OF: Mapping[str, str] = MappingProxyType(
    {"customs": "customs", "border": "border", "inspector": "border"}
    | dict.fromkeys(ENFORCEMENT, "police")
    | dict.fromkeys(MINISTRY, "ministry")
)
# Part -> members of a case's or an alert's answer.
PARTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "what": frozenset(
            {"id", "kind", "state", "occurred_at", "reason", "agency", "direction", "database_id", "charge", "unheard"}
        ),
        "where": frozenset({"post", "place", "recorded_at", "origin_of_record", "version", "earlier", "steps"}),
        "goods": frozenset({"goods", "value"}),
        "route": frozenset({"route"}),
        "method": frozenset({"detection"}),
        "hidden": frozenset({"concealment"}),
        "law": frozenset({"law", "sanction"}),
        "disposal": frozenset({"disposal"}),
        "paper": frozenset({"permit", "codes", "case", "outcome"}),
        "ours": frozenset({"foreign_permit", "scan"}),
        "vehicle": frozenset({"vehicle"}),
        "people": frozenset({"people"}),
        "officer": frozenset({"officer", "brought_by", "acknowledged", "told"}),
        "photos": frozenset({"photos"}),
        "custody": frozenset({"custody"}),
        "followups": frozenset({"followups"}),
        "note": frozenset({"note"}),
        "watch": frozenset({"watch"}),  # what was looked for, and why
    }
)
_AT_THE_POST = frozenset(
    {
        "what", "where", "goods", "route", "method", "hidden", "paper", "ours", "vehicle", "officer", "photos",
        "custody",
    }
)  # fmt: skip
SEEN: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "customs": _AT_THE_POST,
        "border": _AT_THE_POST,
        "ministry": (_AT_THE_POST - {"vehicle"}) | {"law", "disposal", "followups", "note"},
        "police": frozenset(PARTS),
        ABROAD: frozenset({"what", "goods", "route", "method", "disposal", "paper"}),
    }
)
# Of what goes abroad: the members of these, and no others.
_WITHIN: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "goods": frozenset({"scientific_name", "accepted_name", "common_name", "term", "quantity", "unit", "appendix"}),
        "route": frozenset({"origin", "departure", "transit", "destination", "transport"}),
        "permit": frozenset({"issuer", "number", "unverified"}),
    }
)
OWN = frozenset({"people", "note"})  # what an officer sees besides of what they wrote down themselves
_PART_OF = {member: part for part, members in PARTS.items() for member in members}


def agencies_of(actor: Actor) -> frozenset[str]:
    """For which agencies this person looks; none for an applicant."""
    return frozenset(AGENCY_OF[role] for role in actor.roles if role in AGENCY_OF)


def parts_for(agencies: Iterable[str], *, own: bool = False) -> frozenset[str]:
    seen: frozenset[str] = frozenset().union(*(SEEN[agency] for agency in agencies))
    return seen | OWN if own and seen else seen


def shown(whole: Mapping[str, Any], agencies: Iterable[str], *, own: bool = False) -> dict[str, Any]:
    """The members that these agencies may see. Raises KeyError for a member that no part names."""
    parts = parts_for(agencies, own=own)
    return {name: value for name, value in whole.items() if _PART_OF[name] in parts}


def abroad(whole: Mapping[str, Any]) -> dict[str, Any]:
    """What may go to another country."""
    told = shown(whole, {ABROAD})
    return {name: _within(value, _WITHIN[name]) if name in _WITHIN else value for name, value in told.items()}


def _within(value: Any, names: frozenset[str]) -> Any:
    if isinstance(value, Mapping):
        return {name: each for name, each in value.items() if name in names}
    return value if value is None else [_within(each, names) for each in value]
