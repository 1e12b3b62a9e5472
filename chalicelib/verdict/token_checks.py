"""Checks 1 to 6 of FORMAT.md 5, for one token and for all pages of a permit.

The result is a permit that passed all six checks, or the `CheckResult` of the check that failed. Unverified fields
never leave these checks. Two functions skip them: `key_compromised`, and `read_own` for tokens of our own register.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chalicelib.kernel.days import DAY
from chalicelib.kernel.document_kinds import DocumentKind
from chalicelib.kernel.enums import KeyPurpose
from chalicelib.kernel.errors import DecodeError
from chalicelib.record.permit import Permit, line_letter
from chalicelib.token import claims, cose, qr_text
from chalicelib.trust.model.trust import Trust
from chalicelib.trust.model.trust_list import TrustKey, TrustList
from chalicelib.uses.use import PermittedAmount
from chalicelib.verdict.check_results import CheckResult

FRESH = DAY  # seconds; with trust lists fetched since then, an unknown host is F6 and an unknown key F2, else T1

TOKEN_CAP = 2048  # bytes, before decoding


@dataclass(frozen=True, slots=True)
class ReadToken:
    """A token that passed checks 1-6, with the trust list and key that verify it."""

    permit: Permit
    payload: bytes
    trust_list: TrustList
    key: TrustKey


class CheckFailed(Exception):
    """Raised if a check of 1-6 fails and the verdict ends. `result`: its result, all that may be shown."""

    def __init__(self, result: CheckResult) -> None:
        self.result = result


def read_code(text: str, trust: Trust, now: int) -> ReadToken:
    """Run checks 1-6 on one token. Raises `CheckFailed`: with the result of the check that failed."""
    try:
        host = qr_text.host_of(text)  # 1
        lists = trust.lists_for_host(host)
        if not lists:
            raise CheckFailed(_unknown_host(host, trust, now))
        token = qr_text.token_of(text)  # 2
        sign1 = cose.decode_sign1(token, cap=TOKEN_CAP)
        kid = sign1.kid
        named = [found for each in lists if (found := trust.find_key(kid, each.issuer))]  # 3
        if all(now >= each.expires_at for each, _ in named) if named else now >= lists[0].expires_at:
            raise CheckFailed(CheckResult("T1", "cannot_tell"))
        if not named and trust.find_key(kid) is None and not _fresh(trust, lists[0].issuer, now):
            raise CheckFailed(CheckResult("T1", "cannot_tell"))
        able = [(each, key) for each, key in named if key.purpose == KeyPurpose.PERMIT and now < each.expires_at]
        if not able:
            raise CheckFailed(CheckResult("F2", "hold"))
        signers = [(each, key) for each, key in able if cose.verify(sign1, trust.public_key(key))]  # 4
        if not signers:
            raise CheckFailed(CheckResult("F1", "hold"))
        permit = claims.decode_claims(sign1.payload).claims  # 5
        # Mostly there is one. If two Parties list the same host and key, each speaks for its own permits only.
        trust_list, key = next((s for s in signers if s[0].issuer == permit.issuer), signers[0])
    except DecodeError as error:
        raise CheckFailed(CheckResult(error.code, "cannot_tell")) from None
    if not _speaks_for(trust_list, key, host, permit):  # 6
        raise CheckFailed(CheckResult("F2", "hold", at=6))
    return ReadToken(permit, sign1.payload, trust_list, key)


def _unknown_host(host: str, trust: Trust, now: int) -> CheckResult:
    if any(host == pin.practice_host for pin in trust.pins):
        return CheckResult("T7", "cannot_tell")
    return CheckResult("F6", "hold") if _complete(trust, now) else CheckResult("T1", "cannot_tell", at=1)


def _speaks_for(trust_list: TrustList, key: TrustKey, host: str, permit: Permit) -> bool:
    """Run check 6. The Party of a key is the Party of its list."""
    home = None
    if permit.kind in {DocumentKind.EXPORT, DocumentKind.REEXPORT}:
        home = permit.exporter
    elif permit.kind == DocumentKind.IMPORT:
        home = permit.importer
    return (
        permit.issuer == trust_list.issuer
        and permit.kind in key.kinds
        and key.not_before <= permit.issued_at
        and (key.retired_at is None or permit.issued_at < key.retired_at)
        and permit.status_uri.startswith(trust_list.status_prefix)
        and (home is None or home.country == permit.issuer)
        and any(
            h.name == host and h.since <= permit.issued_at and (h.until is None or permit.issued_at < h.until)
            for h in trust_list.hosts
        )
    )


def read_other_pages(
    main: ReadToken, texts: Sequence[str], trust: Trust, now: int
) -> tuple[list[ReadToken], list[CheckResult]]:
    """Run checks 1-6 on the texts of other pages. Return the pages of this permit, and the results.

    D2 names the pages of this permit that were not seen. D3: another permit's code, or a second token for one page.
    """
    own = main.permit
    if not texts and own.page is None:
        return [], []
    seen = {page_number(own): main}
    results: list[CheckResult] = []
    strange = False
    for text in texts:
        try:
            other = read_code(text, trust, now)
        except CheckFailed as end:
            if end.result.code != "T4":  # another code on the sheet, such as a waybill's, does not concern the permit
                results.append(end.result)
            continue
        same = _sheet(other.permit) == _sheet(own)
        if not same or seen.setdefault(page_number(other.permit), other).payload != other.payload:
            strange = True
    if strange:
        results.append(CheckResult("D3", "check"))
    missing = tuple(n for n in range(1, own.page[1] + 1) if n not in seen) if own.page else ()
    if own.page and missing:
        results.append(CheckResult("D2", "check", {"pages": missing, "of": own.page[1]}))
    return [seen[n] for n in sorted(seen) if n != page_number(own)], results


def read_whole(texts: Sequence[str], trust: Trust, now: int) -> tuple[ReadToken, ...]:
    """Run checks 1-6 on all pages of one permit, given in order.

    Raises `CheckFailed` as `read_code` does, with D2 for a page missing, twice or out of order, and D3 for pages of
    different permits.
    """
    pages = tuple(read_code(text, trust, now) for text in texts)
    if len({_sheet(page.permit) for page in pages}) > 1:
        raise CheckFailed(CheckResult("D3", "check"))
    count = pages[0].permit.page[1] if pages and pages[0].permit.page else 1
    if [page_number(page.permit) for page in pages] != list(range(1, count + 1)):
        raise CheckFailed(CheckResult("D2", "check"))
    return pages


def page_number(permit: Permit) -> int:
    return permit.page[0] if permit.page else 1


def _sheet(page: Permit) -> tuple[object, ...]:
    """Return the fields that all pages of one permit share."""
    return (
        page.issuer,
        page.number,
        page.kind,
        page.record_digest,
        page.status_uri,
        page.status_idx,
        page.expires_at,
        page.page[1] if page.page else None,
    )


def key_compromised(text: str, trust: Trust) -> bool:
    """Return True if the key of a stored code is listed as compromised. Raises `DecodeError` for a damaged code."""
    found = trust.find_key(cose.decode_sign1(qr_text.token_of(text), cap=TOKEN_CAP).kid)
    return found is not None and found[1].compromised


def read_own(text: str) -> Permit:
    """Read a token of our own register without checks. Tokens are judged before they are stored.

    Raises `DecodeError` for a damaged text, message or payload.
    """
    sign1 = cose.decode_sign1(qr_text.decode_qr(text)[1], cap=TOKEN_CAP)
    return claims.decode_claims(sign1.payload).claims


def token_allowance(pages: Iterable[Permit]) -> dict[str, PermittedAmount]:
    """Return the permitted quantities of signed pages: line letter -> quantity.

    Letters run on through the pages. So lines after a page that was not seen are left out.
    """
    allowed: dict[str, PermittedAmount] = {}
    for number, page in enumerate(sorted(pages, key=page_number), 1):
        if page_number(page) != number:
            break
        for line in page.lines:
            allowed[line_letter(len(allowed))] = PermittedAmount(line.quantity, line.unit)
    return allowed


def all_seen(pages: Sequence[Permit]) -> bool:
    """Return True if these are all pages of their permit."""
    return not pages or pages[0].page is None or len(pages) >= pages[0].page[1]


def _complete(trust: Trust, now: int) -> bool:
    """Return True if every pinned Party's list is in force and fresh. An unknown host may belong to any of them."""
    lists = [trust.list_for(pin.country) for pin in trust.pins]
    return bool(lists) and all(each and now < each.expires_at and _fresh(trust, each.issuer, now) for each in lists)


def _fresh(trust: Trust, country: str, now: int) -> bool:
    return now - trust.fetched_at.get(country, -FRESH - 1) <= FRESH
