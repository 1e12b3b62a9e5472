"""Which number of the old paper register is meant: one spelling to show, one identity to find and to compare by.

    written("№ kg–0001 / 2025")  -> "KG-0001/2025"    what is shown
    identity("KG 0001 25")       -> "KG1-2025"        what is found: letters that look alike are one, so are O and I, L
                                                      and 0 or 1, blanks and other separators, zeros in front, "N" or
                                                      "No" before it, two digits for a year at the end

Two numbers that a person could take for each other have one identity, so that a used paper comes back under no other
spelling. An identity is its own identity, and so is what is written: `identity(identity(n)) == identity(written(n)) ==
identity(n)`. What reads as a number of Tamga (`26KG000045/E`, FORMAT.md 1) has that number as its identity.
"""

from __future__ import annotations

import re
import unicodedata

from chalicelib.core.claims import NUMBER_FORM
from chalicelib.core.errors import FieldError, Invalid
from chalicelib.core.text import forbidden_characters

LENGTH = 35  # characters; a number of the WCO data model, as FORMAT.md 1
TAMGA = NUMBER_FORM  # beside numbers on paper the name says whose it is
# Cyrillic capitals, Russian and Kyrgyz, that stand for a Latin one in a number (Unicode TR 39, confusables).
_ALIKE = str.maketrans("АВЕЁКМНОӨРСТУҮХІЅЈ", "ABEEKMHOOPCTYYXISJ")
# Typed for a digit; and Г, which looks like no Latin letter, for the G of the country's code.
_SAME = str.maketrans("OILЗГ", "0113G")
_DASHES = re.compile("[\u2010-\u2015\u2212\u2043\ufe58\ufe63\uff0d_]")
_FORM = re.compile(r"[A-ZА-ЯҢ0-9](?:[A-ZА-ЯҢ0-9./-]*[A-ZА-ЯҢ0-9])?")
_LIKE_TAMGA = re.compile(r"[0O]*([0-9OIL]{2})([A-ZГ]{2})[0O]*?([0-9OIL]{1,6})([A-Z]{1,2}|(?<=[0-9OIL]{6})[01])")


def written(text: str) -> str:
    """The number as it is shown: capitals, look-alike letters Latin, `-` for every dash and blank, no `№`.

    Raises `Invalid`: letters, digits, `.`, `/` and `-`, at most 35, at least one digit.
    """
    fault = FieldError("number", "number", f"A number of the register: letters, digits, . / -, at most {LENGTH}.")
    if len(text) > 4 * LENGTH or forbidden_characters(text):
        raise Invalid(fault)
    plain = unicodedata.normalize("NFKC", text.replace("№", " ").replace("#", " "))
    made = _DASHES.sub("-", " ".join(plain.split())).upper().translate(_ALIKE)
    made = re.sub(r" ?([./-]) ?", r"\1", made)
    made = re.sub(r"^NO?[.:]? ?(?=[0-9])", "", made).replace(" ", "-")
    if not 0 < len(made) <= LENGTH or not _FORM.fullmatch(made) or not re.search("[0-9]", made):
        raise Invalid(fault)
    return made


def identity(number: str) -> str:
    """What a number is found by; Tamga's own are their own. Raises `Invalid` as `written` does."""
    if TAMGA.fullmatch(number):
        return number
    shown = written(number)
    parts = parts_of(shown)
    if parts[0] == "N" and parts[1:]:  # "N 117", "N-117", "No 117": O is 0 by now
        parts = parts[2:] if parts[1] == "0" and parts[2:] and parts[2].isdigit() else parts[1:]
    tamga = like_tamga(shown) or like_tamga(_joined(parts))
    if tamga is not None:
        return tamga
    digits = [at for at, part in enumerate(parts) if part.isdigit()]
    last = digits[-1]
    if len(digits) > 1 and len(parts[last]) == 2 and len(_joined(parts)) <= LENGTH - 2:
        parts[last] = "20" + parts[last]  # papers of another century have expired
    return _joined(parts)


def parts_of(shown: str) -> list[str]:
    """The runs of letters and of digits (without zeros in front) of a written number; never two of letters on end."""
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


def like_tamga(shown: str) -> str | None:
    """The number of Tamga's form that a written number reads as, or None."""
    found = _LIKE_TAMGA.fullmatch(re.sub("[./-]", "", shown))
    if found is None:
        return None
    year, country, serial, suffix = found.groups()
    digits = f"{year}{serial:0>6}".translate(_SAME)
    return f"{digits[:2]}{country.replace('Г', 'G')}{digits[2:]}/{suffix.replace('0', 'O').replace('1', 'I')}"
