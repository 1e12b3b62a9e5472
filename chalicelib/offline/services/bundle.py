"""Bundle of a scanner: the data with which it judges offline, and its parts.

The bundle has trust and status lists, posts, recent uses, and the quantities that ask for a call.

Parts change with a release or now and then, not with each endorsement (ADR 0026). Each is one JSON value with an ETag
of its own. A device downloads it once, and again when the ETag changes. A new part needs a line in `PARTS`, and its
reader in `web/scan/parts.js`.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NotRequired, Protocol, TypedDict

from chalicelib.kernel.days import DAY
from chalicelib.kernel.rows import RowData
from chalicelib.kernel.stage import Stage
from chalicelib.people.model import Post
from chalicelib.people.services import PeopleDeps
from chalicelib.permits.services.store import request_hash
from chalicelib.platform.deps import PermitRegister
from chalicelib.platform.restore_lock import resend_since
from chalicelib.species.services.list_in_use import SpeciesDeps
from chalicelib.trust.services.publish_status_lists import path_of, uris
from chalicelib.trust.services.publish_trust_list import BUNDLE_PATH

if TYPE_CHECKING:
    from chalicelib.species.model.listing import Listing


@dataclass(frozen=True, slots=True)
class Part:
    """A part as sent, and its ETag with the quotation marks (RFC 9110 s. 8.8.3)."""

    text: str
    etag: str


class PartDeps(Protocol):
    """Dependencies of the parts."""

    @property
    def stage(self) -> Stage: ...
    @property
    def register(self) -> PermitRegister: ...
    @property
    def listing(self) -> Listing: ...
    @property
    def now(self) -> int: ...


class BundleDeps(SpeciesDeps, Protocol):
    """Dependencies, with the bundle and its parts."""

    def bundle(self) -> Bundle: ...

    def bundle_parts(self) -> Mapping[str, Part]: ...


def _species(deps: PartDeps) -> Any:
    from chalicelib.species import schemas as species_schemas

    return species_schemas.for_devices(deps.listing, (each["scientific_name"] for each in _quotas(deps)["items"]))


def _requirements(deps: PartDeps) -> Any:
    """The requirements with their texts in each language of the country, for devices with a page older than a rule."""
    from chalicelib.kernel import codes
    from chalicelib.platform import country_folder
    from chalicelib.requirements import services as requirements

    table = requirements.for_devices(requirements.importers())
    spoken = [each for each in country_folder.deployment_languages(deps.stage.issuer) if each in codes.LANGUAGES]
    return {**table, "words": {each: requirements.unfilled(each) for each in spoken}}


def _quotas(deps: PartDeps) -> Any:
    from chalicelib.quotas.services import check_application

    return check_application.for_devices(deps.stage.today(deps.now).year, register=deps.register)


PARTS: Mapping[str, Callable[[PartDeps], Any]] = MappingProxyType(
    {"species": _species, "requirements": _requirements, "quotas": _quotas}
)


def made(deps: PartDeps) -> Mapping[str, Part]:
    """Every part as of now."""
    return {name: _part(make(deps)) for name, make in PARTS.items()}


def _part(content: Any) -> Part:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Part(text, f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"')


USES_DAYS = 31

USES_AT_MOST = (
    3_000_000  # bytes of JSON; AWS Lambda limits a response to 6 MB, in which each quotation mark takes two bytes
)

PARTY_LISTS_AT_MOST = 600_000  # bytes of base64, in the same answer

ROWS_AT_MOST = 12_000  # of one day: as many of the shortest as fit into USES_AT_MOST; a day with more ends the list

PERMITS_USES_AT_MOST = 20  # of one permit, those of the latest days

StoredUse = tuple[str, str, RowData]  # issuer, number, the use as its row has it


class PostOfBundle(TypedDict):
    id: str
    name: str
    kind: str
    bodies: list[str]
    links: list[str]
    latitude: str | None
    longitude: str | None


class BundleContent(TypedDict):
    """The bundle, with times in whole seconds."""

    issuer: str
    practice: bool
    zone: str
    host: str
    duty_number: str
    trust_list: str | None
    party_status_lists: Mapping[str, Mapping[str, str]]
    posts: list[PostOfBundle]
    offline_limits: Mapping[str, str]
    parts: Mapping[str, str]
    uses: list[StoredUse]
    as_of: int
    resend_since: NotRequired[int]
    uses_since: NotRequired[int]


Bundle = tuple[BundleContent, str]  # content, ETag


def bundle(
    deps: PeopleDeps,
    *,
    offline_limits: Mapping[str, str],
    party_lists: Sequence[tuple[str, str, bytes]],
    parts: Mapping[str, str],
    tell: Callable[[str, int], None],
) -> Bundle:
    """Make the bundle and its ETag, which stays the same while only the time changes.

    `trust_list` and `party_status_lists` (Party -> address -> list) are signed objects in base64. A device checks each
    itself, under that Party's keys only. `party_lists`: Party, address and bytes of the other Parties' stored lists. If
    they are too many, the largest are left out, and `tell` gets the Party and the number.

    `uses`: the endorsements of the last 31 days, [issuer, number, use], without those that use nothing. `uses_since`,
    if they are too many, is the time before which the uses received are incomplete. `resend_since`, after a restore, is
    the time since which devices resend what they recorded, also what was confirmed as stored. A device keeps its events
    for that long. `parts`: name -> ETag of each part.
    """
    trust = deps.static.read(BUNDLE_PATH)
    own = ((uri, deps.static.read(path_of(uri))) for uri in uris(deps.stage, deps.now))
    lists = {
        deps.stage.issuer: {uri: base64.b64encode(held[0]).decode() for uri, held in own if held},
        **_party_lists(party_lists, tell),
    }
    since = resend_since(deps.register, deps.now)
    today = deps.now // DAY
    uses, complete_since = _uses(deps.register, today)
    content: BundleContent = {
        "issuer": deps.stage.issuer,
        "practice": deps.stage.practice,
        "zone": deps.stage.zone,
        "host": deps.stage.host,
        "duty_number": deps.stage.duty_number,
        "trust_list": base64.b64encode(trust[0]).decode() if trust else None,
        "party_status_lists": lists,
        "posts": [_post(post) for post in deps.posts.values()],
        "uses": uses,
        "offline_limits": dict(offline_limits),
        "parts": dict(parts),
        "as_of": deps.now,
    }
    if complete_since:
        content["uses_since"] = min(complete_since, deps.now)
    if since:
        content["resend_since"] = since
    lasting = {name: value for name, value in content.items() if name != "as_of"}
    return content, f'"{request_hash(lasting)}"'


def _party_lists(
    party_lists: Sequence[tuple[str, str, bytes]], tell: Callable[[str, int], None]
) -> dict[str, dict[str, str]]:
    """Other Parties' lists, the smallest first, as many as fit."""
    lists: dict[str, dict[str, str]] = {}
    left_out: Counter[str] = Counter()
    room = PARTY_LISTS_AT_MOST
    for party, uri, data in sorted(party_lists, key=lambda each: len(each[2])):
        text = base64.b64encode(data).decode()
        room -= len(text)
        if room >= 0:
            lists.setdefault(party, {})[uri] = text
        else:
            left_out[party] += 1
    for party, count in left_out.items():
        tell(party, count)
    return lists


def _post(post: Post) -> PostOfBundle:
    return {
        "id": post.id,
        "name": post.name,
        "kind": post.kind,
        "bodies": sorted(post.bodies),
        "links": sorted(post.links),
        "latitude": None if post.latitude is None else str(post.latitude),
        "longitude": None if post.longitude is None else str(post.longitude),
    }


def _uses(register: PermitRegister, today: int) -> tuple[list[StoredUse], int]:
    """Uses, the latest days first, and the time since which they are complete, or 0 for all 31 days."""
    told: list[StoredUse] = []
    permits: Counter[tuple[str, str]] = Counter()
    left = USES_AT_MOST
    for day in range(today, today - USES_DAYS - 1, -1):
        rows = register.query(f"USES#{day}", limit=ROWS_AT_MOST)
        for row in sorted(rows, key=lambda r: (r.data["use"]["at"], r.key.sort)):
            whose = (row.data["issuer"], row.data["number"])
            permits[whose] += 1
            if permits[whose] > PERMITS_USES_AT_MOST:
                continue
            use = (*whose, row.data["use"])
            left -= len(json.dumps(use))
            if left < 0:
                return told, (day + 1) * DAY
            told.append(use)
        if len(rows) >= ROWS_AT_MOST:
            return told, (day + 1) * DAY
    return told, 0
