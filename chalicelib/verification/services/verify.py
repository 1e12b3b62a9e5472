"""Verdicts on a code, a file or a number: judge the token, query the register, judge again. No alert is sent.

Writes nothing but counts of questions by number.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from chalicelib.kernel import numbers as kernel_numbers
from chalicelib.kernel.days import HOUR
from chalicelib.kernel.enums import UNREADABLE_FILE_REASONS
from chalicelib.kernel.errors import FieldError, Invalid, NoMatch, Restored, TooMany, Unavailable
from chalicelib.kernel.numbers import NUMBER_FORM, read_typed_number
from chalicelib.kernel.roles import ENFORCEMENT, MINISTRY, OFFICERS, Actor
from chalicelib.kernel.rows import Key
from chalicelib.kernel.stage import Stage
from chalicelib.legacy_register.model import judge_legacy, paper_permit
from chalicelib.people.model import Posts
from chalicelib.permits.model.dossier import Dossier, snapshot
from chalicelib.permits.services import store
from chalicelib.platform.deps import Deps
from chalicelib.platform.restore_lock import is_locked
from chalicelib.record.permit import Permit
from chalicelib.species.services.list_in_use import SpeciesDeps
from chalicelib.token.check_code import normal_check_code
from chalicelib.token.qr_text import FORM
from chalicelib.trust.model.status_list import StatusList
from chalicelib.trust.model.trust import Trust
from chalicelib.uses.use import Use
from chalicelib.verdict import verdict
from chalicelib.verdict.border_rules import Place
from chalicelib.verdict.check_results import OUTCOMES, CheckResult
from chalicelib.verdict.file_findings import FileFindings
from chalicelib.verdict.snapshot import Context, Failed, NotAsked, Register, Unknown
from chalicelib.verdict.verdict import Verdict
from chalicelib.verification.services.accounts import Find, NumberCache, UseAccount, open_account

if TYPE_CHECKING:
    from chalicelib.reading.read_document import DocumentReader

OTHER_PAGES_AT_MOST = 19

# Tries with a code or day, an hour and number, by all strangers together. There are 2^40 codes. The firewall allows one
# address 360 such tries an hour.
TRIES_AT_MOST = 1000

OFFICIAL_TRIES_AT_MOST = 100  # the same for each official

PAPERS_AT_MOST = 300  # questions by number alone, an hour and official

CODES_AT_MOST = 24

ANYWHERE = Place()


@dataclass(frozen=True, slots=True)
class Checker:
    """Everything that our own verifier uses: stage, trust, posts and limits without a register.

    `listed`: our copy of the status list of a Party and address. It is used if no register answers (check 8), and
    beside the answer of our own register (T8). `numbers`: cache of the dossier id of each number.
    """

    stage: Stage
    trust: Trust
    posts: Posts
    offline_limits: Mapping[str, str] = field(default_factory=dict)
    listed: Callable[[str, str], StatusList | None] = lambda issuer, uri: None
    numbers: NumberCache = field(default_factory=NumberCache)


class VerifyDeps(SpeciesDeps, Protocol):
    """Dependencies of a verdict, with the reader of hostile files."""

    @property
    def reader(self) -> DocumentReader: ...

    def checker(self) -> Checker: ...


def verify(  # noqa: PLR0913 - each fact of how the document was presented is named
    text: str,
    deps: VerifyDeps,
    *,
    place: Place = ANYWHERE,
    other_pages: Sequence[str] = (),
    own_scans: Callable[[Permit], Sequence[int]] | None = None,
    document: FileFindings | None = None,
    held: Dossier | None = None,
    seen_at: int | None = None,
) -> Verdict:
    """The verdict on one code. It judges the token alone, then with the register of the issuing Party.

    `own_scans`: called after the token is verified, for the times of this officer's own scans of the permit. `held` is
    the dossier that our register has just given, which is then not read again. It is ignored while the register is
    locked.
    """
    checker = deps.checker()
    context = Context(
        place=place,
        posts=checker.posts,
        other_pages=tuple(other_pages[:OTHER_PAGES_AT_MOST]),
        offline_limits=checker.offline_limits,
        seen_at=seen_at,
    )

    def judged(known: Register, own_uses: Sequence[Use] = (), listed: StatusList | None = None) -> Verdict:
        return verdict.judge(
            text,
            trust=checker.trust,
            status={listed.uri: listed} if listed else {},
            register=known,
            own_uses=own_uses,
            context=context,
            document=document,
            now=deps.now,
        )

    first = judged(NotAsked())
    if first.permit is None:
        return first
    if own_scans is not None:
        context = replace(context, own_scans=tuple(own_scans(first.permit)))
    known, own_uses = (
        ask_register(first.permit, first.pages, deps)
        if held is None or is_locked(deps.register)
        else (snapshot(held), ())
    )
    return judged(known, own_uses, _listed(first.permit, known, checker))


def ask_register(permit: Permit, pages: Sequence[Permit], deps: VerifyDeps) -> tuple[Register, tuple[Use, ...]]:
    """The state of this permit in our register, and our own endorsements of another Party's permit.

    A register that was restored and is still locked (platform/restore_lock.py) counts as no answer. What it does not
    know would otherwise give a green verdict or an accusation.
    """
    checker = deps.checker()
    if is_locked(deps.register):
        return Failed(), ()
    try:
        account = open_account(permit, pages, deps, find=checker.numbers.find)
        return account.known, account.own_uses
    except Unavailable:  # or a row that cannot be read
        return Failed(), ()


def verify_document(
    data: bytes, content_type: str, deps: VerifyDeps, *, place: Place = ANYWHERE
) -> tuple[Verdict, FileFindings]:
    """The gravest verdict of all codes in a file, where two permits in one file are D3 (FORMAT.md 5).

    Raises `Invalid` for a file that cannot be opened or has too many codes, `Unavailable` if the reader failed.
    """
    judged, found = judge_file(data, content_type, deps, place=place)
    return judged[0][1], found


def judge_file(
    data: bytes,
    content_type: str,
    deps: VerifyDeps,
    *,
    place: Place,
    own_scans: Callable[[Permit], Sequence[int]] | None = None,
) -> tuple[list[tuple[tuple[str, ...], Verdict]], FileFindings]:
    """Every code in a file with its verdict, the gravest first. Each has its text, then the texts of the other codes.

    A file without a code gets one verdict, T4. Other codes are left out if at least one is the code of a permit.
    Raises as `verify_document`.
    """
    found = deps.reader.read(data, content_type)
    if found.trouble:
        raise Invalid(FieldError("body", found.trouble.replace("-", "_"), UNREADABLE_FILE_REASONS[found.trouble]))
    formed = list(
        {code.lower(): code for code in found.codes if FORM.match(code)}.values()
    )  # the host of one code may be spelled in upper or lower case
    if len(formed) > CODES_AT_MOST:  # further codes would not be judged
        words = "The file has more codes than one permit. Send each permit in a file of its own."
        raise Invalid(FieldError("body", "too_large", words))
    codes = (formed + [code for code in found.codes if not FORM.match(code)])[:CODES_AT_MOST]
    if not codes:
        nothing = verify("", deps)
        return [(("",), replace(nothing, check_results=(CheckResult("T4", "cannot_tell", {"no_code": True}),)))], found

    def judged(code: str, *others: str) -> tuple[tuple[str, ...], Verdict]:
        return (code, *others), verify(code, deps, place=place, document=found, other_pages=others, own_scans=own_scans)

    each = [judged(code, *(other for other in codes if other != code)) for code in codes]
    ours = [look for look in each if look[1].codes != ("T4",)] or each
    return sorted(ours, key=lambda look: OUTCOMES.index(look[1].outcome)), found


def verify_number(  # noqa: PLR0913 - each fact of how the document was presented is named
    number: str,
    code: str | None,
    deps: VerifyDeps,
    *,
    actor: Actor | None = None,
    valid_until: str = "",
    place: Place = ANYWHERE,
    own_scans: Callable[[Permit], Sequence[int]] | None = None,
) -> Verdict:
    """The verdict on a number and its check code, or without a code, on a permit on paper from before Tamga.

    Raises as `find_by_code` and `find_legacy`.
    """
    checker = deps.checker()
    if code is None:
        paper = find_legacy(number, deps, actor=actor, valid_until=valid_until, find=store.find_typed_number)
        before = tuple(own_scans(paper_permit(paper, checker.stage.issuer))) if own_scans else ()
        context = Context(place=place, posts=checker.posts, own_scans=before)
        return judge_paper(paper, deps, context=context)
    dossier = find_by_code(number, code, deps, actor=actor, find=checker.numbers.find)
    first, *others = dossier.tokens  # a number has no pages to scan: judge all pages of the register
    return verify(first, deps, other_pages=others, place=place, own_scans=own_scans, held=dossier)


def find_by_code(
    number: str, code: str, deps: Deps, *, actor: Actor | None = None, find: Find = store.find_number
) -> Dossier:
    """The dossier of a number and check code, as typed from a page or read out by telephone.

    An unknown number and a wrong code raise the same `NoMatch`. Each try is counted before the comparison, also a right
    one, so parallel tries cannot exceed the limit. Raises `TooMany`, and `Restored` if the locked register does not
    know the number.
    """
    number = number.strip().upper()
    if not NUMBER_FORM.fullmatch(number):
        raise NoMatch("No permit with this number and check code.")
    _count_try(number, actor, deps)
    dossier = find(deps.register, deps.stage.issuer, number)
    if dossier is None and is_locked(deps.register):
        raise Restored("The register was restored and does not have this number. Scan the code instead.")
    given = normal_check_code(code)
    right = dossier.check_code if dossier and dossier.check_code else None
    if dossier is None or right is None or given is None or not hmac.compare_digest(right, given):
        raise NoMatch("No permit with this number and check code.")
    return dossier


def find_legacy(
    number: str, deps: Deps, *, actor: Actor | None = None, valid_until: str = "", find: Find = store.find_number
) -> Dossier:
    """The permit on paper from before Tamga with this number, in any spelling.

    Numbers run in series, so a stranger also gives the day of box 2 (`valid_until`) to prove that they have the paper.
    Another day raises the same `NoMatch` as an unknown number. Officials ask by number alone. Raises `TooMany`, and
    `Restored` while a restored register is locked. Raises `Invalid` without the day, or for a number of Tamga's form,
    which has a check code. Else raises `NoMatch`.
    """
    try:
        meant = read_typed_number(number) or kernel_numbers.identity(number)
    except Invalid:
        raise NoMatch("No paper permit has this number.") from None
    official = _official(actor)
    tamga = Invalid(FieldError("code", "required", "Enter the check code: it is printed beside the number."))
    if official is not None:
        _count(f"PAPERS#{deps.stage.issuer}#{official.id}", PAPERS_AT_MOST, deps)
    elif not valid_until:
        if NUMBER_FORM.fullmatch(meant):
            raise tamga
        words = "Enter the day in block 2 of the paper, for example 2027-04-30."
        raise Invalid(FieldError("valid_until", "required", words))
    else:
        _count_try(meant, actor, deps)
    if is_locked(deps.register):
        raise Restored("The register was restored and is not open yet. Check the paper itself, or try again later.")
    dossier = find(deps.register, deps.stage.issuer, number)
    if dossier is not None and dossier.legacy and (official or dossier.record.get("valid_until") == valid_until):
        return dossier
    if NUMBER_FORM.fullmatch(meant):
        raise tamga
    raise NoMatch("No paper permit has this number." if official else "No paper permit has this number and this day.")


def _official(actor: Actor | None) -> Actor | None:
    return actor if actor and not actor.roles.isdisjoint(OFFICERS | MINISTRY | ENFORCEMENT) else None


def _count_try(number: str, actor: Actor | None, deps: Deps) -> None:
    official = _official(actor)
    who, most = (f"#{official.id}", OFFICIAL_TRIES_AT_MOST) if official else ("", TRIES_AT_MOST)
    _count(f"TRIES#{number}{who}", most, deps)


def _count(partition: str, most: int, deps: Deps) -> None:
    """Count one more question in this hour. Raises `TooMany` above `most`."""
    if deps.register.bump(Key(partition, str(deps.now // HOUR)), expires=deps.now + 2 * HOUR) > most:
        raise TooMany("Too many checks by number. Try again in an hour, or scan the code.", retry_after=HOUR)


def judge_paper(paper: Dossier, deps: VerifyDeps, *, context: Context) -> Verdict:
    """The verdict on a permit on paper from before Tamga, with the dossier as it was read."""
    permit = paper_permit(paper, deps.stage.issuer)
    return judge_legacy(permit, snapshot(paper), zone=deps.stage.zone, now=deps.now, context=context)


def _listed(permit: Permit, known: Register, checker: Checker) -> StatusList | None:
    """Our copy of the status list, or None for a permit that the register does not know (F3)."""
    return None if isinstance(known, Unknown) else checker.listed(permit.issuer, permit.status_uri)


def judge_account(account: UseAccount, text: str, deps: VerifyDeps, *, context: Context) -> Verdict:
    """The verdict with the uses of this account as they were read. `text` is "" for a permit without a code."""
    checker = deps.checker()
    if account.dossier is not None and account.dossier.legacy and not text:
        return judge_paper(account.dossier, deps, context=context)

    def judged(listed: StatusList | None) -> Verdict:
        return verdict.judge(
            text,
            trust=checker.trust,
            status={listed.uri: listed} if listed else {},
            register=account.known,
            own_uses=account.own_uses,
            context=context,
            now=deps.now,
        )

    found = judged(None)
    if found.permit is None:
        return found
    listed = _listed(found.permit, account.known, checker)
    return judged(listed) if listed else found
