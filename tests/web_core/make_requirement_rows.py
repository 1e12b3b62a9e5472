"""Writes web/core/requirement_rows.js and allowances.js out of the tables of chalicelib/core:
`python tests/web_core/make_requirement_rows.py`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parents[2]))

from chalicelib.core import allowances, codes  # noqa: E402
from chalicelib.core import requirement_rows as table  # noqa: E402

CORE = HERE.parents[2] / "web" / "core"
ROWS = """/**
 * Which goods need which document: the rows of chalicelib/core/requirement_rows.py, which says what they stand on, and
 * which kingdom a source is for (codes.py). Written by tests/web_core/make_requirement_rows.py.
 *
 * `when`: fact -> what it may be. `documents`: kind, who issues it, why, article, what serves as well.
 * @typedef {{kind: string, by: string, why: string, article: string, alternatives: string[]}} Wanted
 * @typedef {{number: number, decision: "documents" | "none" | "prohibited" | "ask", article: string, reasons: string[],
 *   when: Record<string, string[]>, documents: Wanted[]}} Row
 */

"""
ALLOWANCES = """/**
 * How much of a few goods a person may carry without any document (Conf. 13.7): the rows of
 * chalicelib/core/allowances.py, and the units that they are compared in. Written by
 * tests/web_core/make_requirement_rows.py.
 *
 * @typedef {{code: string, groups: string[], terms: string[], most: string, unit: string}} Allowance
 */

"""


def files() -> dict[Path, str]:
    rows = [
        {"number": row.number, "decision": row.decision, "article": row.article, "reasons": list(row.reasons),
         "when": {fact: sorted(values) for fact, values in row.when.items()},
         "documents": [{"kind": d.kind, "by": d.by, "why": d.why, "article": d.article,
                        "alternatives": list(d.alternatives)} for d in row.documents]}
        for row in table.ROWS
    ]  # fmt: skip
    kingdoms = {source.code: source.kingdom for source in codes.SOURCES.values()}
    carried = [
        {"code": each.code, "groups": sorted(each.groups), "terms": sorted(each.terms), "most": each.most,
         "unit": each.unit}
        for each in allowances.ALLOWANCES
    ]  # fmt: skip
    units = {unit.code: [unit.base, format(unit.factor, "f")] for unit in codes.UNITS.values()}
    return {
        CORE / "requirement_rows.js": ROWS + "/** @type {readonly Row[]} */\n" + _array("ROWS", rows)
        + f"\nexport const NON_PARTIES = {json.dumps(sorted(table.NON_PARTIES))};\n"
        + f"\nexport const EAEU = {json.dumps(sorted(table.EAEU))};\n"
        + "\n/** @type {Record<string, string | null>} */\n"
        + f"export const SOURCE_KINGDOMS = {json.dumps(kingdoms)};\n",
        CORE / "allowances.js": ALLOWANCES + "/** @type {readonly Allowance[]} */\n" + _array("ALLOWANCES", carried)
        + "\n/** unit -> what it is counted in, and how much of it one is @type {Record<string, [string, string]>} */\n"
        + f"export const FACTORS = {json.dumps(units)};\n",
    }  # fmt: skip


def _array(name: str, rows: Iterable[Any]) -> str:
    lines = "".join(f"  {json.dumps(row, ensure_ascii=False)},\n" for row in rows)
    return f"export const {name} = [\n{lines}];\n"


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
