"""What a code, a file or a number is worth: read, ask the register, judge. Writes nothing, alarms nothing."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from chalicelib.core import verdict
from chalicelib.core.check_code import normal_check_code
from chalicelib.core.crossing import Place
from chalicelib.core.document import DocumentFindings
from chalicelib.core.dossier import Dossier
from chalicelib.core.errors import FieldError, Invalid, NoMatch, TooMany, Unavailable
from chalicelib.core.hit import OUTCOMES, Hit
from chalicelib.core.ledger import Posts, Use
from chalicelib.core.permit import Permit
from chalicelib.core.roles import OFFICERS, Actor
from chalicelib.core.stage import Stage
from chalicelib.core.trust import Trust
from chalicelib.core.verdict import Context, Register, Verdict
from chalicelib.ports import DocumentReader, Key, PermitRegister
from chalicelib.services import store
from chalicelib.services.accounts import open_account

OTHER_PAGES_AT_MOST = 19
MISSES_AT_MOST = 10  # an hour and number, for strangers
OFFICER_MISSES_AT_MOST = 100
HOUR = 3600
NUMBER = re.compile(r"[0-9]{2}[A-Z]{2}[0-9]{6}/[A-Z]{1,2}", re.ASCII)
CODES_AT_MOST = 24
ANYWHERE = Place()


@dataclass(frozen=True, slots=True)
class Checker:
    """What our own verifier stands on: who may speak, the posts, what is never settled without a register.

    It holds no status lists: of our own permits the register knows more, and other Parties' lists are not fetched.
    """

    stage: Stage
    trust: Trust
    posts: Posts
    offline_limits: Mapping[str, str] = field(default_factory=dict)


def verify(
    text: str,
    *,
    register: PermitRegister,
    checker: Checker,
    now: int,
    place: Place = ANYWHERE,
    other_pages: Sequence[str] = (),
    own_scans: Sequence[int] = (),
    document: DocumentFindings | None = None,
) -> Verdict:
    """The verdict on one code: first what the token says for itself, then with the issuing Party's register."""
    context = Context(
        place=place, posts=checker.posts, other_pages=tuple(other_pages[:OTHER_PAGES_AT_MOST]),
        own_scans=tuple(own_scans), offline_limits=checker.offline_limits,
    )  # fmt: skip

    def judged(known: Register, own_uses: Sequence[Use] = ()) -> Verdict:
        return verdict.judge(
            text, trust=checker.trust, status={}, register=known, own_uses=own_uses, context=context,
            document=document, now=now,
        )  # fmt: skip

    first = judged("not_asked")
    if first.permit is None:
        return first
    known, own_uses = ask_register(first.permit, first.pages, register=register, stage=checker.stage)
    return judged(known, own_uses)


def ask_register(
    permit: Permit, pages: Sequence[Permit], *, register: PermitRegister, stage: Stage
) -> tuple[Register, tuple[Use, ...]]:
    """What our register holds on this permit, and our own endorsements of another Party's."""
    try:
        account = open_account(permit, pages, register=register, stage=stage)
    except Unavailable:
        return "failed", ()
    return account.known, account.own_uses


def verify_document(
    data: bytes,
    content_type: str,
    *,
    reader: DocumentReader,
    register: PermitRegister,
    checker: Checker,
    now: int,
    place: Place = ANYWHERE,
) -> tuple[Verdict, DocumentFindings]:
    """The worst verdict of all codes in a file; two permits in one file are D3 (FORMAT.md 5).

    Raises `Invalid` for a file that cannot be opened, `Unavailable` if the reader failed.
    """
    found = reader.read(data, content_type)
    if found.trouble:
        raise Invalid(FieldError("body", found.trouble.replace("-", "_"), TROUBLES[found.trouble]))
    codes = found.codes[:CODES_AT_MOST]
    if not codes:
        nothing = verify("", register=register, checker=checker, now=now)
        return replace(nothing, hits=(Hit("T4", "cannot_tell", {"no_code": True}),)), found
    verdicts = [
        verify(
            code, register=register, checker=checker, now=now, place=place, document=found,
            other_pages=[other for other in codes if other != code],
        )
        for code in codes
    ]  # fmt: skip
    ours = [v for v in verdicts if v.codes != ("T4",)] or verdicts
    return min(ours, key=lambda v: OUTCOMES.index(v.outcome)), found


TROUBLES: Mapping[str, str] = {
    "encrypted": "The file is protected by a password; send one that opens without.",
    "broken": "The file is broken or is not what its content type says.",
    "too-large": "The file or its picture is too large.",
    "too-many-pages": "The file has too many pages.",
    "unsupported": "A PDF, PNG or JPEG file.",
}


def verify_number(
    number: str,
    code: str,
    *,
    register: PermitRegister,
    checker: Checker,
    now: int,
    actor: Actor | None = None,
    place: Place = ANYWHERE,
) -> Verdict:
    """The verdict on a number and its check code; unknown number and wrong code are the same `NoMatch`.

    Raises `TooMany` after 10 misses a number and hour (signed-in officers are counted apart).
    """
    dossier = find_by_code(number, code, register=register, stage=checker.stage, now=now, actor=actor)
    return verify(dossier.tokens[0], register=register, checker=checker, now=now, place=place)


def find_by_code(
    number: str, code: str, *, register: PermitRegister, stage: Stage, now: int, actor: Actor | None = None
) -> Dossier:
    """The dossier behind a number and check code, as typed from a page or heard on the telephone."""
    number = number.strip().upper()
    if not NUMBER.fullmatch(number):
        raise NoMatch("No permit with this number and check code.")
    officer = actor is not None and not actor.roles.isdisjoint(OFFICERS)
    who, most = (f"#{actor.id}", OFFICER_MISSES_AT_MOST) if officer and actor else ("", MISSES_AT_MOST)
    misses = Key(f"MISSES#{number}{who}", str(now // HOUR))
    row = register.get(misses)
    if row is not None and row.version >= most:
        raise TooMany("Too many wrong codes for this number; try again in an hour or scan the code.", retry_after=HOUR)
    dossier = store.find_number(register, stage.issuer, number)
    given = normal_check_code(code)
    right = dossier.check_code if dossier and dossier.check_code else None
    if dossier is None or right is None or given is None or not hmac.compare_digest(right, given):
        register.bump(misses, expires=now + 2 * HOUR)
        raise NoMatch("No permit with this number and check code.")
    return dossier
