"""The vocabularies of a case: what the annual illegal trade report of CITES and WCO's CEN ask for, in words.

The letter codes of the report's template and CEN's form were not to be had; each word here stands for one of their
answers and can be mapped when they are. Codes are stable: they are stored and exchanged.
"""

from __future__ import annotations

KINDS = ("seizure", "detention", "suspicion")  # taken; held until it is clear; noted, the goods are gone
DIRECTIONS = ("import", "export", "transit", "return", "inland")
AGENCIES = ("customs", "border", "inspector", "police", "ministry", "other")
REASONS = (
    "no_document", "forged_document", "altered_document", "used_document", "expired_document", "false_declaration",
    "undeclared", "more_than_permitted", "other_species", "false_source", "domestic_law", "other",
)  # fmt: skip
TRANSPORT = ("air", "road", "rail", "foot", "post", "courier", "none", "other")
DETECTION = (
    "document_check",
    "risk_profile",
    "search",
    "xray",
    "dog",
    "tip_off",
    "scanner",
    "inland_control",
    "online",
    "other",
)
DISPOSAL = (
    "stored", "destroyed", "released", "rescue_centre", "returned_to_country", "scientific", "sold",
    "returned_to_owner", "died", "undecided",
)  # fmt: skip
PERSON_ROLES = ("carrier", "sender", "consignee", "owner", "driver", "witness", "other")
FOLLOW_UPS = (
    "note", "charged", "sanction", "court", "disposal", "handed_over", "expert_opinion", "asked_abroad", "released",
    "closed", "reopened",
)  # fmt: skip
CURRENCIES = ("KGS", "USD", "EUR", "RUB", "KZT", "CNY")
