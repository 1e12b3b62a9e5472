"""The words of a verdict in the reader's language, its dates, and which language that is.

Sentences are chosen in `sentences`, translated by the gettext catalogues under `locale/`, dates are written after
`data/dates.json`; `python -m local.catalogues` builds both with Babel, which is not needed at run time. Facts are
inserted in one pass as plain text, so braces, percent signs or markup inside a fact stay what they are, and letters
that run from right to left turn nothing round; whoever puts a sentence on a page escapes it there.
"""

from __future__ import annotations

import gettext
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

from chalicelib.kernel.codes import LANGUAGES
from chalicelib.kernel.days import CALENDAR_ENDS, zone_named

DOMAIN: Final = "tamga"

_HOME: Final = Path(__file__).parent.parent  # importlib.resources costs a cold start the reading of zip files

_PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}")

_FROM_THE_RIGHT: Final = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


class WordsMissing(RuntimeError):
    """The catalogues were not built, or lack a sentence: a fault of the installation, not of a request."""


def label(message: str, language: str, **facts: object) -> str:
    """A short text that is no sentence of a verdict, with its facts. Raises KeyError, WordsMissing."""
    return say((message,), language, facts)


def unfilled(message: str, language: str) -> str:
    """A sentence whose facts are put in elsewhere. Raises KeyError, WordsMissing."""
    return _catalogue(language).gettext(message)


def day(iso_day: str, language: str) -> str:
    """A day `YYYY-MM-DD` as the language writes it. Raises ValueError for a day that does not exist, KeyError."""
    return _day(date.fromisoformat(iso_day), _dates()[language])


def moment(epoch: int, zone: str, language: str, *, hours: bool) -> str:
    """A time in whole seconds, in an IANA zone: the day, or day, hour and UTC offset. Raises KeyError."""
    form = _dates()[language]
    local = datetime.fromtimestamp(min(epoch, CALENDAR_ENDS), UTC).astimezone(zone_named(zone))
    if not hours:
        return _day(local.date(), form)
    clock = f"{local:%H:%M} (UTC{_offset(local.utcoffset() or timedelta())})"
    return _fill(form["moment"], {"date": _day(local.date(), form), "time": clock})


def whole(number: str) -> str:
    """A telephone number that no line breaks in two: no-break spaces and hyphens."""
    return number.replace(" ", "\u00a0").replace("-", "\u2011")


def placeholders(message: str) -> frozenset[str]:
    """The names of the facts that a sentence asks for."""
    return frozenset(_PLACEHOLDER.findall(message))


def _day(when: date, form: Mapping[str, Any]) -> str:
    month = form["months"][when.month - 1]
    number = form["first"] if when.day == 1 else str(when.day)
    return _fill(form["day"], {"day": number, "month": month, "year": str(when.year)})


def _offset(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    sign = "+" if minutes >= 0 else "\N{MINUS SIGN}"
    hours, rest = divmod(abs(minutes), 60)
    return f"{sign}{hours}" + (f":{rest:02}" if rest else "")


def say(variants: Sequence[str], language: str, facts: Mapping[str, object]) -> str:
    known = {name: str(value) for name, value in facts.items() if value not in (None, "")}
    message = next(variant for variant in variants if placeholders(variant) <= known.keys())
    return _fill(_catalogue(language).gettext(message), known)


def _fill(message: str, facts: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda match: _apart(facts[match[1]]), message)


def _apart(fact: str) -> str:
    """Letters that run from right to left do not turn the sentence around them (Unicode UAX 9: FSI, PDI)."""
    return f"\u2068{fact}\u2069" if _FROM_THE_RIGHT.search(fact) else fact


class _Refuse(gettext.NullTranslations):
    """Stands behind a catalogue: a sentence that it lacks is a fault, never silently English."""

    def gettext(self, message: str) -> str:
        raise WordsMissing(f"a catalogue lacks {message!r}; run the set-up (make setup)")


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language not in LANGUAGES:
        raise KeyError(language)
    file = _HOME.joinpath("locale", language, "LC_MESSAGES", f"{DOMAIN}.mo")
    try:
        with file.open("rb") as stream:
            catalogue = gettext.GNUTranslations(stream)
    except FileNotFoundError:
        raise WordsMissing(f"no catalogue for {language!r}: run the set-up (make setup)") from None
    catalogue.add_fallback(_Refuse())
    return catalogue


@cache
def _dates() -> Mapping[str, Mapping[str, Any]]:
    return cast(Mapping[str, Mapping[str, Any]], json.loads(_HOME.joinpath("data", "dates.json").read_bytes()))
