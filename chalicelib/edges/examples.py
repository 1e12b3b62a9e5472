"""What a request looks like: one body for each model, for the contract; a test holds each to its model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_EVENT = "0b6ec3a9-6f5c-4f0e-9d3a-5f2a4be0a1c7"
_QR = "https://practice.tamga.kg/1#2101840126..."
_LINE = {
    "scientific_name": "Falco cherrug", "common_name": "Saker falcon", "description": "live bird, female",
    "marks": "ring KG-0117", "source": "C", "term": "LIV", "quantity": "1", "origin": {"country": "KG"},
    "operation_or_acquisition": "A-KG-001",
}  # fmt: skip

BODIES: Mapping[str, Mapping[str, Any]] = {
    "Verify": {"qr": _QR, "direction": "export"},
    "ApplicationBody": {
        "document_type": "E", "valid_until": "2027-03-31", "purpose": "B", "form": "paper",
        "exporter": {"name": "Altyn Falcon LLC", "address": "12 Toktogul St, Bishkek", "country": "KG"},
        "importer": {"name": "Al Dhafra Falcons", "address": "P.O. Box 45, Abu Dhabi", "country": "AE"},
        "lines": [_LINE],
    },
    "ReasonBody": {"reason": "The rings could not be read."},
    "SetAsideBody": {"country": "AE", "reason": "Abu Dhabi wrote that the report was for another permit."},
    "ConfirmSetAsideBody": {"country": "AE"},
    "Why": {"reason": "Made twice."},
    "Finding": {"kind": "legal_acquisition", "result": "positive", "note": "Breeding record seen."},
    "Approve": {"digest": "3f0c6d2b9a41e87750c2d1f6b8a93e4477aa01c5d9e2f3b4a6978812cd34ef56"},
    "OverrideBody": {
        "stops": [{"field": "lines[0].quantity", "code": "suspended"}],
        "reason": "The Secretariat confirmed in writing that this consignment is excepted.",
        "digest": "3f0c6d2b9a41e87750c2d1f6b8a93e4477aa01c5d9e2f3b4a6978812cd34ef56",
    },
    "Revoke": {"reason": "Issued on a false declaration.", "for_cause": True},
    "SettleDifference": {"choice": "restore", "reason": "The officer's book has this export."},
    "Lost": {"reason": "The bag was stolen at the station.", "how": "stolen"},
    "ScanBody": {
        "event_id": _EVENT, "qr": _QR, "post": "manas-airport", "direction": "export",
        "scanned_at": "2026-11-25T09:30:00Z", "goods_present": True,
    },
    "Resolve": {"code": "U5", "result": "cleared", "reason": "The same birds, shown again."},
    "EndorsementBody": {
        "event_id": _EVENT, "qr": _QR, "post": "manas-airport", "direction": "export",
        "endorsed_at": "2026-11-25T09:31:00Z", "lines": [{"line": "A", "quantity": "1"}],
        "transport_document": "AWB 176-12345675",
    },
    "UndoBody": {"event_id": _EVENT, "reason": "The flight was cancelled; the birds are here."},
    "Deputise": {
        "deputy": "6f5c4f0e-9d3a-4f2a-8be0-a1c70b6ec3a9", "represented": "0b6ec3a9-6f5c-4f0e-9d3a-5f2a4be0a1c7",
        "first": "2026-12-01", "last": "2026-12-14", "reason": "Annual leave.",
    },
    "NewQuota": {
        "year": 2026, "scientific_name": "Falco cherrug", "terms": ["LIV"], "sources": ["W"], "quantity": "10",
        "source": "Order 12 of the Ministry", "as_of": "2026-01-15",
    },
    "QuotaFigure": {
        "quantity": "12", "source": "Order 31 of the Ministry", "as_of": "2026-06-01", "reason": "Count of spring.",
    },
    "StampRun": {"prefix": "KG-A ", "first": "000001", "last": "000500"},
    "SpeciesListDecision": {"reason": "The file is of last year."},
    "StampPutOn": {"number": "KG-A 000018"},
    "SpoiledStamp": {"number": "KG-A 000017", "reason": "Torn when it was taken off its sheet."},
    "Me": {"notify": {"email": "aigul@example.kg", "language": "ky"}},
    "ForeignCorrection": {
        "version": 1, "reason": "The number was typed from the wrong box.", "direction": "import", "issuer": "KZ",
        "number": "KZ-0458/2026", "permit": {"document_type": "E", "lines": [_LINE]},
    },
    "ForeignPermitBody": {
        "event_id": _EVENT, "post": "manas-airport", "recorded_at": "2026-11-25T09:30:00Z", "direction": "import",
        "issuer": "KZ", "number": "KZ-0457/2026", "issued_on": "2026-10-02",
        "permit": {
            "document_type": "E", "valid_until": "2027-03-31", "purpose": "Z", "lines": [_LINE],
            "exporter": {"name": "Almaty Zoo", "country": "KZ"}, "importer": {"name": "Bishkek Zoo", "country": "KG"},
        },
        "endorsed": {
            "lines": [{"line": "A", "quantity": "1"}], "transport_document": "CMR 1187", "retained": True,
        },
    },
    "ExpertQuestionBody": {
        "event_id": _EVENT, "post": "manas-airport", "recorded_at": "2026-11-25T09:30:00Z", "term": "HOR",
        "taxon": "Ovis ammon", "question": "Young argali or urial? Girth at the base is 28 cm, edges half sharp.",
    },
    "ExpertAnswer": {
        "certain": "certain", "taxon": "Ovis ammon", "text": "Rounded edges, rings all round: a young argali.",
    },
    "ForeignUse": {
        "lines": [{"line": "A", "quantity": "1"}], "transport_document": "CMR 1187", "retained": True,
    },
    "ForeignAnswer": {
        "result": "confirmed", "text": "We issued this permit on 2 October 2026.", "received_on": "2026-11-27",
    },
    "AskBody": {"country": "UZ", "number": "26UZ000123/E"},
    "ArrivedBody": {"country": "UZ", "number": "26UZ000123/E"},
    "PartyBody": {
        "certificates": ["9b1f0c6d2b9a41e87750c2d1f6b8a93e4477aa01c5d9e2f3b4a6978812cd34ef"],
        "may": ["GetNonFinalCitesCertificate", "ServiceState"], "active": True, "note": "Letter of 3 November 2026.",
    },
    "CaseBody": {
        "event_id": _EVENT, "post": "manas-airport", "recorded_at": "2026-11-25T09:40:00Z", "kind": "seizure",
        "direction": "export", "agency": "customs", "reason": "no_document", "detection": "xray",
        "goods": [{"scientific_name": "Falco cherrug", "term": "LIV", "quantity": "4"}],
        "route": {"origin": "KG", "destination": "AE", "transport": "air", "document": "flight XY 123"},
        "concealment": "In tubes inside a suitcase.",
        "people": [{"role": "carrier", "name": "N. N.", "nationality": "KG"}],
    },
    "CaseAmend": {
        "version": 1, "kind": "seizure", "agency": "customs", "reason": "no_document",
        "goods": [{"scientific_name": "Falco cherrug", "term": "LIV", "quantity": "4"}],
        "law": "Code of Misdemeanours", "sanction": "Fine of 20 000 som.", "disposal": "rescue_centre",
    },
    "Custody": {"what": "4 live birds, boxes 1-2", "giver": "Customs, Manas", "taker": "Rescue centre", "seal": "0017"},
    "FollowUp": {"kind": "charged", "text": "Proceedings were opened.", "on": "2026-11-27"},
    "PatternAnswer": {"result": "explained", "reason": "The same falcon: it came back in March."},
    "OperationBody": {
        "number": "A-KG-001", "holder": "Altyn Falcon LLC", "scientific_name": "Falco cherrug", "sources": ["C", "F"],
        "a_year": "40", "since": "2024-03-01", "source": "Order 18 of the Ministry",
    },
    "Acknowledge": {"note": "On my way to the post."},
    "WatchEntry": {
        "kind": "mark", "value": "KG-0117", "reason": "Reported stolen.", "until": "2027-11-25T00:00:00Z",
    },
    "DutyDesk": {"addresses": [{"email": "duty@example.kg", "language": "ru"}]},
    "Confirm": {"version": 2},
    "DeviceBody": {"public_key": "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE...", "post": "manas-airport", "name": "scan 3"},
}  # fmt: skip
