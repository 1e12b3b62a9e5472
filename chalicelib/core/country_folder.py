"""What a country's folder has to say (`data/countries/XX`), and what of it is missing or wrong (NEW_COUNTRY.md).

Two files, as JSON reads them: `authority.json` (block 6, the form's head) and `posts.json` (the border posts).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from chalicelib.core.codes import COUNTRIES
from chalicelib.core.roles import OFFICERS
from chalicelib.core.validity import day

ASKED = "?"  # stands where nobody has answered yet
AUTHORITY, POSTS = "authority.json", "posts.json"
DUTY_POST = "ministry"  # whoever is assigned there has every post's
POST_KINDS = ("airport", "road", "rail", "port", "eaeu-border", "inland", DUTY_POST)
POST_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LANGUAGE = re.compile(r"[a-z]{2}")  # ISO 639-1
OWN = ("name", "state", "address")  # in English, then as `name_<language>` in each language of the country


def blank(country: str, languages: Sequence[str]) -> dict[str, dict[str, Any]]:
    """File -> its content with every question marked: what `faults` then finds, one by one."""
    post = {"id": "", "name": ASKED, **{f"name_{each}": ASKED for each in languages}}
    airport = {**post, "id": "airport", "kind": "airport", "bodies": ["customs"], "links": [], "at": [ASKED, ASKED]}
    own = {f"{name}_{language}": ASKED for name in OWN for language in languages}
    return {
        AUTHORITY: {
            "as_of": ASKED, "source": ASKED, "country": country, **dict.fromkeys(OWN, ASKED), **own,
            "offered_first": [ASKED],
        },
        POSTS: {"as_of": ASKED, "posts": [airport, {**airport, "id": DUTY_POST, "kind": DUTY_POST}]},
    }  # fmt: skip


def faults(country: str, authority: Any, posts: Any) -> tuple[str, ...]:
    """Each fault as `file field: what`, in the order of the files."""
    if not isinstance(authority, dict) or not isinstance(posts, dict):
        return tuple(f"{name}: an object is expected" for name, held in ((AUTHORITY, authority), (POSTS, posts))
                     if not isinstance(held, dict))  # fmt: skip
    languages = languages_of(authority)
    return (
        *(f"{AUTHORITY} {fault}" for fault in _authority_faults(country, authority, languages)),
        *(f"{POSTS} {fault}" for fault in _posts_faults(posts, languages)),
    )


def languages_of(authority: Mapping[str, Any]) -> tuple[str, ...]:
    """In the order in which the form prints them: those in which its head names the State. An authority may have a name
    in French, too, which is for strangers."""
    return tuple(name.removeprefix("state_") for name in authority if name.startswith("state_"))


def _authority_faults(country: str, authority: Mapping[str, Any], languages: Sequence[str]) -> Iterator[str]:
    yield from _day_faults(authority)
    if authority.get("country") != country:
        yield f"country: it is of {authority.get('country')}, in the folder of {country}"
    if country not in COUNTRIES:
        yield f"country: {country} is no country's code (ISO 3166-1 alpha-2)"
    yield from _text_faults(authority, ("source", *OWN, *(f"{n}_{own}" for n in OWN for own in languages)))
    for language in languages:
        if not LANGUAGE.fullmatch(language) or language == "en":
            yield f"state_{language}: two letters of ISO 639-1, and English is `state`"
    first = _listed(authority.get("offered_first"))
    wrong = ", ".join(str(each) for each in first if str(each) not in COUNTRIES)
    if wrong or not first:
        yield ("offered_first: codes of the countries that forms offer first (neighbours, partners in trade)"
               + (f", and none is {wrong}" if wrong else ""))  # fmt: skip


def _posts_faults(table: Mapping[str, Any], languages: Sequence[str]) -> Iterator[str]:
    yield from _day_faults(table)
    posts = table.get("posts")
    if not isinstance(posts, list) or not all(isinstance(post, dict) for post in posts):
        yield "posts: a list of posts is expected"
        return
    links = {str(post.get("id")): post.get("links") for post in posts}
    if len(links) != len(posts):
        yield "posts: one id twice"
    if DUTY_POST not in links:
        yield f"posts: no post {DUTY_POST}"
    for post in posts:
        name = str(post.get("id"))
        if not POST_ID.fullmatch(name):
            yield f"{name}: an id has small Latin letters, digits and single hyphens"
        yield from (f"{name}.{fault}" for fault in _post_faults(post, languages))
        for other in post["links"] if isinstance(post.get("links"), list) else ():
            if name not in _listed(links.get(str(other))):
                yield f"{name}.links: {name} and {other} are not linked both ways"


def _post_faults(post: Mapping[str, Any], languages: Sequence[str]) -> Iterator[str]:
    yield from _text_faults(post, ("name", *(f"name_{each}" for each in languages)))
    if post.get("kind") not in POST_KINDS:
        yield f"kind: one of {', '.join(POST_KINDS)}"
    bodies = _listed(post.get("bodies"))
    if not bodies or any(each not in sorted(OFFICERS) for each in bodies):
        yield f"bodies: who endorses there, of {', '.join(sorted(OFFICERS))}"
    if not isinstance(post.get("links"), list):
        yield "links: a list of ids, empty where there are none"
    at = _listed(post.get("at"))
    if len(at) != 2 or not all(_within(each, most) for each, most in zip(at, (90, 180), strict=True)):
        yield "at: latitude and longitude in degrees, like [42.87, 74.59]"


def _within(value: object, most: int) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and -most <= value <= most


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _day_faults(table: Mapping[str, Any]) -> Iterator[str]:
    if day(str(table.get("as_of"))) is None:
        yield "as_of: the day on which it was compared with its source, YYYY-MM-DD"


def _text_faults(table: Mapping[str, Any], names: Iterable[str]) -> Iterator[str]:
    for name in names:
        if name not in table:
            yield f"{name}: missing"
        elif not isinstance(table[name], str) or table[name].strip() in {"", ASKED}:
            yield f"{name}: not filled in"
