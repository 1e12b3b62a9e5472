"""Checks of a file: the issuer's seal (check 11), and the printed text against the signed data (check 12).

Check 11: all of these must be true, else D1. D1 means that only the code is confirmed, not the page.
    1 a PDF with exactly one signature   2 intact, over the whole file, nothing added since   3 certified: no changes
    4 its certificate is that of a `pdf` key in the issuing Party's trust list, by fingerprint and public key
    5 the key was usable at the seal's own signing time, which is at most SKEW before the permit's time of issue
    6 each code in the file is one of the attached codes   7 the attached record has the digest that the token names
Check 12: both must be true, else F5.
    1 no paint covers or changes the letters of blocks 1-13, and the form's own words are there
    2 the text of each block is the signed text. Signed are the blocks that the token fills, and those of the attached
    record if its digest is the token's. Blocks 14 and 15 are never compared.
D1 also names the blocks that anything else lies over.

Equal text proves nothing, because a font can draw any shape for a letter. So check 12 can only lower an outcome.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, tzinfo
from hashlib import sha256
from zoneinfo import ZoneInfo

from chalicelib.kernel.days import SKEW
from chalicelib.kernel.enums import KeyPurpose
from chalicelib.kernel.errors import DecodeError
from chalicelib.record.block_texts import CONTINUED, ROWS, form_blocks, record_blocks, same_text
from chalicelib.record.permit import Permit, from_record
from chalicelib.token import claims, cose, qr_text
from chalicelib.token.check_code import check_code
from chalicelib.trust.model.trust import usable
from chalicelib.trust.model.trust_list import TrustKey, TrustList
from chalicelib.verdict.check_results import CheckResult
from chalicelib.verdict.file_findings import FileFindings, Seal
from chalicelib.verdict.token_checks import TOKEN_CAP

SHOWN_AT_MOST = 120  # most characters of a printed text on a screen; printed text is not verified

SIGNED_BLOCKS = (
    "1",
    "kind",
    "2",
    "3",
    "3a",
    "4",
    "4-country",
    "5a",
    "5b",
    "13",
    "page",
    "number",
    "check",
    *(name + row for row in ROWS for name in ("7-8", "9", "9m", "10", "11", "12", "12a", "12b")),
)

RECORD_BLOCKS = ("3-address", "4-address", *(name + row for row in ROWS for name in ("line", "8", "9d", "10s")))

# Blocks whose text may be continued on another sheet.
MAY_CONTINUE = frozenset({"3", "4", "3-address", "4-address", "7-8", "8", "9m", "9d", "12", "12a", "12b"})

CONTINUED_FROM = 12  # characters that fit into the smallest of these blocks; a continued text has at least so many


@dataclass(frozen=True, slots=True)
class Difference:
    """Block whose printed text is not the signed one. `signed`: text of the token or its record, "" for nothing.

    `printed`: UNVERIFIED, cut, without control characters. Show it only beside `signed`, marked as the paper's claim.
    """

    block: str
    signed: str
    printed: str


def compare_with_signed(document: FileFindings, pages: Sequence[Permit], trust_list: TrustList) -> list[CheckResult]:
    """Run checks 11 and 12. `pages`: the verified pages of one permit. `trust_list`: its Party's, verified.

    Facts of D1: `why`, and `overlaid` (names of blocks) if there are any. Facts of F5: `differences` (fields of
    `Difference`) and `overlaid` (names of altered blocks).
    """
    results = []
    why = check_seal(document, pages, trust_list)  # 11
    if why is not None:
        laid_over = {"overlaid": document.overlaid} if document.overlaid else {}
        results.append(CheckResult("D1", "check", {"why": why, **laid_over}))
    found = differences(document, pages, _zone(trust_list.zone))  # 12
    if found or document.altered:
        shown = tuple(asdict(difference) for difference in found)
        results.append(CheckResult("F5", "hold", {"differences": shown, "overlaid": document.altered}))
    return results


def check_seal(document: FileFindings, pages: Sequence[Permit], trust_list: TrustList) -> str | None:
    """Run check 11, and return the reason why the file is not the issuer's own, as a code, or None if it is."""
    if document.trouble is not None:
        return "unreadable"
    if document.kind != "pdf":  # 1
        return "picture"
    if not document.seals:
        return "unsealed"
    if len(document.seals) > 1:
        return "several-seals"
    seal = document.seals[0]
    if not seal.intact:  # 2
        return "broken-seal"
    if not seal.whole_file or document.revisions != 1:
        return "added-to"
    if not seal.certified:  # 3
        return "not-certified"
    key = _key(seal, trust_list)  # 4
    if key is None:
        return "foreign-seal"
    if not usable(key, seal.signed_at) or any(seal.signed_at < page.issued_at - SKEW for page in pages):  # 5
        return "seal-out-of-time"
    if not set(document.codes) <= set(document.tokens):  # 6
        return "other-codes"
    if not _recorded(document, pages):  # 7
        return "other-record"
    return None


def differences(document: FileFindings, pages: Sequence[Permit], zone: tzinfo | None) -> tuple[Difference, ...]:
    """Run step 2 of check 12, and return the blocks whose printed text is not the signed one.

    Compares the file's pages in our form. `zone` is the Party's, or None if days are not compared. Skips a page with
    the code of another permit. Compares a page without a readable code with the page of this permit that fits best.
    """
    expected = [_expected(page, pages, document, zone) for page in pages]
    by_cti = {page.cti: index for index, page in enumerate(pages)}
    found: list[Difference] = []
    for index, code in enumerate(document.form_codes):
        printed = {name: texts[index] for name, texts in document.blocks.items() if index < len(texts)}
        cti = _cti(code)
        if cti is not None and cti not in by_cti:
            continue
        candidates = expected if cti is None else [expected[by_cti[cti]]]
        closest: list[Difference] = min((_compare(each, printed) for each in candidates), key=len)
        found += closest
    return tuple(dict.fromkeys(found))


def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # this machine's tables do not have the name
        return None


def _key(seal: Seal, trust_list: TrustList) -> TrustKey | None:
    for key in trust_list.keys:
        named = key.fingerprint is not None and key.fingerprint.hex() == seal.fingerprint
        if key.purpose == KeyPurpose.PDF and named and key.public_key.hex() == seal.public_key:
            return key
    return None


def _recorded(document: FileFindings, pages: Sequence[Permit]) -> bool:
    if document.record is None:
        return False
    digest = sha256(document.record.encode("utf-8", "surrogatepass")).digest()
    return all(digest.startswith(page.record_digest) for page in pages)


def _cti(code: str) -> bytes | None:
    """Return the `cti` that a code claims, or None. It is not verified, so compare it with those of verified pages."""
    try:
        return claims.decode_claims(cose.decode_sign1(qr_text.decode_qr(code)[1], cap=TOKEN_CAP).payload).claims.cti
    except DecodeError:
        return None


def _expected(
    page: Permit, pages: Sequence[Permit], document: FileFindings, zone: tzinfo | None
) -> Mapping[str, str | None]:
    """Return the expected texts of a page: block name -> text.

    None if not compared, because the text is not known. These are marks that are a digest in the token, days without
    `zone`, and the check code if page 1 was not seen.
    """
    expected: dict[str, str | None] = dict.fromkeys(SIGNED_BLOCKS, "")
    expected |= form_blocks(page, zone or UTC)
    if zone is None:
        expected |= {"2": None, "13": None}
    expected["number"] = page.number
    first_page = next((each for each in pages if each.page is None or each.page[0] == 1), None)
    expected["check"] = check_code(first_page.cti) if first_page is not None else None
    for row, line in zip(ROWS, page.lines, strict=False):
        if line.marks is not None and not isinstance(line.marks, str):
            expected["9m" + row] = None
    return expected | dict(_from_record(page, pages, document))


def _from_record(page: Permit, pages: Sequence[Permit], document: FileFindings) -> Mapping[str, str]:
    """Return the texts that the attached record adds to this page.

    {} if the token names another record, or if an earlier page was not seen.
    """
    first = _first_line(page, pages)
    if first is None or document.record is None or not _recorded(document, pages):
        return {}
    try:
        full = record_blocks(from_record(json.loads(document.record)), first, len(page.lines))
    except (ValueError, TypeError, KeyError, IndexError):
        return {}  # the issuer's own record, but in a shape that this version does not know
    return dict.fromkeys(RECORD_BLOCKS, "") | {name: text for name, text in full.items() if name != "15"}


def _first_line(page: Permit, pages: Sequence[Permit]) -> int | None:
    """Return the index of this page's first line in the permit (from 0), or None if a page before it was not seen."""
    number = page.page[0] if page.page else 1
    before = {each.page[0]: len(each.lines) for each in pages if each.page is not None and each.page[0] < number}
    return sum(before.values()) if len(before) == number - 1 else None


def _compare(expected: Mapping[str, str | None], printed: Mapping[str, str]) -> list[Difference]:
    return [
        Difference(name, text, _shown(printed[name]))
        for name, text in expected.items()
        if text is not None and name in printed and not _same(name, printed[name], text)
    ]


def _same(name: str, printed: str, signed: str) -> bool:
    seen, meant = _plain(printed), _plain(signed)
    start = "".join(seen.split()).removesuffix(CONTINUED)
    if CONTINUED in seen and (name.rstrip(ROWS) not in MAY_CONTINUE or len(start) < CONTINUED_FROM):
        return False  # numbers, days and codes are never continued
    return same_text(seen, meant)


def _plain(text: str) -> str:
    """Normalize a text (NFKC), so that texts that look the same are equal. Keeps "…", which marks a shortened text."""
    return "…".join(unicodedata.normalize("NFKC", part) for part in text.split("…"))


def _shown(text: str) -> str:
    """Make printed text safe for a screen: one line, cut, no control or format characters (bidi attacks)."""
    clean = "".join(char if unicodedata.category(char)[0] != "C" else " " for char in text)
    line = " ".join(clean.split())
    return line if len(line) <= SHOWN_AT_MOST else line[: SHOWN_AT_MOST - 1] + "…"
