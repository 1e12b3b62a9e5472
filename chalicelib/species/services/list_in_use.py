"""The species list in use in this process, the published one, else the list of the release.

1 less than a minute since the last look: return the list in memory
2 read from the register which list is in use (species/services/propose_list.py); if it is another one, read and build
  it
3 on any error in step 2: report it and return the list in memory, however old; without one raise `Unavailable`
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from chalicelib.kernel.codes import APPENDIX_NUMBERS
from chalicelib.kernel.errors import Unavailable
from chalicelib.people.services import PeopleDeps
from chalicelib.platform.country_folder import DATA, read_list, read_rows
from chalicelib.platform.deps import PermitRegister
from chalicelib.species.model import list_changes
from chalicelib.species.model.list_changes import Row
from chalicelib.species.model.listing import Event, Listing, Population, Restriction, Taxon
from chalicelib.species.services import propose_list
from chalicelib.trust.services.ports import TrustDeps

LOOK_EVERY = 60  # seconds


@dataclass(frozen=True, slots=True)
class Release:
    """Species data of the deployed files.

    `build` makes a list of other rows, with the suspensions and history of the release.
    """

    rows: Callable[[], Sequence[Row]]
    listing: Callable[[], Listing]
    build: Callable[[Sequence[Row], str], Listing]


class SpeciesListCache:
    """Cache of the species list in one process. Failed reads go to `report`."""

    def __init__(self, release: Release, *, register: PermitRegister, report: Callable[[Exception], None]) -> None:
        self._release = release
        self._register = register
        self._report = report
        self._held: Listing | None = None
        self._digest = ""
        self._looked_at: int | None = None

    def at(self, now: int) -> Listing:
        """The species list to use at this time. Raises `Unavailable` if none could be read yet."""
        if self._held is not None and self._looked_at is not None and 0 <= now - self._looked_at < LOOK_EVERY:  # 1
            return self._held
        self._looked_at = now
        try:
            self._look()  # 2
        except Exception as error:  # 3
            self._report(error)
            if self._held is None:
                raise Unavailable("The species list cannot be read at the moment. Try again shortly.") from error
        assert self._held is not None
        return self._held

    def rows(self) -> Sequence[Row]:
        """Rows of the list in use, always read from the register."""
        head = propose_list.current(self._register)
        release = self._release.rows()
        return release if head is None else list_changes.with_ours(propose_list.rows_of(head, self._register), release)

    def forget(self) -> None:
        """Look at the register again at the next call, because this process has just put another list in use."""
        self._looked_at = None

    def _look(self) -> None:
        head = propose_list.current(self._register)
        if head is None:
            self._held, self._digest = self._release.listing(), ""
        elif self._held is None or head.digest != self._digest:
            rows = list_changes.with_ours(propose_list.rows_of(head, self._register), self._release.rows())
            version = hashlib.sha256(f"{head.digest} {self._release.listing().version}".encode()).hexdigest()[:12]
            self._held, self._digest = self._release.build(rows, version), head.digest


class SpeciesDeps(PeopleDeps, TrustDeps, Protocol):
    """Dependencies with the species list in use."""

    @property
    def species(self) -> SpeciesListCache: ...
    @property
    def listing(self) -> Listing: ...


@cache
def listing() -> Listing:
    """The species list of the release, with its suspensions and history (`data/`, ADR 0028, 0035)."""
    return listing_of(species_rows(), version_of(DATA / "species.csv"))


@cache
def species_rows() -> Sequence[Mapping[str, str]]:
    """Rows of the list of the release, while the list in use may be another one (`SpeciesListCache`)."""
    return tuple(read_rows("species.csv"))


@cache
def kyrgyz_sources() -> Mapping[tuple[str, str], str]:
    """(taxon, Kyrgyz name) -> source and day of reading, or "" for an ordinary word without a source."""
    return MappingProxyType(
        {
            (row["taxon"], row["name"]): f"{row['source']}, {row['as_of']}" if row["source"] else ""
            for row in read_rows("kyrgyz_names.csv")
        }
    )


def listing_of(rows: Sequence[Mapping[str, str]], version: str = "") -> Listing:
    """A list of these rows, with the suspensions and history of the release.

    Raises ValueError if two entries claim one name.
    """
    history: dict[str, tuple[Event, ...]] = {}
    for row in read_rows("species_history.csv"):
        moved = [APPENDIX_NUMBERS[row[each]] if row[each] else None for each in ("before", "after")]
        event = Event(row["day"], row["what"], row["source"], *moved)
        history[row["taxon"]] = (*history.get(row["taxon"], ()), event)
    restrictions = [_restriction(row) for row in read_rows("restrictions.csv")]
    return Listing(
        [split(taxon_of(row)) for row in rows], restrictions, max(row["as_of"] for row in rows), version, history
    )


def version_of(species: Path) -> str:
    """Version of a list, equal for equal species, suspensions, history and populations."""
    files = (species, *(DATA / name for name in ("restrictions.csv", "species_history.csv", "populations.csv")))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def taxon_of(row: Mapping[str, str]) -> Taxon:
    """The entry of a row of `species.csv`. Of several common names in a language the first one is printed."""
    common = {language: read_list(row[language]) for language in ("en", "ru", "ky")}
    return Taxon(
        scientific_name=row["scientific_name"],
        appendix=APPENDIX_NUMBERS[row["appendix"]],
        kingdom=row["kingdom"],
        rank=row["rank"],
        class_name=row["class"],
        order=row["order"],
        family=row["family"],
        synonyms=read_list(row["synonyms"]),
        may_be=frozenset(APPENDIX_NUMBERS[name] for name in read_list(row["may_be"])),
        listed_by=row["listed_by"] or None,
        annotation=row["annotation"],
        names=MappingProxyType({language: names[0] for language, names in common.items() if names}),
        also=tuple(name for names in common.values() for name in names[1:]),
        group=row["group"],
        decided=row["decided"],
        source=row["source"],
        as_of=row["as_of"],
        range_states=frozenset(read_list(row["range_states"])),
        range_source=row["range_source"],
    )


@cache
def populations() -> Mapping[str, Population]:
    """Taxon -> split of its Appendices by country (`populations.csv`), also for taxa that the list lacks."""
    return MappingProxyType(
        {
            row["taxon"]: Population(
                APPENDIX_NUMBERS[row["appendix"]],
                frozenset(read_list(row["origins"])),
                APPENDIX_NUMBERS[row["others"]] if row["others"] else None,
                frozenset(read_list(row["open"])),
                row["note"],
                row["source"],
                row["as_of"],
            )
            for row in read_rows("populations.csv")
        }
    )


def split(taxon: Taxon) -> Taxon:
    """The entry with its split by country of origin.

    The split is left out if it names an Appendix that the entry, in a later list, no longer has.
    """
    known = populations()
    found = next((known[name] for name in (taxon.scientific_name, *taxon.synonyms) if name in known), None)
    if found is None or not found.fits({taxon.appendix, *taxon.may_be}):
        return taxon
    return replace(taxon, population=found)


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
    )
