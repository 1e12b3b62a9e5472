"""The printed permit: made once for each state of its marks, kept under the address of what went into it.

The paper original (`form: paper`) goes to the ministry's own printer and gets stamp and ink; every other download
says COPY. A permit that is revoked, replaced or lost says VOID, one of the practice register PRACTICE.

The form as it would print, before anything is issued: for the people who prepare and approve it.

Nothing is signed, stored or numbered, so the function that answers needs no key. The pages are cut as at issue; the
index of a status list, which is drawn then, counts with the longest that it can be.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256

from chalicelib.applications.rules import check, validity
from chalicelib.issuing.model import paginate
from chalicelib.issuing.services.ports import IssueDeps
from chalicelib.kernel.document_kinds import KINDS
from chalicelib.kernel.errors import DigestMismatch, Invalid, Unavailable, WrongState
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.stage import Stage
from chalicelib.permits.model import lifecycle
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import store
from chalicelib.permits.services.store import last_day
from chalicelib.platform.deps import BlobStore, Deps
from chalicelib.quotas.services import check_application
from chalicelib.record.permit import Permit, from_record, record_digest, to_record
from chalicelib.species.services.list_in_use import SpeciesDeps
from chalicelib.token.check_code import check_code
from chalicelib.trust.model.status_list import ENTRIES, list_uri
from chalicelib.trust.model.trust import Trust
from chalicelib.uses.single_use import first_use
from chalicelib.verdict.token_checks import ReadToken, Refused, key_compromised, read_whole

MARK = "PREVIEW"

FILE_NAME = "preview-no-permit.pdf"

type Render = Callable[[Dossier, Dossier | None, frozenset[str], tuple[Permit, ...]], bytes]


def preview(permit_id: str, actor: Actor, deps: SpeciesDeps, *, render: Render) -> bytes:
    """A PDF that says of itself that it is no permit.

    Raises `Invalid` naming every field that the form still lacks, `WrongState` once a number was given, `Forbidden`.
    """
    actor.need("preview")
    dossier = store.load(deps.register, permit_id, actor)
    lifecycle.after(dossier, "preview")
    application = from_record(dossier.record)
    gaps = check.missing(application, deps.listing)
    if gaps:
        raise Invalid(*gaps)
    application = check.complete(application, deps.listing)
    kind, expires_at = (
        application.document_type or "",
        validity.expires_at(application.valid_until or "", deps.stage.zone),
    )
    pages = paginate(
        application,
        issuer=deps.stage.issuer,
        number=f"{deps.stage.today(deps.now):%y}{deps.stage.issuer}000000/{KINDS[kind].letter}",
        issued_at=deps.now,
        expires_at=expires_at,
        status_uri=list_uri(deps.stage.lists_at, expires_at),
        status_idx=ENTRIES - 1,
        record_digest=bytes(16),
        ctis=lambda: bytes(16),
        host=deps.stage.host,
        kid=bytes(8),
    )
    replaced = store.load(deps.register, dossier.replaces) if dossier.replaces else None
    marks = frozenset({MARK, "PRACTICE"} if deps.stage.practice else {MARK})
    draws = check_application.expected_draws(application, replaced, deps)
    shown = replace(dossier, record=to_record(application), draws=draws, issued_at=deps.now)
    return render(shown, replaced, marks, pages)


FORM_VERSIONS = ("cites_v1", "cites_v1.1")  # every one that was ever sealed, oldest first; the last is printed now

VOIDED = frozenset({"revoked", "replaced", "lost"})

MARKS_OF_A_COMPROMISED_KEY = frozenset({"COPY", "VOID"})  # nothing else is sealed for a permit of such a key

CONTENT_TYPE = "application/pdf"


@dataclass(frozen=True, slots=True)
class Print:
    """`key`: in the blob store; `name`: of the file, for who downloads it."""

    key: str
    name: str


def marks_of(dossier: Dossier, stage: Stage, *, original: bool = False) -> frozenset[str]:
    """What stands across the page."""
    marks = set()
    if stage.practice:
        marks.add("PRACTICE")
    if dossier.state in VOIDED:
        marks.add("VOID")
    elif dossier.record.get("form", "paper") == "paper" and not original:
        marks.add("COPY")
    return frozenset(marks)


def print_key(dossier: Dossier, marks: frozenset[str], version: str = FORM_VERSIONS[-1]) -> str:
    """Where this print is kept: the same form, tokens, record and marks are the same print.

    A replacement's face also tells the day on which the old permit's goods left, which may be learnt late.
    """
    left = first_use(dossier.uses, "export") if dossier.replaces else None
    parts = (version, dossier.digest or "", *dossier.tokens, *sorted(marks), str(left.at) if left else "")
    return f"prints/{sha256(chr(10).join(parts).encode()).hexdigest()}.pdf"


def all_keys(dossier: Dossier, stage: Stage) -> frozenset[str]:
    """Where each of its prints would be kept, of this form and of those before it, made or not."""
    practice = {"PRACTICE"} if stage.practice else set()
    marks = [frozenset(practice | more) for more in (set(), {"VOID"}, {"COPY"})]
    return frozenset(print_key(dossier, each, version) for each in marks for version in FORM_VERSIONS)


def fetch(
    permit_id: str, actor: Actor, deps: IssueDeps, *, trust: Callable[[], Trust], original: bool = False
) -> Print:
    """Where the print is kept, made if need be; the original is for the ministry, and its printing is recorded.

    Raises `WrongState` before a permit is issued, and for a print without COPY or VOID once its key is compromised,
    also where it was made before; `NoMatch`, `Forbidden`, `Unavailable`.
    """
    actor.need("original" if original else "see")
    dossier = store.load(deps.register, permit_id, actor)
    if dossier.legacy:
        raise WrongState("This permit was issued on paper before Tamga; there is no print of it.", state=dossier.state)
    if dossier.state not in lifecycle.ISSUED_ONCE:
        raise WrongState("There is no print before the permit is issued.", state=dossier.state)
    marks = marks_of(dossier, deps.stage, original=original)
    if not marks & MARKS_OF_A_COMPROMISED_KEY and any(key_compromised(text, trust()) for text in dossier.tokens):
        raise _only_a_copy(dossier)
    if original:
        store.change(permit_id, actor, lambda old: store.Change(old.but(), "print_original"), deps)
    key = print_key(dossier, marks)
    if not deps.blobs.has(key):
        deps.printer.make(permit_id, original=original)
        if not deps.blobs.has(key):
            raise Unavailable("The print is being made; ask again in a moment.")
    return Print(key, file_name(dossier))


def content(printed: Print, *, blobs: BlobStore) -> bytes:
    """Its bytes, for those who take no address. Raises `Unavailable`."""
    data = blobs.get(printed.key)
    if data is None:
        raise Unavailable("The print is not there any more; ask again in a moment.")
    return data


def make(
    permit_id: str,
    deps: Deps,
    *,
    render: Callable[[Dossier, Dossier | None, frozenset[str]], bytes],
    trust: Callable[[], Trust],
    original: bool = False,
) -> str:
    """Render, seal and store the print if it is not there; may be repeated. Runs where the `pdf` key may be used.

    The row is not believed: whoever may write the table could invent a permit. Raises `WrongState` for a permit that
    may not be sealed like this, `DigestMismatch` for a row that is not what was signed, `Unavailable`.
    """
    dossier = store.load(deps.register, permit_id)
    if dossier.state not in lifecycle.ISSUED_ONCE:
        raise WrongState("There is no print before the permit is issued.", state=dossier.state)
    marks = marks_of(dossier, deps.stage, original=original)
    key = print_key(dossier, marks)
    if not deps.blobs.has(key):
        pages = _signed_pages(dossier, trust(), deps.stage, deps.now)
        if not marks & MARKS_OF_A_COMPROMISED_KEY and any(page.key.compromised for page in pages):
            raise _only_a_copy(dossier)
        replaced = store.load(deps.register, dossier.replaces) if dossier.replaces else None
        signed = _as_signed(dossier, pages)
        kept = last_day(signed.expires_at or 0)
        deps.blobs.put(key, render(signed, replaced, marks), content_type=CONTENT_TYPE, keep_until=kept)
    return key


def _only_a_copy(dossier: Dossier) -> WrongState:
    return WrongState("Its key is compromised: only a copy is printed. Replace the permit.", state=dossier.state)


def _signed_pages(dossier: Dossier, trust: Trust, stage: Stage, now: int) -> tuple[ReadToken, ...]:
    """Every page through checks 1-6, and the record with the digest that each page names."""
    try:
        pages = read_whole(dossier.tokens, trust, now)
    except Refused as refused:
        if refused.hit.code == "T1":
            raise Unavailable("The trust list is out of date: nothing can be sealed.") from None
        raise DigestMismatch("The permit's codes are not what was signed: it is not sealed.") from None
    digest = bytes.fromhex(record_digest(dossier.record))
    if any(page.permit.issuer != stage.issuer or not digest.startswith(page.permit.record_digest) for page in pages):
        raise DigestMismatch("The record is not what was signed: it is not sealed.")
    return pages


def _as_signed(dossier: Dossier, pages: tuple[ReadToken, ...]) -> Dossier:
    """The dossier with what its tokens say in place of what the row says."""
    page = pages[0].permit
    return replace(
        dossier,
        number=page.number,
        check_code=check_code(page.cti),
        issued_at=page.issued_at,
        expires_at=page.expires_at,
    )


def file_name(dossier: Dossier) -> str:
    """What the download is called: the number, with a hyphen for the slash."""
    return f"CITES-{(dossier.number or 'permit').replace('/', '-')}.pdf"
