"""Issue an approved permit: reserve its number and store the intent before anything is signed.

this file, in the HTTP function          issuing/services/sign.py, in the issuing function
1 check rules and two people again       4 take the attempt, so that no intent is signed twice
2 lock documents, counter n -> n+1,      5 check everything again and rebuild the pages from the record
  number, status entry, quotas, pages    6 sign, convert, verify with the public key
3 call the issuing function              7 judge the new tokens as any verifier would
                                         8 store tokens and `issued`, if the attempt is still the same
"""

from __future__ import annotations

from contextlib import suppress

from chalicelib.applications.rules import validity
from chalicelib.applications.services import refusals
from chalicelib.applications.services.refusals import recheck
from chalicelib.issuing.model import SharedClaims, paginate
from chalicelib.issuing.services.ports import IssueDeps
from chalicelib.issuing.services.sign import SIGNING_TIMEOUT, give_up
from chalicelib.kernel.document_kinds import KINDS
from chalicelib.kernel.enums import KeyPurpose, State
from chalicelib.kernel.errors import Unavailable, WrongState
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Key, Put
from chalicelib.kernel.stage import Stage
from chalicelib.permits.model import lifecycle
from chalicelib.permits.model.dossier import Dossier, Intent
from chalicelib.permits.services import store
from chalicelib.permits.services.store import keep_papers
from chalicelib.platform.deps import Deps
from chalicelib.quotas.services import check_application, recount
from chalicelib.species.services.list_in_use import SpeciesDeps
from chalicelib.stamps import services as stamps
from chalicelib.token import cose
from chalicelib.token.claims import encode_claims
from chalicelib.trust.model import status_list
from chalicelib.trust.model.status_list import ENTRIES, list_uri
from chalicelib.trust.model.trust import active_key

INDEX_TRIES = 8


def issue(permit_id: str, actor: Actor, deps: IssueDeps, *, read: int | None = None) -> Dossier:
    """Issue an approved permit. A repeated request of the same person returns the same permit.

    `read`: the version that the person read. Raises `EditedMeanwhile` if the permit has another version, `WrongState`,
    `TwoPeople`, and `Invalid` if a rule refuses it today. Raises `Unavailable` if a signing is under way or was cut
    off, so ask again.
    """
    actor.require("issue")
    dossier = store.load(deps.register, permit_id, actor)
    if not lifecycle.repeated(dossier, "signed", actor):
        if dossier.state == State.SIGNING:
            with suppress(WrongState):  # the signing ended meanwhile
                give_up(permit_id, deps, older_than=SIGNING_TIMEOUT)
            dossier = store.load(deps.register, permit_id, actor)
        if dossier.state != State.SIGNING:
            refusals.index_quoted_documents(dossier, deps)
            try:
                _reserve(permit_id, actor, deps, read=read)
            except WrongState:  # two equal requests at once: the other one reserved the number
                now_held = store.load(deps.register, permit_id)
                if now_held.state != State.SIGNING and not lifecycle.repeated(now_held, "signed", actor):
                    raise
        try:
            deps.issuer.issue(permit_id)
        except WrongState:
            if store.load(deps.register, permit_id).state not in {State.SIGNING, State.ISSUED}:
                raise
        dossier = store.load(deps.register, permit_id, actor)
    if dossier.state != State.ISSUED:
        raise Unavailable("The permit is being signed. Try again in a moment.", state=dossier.state)
    return dossier


def _reserve(permit_id: str, actor: Actor, deps: SpeciesDeps, *, read: int | None) -> Dossier:
    """Run steps 1 and 2 in one transaction."""

    trust = deps.trust()

    def decide(old: Dossier) -> store.Change:
        state = lifecycle.after(old, "issue")
        lifecycle.check_version(old, read)
        replaced = store.load(deps.register, old.replaces) if old.replaces else None
        application = recheck(old, replaced, deps)
        number, counted = _next_number(old.kind, deps)
        expires_at = validity.expires_at(application.valid_until or "", deps.stage.zone)
        uri = list_uri(deps.stage.lists_at, expires_at)
        index = _free_index(uri, deps)
        trust_list = trust.list_for(deps.stage.issuer)
        if trust_list is None:
            raise Unavailable("No trust list is published, so nothing can be signed.")
        if deps.now >= trust_list.expires_at:
            raise Unavailable(
                "The trust list has expired, so nothing can be signed. An administrator must publish a new list."
            )
        key = active_key(trust_list, KeyPurpose.PERMIT, deps.now, kind=old.kind)
        keep_papers(old, expires_at, deps.blobs)  # first: no permit is issued on documents that could be deleted
        shared = SharedClaims(
            issuer=deps.stage.issuer,
            number=number,
            issued_at=deps.now,
            expires_at=expires_at,
            status_uri=uri,
            status_idx=index,
            record_digest=bytes.fromhex(old.digest or "")[:16],
        )
        pages = paginate(application, shared, ctis=lambda: deps.random_bytes(16), host=deps.stage.host, kid=key.kid)
        protected = cose.encode_protected(key.kid).hex()
        intent = Intent(
            attempt=(old.intent.attempt if old.intent else 0) + 1,
            started_at=deps.now,
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
            draws=check_application.draws(application, replaced, deps),
            last_actions={**old.last_actions, "issue": actor.id},
        )
        puts = (
            counted,
            Put(store.number_key(deps.stage.issuer, number), {"permit_id": old.id}, expected_version=0),
            Put(status_list.status_key(uri, index), {"value": 0, "permit_id": permit_id}, expected_version=0),
            *stamps.take(old, actor, deps.register),
            *recount.due_put(new, deps.stage),
        )
        return store.Change(new, "issue", {"number": number, "attempt": intent.attempt}, puts)

    return store.change(permit_id, actor, decide, deps).dossier


def _next_number(kind: str, deps: Deps) -> tuple[str, Put]:
    """Find the first free number of this year, and the guarded write that takes it from the counter."""
    year = f"{deps.stage.today(deps.now).year % 100:02d}"
    counter = Key(f"COUNTER#{deps.stage.issuer}", year)
    row = deps.register.get(counter)
    serial = int(row.data["last"]) + 1 if row else deps.stage.first_serial
    first = int(row.data.get("first", 1)) if row else serial
    number = _number(year, deps.stage, serial, kind)
    while deps.register.get(store.number_key(deps.stage.issuer, number)) is not None:  # taken over from paper books
        serial += 1
        number = _number(year, deps.stage, serial, kind)
    return number, Put(counter, {"last": serial, "first": first}, expected_version=row.version if row else 0)


def _number(year: str, stage: Stage, serial: int, kind: str) -> str:
    return f"{year}{stage.issuer}{serial:06d}/{KINDS[kind].letter}"


def _free_index(uri: str, deps: Deps) -> int:
    """Draw a random free entry of the status list. The guard of its row in the transaction makes sure.

    Raises `Unavailable`: no free entry in 8 tries.
    """
    for _ in range(INDEX_TRIES):
        index = int.from_bytes(deps.random_bytes(4)) % ENTRIES
        if deps.register.get(status_list.status_key(uri, index)) is None:
            return index
    raise Unavailable(
        "No free entry was found in the status list of this quarter. Try again, or choose another last day."
    )
