"""Whether the number of another Party's paper has the form that its country is known to use.

A form proves nothing: it tells an officer where to look twice. What is no number at all (`#NAME?`, `4291,,,`, found in
trade data) is refused by `legacy_number.written`, whose identity also finds the same paper under another spelling.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Form = Literal["known", "recommended", "unusual", "other_country", "unknown"]


@dataclass(frozen=True, slots=True)
class NumberForm:
    """One country's form as it was seen: `form` fits a number as it is written, `example` is a real one."""

    form: re.Pattern[str]
    example: str
    source: str


# Conf. 12.3 recommends WWxxYYYYYY/zz: year, ISO country, serial, and a free ending.
RECOMMENDED = re.compile(r"[0-9]{2}([A-Z]{2})[0-9]{6}(/[A-Z0-9]{1,6})?")
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
