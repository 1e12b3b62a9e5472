"""Another country's practice ministry on this machine: its folder of `data/countries`, and made-up people and parties.

The made-up part is `local/countries/XX.json`, which is in no deployment package. Members: `zone`, `place` and
`duty_number`, as in the configuration of its stage; `people`, [role, name] each; `exporter` and `importer` of its
permits, as on the form. The first person with a role is used where only the role is given.
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
from chalicelib.platform.country_folder import DUTY_POST, PLACEHOLDER

MADE_UP = Path(__file__).parent / "countries"
TEXTS = ("zone", "place", "duty_number")
PARTY = ("name", "address", "country")


class IncompleteCountry(RuntimeError):
    """Raised when the country's data are incomplete. The message has one line for each missing part."""


@dataclass(frozen=True, slots=True)
class MinistryStaff:
    """The people of a ministry.

    `roles`: sign-in name -> role. `full`: sign-in name -> name as on paper. `admins`: the two who publish a trust list.
    """

    roles: Mapping[str, str]
    full: Mapping[str, str]
    admins: tuple[str, str]

    def of(self, role: str) -> tuple[str, ...]:
        """Sign-in names of everybody with the role. The first is used where only the role is given."""
        return tuple(name for name, theirs in self.roles.items() if theirs == role)


@dataclass(frozen=True, slots=True)
class Country:
    code: str
    zone: str
    place: str
    duty_number: str
    cast: MinistryStaff
    exporter: Mapping[str, str]
    importer: Mapping[str, str]

    @property
    def name(self) -> str:
        return COUNTRIES[self.code]

    @property
    def posts(self) -> tuple[str, str]:
        """Two posts with customs: where goods leave, and where a second use is tried."""
        found = sorted(
            people_services.posts(self.code).values(), key=lambda post: post.kind == DUTY_POST
        )  # the duty desk's post comes last: it is used only if there is no other
        names = [each.id for each in found if "customs" in each.bodies]
        return names[0], names[min(1, len(names) - 1)]


def load_country(code: str) -> Country:
    """Load the country's data. Raises `IncompleteCountry` if they are incomplete.

    If `local/countries/XX.json` is missing, write it with a ? for each value to fill in, and raise.
    """
    if faults := country_folder.country_faults(code):
        raise IncompleteCountry(
            "\n".join((*faults, f"Correct these, then run: bin/tamga country check {code} (docs/NEW_COUNTRY.md, 1)"))
        )
    path = MADE_UP / f"{code}.json"
    if not path.exists():
        path.write_text(json.dumps(_blank(code), ensure_ascii=False, indent=2) + "\n", "utf-8")
        raise IncompleteCountry(
            f"Made {path}. Replace each ? by its value, then repeat the command (docs/NEW_COUNTRY.md, See it run)"
        )
    try:
        told = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise IncompleteCountry(f"{path.name}: {error}") from None
    if faults := tuple(find_faults(code, told)):
        raise IncompleteCountry("\n".join(f"{path.name} {each}" for each in faults))
    names = [(sign_in_name(name), role, name) for role, name in told["people"]]
    roles = {name: role for name, role, _ in names}
    one, two, *_ = (name for name, role, _ in names if role == "admin")
    cast = MinistryStaff(roles, {name: full for name, _, full in names}, (one, two))
    texts = {name: str(told[name]) for name in TEXTS}
    return Country(code, cast=cast, exporter=told["exporter"], importer=told["importer"], **texts)


def sign_in_name(full: str) -> str:
    """The first word of a name in lower-case Latin letters: `Gʻayrat Aliyev, Bojxona` gives `gayrat`."""
    return re.sub(r"[^a-z]", "", full.split(" ", maxsplit=1)[0].strip(",").lower())


def find_faults(code: str, told: Any) -> Iterator[str]:
    """List what is missing or wrong in the JSON, by field."""
    if not isinstance(told, dict):
        yield "must be a JSON object"
        return
    yield from (f"{name}: not filled in" for name in TEXTS if not _text(told.get(name)))
    if _text(told.get("zone")) and told["zone"] not in available_timezones():
        yield "zone: give an IANA time zone, such as Asia/Tashkent"
    yield from _people_faults(told.get("people"))
    for name in ("exporter", "importer"):
        party = told.get(name)
        if not isinstance(party, dict) or not all(_text(party.get(each)) for each in PARTY):
            yield f"{name}: give {', '.join(PARTY)}"
        elif party["country"] not in COUNTRIES or (name == "exporter") != (party["country"] == code):
            yield f"{name}.country: must be " + (code if name == "exporter" else "the code of another country")
    if "customs" not in {body for post in people_services.posts(code).values() for body in post.bodies}:
        yield "posts.json: no post has customs in bodies; add one"


def _people_faults(people: Any) -> Iterator[str]:
    if not isinstance(people, list) or not all(
        isinstance(each, list) and len(each) == 2 and each[0] in ROLES and _text(each[1]) for each in people
    ):
        yield f"people: give [role, name] for each; the roles are {', '.join(ROLES)}"
        return
    held = [role for role, _ in people]
    yield from (f"people: add a person with the role {role}" for role in ROLES if role not in held)
    if held.count("admin") < 2:
        yield "people: add a second admin; a trust list needs two"
    names = [sign_in_name(name) for _, name in people]
    yield from (
        f"people: two persons have the sign-in name {name} (first word of the name); change one"
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    )
    if "" in names:
        yield "people: the first word of each name needs Latin letters; it is the sign-in name"


def _blank(code: str) -> dict[str, Any]:
    party = dict.fromkeys(PARTY, PLACEHOLDER)
    people = [[role, PLACEHOLDER] for role in ROLES for _ in range(2 if role in {"customs", "admin"} else 1)]
    return {
        **dict.fromkeys(TEXTS, PLACEHOLDER),
        "people": people,
        "exporter": {**party, "country": code},
        "importer": party,
    }


def _text(value: object) -> bool:
    return isinstance(value, str) and value.strip() not in {"", PLACEHOLDER}
