"""Permits and tokens for tests: the falcon of FORMAT.md and variants, signed with the keys of `trust_maker`."""

from __future__ import annotations

from typing import Any

from trust_maker import DAY, NOW, PERMIT, kid, sign

from chalicelib.record.permit import Application, Line, Party, Permit, SourceDocument, TokenLine, TokenParty
from chalicelib.token import claims, cose

HOST = "tamga.kg"
TEN = "cites.g.kg"  # a host of ten characters
FALCON = TokenLine("Falco cherrug", 2, "C", "LIV", "1", marks="ring KG-0117")


def permit(*lines: TokenLine, host: str = HOST, **changes: Any) -> Permit:
    fields: dict[str, Any] = {
        "issuer": "KG",
        "number": "26KG000123/E",
        "kind": "E",
        "exporter": TokenParty("Sunkar Falcon Centre LLC", "KG"),
        "importer": TokenParty("Al Dhafra Falconry Club", "AE"),
        "purpose": "B",
        "lines": lines or (FALCON,),
        "record_digest": bytes(range(16)),
        "cti": bytes(range(16, 32)),
        "issued_at": NOW,
        "expires_at": NOW + 180 * DAY,
        "status_uri": f"https://{host}/s/27q3",
        "status_idx": 100_000,
    }
    return Permit(**{**fields, **changes})


def token(of: Permit, by: int = PERMIT) -> bytes:
    return sign(by, cose.encode_protected(kid(by)), claims.encode_claims(of))


def line(**changes: Any) -> Line:
    fields: dict[str, Any] = {
        "scientific_name": "Falco cherrug",
        "common_name": "Saker falcon",
        "description": "live, one male",
        "marks": "ring KG-0117",
        "appendix": 2,
        "kingdom": "Animalia",
        "source": "C",
        "term": "LIV",
        "quantity": "1",
        "origin": SourceDocument("KG"),
    }
    return Line(**{**fields, **changes})


def application(*lines: Line, **changes: Any) -> Application:
    fields: dict[str, Any] = {
        "document_type": "E",
        "valid_until": "2027-05-31",
        "exporter": Party("Sunkar Falcon Centre LLC", "Bishkek", "KG"),
        "importer": Party("Al Dhafra Falconry Club", "Abu Dhabi", "AE"),
        "purpose": "B",
        "lines": lines or (line(),),
    }
    return Application(**{**fields, **changes})
