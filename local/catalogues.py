"""Check that the gettext catalogues are complete in every language, then compile them.

    python -m local.catalogues            check, then compile the .mo files; else print the faults and exit with 1
    python -m local.catalogues --update   first take new sentences into the .pot and .po files, and dates from Babel

1. The .pot has the sentences of the code, in its order.
2. So has each .po, and no others.
3. Each sentence is translated, none is fuzzy.
4. Each translation has the same placeholders.
5. dates.json agrees with Babel (CLDR).
6. Compile. Each file is replaced as a whole.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from chalicelib.i18n.words import DOMAIN, placeholders
from chalicelib.kernel.codes import LANGUAGES

PACKAGE = Path(__file__).resolve().parent.parent / "chalicelib"
SOURCES = (
    "verdict/sentences.py",
    "verification/labels.py",
    "mail/letterhead.py",
    "permits/mail.py",
    "alerts/mail.py",
    "expert_questions/mail.py",
    "requirements/services.py",
    "suspicions/mail.py",
    "composition/api_pages.py",
)
LOCALES = {
    "en": "en_GB",
    "ru": "ru",
    "ky": "ky",
    "uz": "uz_Latn",
    "fr": "fr",
}  # en_GB: the day before the month, as on CITES documents
FIRST_OF_MONTH = {"fr": "1er"}  # French writes the first day as an ordinal; CLDR's pattern has no place for it
DATES = PACKAGE / "data" / "dates.json"
POT = PACKAGE / "locale" / f"{DOMAIN}.pot"
MADE = datetime(2026, 1, 1, tzinfo=UTC)  # dates in the header of each compiled catalogue


def po_path(language: str) -> Path:
    return PACKAGE / "locale" / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def extract() -> Catalog:
    """Collect everything that the code marks for translation, in the order of the code and without line numbers."""
    catalogue = Catalog(project="tamga", version="1", charset="utf-8", fuzzy=False)
    for name in SOURCES:
        for _, message, comments, context in extract_from_file("python", PACKAGE / name, keywords={"N_": None}):
            catalogue.add(message, locations=[(f"chalicelib/{name}", 0)], auto_comments=comments, context=context)
    return catalogue


def read(path: Path, language: str | None = None) -> Catalog:
    with path.open("rb") as stream:
        return read_po(stream, locale=language, abort_invalid=True)


def sentences(catalogue: Catalog) -> list[str]:
    return [str(message.id) for message in catalogue if message.id]


def faults(code: Catalog, language: str, catalogue: Catalog) -> Iterator[str]:
    """List the faults of one language (checks 2, 3, 4)."""
    expected = sentences(code)
    yield from (f"{language}: not in the code: {gone!r}" for gone in sorted({*sentences(catalogue)} - {*expected}))
    for sentence in expected:
        message = catalogue.get(sentence)
        if message is None or not message.string:
            yield f"{language}: not translated: {sentence!r}"
        elif message.fuzzy:
            yield f"{language}: fuzzy: {sentence!r}"
        elif placeholders(str(message.string)) != placeholders(sentence):
            yield f"{language}: other facts than in {sentence!r}: {message.string!r}"
        elif language != "en" and message.string == sentence:
            yield f"{language}: still English: {sentence!r}"


def dates() -> dict[str, Any]:
    """Months and date patterns of each language from CLDR, as templates in our own spelling."""
    return {language: _dates_of(Locale.parse(name)) for language, name in LOCALES.items()}


def _dates_of(locale: Locale) -> dict[str, Any]:
    pattern = locale.date_formats["long"].format  # e.g. "%(y)s-'ж'., %(d)s-%(MMMM)s", without the quotes
    return {
        "first": FIRST_OF_MONTH.get(locale.language, "1"),
        "day": pattern % {"d": "{day}", "MMMM": "{month}", "y": "{year}"},
        "moment": str(locale.datetime_formats["medium"]).format("{time}", "{date}"),
        "months": [locale.months["format"]["wide"][number] for number in range(1, 13)],
    }


def dates_text() -> str:
    return json.dumps(dates(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def update() -> None:
    """Add new sentences to the files and remove those that left the code. Existing translations stay."""
    write(POT, extract())
    for language in LANGUAGES:
        path = po_path(language)
        catalogue = (
            read(path, language)
            if path.exists()
            else Catalog(locale=language, project="tamga", version="1", charset="utf-8", fuzzy=False)
        )
        catalogue.update(extract(), no_fuzzy_matching=True)  # Babel keeps the template's messages: one template each
        catalogue.obsolete.clear()
        if language == "en":
            for message in catalogue:
                message.string = message.string or message.id
        write(path, catalogue)
    DATES.write_text(dates_text(), encoding="utf-8")


def write(path: Path, catalogue: Catalog) -> None:
    catalogue.header_comment = f"# {catalogue.locale_identifier or 'Template'}: the words of Tamga. Apache-2.0."
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=110, include_lineno=False, omit_header=False)
    lines = buffer.getvalue().decode().splitlines(keepends=True)
    noise = (
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Last-Translator",
        "Generated-By",
        "Language-Team",
        "Report-Msgid",
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(line for line in lines if not line.lstrip('"').startswith(noise)), encoding="utf-8")


def compile_catalogue(catalogue: Catalog, path: Path) -> None:
    """Compile one catalogue to `path`.

    The file is replaced as a whole, so a server that starts meanwhile reads the old or the new one. The header has a
    fixed date, so that two packages of one commit are identical.
    """
    catalogue.creation_date = catalogue.revision_date = MADE
    partial = path.with_suffix(".partial")
    with partial.open("wb") as stream:
        write_mo(stream, catalogue)
    partial.replace(path)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m local.catalogues", description=__doc__.splitlines()[0])
    parser.add_argument("--update", action="store_true", help="first add new sentences and dates to the files")
    if parser.parse_args(arguments).update:
        update()
    code = extract()
    found = (
        []
        if sentences(read(POT)) == sentences(code)
        else [f"{POT.name}: differs from the sentences in the code; run: python -m local.catalogues --update"]
    )  # 1
    catalogues = {language: read(po_path(language), language) for language in LANGUAGES}
    for language, catalogue in catalogues.items():  # 2, 3, 4
        found.extend(faults(code, language, catalogue))
    if DATES.read_text(encoding="utf-8") != dates_text():  # 5
        found.append(f"{DATES.name}: differs from Babel's dates; run: python -m local.catalogues --update")
    if found:
        print("\n".join(found), file=sys.stderr)
        return 1
    for language, catalogue in catalogues.items():  # 6
        compile_catalogue(catalogue, po_path(language).with_suffix(".mo"))
    print(f"Compiled {len(sentences(code))} sentences in {len(catalogues)} languages")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
