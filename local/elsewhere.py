"""Seed of another country's practice register: a few permits made from its made-up exporter and importer.

It lacks parts of the Kyrgyz seed (`local/ministry.py`): quotas, stamps, breeding operations, seizures, foreign permits,
questions to the Scientific Authority, a deputy, devices, a proposed species list, certificates other than export
permits, mails, and Germany, which asks by EPIX.
"""

from __future__ import annotations

from datetime import date

from local.country import Country
from local.ministry import Json, Story, paper
from local.seed import SeedPlan


def seed_plan(country: Country) -> SeedPlan:
    """The permits to seed. Stories name Kyrgyz staff. `people.local_counterpart` gives this country's."""

    def sakers(*rings: str) -> list[Json]:
        return [{
            "scientific_name": "Falco cherrug", "description": "Live birds bred in captivity, hatched this year",
            "marks": "closed rings " + ", ".join(f"{country.code}-{ring}" for ring in rings),
            "source": "C", "term": "LIV", "quantity": str(len(rings)), "origin": {"country": country.code},
        }]  # fmt: skip

    def export(today: date, *rings: str) -> Json:
        return paper("E", country.exporter, country.importer, "Z", sakers(*rings))(today)

    stories = (
        Story("sakers, not used yet", "sunkar", lambda today: export(today, "0117", "0118")),
        Story("sakers that have left", "sunkar", lambda today: export(today, "0125"), then="export"),
        Story("revoked for a false declaration", "sunkar", lambda today: export(today, "0140"), ends="revoked",
              reason="The inspection found birds from the wild under these ring numbers."),
        Story("waiting for findings", "sunkar", lambda today: export(today, "0170"), ends="submitted"),
    )  # fmt: skip
    return SeedPlan(
        stories,
        {"export": lambda desk, issued: desk.endorse(issued, "export", country.posts[0])},
        lambda today: export(today, "0201", "0202"),
    )
