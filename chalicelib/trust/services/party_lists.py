"""Other Parties' status lists: fetched from their own hosts, believed, kept beside ours (ADR 0033).

Each Party whose trust list is in our bundle, by itself; its host and its lists harm no other Party's:

1 which addresses: its trust list's status prefix, the quarters that permits alive today can point to; never an
  address out of a permit
2 fetched from that host alone, bounded (ports.PublishedLists); where the host does not answer the Party's turn ends
3 believed as by any verifier (`trust/model/status_list.py`), under that Party, for exactly that address
4 not ahead of our clock by more than SKEW
5 not older than the one that is kept; kept only if newer, by a conditional write
6 whatever is wrong is told, and what is kept stays: how old it may get is the verdict's to say (FORMAT.md 5, check 8)
7 a host that has no list at all is wrong where none is kept: nothing else would tell of it

Kept under `s/<Party>/<quarter>`: the signed bytes as they came. Whoever reads them checks them again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from chalicelib.kernel.days import SKEW
from chalicelib.kernel.errors import DecodeError, TamgaError, Unavailable
from chalicelib.kernel.rows import Conflict
from chalicelib.platform.deps import Deps, StaticStore
from chalicelib.trust.model.status_list import CAP, StatusList, open_status_list
from chalicelib.trust.model.trust import Trust
from chalicelib.trust.model.trust_list import Pin, TrustList, open_bundle
from chalicelib.trust.services.ports import TrustDeps
from chalicelib.trust.services.publish_status_lists import CONTENT_TYPE, uris_at
from chalicelib.trust.services.publish_trust_list import BUNDLE_PATH


class PublishedLists(Protocol):
    """What other Parties publish, each at its own host."""

    def fetch(self, url: str, *, cap: int) -> bytes | None:
        """What lies at this address; None: the host says that nothing does.

        Raises `errors.Unavailable`: no answer in time, or another one; `TooLarge`: more than `cap` bytes.
        """


AT_ONCE = 64  # Parties that are asked at the same time

Tell = Callable[[str, Exception], None]  # country, what was wrong


@dataclass(frozen=True, slots=True)
class Fetched:
    """`kept`: lists that are newer than what was here; `failed`: Parties of whom something was wrong; `oldest`: seconds
    since the oldest list that is kept was signed, 0 without one."""

    kept: int = 0
    failed: int = 0
    oldest: int = 0


def fetch(deps: TrustDeps, *, issuer: str, source: PublishedLists, tell: Tell) -> Fetched:
    """Every list of every other Party (`issuer`: ours), for the schedule. Raises `Unavailable` without a bundle."""
    parties = others(issuer, deps)
    trust = Trust(parties, tuple(deps.pins))
    done = _each(
        parties, lambda party: _of_party(party, trust, static=deps.static, source=source, tell=tell, now=deps.now)
    )
    return Fetched(
        sum(each.kept for each in done),
        sum(each.failed for each in done),
        max((each.oldest for each in done), default=0),
    )


def others(issuer: str, deps: TrustDeps) -> tuple[TrustList, ...]:
    """The trust lists of the other Parties in our bundle. Raises `Unavailable`, `DecodeError`."""
    held = deps.static.read(BUNDLE_PATH)
    if held is None:
        raise Unavailable("There is no trust list yet.")
    return _others(held[0], issuer, deps.pins, deps.now)


def addresses(party: TrustList, now: int) -> tuple[str, ...]:
    """Where its lists are (1)."""
    return uris_at(party.status_prefix.split("/")[2], now)


def path_of(issuer: str, uri: str) -> str:
    """Where another Party's list is kept: `s/UZ/27q1`."""
    return f"s/{issuer}/{uri.rpartition('/')[2]}"


def kept(issuer: str, deps: TrustDeps) -> list[tuple[str, str, bytes]]:
    """Party, address and bytes of all that is kept of the Parties in our bundle; none without a bundle to believe.

    Raises `Unavailable` where the store is busy: what is left out would be a revocation that nobody hears of.
    """
    held = deps.static.read(BUNDLE_PATH)
    try:
        parties = _others(held[0], issuer, deps.pins, deps.now) if held else ()
    except DecodeError:
        return []
    return [each for found in _each(parties, lambda party: _kept(party, deps)) for each in found]


def listed(issuer: str, uri: str, deps: TrustDeps) -> StatusList | None:
    """The list of this other Party and address for a verdict, as it is kept."""
    try:
        return kept_list(issuer, uri, deps)
    except Unavailable:
        return None


def kept_list(issuer: str, uri: str, deps: TrustDeps) -> StatusList | None:
    """Another Party's list as it is kept; None if it is not here or not believed. Raises `Unavailable`."""
    trust = deps.trust()
    held = deps.static.read(path_of(issuer, uri))
    return _believed(held[0], uri, issuer, trust) if held else None


def _others(bundle: bytes, issuer: str, pins: Sequence[Pin], now: int) -> tuple[TrustList, ...]:
    return tuple(each for each in open_bundle(bundle, pins, now=now) if each.issuer != issuer)


def _each[Made](parties: Sequence[TrustList], work: Callable[[TrustList], Made]) -> list[Made]:
    """The work of each Party, all at the same time."""
    if not parties:
        return []
    with ThreadPoolExecutor(min(len(parties), AT_ONCE)) as threads:
        return list(threads.map(work, parties))


def _kept(party: TrustList, deps: Deps) -> list[tuple[str, str, bytes]]:
    found = ((uri, deps.static.read(path_of(party.issuer, uri))) for uri in addresses(party, deps.now))
    return [(party.issuer, uri, held[0]) for uri, held in found if held]


def _of_party(
    party: TrustList, trust: Trust, *, static: StaticStore, source: PublishedLists, tell: Tell, now: int
) -> Fetched:
    made, wrong, answers, found, oldest = 0, False, True, False, now
    for uri in addresses(party, now):
        current = None
        try:
            path = path_of(party.issuer, uri)
            held = static.read(path)
            current = _believed(held[0], uri, party.issuer, trust) if held else None
            came = source.fetch(uri, cap=CAP) if answers else None  # 2
            newer = None if came is None else _newer(came, uri, party.issuer, trust, current, now)
            if came is not None and newer is not None:
                static.write(path, came, content_type=CONTENT_TYPE, etag=held[1] if held else None)
                current, made = newer, made + 1
        except Conflict:
            found = True  # another hand has just kept it, or ours has, whose answer was lost
        except Exception as error:  # 6
            wrong, answers = True, answers and not isinstance(error, Unavailable)
            tell(party.issuer, error)
        if current is not None:
            found, oldest = True, min(oldest, current.issued_at)
    if not found and not wrong:  # 7
        wrong = True
        tell(party.issuer, Unavailable("The host has none of its status lists, and none is kept."))
    return Fetched(made, int(wrong), now - oldest)


def _newer(data: bytes, uri: str, issuer: str, trust: Trust, current: StatusList | None, now: int) -> StatusList | None:
    """The list that came, if it is newer than the current one. Raises `DecodeError`."""
    newest = {uri: current.issued_at} if current else {}
    found = open_status_list(data, trust, issuer=issuer, newest_iat=newest)  # 3, 5
    if found.uri != uri:
        raise DecodeError("T1", 8, "Status list: it is of another address")
    if found.issued_at > now + SKEW:  # 4
        raise DecodeError("T1", 8, "Status list: it is ahead of time")
    return None if current and found.issued_at == current.issued_at else found


def _believed(data: bytes, uri: str, issuer: str, trust: Trust) -> StatusList | None:
    try:
        found = open_status_list(data, trust, issuer=issuer)
    except TamgaError:
        return None
    return found if found.uri == uri else None
