"""Status lists of other Parties: fetch them from their hosts, verify them, keep them beside ours (ADR 0033).

Steps for each Party whose trust list is in our bundle. A fault of one Party does not affect the others.

1 addresses: the status prefix of its trust list, with the quarters of `uris_at`; never an address from a permit
2 fetch from that host alone, limited in time and size (`PublishedLists`); if the host does not answer, ask it no more
3 verify as any verifier does (`trust/model/status_list.py`), under that Party, for exactly that address
4 refuse a list that is more than SKEW ahead of our clock
5 refuse a list older than the kept one; write it only if it is newer, by a conditional write
6 report every fault and leave the kept list; the verdict judges its age (FORMAT.md 5, check 8)
7 report a host that has no list at all if none is kept, because no other step would report it

Lists are kept under `s/<Party>/<quarter>`, as the signed bytes that came. Every reader verifies them again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from chalicelib.kernel.days import SKEW
from chalicelib.kernel.errors import DecodeError, TamgaError, Unavailable
from chalicelib.kernel.rows import Conflict
from chalicelib.platform.deps import Deps
from chalicelib.trust.model.status_list import CAP, StatusList, open_status_list
from chalicelib.trust.model.trust import Trust
from chalicelib.trust.model.trust_list import TrustList, open_bundle
from chalicelib.trust.services.ports import TrustDeps
from chalicelib.trust.services.publish_status_lists import CONTENT_TYPE, uris_at
from chalicelib.trust.services.publish_trust_list import BUNDLE_PATH


class PublishedLists(Protocol):
    """Port: fetches what other Parties publish, from their hosts."""

    def fetch(self, url: str, *, cap: int) -> bytes | None:
        """Fetch the bytes at this address, or return None if the host answers that there are none.

        Raises `Unavailable` for no answer in time, or another answer. Raises `TooLarge` for more than `cap` bytes.
        """


class FetchDeps(TrustDeps, Protocol):
    """Dependencies of the fetch: `TrustDeps` and what other Parties publish."""

    @property
    def published_lists(self) -> PublishedLists: ...


AT_ONCE = 64  # Parties that are asked at the same time

ReportFault = Callable[[str, Exception], None]  # reports a fault: country, error


@dataclass(frozen=True, slots=True)
class FetchCounts:
    """Counts of one run. `kept_lists`: newer lists that were written. `failed`: Parties with a fault.

    `oldest` is the age in seconds of the oldest kept list, by its `iat`, or 0 without one.
    """

    kept: int = 0
    failed: int = 0
    oldest: int = 0


def fetch(deps: FetchDeps, *, report_fault: ReportFault) -> FetchCounts:
    """Fetch every list of every other Party, for the schedule.

    Raises `Unavailable` without a bundle. Raises `DecodeError` (T1) for a bundle that does not verify.
    """
    parties = other_parties(deps)
    trust, source = Trust(parties, tuple(deps.pins)), deps.published_lists  # one source for all threads
    done = _each(parties, lambda party: _of_party(party, trust, source, deps, report_fault=report_fault))
    return FetchCounts(
        sum(each.kept for each in done),
        sum(each.failed for each in done),
        max((each.oldest for each in done), default=0),
    )


def other_parties(deps: TrustDeps) -> tuple[TrustList, ...]:
    """Return the trust lists of the other Parties in our bundle.

    Raises `Unavailable` without a bundle. Raises `DecodeError` (T1) for a bundle that does not verify.
    """
    held = deps.static.read(BUNDLE_PATH)
    if held is None:
        raise Unavailable("No trust list is published yet. An administrator must publish the first one.")
    return _other_parties(held[0], deps)


def addresses(party: TrustList, now: int) -> tuple[str, ...]:
    """Return the addresses of a Party's status lists (step 1)."""
    return uris_at(party.status_prefix.split("/")[2], now)


def path_of(issuer: str, uri: str) -> str:
    """Return the path where another Party's list is kept: `s/UZ/27q1`."""
    return f"s/{issuer}/{uri.rpartition('/')[2]}"


def kept_lists(deps: TrustDeps) -> list[tuple[str, str, bytes]]:
    """Return the kept lists of the Parties in our bundle: Party, address, bytes. Empty without a bundle that verifies.

    Raises `Unavailable` if the store is busy. A list that is silently left out would hide revocations.
    """
    held = deps.static.read(BUNDLE_PATH)
    try:
        parties = _other_parties(held[0], deps) if held else ()
    except DecodeError:
        return []
    return [each for found in _each(parties, lambda party: _kept_lists(party, deps)) for each in found]


def kept_list_or_none(issuer: str, uri: str, deps: TrustDeps) -> StatusList | None:
    """Return another Party's kept list for a verdict. None if it is missing, does not verify, or the store is busy."""
    try:
        return kept_list(issuer, uri, deps)
    except Unavailable:
        return None


def kept_list(issuer: str, uri: str, deps: TrustDeps) -> StatusList | None:
    """Return another Party's kept list, or None if it is missing or does not verify.

    Raises `Unavailable` if the store is busy, or there is no trust list.
    """
    trust = deps.trust()
    held = deps.static.read(path_of(issuer, uri))
    return _verify_list(held[0], uri, issuer, trust) if held else None


def _other_parties(bundle: bytes, deps: TrustDeps) -> tuple[TrustList, ...]:
    lists = open_bundle(bundle, deps.pins, now=deps.now)
    return tuple(each for each in lists if each.issuer != deps.stage.issuer)


def _each[Made](parties: Sequence[TrustList], work: Callable[[TrustList], Made]) -> list[Made]:
    """Run `work` for each Party in threads, at most AT_ONCE at the same time. Results are in the order of `parties`."""
    if not parties:
        return []
    with ThreadPoolExecutor(min(len(parties), AT_ONCE)) as threads:
        return list(threads.map(work, parties))


def _kept_lists(party: TrustList, deps: Deps) -> list[tuple[str, str, bytes]]:
    found = ((uri, deps.static.read(path_of(party.issuer, uri))) for uri in addresses(party, deps.now))
    return [(party.issuer, uri, held[0]) for uri, held in found if held]


def _of_party(
    party: TrustList, trust: Trust, source: PublishedLists, deps: Deps, *, report_fault: ReportFault
) -> FetchCounts:
    static, now = deps.static, deps.now
    made, wrong, answers, found, oldest = 0, False, True, False, now
    for uri in addresses(party, now):
        current = None
        try:
            path = path_of(party.issuer, uri)
            held = static.read(path)
            current = _verify_list(held[0], uri, party.issuer, trust) if held else None
            came = source.fetch(uri, cap=CAP) if answers else None  # 2
            newer = None if came is None else _newer(came, uri, party.issuer, trust, current, now)
            if came is not None and newer is not None:
                static.write(path, came, content_type=CONTENT_TYPE, etag=held[1] if held else None)
                current, made = newer, made + 1
        except Conflict:
            found = True  # another run has just written it, or ours has and lost the answer
        except Exception as error:  # 6
            wrong, answers = True, answers and not isinstance(error, Unavailable)
            report_fault(party.issuer, error)
        if current is not None:
            found, oldest = True, min(oldest, current.issued_at)
    if not found and not wrong:  # 7
        wrong = True
        report_fault(
            party.issuer, Unavailable("The host serves none of its status lists, and no earlier copy is stored.")
        )
    return FetchCounts(made, int(wrong), now - oldest)


def _newer(data: bytes, uri: str, issuer: str, trust: Trust, current: StatusList | None, now: int) -> StatusList | None:  # noqa: PLR0913 - each input of steps 3-5 is named
    """Run steps 3-5: return the fetched list if it is newer than the current one. Raises `DecodeError` (T1)."""
    newest = {uri: current.issued_at} if current else {}
    found = open_status_list(data, trust, issuer=issuer, newest_iat=newest)  # 3, 5
    if found.uri != uri:
        raise DecodeError("T1", 8, "Status list: its `sub` is not the address asked")
    if found.issued_at > now + SKEW:  # 4
        raise DecodeError("T1", 8, "Status list: its `iat` is in the future")
    return None if current and found.issued_at == current.issued_at else found


def _verify_list(data: bytes, uri: str, issuer: str, trust: Trust) -> StatusList | None:
    try:
        found = open_status_list(data, trust, issuer=issuer)
    except TamgaError:
        return None
    return found if found.uri == uri else None
