"""Write the vectors: `python tests/vectors/make.py`.

Each run gives the same bytes, but our code makes none of them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).resolve().parent
if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent))

from vectors import (  # noqa: E402
    cases_annotations,
    cases_arrivals,
    cases_codes,
    cases_days,
    cases_importers,
    cases_listed,
    cases_lists,
    cases_names,
    cases_papers,
    cases_quotas,
    cases_requirements,
    cases_tables,
    cases_use,
    cases_wire,
)


def files() -> Mapping[str, str]:
    """Return file name -> text with one vector a line."""
    tables = {
        "texts": [*cases_wire.texts(), cases_wire.longest()],
        "cbor": cases_wire.cbor(),
        "cose": cases_wire.cose(),
        "claims": cases_wire.claims(),
        "trust_lists": cases_lists.trust_lists(),
        "bundles": cases_lists.bundles(),
        "status_lists": cases_lists.status_lists(),
        "digests": cases_lists.small(),
        "verdicts": [
            *cases_codes.cases(),
            *cases_use.use_rules(),
            *cases_use.two_pages(),
            *cases_listed.cases(),
            *cases_arrivals.cases(),
        ],
        "directions": cases_tables.cases(),
        "papers": cases_papers.papers(),
        "numbers": cases_papers.numbers(),
        "names": cases_names.cases(),
        "requirements": cases_requirements.cases(),
        "quotas": cases_quotas.cases(),
        "importers": cases_importers.cases(),
        "annotations": cases_annotations.cases(),
        "species_days": cases_days.cases(),
    }
    return {
        f"{name}.json": "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n"
        for name, rows in tables.items()
    }


if __name__ == "__main__":
    for name, text in files().items():
        (HERE / name).write_text(text, encoding="utf-8")
