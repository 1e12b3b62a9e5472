"""Whether the number of another Party's paper has the form that its country is known to use.

A form proves nothing: it tells an officer where to look twice. But a number of the recommended form says by itself
whose it is and which (`counted_as`), whatever stands around it and whoever is named as its issuer. What is no number at
all (`#NAME?`, `4291,,,`, found in trade data) is refused by `legacy_number.written`, whose identity also finds the same
paper under another spelling.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from chalicelib.core.countries import COUNTRIES
from chalicelib.core.legacy_number import TAMGA, identity, written

Form = Literal["known", "recommended", "unusual", "other_country", "unknown"]


@dataclass(frozen=True, slots=True)
class NumberForm:
    """One country's form as it was seen: `form` fits a number as it is written, `example` is a real one."""

    form: re.Pattern[str]
    example: str
    source: str


# Conf. 12.3 recommends WWxxYYYYYY/zz: year, ISO country, serial, and a free ending.
RECOMMENDED = re.compile(r"[0-9]{2}([A-Z]{2})[0-9]{6}(/[A-Z0-9]{1,6})?")
# The same within what was written: a year of four digits, separators and zeros, O I L З for digits, З for Z, Г for G.
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
    """What the form of a written number (`legacy_number.written`) says of its country.

    known, recommended: as it should be    unusual: this country's numbers look otherwise
    other_country: the recommended form, with another country's code in it    unknown: nothing to compare with
    """
    recommended = RECOMMENDED.fullmatch(number)
    known = FORMS.get(country)
    if known is not None and known.form.fullmatch(number):
        return "known"
    if recommended is not None:
        return "recommended" if recommended[1] == country else "other_country"
    return "unusual" if known is not None else "unknown"


def counted_as(issuer: str, number: str) -> tuple[str, str]:
    """Whose number it is and what its uses count under: `("UZ", "KZ 2026KZ000045/E-1")` -> `("KZ", "26KZ000045")`.

    The ending is left out: year, country and serial are the number (Conf. 12.3), and Tamga counts the permits of a year
    in one row whatever their kind. What contains no such number, or two, is its `identity`, of the issuer as named: a
    number of fewer digits without zeros in front would make one of two old ones. Raises `Invalid` as `written` does.
    """
    name = identity(number)
    if TAMGA.fullmatch(name) and name[2:4] == issuer:
        return issuer, name.partition("/")[0]
    found = {
        (country, f"{year.translate(_DIGITS)}{country}{serial.translate(_DIGITS)}")
        for year, letters, serial in _WITHIN.findall(written(number))
        if (country := letters.translate(_LETTERS)) in COUNTRIES
    }
    return found.pop() if len(found) == 1 else (issuer, name)
