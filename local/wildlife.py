"""Example data of the border: two foreign permits with one number, two seizures, and an entry of the watch-list.

Each is created once, however often this runs, because event ids derive from the content.
"""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from local.client import Client, Refused
from local.desk import CUSTOMS, OTHER_CUSTOMS, SPACE, at, default_person

POLICE = default_person("enforcement")
LINE = {"scientific_name": "Falco cherrug", "term": "LIV", "quantity": "2", "source": "C", "marks": "rings 7731, 7732"}
CASES: tuple[tuple[str, str, tuple[str, str], dict[str, Any]], ...] = (
    ("saker chicks in tubes", "05:40", CUSTOMS, {
        "post": "manas-airport", "kind": "seizure", "agency": "customs", "reason": "no_document", "direction": "export",
        "goods": [{"scientific_name": "Falco cherrug", "term": "LIV", "quantity": "5", "marks": "no rings"}],
        "route": {"origin": "KG", "destination": "AE", "transport": "air"}, "detection": "xray",
        "concealment": "Cardboard tubes inside a suitcase.",
        "people": [{"role": "carrier", "name": "Ivan Primerov", "nationality": "KZ", "document": "N00000000"}],
    }),
    ("saiga horns in a lorry", "16:25", OTHER_CUSTOMS, {
        "post": "torugart", "kind": "seizure", "agency": "customs", "reason": "undeclared", "direction": "export",
        "goods": [{"scientific_name": "Saiga tatarica", "term": "HOR", "quantity": "34"}],
        "route": {"origin": "KZ", "destination": "CN", "transport": "road"}, "vehicle": "01 KG 000 AAA",
        "detection": "search", "concealment": "Under the floor of the cab.",
    }),
)  # fmt: skip


def ensure(client: Client, today: date) -> None:
    """Create foreign permits, cases, one entry of the watch-list and the addresses of the duty desks."""
    for desk in client.get(default_person("admin"), "/v1/duty-desks")["items"]:
        if not desk["addresses"]:  # replacing an address would need two administrators
            address = {"email": f"duty-{desk['agency']}@example.kg", "language": "ru"}  # an example address
            client.put(default_person("admin"), f"/v1/duty-desks/{desk['agency']}", {"addresses": [address]})
    if not client.get(POLICE, "/v1/watch-list")["items"]:
        until = at(today + timedelta(days=365), "18:00")
        body = {"kind": "mark", "value": "KG-9999", "reason": "Ring of a stolen falcon (example).", "until": until}
        client.post(POLICE, "/v1/watch-list", body)
    yesterday = today - timedelta(days=1)  # in the past at any time of day
    papers = (("dostuk", "10:15", CUSTOMS, "KZ-0457/2026"), ("torugart", "14:50", OTHER_CUSTOMS, "KZ 457/26"))
    for post, clock, who, number in papers:
        asked = _id(f"foreign {post}")
        if _there(client, f"/v1/foreign-permits/{asked}"):
            continue
        valid = (today + timedelta(days=90)).isoformat()
        client.post(who, "/v1/foreign-permits", {
            "event_id": asked, "post": post, "recorded_at": at(yesterday, clock), "direction": "import", "issuer": "KZ",
            "number": number, "issued_on": (today - timedelta(days=30)).isoformat(),
            "permit": {"document_type": "E", "valid_until": valid, "lines": [LINE], "purpose": "Z",
                       "exporter": {"name": "Almaty Zoo", "country": "KZ"},
                       "importer": {"name": "Bishkek Zoological Society", "country": "KG"}},
        })  # fmt: skip
        if post == "dostuk":
            used = {"lines": [{"line": "A", "quantity": "2"}], "transport_document": "CMR 1187", "retained": True}
            client.post(who, f"/v1/foreign-permits/{asked}/endorse", used)
        else:
            client.post(default_person("preparer"), f"/v1/foreign-permits/{asked}/enquiries", {})
    for name, clock, who, body in CASES:
        case = _id(f"case {name}")
        if not _there(client, f"/v1/cases/{case}"):
            client.post(who, "/v1/cases", {**body, "event_id": case, "recorded_at": at(yesterday, clock)})
            link = {"what": "The goods", "giver": "Customs", "taker": "Evidence room, Bishkek", "seal": "0001"}
            client.post(who, f"/v1/cases/{case}/custody", link)


def _id(text: str) -> str:
    return str(uuid.uuid5(SPACE, text))


def _there(client: Client, path: str) -> bool:
    try:
        client.get(POLICE, path)
    except Refused:
        return False
    return True
