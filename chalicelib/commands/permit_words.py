"""What stands on a permit, in lines for whoever answers for it: nothing is cut off on a narrow screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def parties(record: Mapping[str, Any]) -> str:
    """`Falcon Centre LLC (KG) -> Abu Dhabi Falcons (AE), purpose B`."""
    sides = (f"{side.get('name')} ({side.get('country')})" for side in (record["exporter"], record["importer"]))
    return f"{' -> '.join(sides)}, purpose {record.get('purpose') or '-'}"


def goods(line: Mapping[str, Any]) -> str:
    """`2 LIV Falco cherrug, Appendix II, source C, marks rings KG-0117`, then description and block 12, if any."""
    what = " ".join(filter(None, (line.get("quantity"), line.get("unit"), line.get("term"), line["scientific_name"])))
    words = [
        what, f"Appendix {line.get('appendix') or '-'}", f"source {line.get('source') or '-'}",
        f"marks {line.get('marks') or 'none'}",
    ]  # fmt: skip
    if line.get("description"):
        words.append(str(line["description"]))
    for name, label in (("origin", "origin"), ("last_reexport", "last re-export")):
        if line.get(name):
            words.append(f"{label} {' '.join(str(part) for part in line[name].values() if part)}")
    if line.get("operation_or_acquisition"):
        words.append(f"12b {line['operation_or_acquisition']}")
    if line.get("quota_year"):
        words.append(f"quota of {line['quota_year']}")
    return ", ".join(words)
