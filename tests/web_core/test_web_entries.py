"""A device and the service give the same answer for each entry of the species list: Appendix, suspensions, quotas."""

from __future__ import annotations

from datetime import date

from species_files import with_restrictions
from web_core.asking import Node, answered, needs_node

from chalicelib.quotas.model import Quota, bounding
from chalicelib.record.permit import Line
from chalicelib.requirements.model.requirements import Question
from chalicelib.requirements.services import find_requirements, for_devices
from chalicelib.species import schemas as species_schemas
from chalicelib.species.model.listing import Restriction
from chalicelib.species.services import list_in_use

pytestmark = needs_node
TODAY = date(2026, 11, 26)
ANY: frozenset[str] = frozenset()
SUSPENDED = ("Varanus griseus", "Varanus salvator macromaculatus", "Hippocampus kuda", "Falconidae", "Paphiopedilum")
LISTING = with_restrictions(
    list_in_use.listing(),
    *(Restriction(name, ANY, frozenset("R"), ANY, ANY, date(2020, 1, 1), None, name, "N") for name in SUSPENDED),
)
MOVES = (
    {"direction": "export", "term": "LIV", "source": "W", "purpose": "T"},
    {"direction": "export", "term": "LIV", "source": "R", "purpose": "T", "destination": "DE"},
    {"direction": "import", "term": "SKI", "source": "C", "purpose": "P", "use": "personal_effects"},
)
MET = (each.scientific_name for each in LISTING.taxa if each.group)
BOUND = [*MET, *SUSPENDED, "Varanus", "Accipitridae", "Aves", "Felidae"]
QUOTAS = [Quota(2026, name, (), (), "0", None, "", "") for name in dict.fromkeys(BOUND)]


def test_each_species_entry_gets_same_answer_on_device(node: Node) -> None:
    entries = species_schemas.for_devices(LISTING, (each.taxon for each in QUOTAS))["taxa"]
    fixed = {"today": TODAY.isoformat(), "issuer": "KG", "table": for_devices(())}
    quotas = [{"scientific_name": each.taxon, "year": 2026, "terms": [], "sources": []} for each in QUOTAS]
    for move in MOVES:
        given = {**fixed, "question": move}
        found = node.ask(*({"ask": "entry", "entry": each, "given": given, "quotas": quotas} for each in entries))
        for entry, said in zip(entries, found, strict=True):
            name = entry["scientific_name"]
            told = find_requirements(name, Question(None, **move), listing=LISTING, today=TODAY, issuer="KG")
            fits = [each.taxon for each in bounding(Line(scientific_name=name), QUOTAS, LISTING)]
            assert said == {"is": {"answer": answered(told.answer), "fits": fits}}, name
