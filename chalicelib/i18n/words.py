"""Sentences and dates in the reader's language.

Callers choose the sentences (those of a verdict: `verdict/sentences.py`). The gettext catalogues under `locale/`
translate them, and `data/dates.json` has the forms of dates. `python -m local.catalogues` builds both with Babel, which
is not needed at run time. Facts are inserted in one pass as plain text. So braces, percent signs and markup in a fact
stay unchanged, and right-to-left letters do not reorder the sentence. The code that puts a sentence on a page must
escape it.
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

_HOME: Final = Path(__file__).parent.parent  # importlib.resources would read zip files in each cold start

_PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}")

_FROM_THE_RIGHT: Final = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


class WordsMissing(RuntimeError):
    """The catalogues were not built, or a sentence is missing. It is a fault of the installation, not of a request."""


def label(message: str, language: str, **facts: object) -> str:
    """Translate a short text and insert its facts.

    Raises KeyError for an unknown language, `WordsMissing` for a missing catalogue or text.
    """
    return translate((message,), language, facts)


def unfilled(message: str, language: str) -> str:
    """Translate a sentence and leave its placeholders. The caller inserts the facts. Raises as `label` does."""
    return _catalogue(language).gettext(message)


def day(iso_day: str, language: str) -> str:
    """Format a day `YYYY-MM-DD` in a language.

    Raises ValueError for a day that does not exist, KeyError for an unknown language.
    """
    return _day(date.fromisoformat(iso_day), _dates()[language])


def moment(epoch: int, zone: str, language: str, *, hours: bool) -> str:
    """Format a time (whole seconds) in an IANA zone, as the day, with `hours` also the clock time and the UTC offset.

    Raises KeyError for an unknown language.
    """
    form = _dates()[language]
    local = datetime.fromtimestamp(min(epoch, CALENDAR_ENDS), UTC).astimezone(zone_named(zone))
    if not hours:
        return _day(local.date(), form)
    clock = f"{local:%H:%M} (UTC{_offset(local.utcoffset() or timedelta())})"
    return _fill(form["moment"], {"date": _day(local.date(), form), "time": clock})


def no_break(number: str) -> str:
    """Return a telephone number with no-break spaces and hyphens, so that no line break divides it."""
    return number.replace(" ", "\u00a0").replace("-", "\u2011")


def placeholders(message: str) -> frozenset[str]:
    """Return the names of the facts that a sentence needs."""
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


def translate(variants: Sequence[str], language: str, facts: Mapping[str, object]) -> str:
    known = {name: str(value) for name, value in facts.items() if value not in (None, "")}
    message = next(variant for variant in variants if placeholders(variant) <= known.keys())
    return _fill(_catalogue(language).gettext(message), known)


def _fill(message: str, facts: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda match: _isolate(facts[match[1]]), message)


def _isolate(fact: str) -> str:
    """Isolate a fact with right-to-left letters, so that it does not reorder the sentence (Unicode UAX 9: FSI, PDI)."""
    return f"\u2068{fact}\u2069" if _FROM_THE_RIGHT.search(fact) else fact


class _Refuse(gettext.NullTranslations):
    """Fallback of a catalogue that raises `WordsMissing`: a missing sentence never appears in English unnoticed."""

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
