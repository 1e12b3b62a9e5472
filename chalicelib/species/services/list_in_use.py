"""The species list in use in this process: the list of the release, with the published list above its base.

1 less than a minute since the last look: use the list in memory
2 read from the register which list is published (species/services/propose_list.py). If it is another one, read and
  build it
3 on any error in step 2: report it and use the list in memory, however old; without one raise `Unavailable`
4 return the state of that list on today's day (`Listing.on`)
"""

from __future__ import annotations

import gc
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from chalicelib.kernel.codes import APPENDIX_NUMBERS
from chalicelib.kernel.errors import Unavailable
from chalicelib.people.services import PeopleDeps
from chalicelib.platform.country_folder import DATA, read_lines, read_list, read_rows
from chalicelib.platform.deps import PermitRegister
from chalicelib.species.model.base_rows import BaseTables, Edition, base_rows, events_of, families_of, joined
from chalicelib.species.model.layers import Layers, Published, merged
from chalicelib.species.model.list_rows import BLANK, Row, RowReader
from chalicelib.species.model.listing import Effect, Event, Listing, Population, Restriction
from chalicelib.species.services import propose_list
from chalicelib.species.services.propose_list import ListHead
from chalicelib.trust.services.ports import TrustDeps

LOOK_EVERY = 60  # seconds

BASE = "cites"  # folder of all taxa of CITES

OVERLAY = "species.csv"  # this country's own names, groups and decisions

# Tables that decide what the list of the release says.
TABLES = (
    *(f"{BASE}/{name}.csv" for name in ("taxa", "families", "basis", "changes", "names_ru", "ambiguous")),
    f"{BASE}/edition.json", OVERLAY, "unlisted.csv", "homonyms.csv", "restrictions.csv", "species_history.csv",
    "populations.csv", "introduced.csv",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Release:
    """Species data of the deployed files.

    `rows`: the rows that an upload changes, with a published list above the base. `listing`: the list with a published
    list above the base, under a version. `version`: equal for equal files.
    """

    rows: Callable[[Published | None], Iterable[Row]]
    listing: Callable[[Published | None, str], Listing]
    version: Callable[[], str]


class SpeciesListCache:
    """Cache of the species list in one process. Failed reads go to `report`. `today`: the Party's day of a time."""

    def __init__(
        self,
        release: Release,
        *,
        register: PermitRegister,
        report: Callable[[Exception], None],
        today: Callable[[int], date],
    ) -> None:
        self._release = release
        self._register = register
        self._report = report
        self._today = today
        self._held: Listing | None = None
        self._digest = ""
        self._looked_at: int | None = None

    def at(self, now: int) -> Listing:
        """The species list to use at this time. Raises `Unavailable` if none could be read yet."""
        if self._held is None or self._looked_at is None or not 0 <= now - self._looked_at < LOOK_EVERY:  # 1
            self._looked_at = now
            try:
                self._look()  # 2
            except Exception as error:  # 3
                self._report(error)
                if self._held is None:
                    raise Unavailable("The species list cannot be read at the moment. Try again shortly.") from error
        assert self._held is not None
        return self._held.on(self._today(now))  # 4

    def rows(self) -> Sequence[Row]:
        """Rows of the list in use, always read from the register. Kinds that are not listed are no rows of it."""
        return list(self._release.rows(_published(propose_list.current(self._register), self._register)))

    def forget(self) -> None:
        """Look at the register again at the next call, because this process has just put another list in use."""
        self._looked_at = None

    def _look(self) -> None:
        head = propose_list.current(self._register)
        digest = head.digest if head else ""
        if self._held is not None and digest == self._digest:
            return
        if head is None:
            self._held, self._digest = self._release.listing(None, ""), ""
            return
        version = hashlib.sha256(f"{digest} {self._release.version()}".encode()).hexdigest()[:12]
        self._held = self._release.listing(_published(head, self._register), version)
        self._digest = digest


def _published(head: ListHead | None, register: PermitRegister) -> Published | None:
    """The published list. It replaces the base only if it is whole, and not older than the Appendices of the base."""
    if head is None:
        return None
    whole = head.whole and head.as_of >= edition().in_force
    return Published(propose_list.rows_of(head, register), whole, head.as_of, head.in_force)


class SpeciesDeps(PeopleDeps, TrustDeps, Protocol):
    """Dependencies with the species list in use."""

    @property
    def species(self) -> SpeciesListCache: ...
    @property
    def listing(self) -> Listing: ...


def release() -> Release:
    """The species data of this release."""
    return Release(lambda published: release_rows(published, unlisted=False), _listing_with, version_of)


def _listing_with(published: Published | None, version: str) -> Listing:
    return listing() if published is None else listing_of(release_rows(published), version, published)


@cache
def listing() -> Listing:
    """The species list of the release, with its suspensions and history (`data/`, ADR 0028, 0035).

    It is large and lives as long as the process, so the collector of cycles need not look at it again.
    """
    found = listing_of(release_rows(), version_of())
    gc.freeze()
    return found


def release_rows(published: Published | None = None, *, unlisted: bool = True) -> Iterator[Row]:
    """Rows of the list, one after another: the base, the published list, the overlay, the kinds that are not listed."""
    known = tuple(read_rows("unlisted.csv")) if unlisted else ()
    names = frozenset(line[0].lower() for line in read_lines(f"{BASE}/taxa.csv"))
    return merged(base_rows_of(), names, Layers(species_rows(), known, published))


@cache
def species_rows() -> Sequence[Row]:
    """Rows of the overlay: this country's names, groups and decisions."""
    return tuple({**BLANK, **row} for row in read_rows(OVERLAY))


@cache
def kyrgyz_sources() -> Mapping[tuple[str, str], str]:
    """(taxon, Kyrgyz name) -> source and day of reading, or "" for an ordinary word without a source."""
    return MappingProxyType(
        {
            (row["taxon"], row["name"]): f"{row['source']}, {row['as_of']}" if row["source"] else ""
            for row in read_rows("kyrgyz_names.csv")
        }
    )


def listing_of(rows: Iterable[Row], version: str = "", published: Published | None = None) -> Listing:
    """The list of these rows, with the suspensions, history and days of the release.

    `published`: the published list among them. The collector of cycles rests meanwhile, because 38,000 entries are no
    garbage. Raises ValueError if two entries claim one name.
    """
    days, reader = edition(), RowReader(populations(), introduced())
    collects = gc.isenabled()
    gc.disable()
    try:
        taxa = tuple(map(reader.taxon, rows))
        return Listing(
            taxa,
            restrictions(),
            max(each.as_of for each in taxa),
            version,
            history(),
            in_force=max(days.in_force, published.in_force if published else ""),
            checked=max(days.checked, published.as_of if published else ""),
            day=date.fromisoformat(days.in_force),
            applied=days.in_force,
            known_from=days.base_day,
            ambiguous={row["name"]: read_list(row["taxa"]) for row in read_rows(f"{BASE}/ambiguous.csv")},
            homonyms=[row["genus"] for row in read_rows("homonyms.csv")],
        )
    finally:
        if collects:
            gc.enable()


@cache
def history() -> Mapping[str, tuple[Event, ...]]:
    """Taxon -> its changes, the oldest first: our table, then the changes of the base."""
    found: dict[str, tuple[Event, ...]] = {}
    for row in read_rows("species_history.csv"):
        before, after = (APPENDIX_NUMBERS[row[each]] if row[each] else None for each in ("before", "after"))
        event = Event(row["day"], row["what"], row["source"], before, after)
        found[row["taxon"]] = (*found.get(row["taxon"], ()), event)
    return joined(found, events_of(read_rows(f"{BASE}/changes.csv"), _populations()[1]))


@cache
def edition(base: Path = DATA / BASE) -> Edition:
    """Days of the base in this folder."""
    told = json.loads((base / "edition.json").read_text("utf-8"))
    return Edition(**{name: told[name] for name in Edition.__slots__})


@cache
def base_tables(base: Path = DATA / BASE) -> BaseTables:
    """Tables of the base in this folder beside its taxa."""
    basis = {row["code"]: row["text"] for row in read_rows(base / "basis.csv")}
    russian = tuple(read_rows(base / "names_ru.csv"))
    return BaseTables(
        edition(base),
        families_of(read_rows(base / "families.csv")),
        basis,
        {row["name"]: row["ru"] for row in russian},
        {row["name"]: row["source"] for row in russian},
    )


def base_rows_of(base: Path = DATA / BASE) -> Iterator[Row]:
    """Rows of the base in this folder."""
    return base_rows(read_lines(base / "taxa.csv"), base_tables(base))


def version_of(folder: Path = DATA) -> str:
    """Version of the list of the release, equal for equal tables."""
    digest = hashlib.sha256()
    for name in TABLES:
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()[:12]


def populations() -> Mapping[str, Population]:
    """Taxon -> split of its Appendices by country (`populations.csv`), also for taxa that the list lacks."""
    return _populations()[0]


@cache
def introduced() -> Mapping[str, frozenset[str]]:
    """Taxon -> countries outside its native range that have a population of it, or may have one (`introduced.csv`)."""
    found: dict[str, frozenset[str]] = {}
    for row in read_rows("introduced.csv"):
        found[row["taxon"]] = found.get(row["taxon"], frozenset()) | frozenset(read_list(row["countries"]))
    return MappingProxyType(found)


@cache
def _populations() -> tuple[Mapping[str, Population], Mapping[str, Population]]:
    """The splits in force and those that ended, by taxon."""
    found: tuple[dict[str, Population], dict[str, Population]] = ({}, {})
    for row in read_rows("populations.csv"):
        split = Population(
            APPENDIX_NUMBERS[row["appendix"]],
            frozenset(read_list(row["origins"])),
            APPENDIX_NUMBERS[row["others"]] if row["others"] else None,
            frozenset(read_list(row["open"])),
            row["note"],
            row["source"],
            row["as_of"],
            row.get("until", ""),
        )
        found[bool(split.until)][row["taxon"]] = split
    return MappingProxyType(found[0]), MappingProxyType(found[1])


def restrictions() -> tuple[Restriction, ...]:
    """Suspensions, quotas and conditions of the release (`restrictions.csv`). Raises ValueError for a wrong cell."""
    return tuple(map(_restriction, read_rows("restrictions.csv")))


def _is_yes(cell: str) -> bool:
    """True for `yes`, False for an empty cell. Raises ValueError for any other text."""
    if cell not in {"", "yes"}:
        raise ValueError(f"{cell!r}: expected yes, or empty")
    return bool(cell)


def _restriction(row: Mapping[str, str]) -> Restriction:
    return Restriction(
        taxon=row["taxon"],
        kinds=frozenset(read_list(row["kinds"])),
        sources=frozenset(read_list(row["sources"])),
        purposes=frozenset(read_list(row["purposes"])),
        origins=frozenset(read_list(row["origins"])),
        since=date.fromisoformat(row["since"]),
        until=date.fromisoformat(row["until"]) if row["until"] else None,
        reason=row["reason"],
        source=row["source"],
        reasons=MappingProxyType({language: row[f"reason_{language}"] for language in ("ru", "ky")}),
        effect=Effect(row.get("effect") or "stop"),
        terms=frozenset(read_list(row.get("terms", ""))),
        except_origins=frozenset(read_list(row.get("except_origins", ""))),
        exported_before=_is_yes(row.get("exported_before", "")),
    )
