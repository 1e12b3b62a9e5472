"""Which quotas bound a line of a permit, and what the ministry may enter as one.

A quota is a figure of one calendar year (Conf. 14.7: 1 January to 31 December) for a taxon and everything below it, for
some terms and sources or for any. Every quota that fits a line bounds it; a hybrid or a genus (`named.py`) that of any
taxon in it. A line is counted in the quota's own unit or not at all: nothing is converted. A quota of 0 is a stop.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from chalicelib.core.codes import SOURCES, TERMS, UNITS
from chalicelib.core.countries import OF_NO_COUNTRY
from chalicelib.core.errors import FieldError, Invalid
from chalicelib.core.listing import Listing
from chalicelib.core.named import Named, named
from chalicelib.core.permit import Application, Line
from chalicelib.core.shape import QUANTITY, YEAR
from chalicelib.core.sources import among
from chalicelib.core.text import forbidden_characters
from chalicelib.core.validity import day

# Documents that let specimens of the country's own leave it once. Imports, re-exports (Art. IV(5)), pre-Convention
# specimens (Art. VII(2)) and documents for many crossings take nothing of a year's quota.
DRAWING = frozenset({"E", "OO", "OC", "OA", "OY"})
YEARS = range(1975, 2200)  # the Convention entered into force in 1975
TEXT_AT_MOST = 300  # characters
A_PERMIT_AT_MOST = (
    20  # quotas that one permit draws on: each costs two writes of a transaction, twice for a replacement
)


@dataclass(frozen=True, slots=True)
class Quota:
    """`terms`, `sources`: empty stands for any. `unit` None: specimens. `before`: what was exported or granted of this
    year outside this count (on paper, before Tamga); `source`: who decided it, in which paper; `as_of`: its day.
    """

    year: int
    taxon: str
    terms: tuple[str, ...]
    sources: tuple[str, ...]
    quantity: str
    unit: str | None
    source: str
    as_of: str
    before: str = "0"
    note: str = ""

    @property
    def id(self) -> str:
        """`2026-falco-cherrug-liv-w`: year and scope, so that one scope has one figure a year."""
        return f"{self.year}-{self.scope}"

    @property
    def scope(self) -> str:
        """What it bounds, the same from year to year: `falco-cherrug-liv-w`."""
        parts = (self.taxon.lower().replace(" ", "-"), ".".join(self.terms), ".".join(self.sources))
        return "-".join(part.lower() or "any" for part in parts)

    @property
    def limit(self) -> Decimal:
        return Decimal(self.quantity)

    def fits(self, line: Line, goods: Named) -> bool:
        """Whether it bounds this line; `goods`: what the line's name speaks for."""
        return (
            goods.within(self.taxon)
            and (not self.terms or line.term in self.terms)
            and (not self.sources or among(line.source, self.sources))
        )

    @property
    def narrowness(self) -> tuple[int, bool, bool, str]:
        """The narrower quota is the one that box 11a names."""
        return -len(self.taxon.split()), not self.terms, not self.sources, self.taxon


@dataclass(frozen=True, slots=True)
class Draw:
    """What one line takes of one quota, as it was when the permit got its number.

    `line`: from 0. `carried`: of this, what the permit that is replaced had and gives back when this one is signed;
    `frees`: what it gives back beyond that. `total` of `limit`: box 11a, this permit included. `passed`: an approver
    let it pass the quota.
    """

    quota: str
    year: int
    line: int
    quantity: str
    carried: str = "0"
    frees: str = "0"
    total: str = ""
    limit: str = ""
    passed: bool = False

    @property
    def printed(self) -> str:
        """Conf. 12.3 Annex 2, block 11a: total exported, this permit included, of the quota and its year."""
        return f"{self.total} / {self.limit} ({self.year})"


def spelled(amount: Decimal) -> str:
    """In the wire's spelling: no exponent, no trailing noughts."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def year_of(line: Line, this_year: int) -> int:
    """The year whose quota a line draws on: the one that it names, else the year of issue."""
    return int(line.quota_year) if line.quota_year and YEAR.fullmatch(line.quota_year) else this_year


def draws(application: Application, quotas: Iterable[Quota], listing: Listing, *, this_year: int, issuer: str
) -> tuple[tuple[Draw, Quota], ...]:  # fmt: skip
    """What each line draws on which quota, the narrowest first; raises `Invalid` where it cannot be counted.

    1 only specimens of the country itself that leave it   2 every quota of the line's year that fits
    3 a year that is named has a quota and is this or the last   4 the quota's own unit   5 not too many quotas
    """
    if application.document_type not in DRAWING:  # 1
        return ()
    known = tuple(quotas)
    found: list[tuple[Draw, Quota]] = []
    faults: list[FieldError] = []
    for index, line in enumerate(application.lines):
        at = f"lines[{index}]"
        if not _counted(line, issuer):  # 1
            continue
        year = year_of(line, this_year)
        mine = bounding(line, (quota for quota in known if quota.year == year), listing)  # 2
        if line.quota_year and (not mine or not this_year - 1 <= year <= this_year):  # 3
            words = f"Block 5: no quota of {year} is on record for this species, term and source."
            faults.append(FieldError(f"{at}.quota_year", "no_quota", words))
        for quota in mine:
            if quota.unit != line.unit:  # 4
                words = f"Block 11: the quota of {year} counts in {unit_word(quota.unit)}; nothing is converted"
                faults.append(FieldError(f"{at}.unit", "quota_unit", f"{words} ({quota.source})."))
            else:
                found.append((Draw(quota.id, year, index, line.quantity or "0"), quota))
    if len({draw.quota for draw, _ in found}) > A_PERMIT_AT_MOST:  # 5
        words = f"Block 11a: at most {A_PERMIT_AT_MOST} quotas on one permit: divide it."
        faults.append(FieldError("lines", "too_many_quotas", words))
    if faults:
        raise Invalid(*faults)
    return tuple(found)


def missed(
    application: Application, last_year: Iterable[Quota], listing: Listing, *, issuer: str
) -> tuple[tuple[int, Quota], ...]:
    """Each line (from 0) of the year of issue with each quota of last year that would bound it, in whatever unit."""
    if application.document_type not in DRAWING:
        return ()
    known = tuple(last_year)
    return tuple(
        (index, quota)
        for index, line in enumerate(application.lines)
        if not line.quota_year and _counted(line, issuer)
        for quota in bounding(line, known, listing)
    )


def bounding(line: Line, known: Iterable[Quota], listing: Listing) -> list[Quota]:
    """Those that fit a line, the narrowest first."""
    goods = named(line.scientific_name or "", listing)
    return sorted((quota for quota in known if quota.fits(line, goods)), key=lambda quota: quota.narrowness)


def _counted(line: Line, issuer: str) -> bool:
    """Of this country, or of an origin that names none, and countable; what is malformed `core/rules.py` tells."""
    return (
        QUANTITY.fullmatch(line.quantity or "") is not None
        and (not line.quota_year or YEAR.fullmatch(line.quota_year) is not None)
        and (line.origin is None or line.origin.country in {None, issuer, *OF_NO_COUNTRY})
    )


def unit_word(unit: str | None) -> str:
    return UNITS[unit].en.lower() if unit else "specimens"


def amount_words(quantity: str, unit: str | None) -> str:
    """`1 specimen`, `12 specimens`, `2.5 kilogram`."""
    return "1 specimen" if quantity == "1" and not unit else f"{quantity} {unit_word(unit)}"


def checked(wanted: Quota, listing: Listing) -> Quota:
    """The quota as it is kept: accepted name, codes in order. Raises `Invalid` naming every field that is wrong."""
    faults = []

    def fault(field: str, code: str, words: str) -> None:
        faults.append(FieldError(field, code, words))

    if wanted.year not in YEARS:
        fault("year", "year", f"A year from {YEARS.start} on.")
    name = listing.accepted(wanted.taxon)
    if name is None:
        fault("scientific_name", "unknown", "A taxon of the species list, or a family, order or class of it.")
    for field, codes, table in (("terms", wanted.terms, TERMS), ("sources", wanted.sources, SOURCES)):
        if unknown := [code for code in codes if code not in table]:
            fault(field, "unknown", f"Not a code of the list: {', '.join(unknown)}.")
    for field, text in (("quantity", wanted.quantity), ("before", wanted.before)):
        if not QUANTITY.fullmatch(text) or (wanted.unit is None and "." in text):
            fault(field, "quantity", "A whole number of specimens." if wanted.unit is None else "Such as 2 or 12.5.")
    if wanted.unit is not None and wanted.unit not in UNITS:
        fault("unit", "unknown", "A unit of the list, or none for specimens.")
    if day(wanted.as_of) is None:
        fault("as_of", "date", "The day of the decision, as YYYY-MM-DD.")
    for field, text, needed in (("source", wanted.source, True), ("note", wanted.note, False)):
        if needed and not text.strip():
            fault(field, "required", "Who set the figure, and in which paper.")
        elif len(text) > TEXT_AT_MOST or forbidden_characters(text):
            fault(field, "text", f"At most {TEXT_AT_MOST} printable characters.")
    if faults:
        raise Invalid(*faults)
    return Quota(
        wanted.year, name or "", tuple(sorted(set(wanted.terms))), tuple(sorted(set(wanted.sources))), wanted.quantity,
        wanted.unit, wanted.source, wanted.as_of, wanted.before, wanted.note,
    )  # fmt: skip


def read_quota(data: Mapping[str, Any]) -> Quota:
    """Out of a row of the register."""
    return Quota(
        int(data["year"]), data["taxon"], tuple(data["terms"]), tuple(data["sources"]), data["quantity"],
        data.get("unit"), data["source"], data["as_of"], data.get("before", "0"), data.get("note", ""),
    )  # fmt: skip
