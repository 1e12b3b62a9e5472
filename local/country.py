"""Another country's practice ministry on this machine: its folder of `data/countries`, and what is made up for it here.

`local/countries/XX.json`, which gets into no package: `zone`, `place`, `duty_number` as its stage would be told them;
`people`, [role, name] each, of whom the first answers where a role alone is asked for; `exporter` and `importer` of its
permits, as a form has them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from chalicelib.kernel.countries import COUNTRIES
from chalicelib.kernel.roles import ROLES
from chalicelib.people import services as people_services
from chalicelib.platform import country_folder
from chalicelib.platform.country_folder import ASKED, DUTY_POST

MADE_UP = Path(__file__).parent / "countries"
TEXTS = ("zone", "place", "duty_number")
PARTY = ("name", "address", "country")


class NotWhole(RuntimeError):
    """The country cannot be played yet; each thing that is missing is a line."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays a ministry. `roles`: sign-in name -> role; `full`: the same -> as on paper; `admins`: the two who make
    a trust list."""

    roles: Mapping[str, str]
    full: Mapping[str, str]
    admins: tuple[str, str]

    def of(self, role: str) -> tuple[str, ...]:
        """Everybody of the role; the first answers where the role alone is asked for."""
        return tuple(name for name, theirs in self.roles.items() if theirs == role)


@dataclass(frozen=True, slots=True)
class Country:
    code: str
    zone: str
    place: str
    duty_number: str
    cast: Cast
    exporter: Mapping[str, str]
    importer: Mapping[str, str]

    @property
    def name(self) -> str:
        return COUNTRIES[self.code]

    @property
    def posts(self) -> tuple[str, str]:
        """Two at which customs endorse: where its goods leave, and where somebody tries it again."""
        found = sorted(
            people_services.posts(self.code).values(), key=lambda post: post.kind == DUTY_POST
        )  # not there if it can be
        names = [each.id for each in found if "customs" in each.bodies]
        return names[0], names[min(1, len(names) - 1)]


def played(code: str) -> Country:
    """Raises `NotWhole`; where nothing is made up for it yet, the file is laid out, with a ? for each answer."""
    if faults := country_folder.country_faults(code):
        raise NotWhole("\n".join((*faults, f"bin/tamga country check {code}; docs/NEW_COUNTRY.md, 1")))
    path = MADE_UP / f"{code}.json"
    if not path.exists():
        path.write_text(json.dumps(_blank(code), ensure_ascii=False, indent=2) + "\n", "utf-8")
        raise NotWhole(f"{path}: an answer for each ?, then the same again (docs/NEW_COUNTRY.md, See it run)")
    try:
        told = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise NotWhole(f"{path.name}: {error}") from None
    if faults := tuple(faults_of(code, told)):
        raise NotWhole("\n".join(f"{path.name} {each}" for each in faults))
    names = [(sign_in_name(name), role, name) for role, name in told["people"]]
    roles = {name: role for name, role, _ in names}
    one, two, *_ = (name for name, role, _ in names if role == "admin")
    cast = Cast(roles, {name: full for name, _, full in names}, (one, two))
    texts = {name: str(told[name]) for name in TEXTS}
    return Country(code, cast=cast, exporter=told["exporter"], importer=told["importer"], **texts)


def sign_in_name(full: str) -> str:
    """The first word in small Latin letters: `Gʻayrat Aliyev, Bojxona` is `gayrat`."""
    return re.sub(r"[^a-z]", "", full.split(" ", maxsplit=1)[0].strip(",").lower())


def faults_of(code: str, told: Any) -> Iterator[str]:
    """What is missing or wrong, by field."""
    if not isinstance(told, dict):
        yield "an object is expected"
        return
    yield from (f"{name}: not filled in" for name in TEXTS if not _text(told.get(name)))
    if _text(told.get("zone")) and told["zone"] not in available_timezones():
        yield "zone: an IANA time zone, like Asia/Tashkent"
    yield from _people_faults(told.get("people"))
    for name in ("exporter", "importer"):
        party = told.get(name)
        if not isinstance(party, dict) or not all(_text(party.get(each)) for each in PARTY):
            yield f"{name}: {', '.join(PARTY)}"
        elif party["country"] not in COUNTRIES or (name == "exporter") != (party["country"] == code):
            yield f"{name}.country: " + (code if name == "exporter" else "another country's code")
    if "customs" not in {body for post in people_services.posts(code).values() for body in post.bodies}:
        yield "posts.json has no post with customs"


def _people_faults(people: Any) -> Iterator[str]:
    if not isinstance(people, list) or not all(
        isinstance(each, list) and len(each) == 2 and each[0] in ROLES and _text(each[1]) for each in people
    ):
        yield f"people: [role, name] each; roles are {', '.join(ROLES)}"
        return
    held = [role for role, _ in people]
    yield from (f"people: nobody is {role}" for role in ROLES if role not in held)
    if held.count("admin") < 2:
        yield "people: a trust list takes two of admin"
    names = [sign_in_name(name) for _, name in people]
    yield from (f"people: two sign in as {name}" for name in dict.fromkeys(names) if names.count(name) > 1)
    if "" in names:
        yield "people: a first word with Latin letters, to sign in by"


def _blank(code: str) -> dict[str, Any]:
    party = dict.fromkeys(PARTY, ASKED)
    people = [[role, ASKED] for role in ROLES for _ in range(2 if role in {"customs", "admin"} else 1)]
    return {**dict.fromkeys(TEXTS, ASKED), "people": people, "exporter": {**party, "country": code}, "importer": party}


def _text(value: object) -> bool:
    return isinstance(value, str) and value.strip() not in {"", ASKED}
