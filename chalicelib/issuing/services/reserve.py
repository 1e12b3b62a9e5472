"""From an approval to a signed permit: the intent is recorded before anything is signed.

this file, in the HTTP function          issuing/services/sign.py, in the issuing function
1 check again, two people                4 take the attempt: nobody signs an intent twice
2 papers kept, counter n -> n+1, number, 5 check everything again, from the record up
  the bytes of every page, the quotas    6 sign, convert, verify with the public key
3 call the issuing function              7 judge the new tokens as any verifier would
                                         8 store tokens and `issued`, if the attempt is still the same
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from chalicelib.applications.rules import validity
from chalicelib.applications.services import refusals
from chalicelib.applications.services.refusals import still_lawful
from chalicelib.issuing.model import paginate
from chalicelib.issuing.services.print_permit import PermitPrinter
from chalicelib.issuing.services.sign import SIGNING_TIMEOUT, PermitIssuer, give_up
from chalicelib.kernel.document_kinds import KINDS
from chalicelib.kernel.errors import Unavailable, WrongState
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Key, Put
from chalicelib.kernel.stage import Stage
from chalicelib.permits.model import lifecycle
from chalicelib.permits.model.dossier import Dossier, Intent
from chalicelib.permits.services import store
from chalicelib.permits.services.store import keep_papers
from chalicelib.platform.deps import BlobStore, PermitRegister
from chalicelib.quotas.services import check_application, recount
from chalicelib.record.permit import Application, Permit
from chalicelib.species.model.listing import Listing
from chalicelib.species.services.list_in_use import SpeciesDeps
from chalicelib.stamps import services as stamps
from chalicelib.token import cose
from chalicelib.token.claims import encode_claims
from chalicelib.trust.model import status_list
from chalicelib.trust.model.status_list import ENTRIES, list_uri
from chalicelib.trust.model.trust import Trust, active_key

INDEX_TRIES = 8


class IssueDeps(SpeciesDeps, Protocol):
    """With the functions that sign and print, and the renderer of previews."""

    @property
    def issuer(self) -> PermitIssuer: ...
    @property
    def printer(self) -> PermitPrinter: ...
    @property
    def render_preview(self) -> Callable[..., bytes]: ...


def issue(
    permit_id: str,
    actor: Actor,
    *,
    register: PermitRegister,
    issuer: PermitIssuer,
    blobs: BlobStore,
    trust: Trust,
    listing: Listing,
    stage: Stage,
    random_bytes: Callable[[int], bytes],
    now: int,
    read: int | None = None,
) -> Dossier:
    """Issue an approved permit; the same person again gets the same permit. `read`: the version that is meant.

    Raises `EditedMeanwhile` (it has another version), `WrongState`, `TwoPeople`, `Invalid` (a rule that no longer holds
    today), `Unavailable` (a signing is under way or was cut off: ask again).
    """
    actor.need("issue")
    dossier = store.load(register, permit_id, actor)
    if not lifecycle.repeated(dossier, "signed", actor):
        if dossier.state == "signing":
            with suppress(WrongState):  # it ended meanwhile
                give_up(permit_id, register=register, now=now, older_than=SIGNING_TIMEOUT)
            dossier = store.load(register, permit_id, actor)
        if dossier.state != "signing":
            refusals.remember(dossier, register=register, listing=listing, stage=stage)
            try:
                _reserve(
                    permit_id,
                    actor,
                    register=register,
                    blobs=blobs,
                    trust=trust,
                    listing=listing,
                    stage=stage,
                    random_bytes=random_bytes,
                    now=now,
                    read=read,
                )
            except WrongState:  # the same request twice at once: the other one reserved the number
                now_held = store.load(register, permit_id)
                if now_held.state != "signing" and not lifecycle.repeated(now_held, "signed", actor):
                    raise
        try:
            issuer.issue(permit_id)
        except WrongState:
            if store.load(register, permit_id).state not in {"signing", "issued"}:
                raise
        dossier = store.load(register, permit_id, actor)
    if dossier.state != "issued":
        raise Unavailable("The permit is being signed; ask again in a moment.", state=dossier.state)
    return dossier


def _reserve(
    permit_id: str,
    actor: Actor,
    *,
    register: PermitRegister,
    blobs: BlobStore,
    trust: Trust,
    listing: Listing,
    stage: Stage,
    random_bytes: Callable[[int], bytes],
    now: int,
    read: int | None,
) -> Dossier:
    """Steps 1 and 2, one transaction."""

    def decide(old: Dossier) -> store.Change:
        state = lifecycle.after(old, "issue")
        lifecycle.as_read(old, read)
        replaced = store.load(register, old.replaces) if old.replaces else None
        application = still_lawful(old, replaced, register=register, listing=listing, stage=stage, now=now)
        number, counted = _next_number(old.kind, register=register, stage=stage, now=now)
        expires_at = validity.expires_at(application.valid_until or "", stage.zone)
        uri = list_uri(stage.lists_at, expires_at)
        index = _free_index(register, uri, random_bytes)
        trust_list = trust.list_for(stage.issuer)
        if trust_list is None:
            raise Unavailable("There is no trust list to sign under.")
        if now >= trust_list.expires_at:
            raise Unavailable("The trust list has expired: every verifier would refuse what is signed under it.")
        key = active_key(trust_list, "permit", now, kind=old.kind)
        keep_papers(old, expires_at, blobs)  # before anything is begun: what is issued stands on papers that stay
        pages = _pages(application, old, number, uri, index, now, expires_at, stage, key.kid, random_bytes)
        protected = cose.protect(key.kid).hex()
        intent = Intent(
            attempt=(old.intent.attempt if old.intent else 0) + 1,
            started_at=now,
            kid=key.kid.hex(),
            pages=tuple((protected, encode_claims(page).hex()) for page in pages),
            old=(replaced.state, replaced.use) if replaced else None,
        )
        new = old.but(
            state=state,
            number=number,
            status_uri=uri,
            status_idx=index,
            expires_at=expires_at,
            intent=intent,
            draws=check_application.draws(
                application, replaced, register=register, listing=listing, stage=stage, now=now
            ),
            last_actions={**old.last_actions, "issue": actor.id},
        )
        puts = (
            counted,
            Put(store.number_key(stage.issuer, number), {"permit_id": old.id}, expect=0),
            Put(status_list.status_key(uri, index), {"value": 0, "permit_id": permit_id}, expect=0),
            *stamps.take(old, actor, register),
            *recount.due_put(new, stage),
        )
        return store.Change(new, "issue", {"number": number, "attempt": intent.attempt}, puts)

    return store.change(register, permit_id, actor, now, decide).dossier


def _next_number(kind: str, *, register: PermitRegister, stage: Stage, now: int) -> tuple[str, Put]:
    """The first free number of this year, and the guarded write that takes it from the counter."""
    year = f"{stage.today(now).year % 100:02d}"
    counter = Key(f"COUNTER#{stage.issuer}", year)
    row = register.get(counter)
    serial = int(row.data["last"]) + 1 if row else stage.first_serial
    first = int(row.data.get("first", 1)) if row else serial
    number = _number(year, stage, serial, kind)
    while register.get(store.number_key(stage.issuer, number)) is not None:  # of the old paper register
        serial += 1
        number = _number(year, stage, serial, kind)
    return number, Put(counter, {"last": serial, "first": first}, expect=row.version if row else 0)


def _number(year: str, stage: Stage, serial: int, kind: str) -> str:
    return f"{year}{stage.issuer}{serial:06d}/{KINDS[kind].letter}"


def _pages(
    application: Application,
    dossier: Dossier,
    number: str,
    uri: str,
    index: int,
    now: int,
    expires_at: int,
    stage: Stage,
    kid: bytes,
    random_bytes: Callable[[int], bytes],
) -> tuple[Permit, ...]:
    return paginate(
        application,
        issuer=stage.issuer,
        number=number,
        issued_at=now,
        expires_at=expires_at,
        status_uri=uri,
        status_idx=index,
        record_digest=bytes.fromhex(dossier.digest or "")[:16],
        ctis=lambda: random_bytes(16),
        host=stage.host,
        kid=kid,
    )


def _free_index(register: PermitRegister, uri: str, random_bytes: Callable[[int], bytes]) -> int:
    """A random entry of the list that was never given out (the transaction makes sure)."""
    for _ in range(INDEX_TRIES):
        index = int.from_bytes(random_bytes(4)) % ENTRIES
        if register.get(status_list.status_key(uri, index)) is None:
            return index
    raise Unavailable("The status list of this quarter is too full.")
