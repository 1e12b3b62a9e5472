"""Translations of the pages: gettext catalogues in, one JSON for each door and language out.

    python -m local.web_catalogues            write web/i18n/<door>.<language>.json; list what is not translated yet
    python -m local.web_catalogues --update   first add new sentences to web/locale/*.po, and remove old ones

Members of a JSON:

- `texts`: arguments of t('...') in shared/ and the door's folder.
- `verdict`: the server's sentences (chalicelib/verdict/sentences.py).
- `dates`: months and date patterns. `decimal`: the decimal sign.
- `countries`: names from CLDR by Babel, because no browser has them in Kyrgyz.
- `codes`: kinds, purposes, sources, terms, units. local/site.py adds the posts of the deployment's country.
- `remarks`: remarks in our own tables of species, with their source.

English is the text in the code and needs no catalogue. `faults()` lists what is wrong with a catalogue;
tests/unit/i18n/test_web_catalogues.py requires that it finds nothing.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages import Catalog

from chalicelib.kernel import codes, document_kinds
from chalicelib.kernel.countries import ORIGINS
from chalicelib.verdict import sentences
from local import catalogues
from local.door import WEB, doors
from local.site import imports

LOCALE = WEB / "locale"
I18N = WEB / "i18n"
SHARED, CODES = "shared", "codes"  # catalogues that every door gets
REMARKS = "remarks"  # catalogue of doors that show a species' entry
REMARKED_IN = ("ky", "ru")  # other languages quote the English table
REMARKED: Mapping[str, tuple[str, ...]] = {
    "species.csv": ("annotation", "decided", "range_source", "source"),
    "species_history.csv": ("what", "source"),
    "unlisted.csv": ("note", "source"),
    "importers.csv": ("source",),
    "name_choices.csv": ("range",),
}
OFFICIAL = {  # official names where CLDR differs; for Uzbek, the official letters
    "ru": {"KG": "Кыргызстан"},
    "fr": {"KG": "Kirghizistan"},
    "uz": {"CI": "Kot-dʼIvuar", "EH": "Gʻarbiy Sahroi Kabir", "US": "Amerika Qoʻshma Shtatlari"},
}
NO_COUNTRY = ("XX", "XV", "ZZ")  # codes in place of a country; CLDR does not have them in this sense
# Verdict codes that the public check never finds itself, because it has only a QR text and lists: those of own scans,
# of files, of the register and of uses in the register. The service's response contains the words for them.
NOT_JUDGED_BY_PUBLIC = frozenset(
    {"D1", "D4", "F3", "F4", "F5", "L2", "P2", "P3", "T8", "U0", "U2", "U3", "U4", "U7", "U8", "U9"}
)


def said_by_public(name: str) -> bool:
    """True if the public check itself may need the sentence of this name in `sentences.CODES`."""
    return name != "T4 no_code" and name.split(maxsplit=1)[0] not in NOT_JUDGED_BY_PUBLIC  # `no_code` is for files


SAME = frozenset({"Tamga"})  # texts that may be the same in every language

_LITERAL = r"""'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*\""""
_CALL = re.compile(rf"(?<![\w.$])(?<!function )t\(\s*((?:{_LITERAL})(?:\s*\+\s*(?:{_LITERAL}))*)?")
_SUPERSCRIPT = {"m2": "m²", "m3": "m³", "cm3": "cm³"}
_CYRILLIC = {
    "kg": "кг",
    "g": "г",
    "mg": "мг",
    "l": "л",
    "ml": "мл",
    "m": "м",
    "cm": "см",
    "m2": "м²",
    "m3": "м³",
    "cm3": "см³",
}
_NAMED: Mapping[str, Mapping[str, codes.Code]] = {
    "kinds": document_kinds.KINDS, "purposes": codes.PURPOSES, "sources": codes.SOURCES, "terms": codes.TERMS,
}  # fmt: skip


class NotLiteral(ValueError):
    """Raised when t() is called with something that is no string literal, because no catalogue can contain it."""


def texts_of(code: str) -> Iterator[str]:
    """Extract the sentences of one module. Raises `NotLiteral`."""
    for match in _CALL.finditer(re.sub(r"^\s*(//|\*|/\*).*$", "", code, flags=re.MULTILINE)):
        if match[1] is None:
            raise NotLiteral(code[match.start() : match.start() + 60])
        parts = re.findall(_LITERAL, match[1])
        yield "".join(re.sub(r"\\(.)", r"\1", part[1:-1]) for part in parts)


def domains() -> dict[str, tuple[str, ...]]:
    """Catalogue -> its languages besides English. `shared` and `codes` have the languages of all doors."""
    found = {door.name: tuple(each for each in door.languages if each != "en") for door in doors()}
    every = tuple(dict.fromkeys(language for languages in found.values() for language in languages))
    return {SHARED: every, CODES: every, REMARKS: REMARKED_IN, **found}


def extract(domain: str, language: str) -> Catalog:
    """Collect everything that a catalogue must translate, in the order of the code."""
    catalogue = Catalog(project="tamga", version="1", charset="utf-8", fuzzy=False)
    if domain == CODES:
        for name in _untranslated_codes(language):
            catalogue.add(name)
        return catalogue
    if domain == REMARKS:
        for file, columns in REMARKED.items():
            for row in csv.DictReader((catalogues.PACKAGE / "data" / file).read_text("utf-8").splitlines()):
                for text in filter(None, (row[column] for column in columns)):
                    catalogue.add(text, locations=[(f"chalicelib/data/{file}", 0)])
        return catalogue
    for path in sorted((WEB / domain).rglob("*.js")):
        for text in texts_of(path.read_text("utf-8")):
            catalogue.add(text, locations=[(str(path.relative_to(WEB.parent)), 0)])
    for path in sorted((WEB / domain).glob("*.json")):
        for text in _texts_of_rows(json.loads(path.read_text("utf-8"))):
            catalogue.add(text, locations=[(str(path.relative_to(WEB.parent)), 0)])
    return catalogue


def _texts_of_rows(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Texts for readers in a table of data beside a door's modules."""
    for row in rows:
        yield from (row[name] for name in ("title", "about", "goods", "why") if name in row)
        yield from row.get("captions", ())


def _untranslated_codes(language: str) -> list[str]:
    """English names of codes for which the core's tables have no name in this language."""
    rows = [code for table in _NAMED.values() for code in table.values()]
    names = [code.en for code in rows if not getattr(code, language, "")]
    return list(dict.fromkeys([*names, *(ORIGINS[code] for code in NO_COUNTRY)]))


def po_path(domain: str, language: str) -> Path:
    return LOCALE / f"{domain}.{language}.po"


def faults() -> Iterator[str]:
    """List what is missing or wrong in any catalogue."""
    for domain, languages in domains().items():
        for language in languages:
            path = po_path(domain, language)
            if not path.exists():
                yield f"{path.name}: not there; run --update"
                continue
            found = catalogues.faults(extract(domain, language), language, catalogues.read(path, language))
            yield from (f"{domain} {each}" for each in found if not any(f"{same!r}" in each for same in SAME))
            if domain not in (SHARED, CODES, REMARKS):
                yield from _said_otherwise(domain, language)


def _said_otherwise(door: str, language: str) -> Iterator[str]:
    """Texts that a door translates differently from shared/.

    The door's words would replace those of shared/ on the screens of shared/.
    """
    own, shared = translated(door, language), translated(SHARED, language)
    for text in sorted(own.keys() & shared.keys()):
        if own[text] != shared[text]:
            yield f"{door} {language}: otherwise than in {SHARED}: {text!r}: {own[text]!r}, {shared[text]!r}"


def update() -> None:
    LOCALE.mkdir(exist_ok=True)
    for domain, languages in domains().items():
        for language in languages:
            path = po_path(domain, language)
            held = catalogues.read(path, language) if path.exists() else Catalog(
                locale=language, project="tamga", version="1", charset="utf-8", fuzzy=False
            )  # fmt: skip
            held.update(extract(domain, language), no_fuzzy_matching=True)
            held.obsolete.clear()
            catalogues.write(path, held)


def translated(domain: str, language: str) -> dict[str, str]:
    """English -> this language, for sentences that have a translation."""
    path = po_path(domain, language)
    if language == "en" or not path.exists():
        return {}
    return {str(m.id): str(m.string) for m in catalogues.read(path, language) if m.id and m.string and not m.fuzzy}


def content(door: str, language: str) -> dict[str, Any]:
    """The JSON of one door and language."""
    modules = dict(shared_modules(door))
    shared = {text for code in modules.values() for text in texts_of(code)}
    return {
        "language": language,
        "texts": {text: said for text, said in translated(SHARED, language).items() if text in shared}
        | translated(door, language),
        "verdict": _verdict_words(language, officer=door != "check"),
        "dates": catalogues.dates()[language],
        "decimal": Locale.parse(language).number_symbols["latn"]["decimal"],
        "countries": _countries(language),
        "codes": _codes(language),
        "remarks": translated(REMARKS, language) if f"{SHARED}/remark.js" in modules else {},
    }


def shared_modules(door: str) -> Iterator[tuple[str, str]]:
    """Name and code of each module of shared/ that this door imports.

    A phone then loads no sentence of another door.
    """
    waiting = sorted(str(path.relative_to(WEB)) for path in (WEB / door).rglob("*.js"))
    seen = set(waiting)
    while waiting:
        name = waiting.pop()
        code = (WEB / name).read_text("utf-8")
        if name.startswith(f"{SHARED}/"):
            yield name, code
        for other in imports(name, code, later=True):
            if other.startswith(f"{SHARED}/") and other not in seen:
                seen.add(other)
                waiting.append(other)


def _verdict_words(language: str, *, officer: bool) -> dict[str, Any]:
    held = catalogues.read(catalogues.po_path(language), language)
    words = {str(message.id): str(message.string) for message in held if message.id}

    def said(variants: Iterable[str]) -> list[str]:
        return [words[variant] for variant in variants]

    steps = sentences.STEPS if officer else sentences.PUBLIC_STEPS
    return {
        "outcomes": {name: said(variants) for name, variants in sentences.OUTCOMES.items()},
        "steps": {name: [said(variants) for variants in each] for name, each in steps.items()},
        "checks": {str(number): words[name] for number, name in sentences.CHECKS.items()},
        "settled": said(sentences.CLEARED),
        "codes": {
            name: said(variants) for name, variants in sentences.CODES.items() if officer or said_by_public(name)
        },
    }


def _countries(language: str) -> dict[str, str]:
    if language == "en":
        return dict(ORIGINS)
    names, own = Locale.parse(language).territories, translated(CODES, language)
    official = OFFICIAL.get(language, {})
    return {
        code: official.get(code) or (own.get(name, name) if code in NO_COUNTRY else str(names[code]))
        for code, name in ORIGINS.items()
    }


def _codes(language: str) -> dict[str, dict[str, str]]:
    own = translated(CODES, language)

    def name_of(code: codes.Code) -> str:
        return getattr(code, language, "") or own.get(code.en, code.en)

    named = {name: {code: name_of(row) for code, row in table.items()} for name, table in _NAMED.items()}
    return {
        **named,
        "units": {code: _symbol(unit, language) for code, unit in codes.UNITS.items() if code != codes.NUMBER},
    }


def _symbol(unit: codes.Unit, language: str) -> str:
    """The unit's symbol behind a number. Symbols need no inflection."""
    return (_CYRILLIC if language in {"ru", "ky"} else _SUPERSCRIPT).get(unit.symbol, unit.symbol)


def write_all() -> int:
    """Write all JSON files, each as a whole, and return their number."""
    I18N.mkdir(exist_ok=True)
    count = 0
    for door in doors():
        for language in door.languages:
            path = I18N / f"{door.name}.{language}.json"
            text = json.dumps(content(door.name, language), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
            partial = path.with_suffix(".partial")
            partial.write_text(text + "\n", encoding="utf-8")
            partial.replace(path)
            count += 1
    return count


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m local.web_catalogues", description=__doc__.splitlines()[0])
    parser.add_argument("--update", action="store_true", help="first add new sentences to the .po files")
    if parser.parse_args(arguments).update:
        update()
    for fault in faults():
        print(fault, file=sys.stderr)
    print(f"Wrote {write_all()} catalogues of the pages")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
