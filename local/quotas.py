"""Made-up quotas of the local ministry. Real ones were not available. The ministry enters its own."""

from __future__ import annotations

from datetime import date
from typing import Any

SOURCE = "Машыгуу үчүн ойдон чыгарылган · Вымышлено для учёбы · MADE UP FOR PRACTICE"
FIGURES: tuple[tuple[str, list[str], list[str], str, str | None], ...] = (
    ("Ovis ammon", ["TRO"], ["W"], "60", None),
    ("Capra sibirica", ["TRO"], ["W"], "250", None),
    ("Falco cherrug", ["LIV"], ["C", "F"], "120", None),
    ("Falco cherrug", [], ["W"], "0", None),
    ("Testudo horsfieldii", ["LIV"], ["C", "F"], "1500", None),
    ("Acipenser baerii", ["CAV"], ["C"], "180.5", "KGM"),
)


def figures(today: date) -> list[dict[str, Any]]:
    """The quotas of this year and last year, as the service takes them."""
    return [
        {
            "year": year, "scientific_name": taxon, "terms": terms, "sources": sources, "quantity": quantity,
            **({"unit": unit} if unit else {}), "source": SOURCE, "as_of": f"{year}-01-15",
        }
        for year in (today.year, today.year - 1)
        for taxon, terms, sources, quantity, unit in FIGURES
    ]  # fmt: skip
