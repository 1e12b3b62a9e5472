"""Normalisation of permit numbers: paper register, Tamga's own, and other Parties' permits without a code.

    written("№ kg–0001 / 2025")  -> "KG-0001/2025"    the spelling to show
    identity("KG 0001 25")       -> "KG1-2025"        the key to find and compare by

`identity` treats these differences as equal:

* letters that look alike; O and 0; I, L and 1
* blanks and other separators; zeros in front
* "N" or "No" before the number
* two digits for a year at the end

Two numbers that a person could confuse have the same identity. This stops the reuse of a paper under another spelling.
`identity(identity(n)) == identity(written(n)) == identity(n)`. A number that reads as one of Tamga's (`26KG000045/E`,
FORMAT.md 1) has that number as its identity. With more text behind it, it reads as the same
number or as none.

`form_of` compares the number of another Party's permit with the form that its country is known to use. The form proves
nothing. An unusual one is a reason for an officer to look twice. A number in the recommended form names its own country
and serial. `use_key` uses them and ignores the text around the number and the recorded issuer. `normalise_number`
refuses text that is no number (`#NAME?`, `4291,,,`, both found in trade data).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from chalicelib.kernel.countries import COUNTRIES
from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.kernel.text import DASHES, forbidden_characters

NUMBER_FORM = re.compile(r"[0-9]{2}[A-Z]{2}[0-9]{6}/[A-Z]{1,2}")  # within the 35 characters of the WCO data model

LENGTH = 35  # characters; a number of the WCO data model, as FORMAT.md 1

# Cyrillic capitals, Russian and Kyrgyz, that look like a Latin one (Unicode TR 39, confusables).
_ALIKE = str.maketrans("АВЕЁКМНОӨРСТУҮХІЅЈ", "ABEEKMHOOPCTYYXISJ")

# Letters that people type for a digit. Г looks like no Latin letter, but people write it for the G of KG.
_SAME = str.maketrans("OILЗГ", "0113G")

_FORM = re.compile(r"[A-ZА-ЯҢ0-9](?:[A-ZА-ЯҢ0-9./-]*[A-ZА-ЯҢ0-9])?")

# Separators may stand between the parts, never inside the serial. Six digits in front of a letter are the whole serial:
# else `26KG000001/I/1` reads as 26KG000011/I.
_LIKE_TAMGA = re.compile(
    r"(?:[0O][./-]*)*([0-9OIL][./-]*[0-9OIL])[./-]*([A-ZГ][./-]*[A-ZГ])[./-]*"
    r"(?:(?![0-9]{6}(?![0-9]))[0O][./-]*)*?([0-9OIL]{1,6})"
    r"([./-]*[A-Z](?:[./-]*[A-Z])?|(?<=[0-9OIL]{6})[./-]*[01])"
)

# A whole number and its ending, with more text behind them that holds no second number.
_BEGINS_AS_TAMGA = re.compile(
    r"([0-9]{2})[./-]*([A-ZГ]{2})[./-]*"
    r"(?!.*[0-9][./-]*[A-ZГ]{2}[./-]*[0-9])([0-9]{6})[./-]*([A-Z]{1,2}(?![A-Z])|[OIL])"
)

# A number of Tamga's as people type it, with blanks inside the serial: all six digits, and an ending.
_SPACED_TAMGA = re.compile(r"([0-9]{2})-?([A-ZГ]{2})-?((?:[0-9OIL]-?){5}[0-9])[-/]?([A-Z]{1,2})")


def normalise_number(text: str) -> str:
    """Return the number as it is shown: capitals, look-alike letters Latin, `-` for every dash and blank, no `№`.

    The result has letters, digits, `.`, `/` and `-`, at most 35 characters, and at least one digit. Raises `Invalid`
    if that is not possible.
    """
    fault = FieldError(
        "number",
        "number",
        f"Must be a document number such as 26KG000123/E: letters, digits and . / - only, at most {LENGTH}.",
    )
    if len(text) > 4 * LENGTH or forbidden_characters(text):
        raise Invalid(fault)
    plain = unicodedata.normalize("NFKC", text.replace("№", " ").replace("#", " "))
    made = DASHES.sub("-", " ".join(plain.split())).upper().translate(_ALIKE)
    made = re.sub(r" ?([./-]) ?", r"\1", made)
    made = re.sub(r"^NO?[.:]? ?(?=[0-9])", "", made).replace(" ", "-")
    if not 0 < len(made) <= LENGTH or not _FORM.fullmatch(made) or not re.search("[0-9]", made):
        raise Invalid(fault)
    return made


def identity(number: str) -> str:
    """Return the key by which a number is found and compared. Raises `Invalid` as `normalise_number` does.

    A number of Tamga's own form is its own identity.
    """
    if NUMBER_FORM.fullmatch(number):
        return number
    shown = normalise_number(number)
    parts = parts_of(shown)
    if parts[0] == "N" and parts[1:]:  # "N 117", "N-117", "No 117": O is 0 by now
        parts = parts[2:] if parts[1] == "0" and parts[2:] and parts[2].isdigit() else parts[1:]
    tamga = as_tamga_number(shown) or as_tamga_number(_joined(parts))
    if tamga is not None:
        return tamga
    digits = [at for at, part in enumerate(parts) if part.isdigit()]
    last = digits[-1]
    if len(digits) > 1 and len(parts[last]) == 2 and len(_joined(parts)) <= LENGTH - 2:
        parts[last] = "20" + parts[last]  # papers of another century have expired
    return _joined(parts)


def read_typed_number(text: str) -> str | None:
    """Return the number of Tamga's form that a person types for a look-up, also `26KG 123 456 E`, or None.

    For look-ups only. Endorsements, imports and stored numbers use `identity`, which reads no blank inside a serial.
    A paper can have the text as its own number, so a look-up tries that `identity` first.
    """
    try:
        meant, shown = identity(text), normalise_number(text)
    except Invalid:
        return None
    if NUMBER_FORM.fullmatch(meant):
        return meant
    found = _SPACED_TAMGA.fullmatch(shown)
    return as_tamga_number("".join(found.groups()).replace("-", "")) if found else None


def parts_of(shown: str) -> list[str]:
    """Split a written number into runs of letters and runs of digits, without zeros in front.

    Adjacent runs of letters are joined.
    """
    parts: list[str] = []
    for part in re.findall("[0-9]+|[A-ZА-ЯҢ]+", shown.translate(_SAME)):
        if part[0].isdigit():
            parts.append(part.lstrip("0") or "0")
        elif parts and not parts[-1].isdigit():
            parts[-1] += part
        else:
            parts.append(part)
    return parts


def _joined(parts: list[str]) -> str:
    made = ""
    for part in parts:
        made += f"-{part}" if made and made[-1].isdigit() and part.isdigit() else part
    return made


def as_tamga_number(shown: str) -> str | None:
    """Return the number of Tamga's form that a written number reads as, or None."""
    found = _LIKE_TAMGA.fullmatch(shown) or _BEGINS_AS_TAMGA.match(shown)
    if found is None:
        return None
    year, country, serial, suffix = (re.sub("[./-]", "", part) for part in found.groups())
    digits = f"{year}{serial:0>6}".translate(_SAME)
    return f"{digits[:2]}{country.replace('Г', 'G')}{digits[2:]}/{suffix.replace('0', 'O').replace('1', 'I')}"


Form = Literal["known", "recommended", "unusual", "other_country", "unknown"]


@dataclass(frozen=True, slots=True)
class NumberForm:
    """Form of one country's numbers. `form` matches a number as `normalise_number` returns it. `example` is real."""

    form: re.Pattern[str]
    example: str
    source: str


# Conf. 12.3 recommends WWxxYYYYYY/zz: year, ISO country, serial, and an ending of the country's choice.
RECOMMENDED = re.compile(r"[0-9]{2}([A-Z]{2})[0-9]{6}(/[A-Z0-9]{1,6})?")

# The same inside a written text. It allows a year of four digits, separators, zeros in front, O I L З for digits,
# З for Z and Г for G.
_WITHIN = re.compile(
    r"(?<![0-9])(?:2[./-]?[0O][./-]?|[0O]*)([0-9OILЗ][./-]?[0-9OILЗ])[./-]*([A-ZЗГ][./-]?[A-ZЗГ])"
    r"[./-]*(?:[0O][./-]?)*?([0-9OILЗ](?:[./-]?[0-9OILЗ]){5})(?![0-9])"
)

_DIGITS = str.maketrans("OILЗ", "0113", "./-")

_LETTERS = str.maketrans("ЗГ", "ZG", "./-")

FORMS: Mapping[str, NumberForm] = MappingProxyType(
    {
        "CZ": NumberForm(re.compile(r"[0-9]{2}CZ[0-9]{6}"), "23CZ034504", "the Czech public register"),
        "FR": NumberForm(re.compile(r"FR[0-9]{10}-[A-Z]"), "FR1007533178-E", "UNEP-WCMC test data"),
        "GB": NumberForm(re.compile(r"[0-9]{2}GB[A-Z]{3}[0-9A-Z]{6}"), "26GBEXP12345A", "the permit service of the UK"),
        "ZW": NumberForm(re.compile(r"ZW/[0-9]{1,6}/[0-9]{4}"), "ZW/4514/2011", "trade records"),
    }
)


def form_of(country: str, number: str) -> Form:
    """Classify the form of a number that `normalise_number` returned, for the country named as its issuer.

    known: the form that this country is known to use    recommended: the form of Conf. 12.3 with this country's code
    unusual: this country's numbers look different       other_country: the recommended form, another country's code
    unknown: there is no form to compare with
    """
    recommended = RECOMMENDED.fullmatch(number)
    known = FORMS.get(country)
    if known is not None and known.form.fullmatch(number):
        return "known"
    if recommended is not None:
        return "recommended" if recommended[1] == country else "other_country"
    return "unusual" if known is not None else "unknown"


def use_key(issuer: str, number: str) -> tuple[str, str]:
    """Return the country of a number and the key under which its uses count.

    `("UZ", "KZ 2026KZ000045/E-1")` -> `("KZ", "26KZ000045")`. The ending is left out, because year, country and serial
    are the number (Conf. 12.3), and Tamga numbers all kinds of a year in one series. A text with no such number, or
    with two, counts as its `identity` under the issuer as named. A serial of fewer than six digits counts only if the
    whole text reads as a number of the named issuer (`identity`). Inside other text it could merge two old numbers into
    one. Raises `Invalid` as `normalise_number` does.
    """
    name = identity(number)
    if NUMBER_FORM.fullmatch(name) and name[2:4] == issuer:
        return issuer, name.partition("/")[0]
    found = {
        (country, f"{year.translate(_DIGITS)}{country}{serial.translate(_DIGITS)}")
        for year, letters, serial in _WITHIN.findall(normalise_number(number))
        if (country := letters.translate(_LETTERS)) in COUNTRIES
    }
    return found.pop() if len(found) == 1 else (issuer, name)
