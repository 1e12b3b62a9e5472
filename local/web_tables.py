"""Tables of web/core, written at set-up from those of chalicelib and from PyPI's `tzdata`.

    python -m local.web_tables      write web/core/generated/*.js

The first line of each module names the Python modules with the same values, so that no table is kept twice.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any

from chalicelib.applications.rules import validity
from chalicelib.kernel import codes, countries, document_kinds, numbers
from chalicelib.species.model import annotation_rules
from chalicelib.species.model.annotations import for_devices as annotation_tables
from chalicelib.verdict import check_results
from local import web_zones

FOLDER = Path(__file__).resolve().parents[1] / "web" / "core" / "generated"
ANNOTATIONS, CODES, COUNTRIES = "annotations.js", "codes.js", "countries.js"
FOREIGN_NUMBERS, ZONES = "foreign_numbers.js", "tzdata.js"
FILES = (ANNOTATIONS, CODES, COUNTRIES, FOREIGN_NUMBERS, ZONES)
MILLION = 10**6

CODE_TYPES = """\
/**
 * @typedef {{readonly code: string, readonly en: string}} Code
 *
 * `letter`: the suffix of its number and its box 1. `manyCrossings`: endorsed at each crossing, never used up.
 * @typedef {Code & {readonly letter: string, readonly manyCrossings: boolean}} Kind
 *
 * 1 of a unit = `millionths` millionths of `base`; two units convert only if they share a base. `symbol` is printed.
 * @typedef {Code & {readonly symbol: string, readonly base: string, readonly millionths: bigint}} Unit
 */

/** @template {Code} C @param {readonly C[]} rows @returns {ReadonlyMap<string, C>} */
const table = (rows) => new Map(rows.map((row) => [row.code, row]));

/** @param {string} lines `code name` each @returns {[string, string][]} */
const pairs = (lines) => lines.split("\\n").map((line) => [line.split(" ", 1)[0], line.slice(line.indexOf(" ") + 1)]);

/** @param {string} lines @returns {ReadonlyMap<string, Code>} */
const named = (lines) => table(pairs(lines).map(([code, en]) => ({ code, en })));
"""
COUNTRY_TYPES = """\
/** @param {string} lines `code name` each @returns {[string, string][]} */
const pairs = (lines) => lines.split("\\n").map((line) => [line.slice(0, 2), line.slice(3)]);
"""


def files() -> dict[str, str]:
    """Name -> text of each module."""
    return {
        ANNOTATIONS: _module([annotation_rules], "", _annotations()),
        CODES: _module([codes, check_results, validity], CODE_TYPES, _codes()),
        COUNTRIES: _module([countries], COUNTRY_TYPES, _countries()),
        FOREIGN_NUMBERS: _module([numbers], "", _foreign_numbers()),
        ZONES: f"// The time zones of tzdata {version('tzdata')}; written by local.web_tables at set-up.\n\n"
        f"export const ZONES = `\n{web_zones.text()}\n`;\n",
    }


def make(folder: Path = FOLDER) -> None:
    """Write all files, each as a whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files().items():
        part = folder / f"{name}.part"
        part.write_text(text, encoding="utf-8")
        part.replace(folder / name)


def made(folder: Path = FOLDER) -> bool:
    """True if all files exist."""
    return all((folder / name).exists() for name in FILES)


def _module(sources: Iterable[ModuleType], types: str, constants: Mapping[str, tuple[str, str]]) -> str:
    """Text of one JavaScript module. `constants`: name -> JSDoc type and expression."""
    named = ", ".join(each.__name__ for each in sources)
    parts = [f"// The tables of {named}; written by local.web_tables at set-up.\n", types]
    parts += [f"/** @type {{{kind}}} */\nexport const {name} = {value};\n" for name, (kind, value) in constants.items()]
    return "\n".join(filter(None, parts))


def _codes() -> dict[str, tuple[str, str]]:
    outcome = " | ".join(map(_js, check_results.OUTCOMES))
    kinds = ((each.code, each.en, each.letter, each.many_crossings) for each in document_kinds.KINDS.values())
    units = ((each.code, each.en, each.symbol, each.base, int(each.factor * MILLION)) for each in codes.UNITS.values())
    months = {kind: each.months for kind, each in validity.VALIDITY.items()}
    return {
        "KINDS": (
            "ReadonlyMap<string, Kind>",
            _table("{{ code: {}, en: {}, letter: {}, manyCrossings: {} }}", kinds),
        ),
        "PURPOSES": ("ReadonlyMap<string, Code>", _named(codes.PURPOSES)),
        "SOURCES": ("ReadonlyMap<string, Code>", _named(codes.SOURCES)),
        "TERMS": ("ReadonlyMap<string, Code>", _named(codes.TERMS)),
        "NUMBER": ("string", _js(codes.NUMBER)),
        "UNITS": (
            "ReadonlyMap<string, Unit>",
            _table("{{ code: {}, en: {}, symbol: {}, base: {}, millionths: {}n }}", units),
        ),
        "OUTCOMES": (f"readonly ({outcome})[]", _js(check_results.OUTCOMES)),
        "CHECKS": ("ReadonlyMap<number, string>", f"new Map({_js(list(check_results.CHECKS.items()))})"),
        "CHECK_OF": ("ReadonlyMap<string, number>", f"new Map(Object.entries({_js(dict(check_results.CHECK_OF))}))"),
        "VALIDITY": ("ReadonlyMap<string, number>", f"new Map(Object.entries({_js(months)}))"),
    }


def _countries() -> dict[str, tuple[str, str]]:
    others = {code: name for code, name in countries.ORIGINS.items() if code not in countries.COUNTRIES}
    kind = "ReadonlyMap<string, string>"
    return {
        "COUNTRIES": (kind, f"new Map(pairs({_lines(countries.COUNTRIES)}))"),
        "ORIGINS": (kind, f"new Map([...COUNTRIES, ...pairs({_lines(others)})])"),
    }


def _annotations() -> dict[str, tuple[str, str]]:
    return {"ANNOTATIONS": ("import('../annotations.js').Rules", _js(annotation_tables()))}


def _foreign_numbers() -> dict[str, tuple[str, str]]:
    forms = {country: each.form.pattern for country, each in numbers.FORMS.items()}
    return {
        "RECOMMENDED": ("string", _js(numbers.RECOMMENDED.pattern)),
        "FORMS": ("ReadonlyMap<string, string>", f"new Map(Object.entries({_js(forms)}))"),
    }


def _js(value: Any) -> str:
    """A JavaScript literal (JSON is one)."""
    return json.dumps(value, ensure_ascii=False)


def _lines(names: Mapping[str, str]) -> str:
    return _js("\n".join(f"{code} {name}" for code, name in names.items()))


def _named(rows: Mapping[str, codes.Code]) -> str:
    return f"named({_lines({code: each.en for code, each in rows.items()})})"


def _table(form: str, rows: Iterable[tuple[Any, ...]]) -> str:
    lines = "".join(f"  {form.format(*map(_js, row))},\n" for row in rows)
    return f"table([\n{lines}])"


if __name__ == "__main__":
    make()
    print(f"Wrote {len(FILES)} tables of the pages", file=sys.stderr)
