"""Where the dated tables of `data/` become core objects: read from the package, once.

Outside the core, which reads no file. Raises ValueError if a table is not what it should be: a broken table is a
broken release, and its tests say so.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from io import StringIO
from types import MappingProxyType

from chalicelib.core.codes import UNITS
from chalicelib.core.ledger import Post
from chalicelib.core.listing import Listing, Restriction, Taxon
from chalicelib.core.permit import APPENDIX_NUMBERS
from chalicelib.core.shape import QUANTITY

_DATA = files("chalicelib") / "data"


@cache
def listing() -> Listing:
    """The species list with its suspensions (`species.csv`, `restrictions.csv`)."""
    taxa = [_taxon(row) for row in _rows("species.csv")]
    return Listing(taxa, [_restriction(row) for row in _rows("restrictions.csv")], max(taxon.as_of for taxon in taxa))


@cache
def posts() -> Mapping[str, Post]:
    """The posts by id (`posts.json`); links are symmetric."""
    rows = json.loads((_DATA / "posts.json").read_text("utf-8"))["posts"]
    table = {
        row["id"]: Post(
            row["id"], row["name"], row["kind"], frozenset(row["bodies"]), frozenset(row["links"]), *row["at"]
        )
        for row in rows
    }
    for post in table.values():
        for other in post.links:
            if other not in table or post.id not in table[other].links:
                raise ValueError(f"posts.json: {post.id} and {other} are not linked both ways")
    return MappingProxyType(table)


@cache
def offline_limits() -> Mapping[str, str]:
    """Unit ("": specimens) -> the quantity above which offline is never enough (`offline_limits.json`)."""
    limits = json.loads((_DATA / "offline_limits.json").read_text("utf-8"))["limits"]
    if any((unit and unit not in UNITS) or not QUANTITY.fullmatch(most) for unit, most in limits.items()):
        raise ValueError("offline_limits.json: a CITES unit or none, and a quantity")
    return MappingProxyType(limits)


def authority(issuer: str) -> dict[str, str]:
    """Block 6: the Management Authority's names (en, ky, ru), address and country."""
    fields = json.loads((_DATA / "authority.json").read_text("utf-8"))[issuer]
    return {name: fields[name] for name in ("name", "name_ky", "name_ru", "address", "country")}


def _rows(name: str) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(StringIO((_DATA / name).read_text("utf-8"), newline=""), strict=True)


def _taxon(row: Mapping[str, str]) -> Taxon:
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
        names=MappingProxyType({language: row[language] for language in ("en", "ru", "ky") if row[language]}),
        source=row["source"],
        as_of=row["as_of"],
    )


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
    )


def _list(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())
