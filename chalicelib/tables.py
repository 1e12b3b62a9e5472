"""Where the dated tables of `data/` become core objects: read from the package, once.

Outside the core, which reads no file. Raises ValueError if a table is not what it should be: a broken table is a
broken release, and its tests say so.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from io import StringIO
from pathlib import Path
from types import MappingProxyType
from typing import Any

from chalicelib.core import country_folder
from chalicelib.core.codes import NUMBER, UNITS
from chalicelib.core.country_folder import AUTHORITY, POSTS
from chalicelib.core.errors import Unavailable
from chalicelib.core.ledger import Post
from chalicelib.core.listing import Listing
from chalicelib.core.permit import APPENDIX_NUMBERS
from chalicelib.core.quotas import spelled
from chalicelib.core.requirement_rows import Stricter
from chalicelib.core.shape import QUANTITY
from chalicelib.core.species_list import listed
from chalicelib.core.taxon import Event, Population, Restriction, Taxon

_DATA = Path(__file__).with_name("data")
STRANGERS = ("en", "fr")  # spoken besides a country's own languages
COUNTRIES = _DATA / "countries"  # a folder for each Party that may issue: authority.json, posts.json


@cache
def listing() -> Listing:
    """The release's species list with its suspensions and what became of its entries (`data/`, ADR 0028, 0035)."""
    return listing_of(species_rows(), version_of(_DATA / "species.csv"))


@cache
def species_rows() -> Sequence[Mapping[str, str]]:
    """The release's own list; the one in use may be another (`services/hold_species.py`)."""
    return tuple(_rows("species.csv"))


@cache
def kyrgyz_sources() -> Mapping[tuple[str, str], str]:
    """(taxon, Kyrgyz name) -> who says so and when it was read; "": an ordinary word, no work was read for it."""
    return MappingProxyType({
        (row["taxon"], row["name"]): f"{row['source']}, {row['as_of']}" if row["source"] else ""
        for row in _rows("kyrgyz_names.csv")
    })  # fmt: skip


def listing_of(rows: Sequence[Mapping[str, str]], version: str = "") -> Listing:
    """The list of these rows, with the suspensions and the history of the release. Raises ValueError."""
    history: dict[str, tuple[Event, ...]] = {}
    for row in _rows("species_history.csv"):
        moved = [APPENDIX_NUMBERS[row[each]] if row[each] else None for each in ("before", "after")]
        event = Event(row["day"], row["what"], row["source"], *moved)
        history[row["taxon"]] = (*history.get(row["taxon"], ()), event)
    restrictions = [_restriction(row) for row in _rows("restrictions.csv")]
    return Listing(
        [split(taxon_of(row)) for row in rows], restrictions, max(row["as_of"] for row in rows), version, history
    )


def version_of(species: Path) -> str:
    """The same for the same list, suspensions and history."""
    files = (species, *(_DATA / name for name in ("restrictions.csv", "species_history.csv", "populations.csv")))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


@cache
def posts(issuer: str) -> Mapping[str, Post]:
    """The country's posts by id, links both ways, the duty desk among them. Raises ValueError for a faulty folder."""
    if faults := country_faults(issuer):
        raise ValueError(faults[0])
    return MappingProxyType({
        row["id"]: Post(
            row["id"], row["name"], row["kind"], frozenset(row["bodies"]), frozenset(row["links"]), *row["at"]
        )
        for row in _country(issuer, POSTS)["posts"]
    })  # fmt: skip


def post_names(language: str, issuer: str) -> Mapping[str, str]:
    """Post id -> its name in a language; English where there is none in that."""
    rows = _country(issuer, POSTS)["posts"]
    return {row["id"]: row.get(f"name_{language}", row["name"]) for row in rows}


@cache
def offline_limits() -> Mapping[str, str]:
    """Unit ("": specimens) -> the total above which offline is never enough (`offline_limits.json`).

    A limit is repeated in every unit that it converts to, for scanners before 1.0.0, which compare unit by unit. A unit
    in which the limit has no spelling is left out: no line in that unit can be above it.
    """
    limits = json.loads((_DATA / "offline_limits.json").read_text("utf-8"))["limits"]
    if any((unit and unit not in UNITS) or not QUANTITY.fullmatch(most) for unit, most in limits.items()):
        raise ValueError("offline_limits.json: a CITES unit or none, and a quantity")
    made: dict[str, str] = {}
    for unit, most in limits.items():
        mine = UNITS[unit or NUMBER]
        same = (each for each in UNITS.values() if each.base == mine.base and each.code != NUMBER)
        made |= {each.code: spelled(Decimal(most) * mine.factor / each.factor) for each in same}
    return MappingProxyType({unit: most for unit, most in made.items() if QUANTITY.fullmatch(most)} | limits)


@cache
def stricter_abroad() -> tuple[Stricter, ...]:
    """What some countries of destination ask for beyond CITES (`stricter_abroad.csv`)."""
    return tuple(
        Stricter(
            row["taxon"], frozenset(_list(row["countries"])), frozenset(_list(row["terms"])), row["needs"],
            row["source"],
        )
        for row in _rows("stricter_abroad.csv")
    )  # fmt: skip


@cache
def identification() -> Mapping[str, Any]:
    """The identification aid (ADR 0032): the files of `identification/`, which the pages read too, as one table."""
    files = {
        path.stem: json.loads(path.read_text("utf-8")) for path in sorted((_DATA / "identification").glob("*.json"))
    }
    questions, words, groups = files.pop("questions"), files.pop("words"), files.values()
    candidates = {name: made for each in groups for name, made in each["candidates"].items()}
    pairs = [pair for each in groups for pair in each["pairs"]]
    return MappingProxyType({**questions, **words, "candidates": candidates, "pairs": pairs})


def authority(issuer: str) -> dict[str, str]:
    """Block 6: name and place of the Management Authority; both in other languages as `name_ky`, `address_ky`."""
    fields = _country(issuer, AUTHORITY)
    if fields["country"] != issuer:
        raise ValueError(f"authority.json: it is of {fields['country']}, in the folder of {issuer}")
    return {
        name: str(text) for name, text in fields.items() if name.partition("_")[0] in {"name", "address", "country"}
    }


def countries() -> tuple[str, ...]:
    """Those that have a folder."""
    return tuple(sorted(each.name for each in COUNTRIES.iterdir() if each.is_dir()))


def languages(issuer: str) -> tuple[str, ...]:
    """The country's languages, in the order in which the form prints them: those in which its head names the State."""
    return country_folder.languages_of(_country(issuer, AUTHORITY))


def spoken(issuer: str) -> tuple[str, ...]:
    """What a deployment of this country speaks: its own languages, then English and French for strangers."""
    return tuple(dict.fromkeys((*languages(issuer), *STRANGERS)))


def state(issuer: str) -> tuple[str, ...]:
    """The country's name at the form's head: in English, then in each of its languages."""
    fields = _country(issuer, AUTHORITY)
    return tuple(str(fields[name]) for name in ("state", *(f"state_{each}" for each in languages(issuer))))


def authority_as_of(issuer: str) -> str:
    """The day that this entry was compared with its source."""
    return str(_country(issuer, AUTHORITY)["as_of"])


def offered_first(issuer: str) -> tuple[str, ...]:
    """The countries that forms offer first."""
    return tuple(_country(issuer, AUTHORITY)["offered_first"])


def country_faults(issuer: str) -> tuple[str, ...]:
    """What is missing or wrong in the country's folder (docs/NEW_COUNTRY.md); none where it can be used."""
    try:
        return country_folder.faults(issuer, _country(issuer, AUTHORITY), _country(issuer, POSTS))
    except (Unavailable, ValueError) as error:  # a file that is missing, that is no JSON
        return (str(error),)


def _country(issuer: str, name: str) -> Any:
    """A file of the country's folder; raises `Unavailable` where there is none."""
    try:
        return json.loads((COUNTRIES / issuer / name).read_text("utf-8"))
    except FileNotFoundError:
        raise Unavailable(f"{issuer} has no {name} (docs/NEW_COUNTRY.md).") from None
    except ValueError as error:
        raise ValueError(f"{issuer}/{name}: {error}") from None


def _rows(name: str) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(StringIO((_DATA / name).read_text("utf-8"), newline=""), strict=True)


def taxon_of(row: Mapping[str, str]) -> Taxon:
    """The entry of a row of `species.csv`. Of several common names in a language the first one is printed."""
    common = {language: _list(row[language]) for language in ("en", "ru", "ky")}
    return Taxon(
        scientific_name=row["scientific_name"],
        appendix=APPENDIX_NUMBERS[row["appendix"]],
        kingdom=row["kingdom"],
        rank=row["rank"],
        class_name=row["class"],
        order=row["order"],
        family=row["family"],
        synonyms=_list(row["synonyms"]),
        may_be=frozenset(APPENDIX_NUMBERS[name] for name in _list(row["may_be"])),
        listed_by=row["listed_by"] or None,
        annotation=row["annotation"],
        names=MappingProxyType({language: names[0] for language, names in common.items() if names}),
        also=tuple(name for names in common.values() for name in names[1:]),
        group=row["group"],
        decided=row["decided"],
        source=row["source"],
        as_of=row["as_of"],
        range_states=frozenset(_list(row["range_states"])),
        range_source=row["range_source"],
    )


@cache
def populations() -> Mapping[str, Population]:
    """Taxon -> how the Appendices split it by country (`populations.csv`), of taxa, too, that the list lacks so far."""
    return MappingProxyType({
        row["taxon"]: Population(
            APPENDIX_NUMBERS[row["appendix"]], frozenset(_list(row["origins"])),
            APPENDIX_NUMBERS[row["others"]] if row["others"] else None, frozenset(_list(row["open"])), row["note"],
            row["source"], row["as_of"],
        )
        for row in _rows("populations.csv")
    })  # fmt: skip


def split(taxon: Taxon) -> Taxon:
    """The entry with its split by country, unless it names an Appendix that the entry, a later one, has no more."""
    known = populations()
    found = next((known[name] for name in (taxon.scientific_name, *taxon.synonyms) if name in known), None)
    if found is None or not found.fits({taxon.appendix, *taxon.may_be}):
        return taxon
    return replace(taxon, population=found)


def _restriction(row: Mapping[str, str]) -> Restriction:
    return Restriction(
        taxon=row["taxon"],
        kinds=frozenset(_list(row["kinds"])),
        sources=frozenset(_list(row["sources"])),
        purposes=frozenset(_list(row["purposes"])),
        origins=frozenset(_list(row["origins"])),
        since=date.fromisoformat(row["since"]),
        until=date.fromisoformat(row["until"]) if row["until"] else None,
        reason=row["reason"],
        source=row["source"],
        reasons=MappingProxyType({language: row[f"reason_{language}"] for language in ("ru", "ky")}),
    )


def _list(cell: str) -> tuple[str, ...]:
    return tuple(listed(cell))
