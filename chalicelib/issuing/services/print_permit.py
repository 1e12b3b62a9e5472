"""Print of a permit, and preview of the form before issue.

A print is made once for each set of marks. Its key in the blob store is a digest of its input.
The ministry prints the paper original (`form: paper`), which gets stamp and ink. Every other download of it bears
COPY. The print of a revoked, replaced or lost permit bears VOID, that of the practice register PRACTICE.

A preview is for the people who prepare and approve the permit. Nothing is signed, stored or numbered, so the function
that answers needs no key. The pages are divided as at issue. The status index is drawn only at issue, so the preview
uses the longest possible one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256

from chalicelib.applications.rules import check, validity
from chalicelib.issuing.model import SharedClaims, paginate
from chalicelib.issuing.services.ports import IssueDeps, PrintDeps
from chalicelib.kernel.document_kinds import KINDS
from chalicelib.kernel.errors import DigestMismatch, Invalid, Unavailable, WrongState
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.stage import Stage
from chalicelib.permits.model import lifecycle
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import store
from chalicelib.permits.services.store import last_day
from chalicelib.platform.deps import BlobStore
from chalicelib.quotas.services import check_application
from chalicelib.record.permit import Permit, from_record, record_digest, to_record
from chalicelib.species.services.list_in_use import SpeciesDeps
from chalicelib.token.check_code import check_code
from chalicelib.trust.model.status_list import ENTRIES, list_uri
from chalicelib.trust.model.trust import Trust
from chalicelib.uses.single_use import first_use
from chalicelib.verdict.token_checks import CheckFailed, ReadToken, key_compromised, read_whole

MARK = "PREVIEW"

FILE_NAME = "preview-no-permit.pdf"

type Render = Callable[[Dossier, Dossier | None, frozenset[str], tuple[Permit, ...]], bytes]


def preview(permit_id: str, actor: Actor, deps: SpeciesDeps, *, render: Render) -> bytes:
    """Render a preview of the form, marked as no permit.

    Raises `Invalid` if the form still lacks fields, each named, and `WrongState` if the application is past approval or
    ended. Raises `Forbidden`.
    """
    actor.require("preview")
    dossier = store.load(deps.register, permit_id, actor)
    lifecycle.after(dossier, "preview")
    application = from_record(dossier.record)
    gaps = check.missing(application, deps.listing)
    if gaps:
        raise Invalid(*gaps)
    application = check.complete(application, deps.listing, issuer=deps.stage.issuer)
    kind, expires_at = (
        application.document_type or "",
        validity.expires_at(application.valid_until or "", deps.stage.zone),
    )
    shared = SharedClaims(
        issuer=deps.stage.issuer,
        number=f"{deps.stage.today(deps.now):%y}{deps.stage.issuer}000000/{KINDS[kind].letter}",
        issued_at=deps.now,
        expires_at=expires_at,
        status_uri=list_uri(deps.stage.lists_at, expires_at),
        status_idx=ENTRIES - 1,
        record_digest=bytes(16),
    )
    pages = paginate(application, shared, ctis=lambda: bytes(16), host=deps.stage.host, kid=bytes(8))
    replaced = store.load(deps.register, dossier.replaces) if dossier.replaces else None
    marks = frozenset({MARK, "PRACTICE"} if deps.stage.practice else {MARK})
    draws = check_application.expected_draws(application, replaced, deps)
    shown = replace(dossier, record=to_record(application), draws=draws, issued_at=deps.now)
    return render(shown, replaced, marks, pages)


FORM_VERSIONS = ("cites_v1", "cites_v1.1")  # each version that was ever sealed, oldest first; the last is in use

VOIDED = frozenset({"revoked", "replaced", "lost"})

MARKS_OF_A_COMPROMISED_KEY = frozenset({"COPY", "VOID"})  # a permit signed with such a key prints with these only

CONTENT_TYPE = "application/pdf"


@dataclass(frozen=True, slots=True)
class Print:
    """Stored print. `key` is in the blob store, `name` is the file name of the download."""

    key: str
    name: str


def marks_of(dossier: Dossier, stage: Stage, *, original: bool = False) -> frozenset[str]:
    """Marks across the page: COPY, VOID, PRACTICE."""
    marks = set()
    if stage.practice:
        marks.add("PRACTICE")
    if dossier.state in VOIDED:
        marks.add("VOID")
    elif dossier.record.get("form", "paper") == "paper" and not original:
        marks.add("COPY")
    return frozenset(marks)


def print_key(dossier: Dossier, marks: frozenset[str], version: str = FORM_VERSIONS[-1]) -> str:
    """Key of this print in the blob store. The same form version, tokens, record and marks give the same key.

    A replacement also prints the day on which the goods of the old permit left. The register may learn it late, so it
    is part of the key.
    """
    left = first_use(dossier.uses, "export") if dossier.replaces else None
    parts = (version, dossier.digest or "", *dossier.tokens, *sorted(marks), str(left.at) if left else "")
    return f"prints/{sha256(chr(10).join(parts).encode()).hexdigest()}.pdf"


def all_keys(dossier: Dossier, stage: Stage) -> frozenset[str]:
    """Keys of all possible prints of a permit, in this form version and earlier ones, whether made or not."""
    practice = {"PRACTICE"} if stage.practice else set()
    marks = [frozenset(practice | more) for more in (set(), {"VOID"}, {"COPY"})]
    return frozenset(print_key(dossier, each, version) for each in marks for version in FORM_VERSIONS)


def fetch(permit_id: str, actor: Actor, deps: IssueDeps, *, original: bool = False) -> Print:
    """Return the stored print, and make it first if necessary.

    The original is for the ministry alone, and each request for it is recorded in the history. Raises `WrongState` if
    the permit is not issued yet, or dates from before Tamga. Raises it also if its key is compromised and the print has
    neither COPY nor VOID, even if it was made before. Also `NoMatch`, `Forbidden`, `Unavailable`.
    """
    actor.require("original" if original else "see")
    dossier = store.load(deps.register, permit_id, actor)
    if dossier.legacy:
        raise WrongState("This permit was issued on paper before Tamga and cannot be printed.", state=dossier.state)
    if dossier.state not in lifecycle.ISSUED_ONCE:
        raise WrongState("The permit cannot be printed before it is issued.", state=dossier.state)
    marks = marks_of(dossier, deps.stage, original=original)
    if not marks & MARKS_OF_A_COMPROMISED_KEY and any(key_compromised(text, deps.trust()) for text in dossier.tokens):
        raise _only_a_copy(dossier)
    if original:
        store.change(permit_id, actor, lambda old: store.Change(old.but(), "print_original"), deps)
    key = print_key(dossier, marks)
    if not deps.blobs.has(key):
        deps.printer.make(permit_id, original=original)
        if not deps.blobs.has(key):
            raise Unavailable("The print is being made. Try again in a moment.")
    return Print(key, file_name(dossier))


def content(printed: Print, *, blobs: BlobStore) -> bytes:
    """Bytes of the print, for clients that accept the file itself. Raises `Unavailable`: it is not stored any more."""
    data = blobs.get(printed.key)
    if data is None:
        raise Unavailable("The stored print is missing and is made again. Try again in a moment.")
    return data


def make(permit_id: str, deps: PrintDeps, *, original: bool = False) -> str:
    """Render, seal and store the print, unless it is stored already. Idempotent.

    Runs in the printing function, which may use the `pdf` key. It does not trust the row, since an attacker with write
    access to the table could invent a permit. It checks tokens and record against the trust list first. Raises
    `WrongState` if it is not issued, or the key is compromised and the marks do not allow it. Raises `DigestMismatch`
    if tokens or record differ from the signed ones. Raises `Unavailable` if the trust list is out of date, or a service
    did not answer.
    """
    dossier = store.load(deps.register, permit_id)
    if dossier.state not in lifecycle.ISSUED_ONCE:
        raise WrongState("The permit cannot be printed before it is issued.", state=dossier.state)
    marks = marks_of(dossier, deps.stage, original=original)
    key = print_key(dossier, marks)
    if not deps.blobs.has(key):
        pages = _signed_pages(dossier, deps.trust(), deps.stage, deps.now)
        if not marks & MARKS_OF_A_COMPROMISED_KEY and any(page.key.compromised for page in pages):
            raise _only_a_copy(dossier)
        replaced = store.load(deps.register, dossier.replaces) if dossier.replaces else None
        signed = _as_signed(dossier, pages)
        kept = last_day(signed.issued.expires_at)
        deps.blobs.put(key, deps.render(signed, replaced, marks), content_type=CONTENT_TYPE, keep_until=kept)
    return key


def _only_a_copy(dossier: Dossier) -> WrongState:
    return WrongState(
        "The key that signed this permit is compromised, so only a copy can be printed. Replace the permit.",
        state=dossier.state,
    )


def _signed_pages(dossier: Dossier, trust: Trust, stage: Stage, now: int) -> tuple[ReadToken, ...]:
    """Read every page through checks 1-6, and compare the record with the digest in each page."""
    try:
        pages = read_whole(dossier.tokens, trust, now)
    except CheckFailed as refused:
        if refused.result.code == "T1":
            raise Unavailable(
                "The trust list has expired, so no print can be sealed. An administrator must publish a new list."
            ) from None
        raise DigestMismatch(
            "The codes of the permit differ from those that were signed, so the print is not sealed."
        ) from None
    digest = bytes.fromhex(record_digest(dossier.record))
    if any(page.permit.issuer != stage.issuer or not digest.startswith(page.permit.record_digest) for page in pages):
        raise DigestMismatch("The record differs from the one that was signed, so the print is not sealed.")
    return pages


def _as_signed(dossier: Dossier, pages: tuple[ReadToken, ...]) -> Dossier:
    """Replace number, check code and dates of the dossier by those of its tokens."""
    page = pages[0].permit
    return replace(
        dossier,
        number=page.number,
        check_code=check_code(page.cti),
        issued_at=page.issued_at,
        expires_at=page.expires_at,
    )


def file_name(dossier: Dossier) -> str:
    """File name of the download: the number, with a hyphen for the slash."""
    return f"CITES-{(dossier.number or 'permit').replace('/', '-')}.pdf"
