"""Made-up breeding operations of the local ministry. Two of its exporters are registered, the zoo is not."""

from __future__ import annotations

from typing import Any

from local.ministry import FALCONS, TERRARIUM

SOURCE = "Машыгуу үчүн ойдон чыгарылган · Вымышлено для учёбы · MADE UP FOR PRACTICE"
OPERATIONS: tuple[dict[str, Any], ...] = (
    {
        "number": "KG-OP-001", "holder": FALCONS["name"], "scientific_name": "Falco cherrug", "sources": ["C", "F"],
        "a_year": "40", "since": "2024-03-01", "source": SOURCE,
    },
    {
        "number": "KG-OP-002", "holder": TERRARIUM["name"], "scientific_name": "Testudo horsfieldii",
        "sources": ["C", "F"], "a_year": "100", "since": "2023-05-15", "source": SOURCE,
    },
)  # fmt: skip
