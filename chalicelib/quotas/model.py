"""Quotas: which quotas bound a line of a permit, rules for entering one, and the share that a permit takes.

A quota is a figure of one calendar year (Conf. 14.7: 1 January to 31 December). It is for a taxon and all below it, and
for some terms and sources or for any. Every quota that fits a line bounds it. A hybrid or a genus
(`species/model/name_resolution.py`) is bounded by the quotas of every taxon in it. A line is counted in the quota's own
unit only, without conversion. A quota of 0 is a hard stop.

A permit's share of its quotas depends on its dossier alone, so that all shares can be counted again:

    in force and unused    all that was granted is outstanding
    used                   what really left is used, the rest has lapsed (Art. VI(5): one consignment)
    used, and the permit that it replaces too: what left on each counts there, one crossing seen on both counts once
    revoked, given back, replaced or expired unused    all of it has lapsed
    the same, except replaced, while a hand-stamped endorsement from before that still waits    all is outstanding
    no permit yet, or a signing that was given up      nothing

Granted is used and outstanding, and it counts against the quota. An undo or a late endorsement changes the share
without further action.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from chalicelib.kernel.codes import SOURCES, TERMS, UNITS, applies_to_source
from chalicelib.kernel.countries import OF_NO_COUNTRY
from chalicelib.kernel.days import day
from chalicelib.kernel.enums import Direction, State, UseResult
from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.kernel.quantity import QUANTITY
from chalicelib.kernel.rows import RowData
from chalicelib.kernel.text import forbidden_characters
from chalicelib.permits.model.dossier import Dossier, Draw, year_of
from chalicelib.record.permit import Application, Line, line_letter
from chalicelib.record.shape import YEAR
from chalicelib.species.model.listing import Listing
from chalicelib.species.model.name_resolution import ResolvedName, resolve_name
from chalicelib.uses.single_use import document_key
from chalicelib.uses.use import Use

ENDED = frozenset({"revoked", "replaced"})

IN_FORCE = frozenset({"issued", "suspended", "lost"})

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Share:
    used: Decimal = NOTHING
    outstanding: Decimal = NOTHING
    lapsed: Decimal = NOTHING

    @property
    def granted(self) -> Decimal:
        """The quantity that counts against the quota."""
        return self.used + self.outstanding

    def __add__(self, other: Share) -> Share:
        return Share(self.used + other.used, self.outstanding + other.outstanding, self.lapsed + other.lapsed)

    def __sub__(self, other: Share) -> Share:
        return Share(self.used - other.used, self.outstanding - other.outstanding, self.lapsed - other.lapsed)


def shares(dossier: Dossier) -> Mapping[str, Share]:
    """Map each quota id to this permit's share of it."""
    found: dict[str, Share] = defaultdict(Share)
    left = exported(dossier.uses)
    ended = dossier.state in ENDED or dossier.quota_lapsed
    waiting = dossier.quota_waits and dossier.stamp_waits
    for draw in dossier.draws:
        letter, granted = line_letter(draw.line), Decimal(draw.quantity)
        if dossier.state == State.SIGNING:
            share = Share(outstanding=granted - Decimal(draw.carried))
        elif dossier.state not in IN_FORCE | ENDED:
            continue
        elif left is not None:
            used = left.get(letter, NOTHING)
            share = Share(used=used, lapsed=max(NOTHING, granted - used))
        elif _left_with_another(dossier.uses):
            share = Share()
        elif dossier.state == State.REPLACED or (ended and not waiting):
            share = Share(lapsed=granted)
        else:
            share = Share(outstanding=granted)
        found[draw.quota] += share
    return found


def exported(uses: Iterable[Use]) -> Mapping[str, Decimal] | None:
    """Map each line letter to what left on this permit itself, or None if nothing is known to have left.

    One crossing recorded by two officers is one use (`single_use.same_use`: same lines, same document). What left on
    the replaced permit is counted there, also if it was recorded on both or arrived on this one.
    """
    known = [use for use in uses if use.kind in {Direction.EXPORT, Direction.IMPORT} and use.counts]
    elsewhere = {_crossing(use) for use in known if use.number is not None}
    crossings: dict[tuple[object, ...], list[Use]] = defaultdict(list)
    for use in known:
        if use.number is None and _crossing(use) not in elsewhere and (use.kind == Direction.EXPORT or not elsewhere):
            crossings[_crossing(use)].append(use)
    kinds = {key[0] for key in crossings}
    if not kinds:
        return None
    kind = "export" if "export" in kinds else "import"  # recorded on arrival only: the goods did leave
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for key, same in crossings.items():
        if key[0] == kind:
            times = max(1, sum(use.result != UseResult.DUPLICATE for use in same))
            for line in same[0].lines:
                totals[line.line] += times * Decimal(line.quantity)
    return totals


def _crossing(use: Use) -> tuple[object, ...]:
    lines = tuple(sorted((line.line, line.quantity) for line in use.lines))
    # Uses without a transport document are different crossings.
    return use.kind, document_key(use.transport_document) or use.event_id, lines


def _left_with_another(uses: Iterable[Use]) -> bool:
    """True if the goods left on the permit that this one replaces, where they are counted."""
    return any(
        use.kind in {Direction.EXPORT, Direction.IMPORT} and use.counts and use.number is not None for use in uses
    )


# Documents under which the country's own specimens leave it once. Imports, re-exports (Art. IV(5)), pre-Convention
# specimens (Art. VII(2)) and documents for many crossings take nothing of a year's quota.
DRAWING = frozenset({"E", "OO", "OC", "OA", "OY"})

YEARS = range(1975, 2200)  # the Convention entered into force in 1975

TEXT_AT_MOST = 300  # characters

A_PERMIT_AT_MOST = (
    20  # quotas that one permit draws on: each costs two writes of a transaction, twice for a replacement
)


@dataclass(frozen=True, slots=True)
class Quota:
    """A quota's figure and scope.

    `terms`, `sources`: empty for any. With `unit` None the quota counts specimens. `before`: exported or granted of
    this year outside this count (on paper, before Tamga). `source`: the authority that decided it, and its document.
    `as_of`: the day of that document.
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
        """Year and scope, `2026-falco-cherrug-liv-w`, so that a scope has one figure a year."""
        return f"{self.year}-{self.scope}"

    @property
    def scope(self) -> str:
        """The goods that it bounds, the same from year to year: `falco-cherrug-liv-w`."""
        parts = (self.taxon.lower().replace(" ", "-"), ".".join(self.terms), ".".join(self.sources))
        return "-".join(part.lower() or "any" for part in parts)

    @property
    def limit(self) -> Decimal:
        return Decimal(self.quantity)

    def fits(self, line: Line, goods: ResolvedName) -> bool:
        """True if it bounds this line. `goods`: the taxa of the line's name."""
        return (
            goods.within(self.taxon)
            and (not self.terms or line.term in self.terms)
            and (not self.sources or applies_to_source(line.source, self.sources))
        )

    @property
    def narrowness(self) -> tuple[int, bool, bool, str]:
        """Sort key: the narrowest quota first. Box 11a names the narrowest."""
        return -len(self.taxon.split()), not self.terms, not self.sources, self.taxon


def draws(
    application: Application, quotas: Iterable[Quota], listing: Listing, *, this_year: int, issuer: str
) -> tuple[tuple[Draw, Quota], ...]:
    """The quantity that each line draws on each quota, the narrowest quota first.

    1. Only the country's own specimens that leave it are counted.
    2. Every quota of the line's year that fits bounds the line.
    3. A year that the line names has a quota, and is this year or the last.
    4. The line has the quota's unit.
    5. The permit draws on at most A_PERMIT_AT_MOST quotas.

    Raises `Invalid` where a line cannot be counted.
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
            words = f"Block 5: there is no quota of {year} for this species, term and source. Correct the year."
            faults.append(FieldError(f"{at}.quota_year", "no_quota", words))
        for quota in mine:
            if quota.unit != line.unit:  # 4
                words = f"Block 11: give the quantity in {unit_word(quota.unit)}, the unit of the quota of {year}"
                faults.append(FieldError(f"{at}.unit", "quota_unit", f"{words} ({quota.source})."))
            else:
                found.append((Draw(quota.id, year, index, line.quantity or "0"), quota))
    if len({draw.quota for draw, _ in found}) > A_PERMIT_AT_MOST:  # 5
        words = f"Block 11a: at most {A_PERMIT_AT_MOST} quotas on one permit: split the application."
        faults.append(FieldError("lines", "too_many_quotas", words))
    if faults:
        raise Invalid(*faults)
    return tuple(found)


def missed(
    application: Application, last_year: Iterable[Quota], listing: Listing, *, issuer: str
) -> tuple[tuple[int, Quota], ...]:
    """Each line (from 0) of the year of issue with each quota of last year that would bound it, in any unit."""
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
    """The quotas that fit a line, the narrowest first."""
    goods = resolve_name(line.scientific_name or "", listing)
    return sorted((quota for quota in known if quota.fits(line, goods)), key=lambda quota: quota.narrowness)


def _counted(line: Line, issuer: str) -> bool:
    """True if the line is of this country, or of an origin that names no country, and is well formed.

    `applications/rules/check.py` refuses malformed lines.
    """
    return (
        QUANTITY.fullmatch(line.quantity or "") is not None
        and (not line.quota_year or YEAR.fullmatch(line.quota_year) is not None)
        and (line.origin is None or line.origin.country in {None, issuer, *OF_NO_COUNTRY})
    )


def unit_word(unit: str | None) -> str:
    return UNITS[unit].en.lower() if unit else "specimens"


def amount_words(quantity: str, unit: str | None) -> str:
    """Quantity with unit: `1 specimen`, `12 specimens`, `2.5 kilogram`."""
    return "1 specimen" if quantity == "1" and not unit else f"{quantity} {unit_word(unit)}"


def checked(wanted: Quota, listing: Listing) -> Quota:
    """The quota as stored: accepted name, codes in order. Raises `Invalid` naming every field that is wrong."""
    faults = []

    def fault(field: str, code: str, words: str) -> None:
        faults.append(FieldError(field, code, words))

    if wanted.year not in YEARS:
        fault("year", "year", f"Must be a year from {YEARS.start} on.")
    name = listing.accepted_name(wanted.taxon)
    if name is None:
        fault("scientific_name", "unknown", "Must be a taxon of the species list, or a family, order or class of it.")
    for field, codes, table in (("terms", wanted.terms, TERMS), ("sources", wanted.sources, SOURCES)):
        if unknown := [code for code in codes if code not in table]:
            fault(field, "unknown", f"Unknown code: {', '.join(unknown)}. Choose codes from the list.")
    for field, text in (("quantity", wanted.quantity), ("before", wanted.before)):
        if not QUANTITY.fullmatch(text) or (wanted.unit is None and "." in text):
            fault(
                field,
                "quantity",
                "Must be a whole number of specimens."
                if wanted.unit is None
                else "Must be a number such as 2 or 12.5.",
            )
    if wanted.unit is not None and wanted.unit not in UNITS:
        fault("unit", "unknown", "Must be a unit from the list, or empty for a number of specimens.")
    if day(wanted.as_of) is None:
        fault("as_of", "date", "Must be the date of the decision, as YYYY-MM-DD.")
    for field, text, needed in (("source", wanted.source, True), ("note", wanted.note, False)):
        if needed and not text.strip():
            fault(field, "required", "Give who set the figure, and in which document.")
        elif len(text) > TEXT_AT_MOST or forbidden_characters(text):
            fault(field, "text", f"At most {TEXT_AT_MOST} printable characters.")
    if faults:
        raise Invalid(*faults)
    return Quota(
        wanted.year,
        name or "",
        tuple(sorted(set(wanted.terms))),
        tuple(sorted(set(wanted.sources))),
        wanted.quantity,
        wanted.unit,
        wanted.source,
        wanted.as_of,
        wanted.before,
        wanted.note,
    )


def read_quota(data: RowData) -> Quota:
    """Read a quota from a row of the register."""
    return Quota(
        int(data["year"]),
        data["taxon"],
        tuple(data["terms"]),
        tuple(data["sources"]),
        data["quantity"],
        data.get("unit"),
        data["source"],
        data["as_of"],
        data.get("before", "0"),
        data.get("note", ""),
    )
