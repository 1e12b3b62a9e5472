"""Readers of the tables in `data/`, and checks of a country's folder (docs/NEW_COUNTRY.md).

A country's folder `data/countries/XX` has two JSON files. `authority.json` has the text of block 6 and the form's head,
and `posts.json` has the border posts. The pure rooms read no files, so this module does it for them. A malformed table
raises ValueError. It is a fault of the release, which the release's tests find.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from io import StringIO
from pathlib import Path
from types import MappingProxyType
from typing import Any

from chalicelib.kernel.codes import NUMBER, UNITS
from chalicelib.kernel.countries import COUNTRIES
from chalicelib.kernel.days import day
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.quantity import QUANTITY, spelled
from chalicelib.kernel.roles import OFFICERS
from chalicelib.kernel.text import split_cell

PLACEHOLDER = "?"  # placeholder of a value that is not filled in yet

AUTHORITY, POSTS = "authority.json", "posts.json"

DUTY_POST = "ministry"  # the ministry's duty desk; its people reach the records of every post

POST_KINDS = ("airport", "road", "rail", "port", "eaeu-border", "inland", DUTY_POST)

POST_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

LANGUAGE = re.compile(r"[a-z]{2}")  # ISO 639-1

NAME_FIELDS = ("name", "state", "address")  # in English; `name_<language>` has the text in a language of the country


def template(country: str, languages: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return a template of a country's folder: file name -> content, with `?` for each value to fill in.

    `faults` finds each value that is still missing.
    """
    post = {"id": "", "name": PLACEHOLDER, **{f"name_{each}": PLACEHOLDER for each in languages}}
    airport = {
        **post,
        "id": "airport",
        "kind": "airport",
        "bodies": ["customs"],
        "links": [],
        "at": [PLACEHOLDER, PLACEHOLDER],
    }
    own = {f"{name}_{language}": PLACEHOLDER for name in NAME_FIELDS for language in languages}
    return {
        AUTHORITY: {
            "as_of": PLACEHOLDER,
            "source": PLACEHOLDER,
            "country": country,
            **dict.fromkeys(NAME_FIELDS, PLACEHOLDER),
            **own,
            "offered_first": [PLACEHOLDER],
        },
        POSTS: {"as_of": PLACEHOLDER, "posts": [airport, {**airport, "id": DUTY_POST, "kind": DUTY_POST}]},
    }


def faults(country: str, authority: Any, posts: Any) -> tuple[str, ...]:
    """Return each fault of a country's folder as `file field: what`, in the order of the files."""
    if not isinstance(authority, dict) or not isinstance(posts, dict):
        return tuple(
            f"{name}: must be a JSON object"
            for name, held in ((AUTHORITY, authority), (POSTS, posts))
            if not isinstance(held, dict)
        )
    languages = languages_of(authority)
    return (
        *(f"{AUTHORITY} {fault}" for fault in _authority_faults(country, authority, languages)),
        *(f"{POSTS} {fault}" for fault in _posts_faults(posts, languages)),
    )


def languages_of(authority: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the country's languages, in the order in which the form prints them.

    These are the languages with a `state_<language>` text for the form's head. An authority may also have a name in
    another language, such as French, for foreign readers.
    """
    return tuple(name.removeprefix("state_") for name in authority if name.startswith("state_"))


def _authority_faults(country: str, authority: Mapping[str, Any], languages: Sequence[str]) -> Iterator[str]:
    yield from _day_faults(authority)
    if authority.get("country") != country:
        yield f"country: must be {country} as its folder, not {authority.get('country')}"
    if country not in COUNTRIES:
        yield f"country: {country} is not an ISO 3166-1 alpha-2 code"
    yield from _text_faults(
        authority, ("source", *NAME_FIELDS, *(f"{n}_{own}" for n in NAME_FIELDS for own in languages))
    )
    for language in languages:
        if not LANGUAGE.fullmatch(language) or language == "en":
            yield f"state_{language}: end the name with a two-letter ISO 639-1 code; English is `state`"
    first = _listed(authority.get("offered_first"))
    wrong = ", ".join(str(each) for each in first if str(each) not in COUNTRIES)
    if wrong or not first:
        yield (
            "offered_first: list the ISO 3166-1 codes that forms offer first (neighbours, trade partners)"
            + (f"; not a code: {wrong}" if wrong else "")
        )


def _posts_faults(table: Mapping[str, Any], languages: Sequence[str]) -> Iterator[str]:
    yield from _day_faults(table)
    posts = table.get("posts")
    if not isinstance(posts, list) or not all(isinstance(post, dict) for post in posts):
        yield "posts: must be a list of posts"
        return
    links = {str(post.get("id")): post.get("links") for post in posts}
    if len(links) != len(posts):
        yield "posts: two posts have the same id"
    if DUTY_POST not in links:
        yield f"posts: the post {DUTY_POST} (the ministry's duty desk) is missing"
    for post in posts:
        name = str(post.get("id"))
        if not POST_ID.fullmatch(name):
            yield f"{name}: an id may have lower-case Latin letters, digits and single hyphens only"
        yield from (f"{name}.{fault}" for fault in _post_faults(post, languages))
        for other in post["links"] if isinstance(post.get("links"), list) else ():
            if name not in _listed(links.get(str(other))):
                yield f"{name}.links: {name} and {other} must each link to the other"


def _post_faults(post: Mapping[str, Any], languages: Sequence[str]) -> Iterator[str]:
    yield from _text_faults(post, ("name", *(f"name_{each}" for each in languages)))
    if post.get("kind") not in POST_KINDS:
        yield f"kind: must be one of {', '.join(POST_KINDS)}"
    bodies = _listed(post.get("bodies"))
    if not bodies or any(each not in sorted(OFFICERS) for each in bodies):
        yield f"bodies: list the services that endorse there; choose from {', '.join(sorted(OFFICERS))}"
    if not isinstance(post.get("links"), list):
        yield "links: must be a list of post ids; [] if there are none"
    at = _listed(post.get("at"))
    if len(at) != 2 or not all(_within(each, most) for each, most in zip(at, (90, 180), strict=True)):
        yield "at: must be latitude and longitude in degrees, such as [42.87, 74.59]"


def _within(value: object, most: int) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and -most <= value <= most


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _day_faults(table: Mapping[str, Any]) -> Iterator[str]:
    if day(str(table.get("as_of"))) is None:
        yield "as_of: must be the date on which the file was compared with its source, YYYY-MM-DD"


def _text_faults(table: Mapping[str, Any], names: Iterable[str]) -> Iterator[str]:
    for name in names:
        if name not in table:
            yield f"{name}: missing"
        elif not isinstance(table[name], str) or table[name].strip() in {"", PLACEHOLDER}:
            yield f"{name}: not filled in"


DATA = Path(__file__).resolve().parent.parent / "data"

FOREIGN_LANGUAGES = ("en", "fr")  # for foreign readers, besides a country's own languages

COUNTRY_FOLDERS = DATA / "countries"  # one folder for each Party that issues: authority.json, posts.json


def post_names(language: str, issuer: str) -> Mapping[str, str]:
    """Return post id -> name in a language, or the English name if there is none in that language."""
    rows = country_file(issuer, POSTS)["posts"]
    return {row["id"]: row.get(f"name_{language}", row["name"]) for row in rows}


@cache
def offline_limits() -> Mapping[str, str]:
    """Return unit -> the total above which an offline check is not enough (`offline_limits.json`). "" is specimens.

    A limit is repeated in every unit that it converts to, because scanners before 1.0.0 compare unit by unit. A unit in
    which the limit cannot be written is left out, because no line in that unit can be above the limit. Raises
    ValueError.
    """
    limits = json.loads((DATA / "offline_limits.json").read_text("utf-8"))["limits"]
    if any((unit and unit not in UNITS) or not QUANTITY.fullmatch(most) for unit, most in limits.items()):
        raise ValueError('offline_limits.json: each limit must have a CITES unit ("" for specimens) and a quantity')
    made: dict[str, str] = {}
    for unit, most in limits.items():
        mine = UNITS[unit or NUMBER]
        same = (each for each in UNITS.values() if each.base == mine.base and each.code != NUMBER)
        made |= {each.code: spelled(Decimal(most) * mine.factor / each.factor) for each in same}
    return MappingProxyType({unit: most for unit, most in made.items() if QUANTITY.fullmatch(most)} | limits)


def authority(issuer: str) -> dict[str, str]:
    """Return the text of block 6: name, address and country of the Management Authority.

    Other languages have `name_ky`, `address_ky` and so on. Raises ValueError if the file names another country.
    """
    fields = country_file(issuer, AUTHORITY)
    if fields["country"] != issuer:
        raise ValueError(f"authority.json: country is {fields['country']}, but the folder is that of {issuer}")
    return {
        name: str(text) for name, text in fields.items() if name.partition("_")[0] in {"name", "address", "country"}
    }


def countries() -> tuple[str, ...]:
    """Return the countries that have a folder."""
    return tuple(sorted(each.name for each in COUNTRY_FOLDERS.iterdir() if each.is_dir()))


def languages(issuer: str) -> tuple[str, ...]:
    """Return the country's languages, in the order in which the form prints them."""
    return languages_of(country_file(issuer, AUTHORITY))


def deployment_languages(issuer: str) -> tuple[str, ...]:
    """Return the languages of this country's deployment: its own, then English and French for foreign readers."""
    return tuple(dict.fromkeys((*languages(issuer), *FOREIGN_LANGUAGES)))


def state(issuer: str) -> tuple[str, ...]:
    """Return the country's name for the form's head: in English, then in each of its languages."""
    fields = country_file(issuer, AUTHORITY)
    return tuple(str(fields[name]) for name in ("state", *(f"state_{each}" for each in languages(issuer))))


def authority_as_of(issuer: str) -> str:
    """Return the day on which the authority's entry was compared with its source."""
    return str(country_file(issuer, AUTHORITY)["as_of"])


def offered_first(issuer: str) -> tuple[str, ...]:
    """Return the countries that the pages' forms offer first."""
    return tuple(country_file(issuer, AUTHORITY)["offered_first"])


def country_faults(issuer: str) -> tuple[str, ...]:
    """Return what is missing or wrong in the country's folder (docs/NEW_COUNTRY.md).

    It is empty if the folder can be used.
    """
    try:
        return faults(issuer, country_file(issuer, AUTHORITY), country_file(issuer, POSTS))
    except (Unavailable, ValueError) as error:  # a missing file, or invalid JSON
        return (str(error),)


def country_file(issuer: str, name: str) -> Any:
    """Read a JSON file of the country's folder. Raises `Unavailable` if it is missing, ValueError if it is no JSON."""
    try:
        return json.loads((COUNTRY_FOLDERS / issuer / name).read_text("utf-8"))
    except FileNotFoundError:
        raise Unavailable(f"The folder of {issuer} has no {name}: see docs/NEW_COUNTRY.md.") from None
    except ValueError as error:
        raise ValueError(f"{issuer}/{name}: {error}") from None


def read_rows(name: str | Path) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(StringIO((DATA / name).read_text("utf-8"), newline=""), strict=True)


def read_lines(name: str | Path) -> Iterator[list[str]]:
    """Cells of each line of a table without its header, one line after another."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file, strict=True)
        next(lines, None)
        yield from lines


def read_list(cell: str) -> tuple[str, ...]:
    return tuple(split_cell(cell))
