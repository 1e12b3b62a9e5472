"""From an approval to a signed permit: the intent is recorded before anything is signed.

    HTTP function                      issuing function (alone may use the permit keys)
    1 check again, two people          4 take the attempt: nobody signs an intent twice
    2 counter n -> n+1, number,        5 check everything again, from the record up
      the bytes of every page          6 sign, convert, verify with the public key
    3 call the issuing function        7 judge the new tokens as any verifier would
                                       8 store tokens and `issued`, if the attempt is still the same

A signing that failed is given up at once, one that was cut off by the sweep (`give_up`): the number is declared void
with the bytes that may have been signed, its status revoked, the permit approved again; it is never signed again.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256

from chalicelib.core import cose, lifecycle, rules, verdict
from chalicelib.core.check_code import check_code
from chalicelib.core.claims import decode_claims, encode_claims
from chalicelib.core.codes import KINDS
from chalicelib.core.dossier import Dossier, Intent
from chalicelib.core.errors import DigestMismatch, FieldError, Invalid, TamgaError, Unavailable, WrongState
from chalicelib.core.listing import Listing
from chalicelib.core.pages import paginate
from chalicelib.core.permit import Application, Permit, from_record, record_digest
from chalicelib.core.qr_text import encode_qr
from chalicelib.core.roles import Actor
from chalicelib.core.stage import Stage
from chalicelib.core.status_list import ENTRIES, list_uri
from chalicelib.core.token import TOKEN_CAP
from chalicelib.core.trust import Trust, active_key
from chalicelib.ports import Conflict, Key, PermitIssuer, PermitRegister, Put, Signer
from chalicelib.services import store
from chalicelib.services.decide_application import require_findings

SIGNING_TIMEOUT = 120  # seconds; longer than the issuing function may run
INDEX_TRIES = 8
FORM_CHECKS = frozenset(range(1, 8))


def issue(
    permit_id: str,
    actor: Actor,
    *,
    register: PermitRegister,
    issuer: PermitIssuer,
    trust: Trust,
    listing: Listing,
    stage: Stage,
    random_bytes: Callable[[int], bytes],
    now: int,
) -> Dossier:
    """Issue an approved permit; the same person again gets the same permit.

    Raises `WrongState`, `TwoPeople`, `Invalid` (a rule that no longer holds today), `Unavailable` (a signing is under
    way or was cut off: ask again).
    """
    actor.need("issue")
    dossier = store.load(register, permit_id, actor)
    if not lifecycle.repeated(dossier, "signed", actor):
        if dossier.state == "signing":
            dossier = give_up(permit_id, register=register, now=now, older_than=SIGNING_TIMEOUT)
        if dossier.state != "signing":
            _reserve(
                permit_id, actor, register=register, trust=trust, listing=listing, stage=stage,
                random_bytes=random_bytes, now=now,
            )  # fmt: skip
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
    trust: Trust,
    listing: Listing,
    stage: Stage,
    random_bytes: Callable[[int], bytes],
    now: int,
) -> Dossier:
    """Steps 1 and 2, one transaction."""

    def decide(old: Dossier) -> store.Change:
        state = lifecycle.after(old, "issue")
        replaced = store.load(register, old.replaces) if old.replaces else None
        application = _still_lawful(old, replaced, listing=listing, stage=stage, now=now)
        year = f"{stage.today(now).year % 100:02d}"
        counter = Key(f"COUNTER#{stage.issuer}", year)
        row = register.get(counter)
        serial = int(row.data["last"]) + 1 if row else stage.first_serial
        number = f"{year}{stage.issuer}{serial:06d}/{KINDS[old.kind].letter}"
        expires_at = rules.expires_at(application.valid_until or "", stage.zone)
        uri = list_uri(stage.lists_at, expires_at)
        index = _free_index(register, uri, random_bytes)
        trust_list = trust.list_for(stage.issuer)
        if trust_list is None:
            raise Unavailable("There is no trust list to sign under.")
        key = active_key(trust_list, "permit", now, kind=old.kind)
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
            issuer_name=actor.name,
            last_actions={**old.last_actions, "issue": actor.id},
        )
        puts = (
            Put(counter, {"last": serial}, expect=row.version if row else 0),
            Put(store.number_key(stage.issuer, number), {"permit_id": old.id}, expect=0),
            Put(store.status_key(uri, index), {"value": 0}, expect=0),
        )
        return store.Change(new, "issue", {"number": number, "attempt": intent.attempt}, puts)

    return store.change(register, permit_id, actor, now, decide).dossier


def sign(
    permit_id: str,
    *,
    register: PermitRegister,
    signers: Callable[[bytes], Signer],
    trust: Trust,
    listing: Listing,
    stage: Stage,
    now: int,
) -> Dossier:
    """Steps 4-8, in the issuing function: from the recorded intent to stored tokens. Idempotent once issued.

    Raises `WrongState` for anything that is not a fresh signing in its first hands (the sweep ends those), and what
    steps 5-8 raise, after giving the signing up.
    """
    dossier = store.load(register, permit_id)
    if dossier.state in lifecycle.ISSUED_ONCE:
        return dossier
    taken = _take(permit_id, register=register, now=now)  # 4
    assert taken.intent is not None
    try:
        pages = _checked_pages(taken, register=register, trust=trust, listing=listing, stage=stage, now=now)  # 5
        tokens = _signed(taken.intent, signers=signers, trust=trust, stage=stage, now=now)
        return _store(taken, taken.intent, tokens, pages[0], register=register, now=now)  # 8
    except TamgaError:
        with suppress(TamgaError):  # somebody else ended it, or the sweep will
            give_up(permit_id, register=register, now=now, attempt=taken.intent.attempt)
        raise


def _signed(
    intent: Intent, *, signers: Callable[[bytes], Signer], trust: Trust, stage: Stage, now: int
) -> tuple[str, ...]:
    """Steps 6 and 7: a token for each page of the intent."""
    signer = signers(bytes.fromhex(intent.kid))
    public_key = cose.load_public_key(signer.public_key)
    tokens = []
    for protected, payload in ((bytes.fromhex(a), bytes.fromhex(b)) for a, b in intent.pages):  # 6
        message = cose.to_be_signed(protected, payload)
        signature = cose.raw_signature(signer.sign_digest(sha256(message).digest()))
        token = cose.encode_sign1(protected, payload, signature)
        if not cose.verify(cose.decode_sign1(token, cap=TOKEN_CAP), public_key):
            raise Unavailable("A signature did not verify; the signing is given up.")
        tokens.append(encode_qr(stage.host, token))
    for token_text in tokens:  # 7
        found = verdict.judge(token_text, trust=trust, status={}, register="not_asked", now=now)
        if any(found.results[n] != "pass" for n in FORM_CHECKS):
            raise Unavailable("Verifiers would refuse the new token; the signing is given up.")
    return tuple(tokens)


def _take(permit_id: str, *, register: PermitRegister, now: int) -> Dossier:
    def decide(old: Dossier) -> store.Change:
        if old.state != "signing" or old.intent is None or old.last_actions.get("sign") == str(old.intent.attempt):
            raise WrongState("This signing is in other hands or over.", state=old.state)
        if now - old.intent.started_at >= SIGNING_TIMEOUT:
            raise WrongState("This signing was cut off; it is the sweep's.", state=old.state)
        acted = {**old.last_actions, "sign": str(old.intent.attempt)}
        return store.Change(old.but(last_actions=acted), "sign", {"attempt": old.intent.attempt})

    return store.change(register, permit_id, store.SYSTEM, now, decide, anybodys=True).dossier


def _checked_pages(
    dossier: Dossier, *, register: PermitRegister, trust: Trust, listing: Listing, stage: Stage, now: int
) -> tuple[Permit, ...]:
    """Rebuild every page from the record and compare with the recorded bytes: the intent is not believed either."""
    intent = dossier.intent
    assert intent is not None
    replaced = _as_intended(dossier, intent, register)
    application = _still_lawful(dossier, replaced, listing=listing, stage=stage, now=now)
    held = register.get(store.number_key(stage.issuer, dossier.number or ""))
    if held is None or held.data != {"permit_id": dossier.id}:
        raise DigestMismatch("The number is another permit's.")
    pages = tuple(decode_claims(bytes.fromhex(payload)).claims for _, payload in intent.pages)
    rebuilt = paginate(
        application,
        issuer=stage.issuer,
        number=dossier.number or "",
        issued_at=intent.started_at,
        expires_at=rules.expires_at(application.valid_until or "", stage.zone),
        status_uri=dossier.status_uri or "",
        status_idx=dossier.status_idx or 0,
        record_digest=bytes.fromhex(dossier.digest or "")[:16],
        ctis=[page.cti for page in pages],
        host=stage.host,
        kid=bytes.fromhex(intent.kid),
    )
    trust_list = trust.list_for(stage.issuer)
    key = active_key(trust_list, "permit", intent.started_at, kind=dossier.kind) if trust_list else None
    header = cose.protect(bytes.fromhex(intent.kid)).hex()
    if rebuilt != pages or any(protected != header for protected, _ in intent.pages):
        raise DigestMismatch("The intent is not what the record says.")
    if key is None or key.kid.hex() != intent.kid:
        raise DigestMismatch("The key of the intent signs no longer.")
    return pages


def _as_intended(dossier: Dossier, intent: Intent, register: PermitRegister) -> Dossier | None:
    """The permit to be replaced, if its state and use still are what the intent saw."""
    replaced = store.load(register, dossier.replaces) if dossier.replaces else None
    if replaced and (replaced.state, replaced.use) != intent.old:
        raise WrongState("The permit to be replaced was used or changed meanwhile; look again.")
    return replaced


def _store(
    taken: Dossier, intent: Intent, tokens: tuple[str, ...], first_page: Permit, *, register: PermitRegister, now: int
) -> Dossier:
    """Step 8; together with the end of the permit that this one replaces, whose uses it carries on."""
    for _ in range(store.TRIES):
        new = taken.but(
            state=lifecycle.after(taken, "signed"),
            tokens=tokens,
            check_code=check_code(first_page.cti),
            issued_at=first_page.issued_at,
            last_actions={**taken.last_actions, "signed": taken.last_actions.get("issue", "")},
        )
        puts: tuple[Put, ...] = ()
        replaced = _as_intended(taken, intent, register)
        if replaced is not None:
            new = replace(new, uses=tuple(replace(use, number=use.number or replaced.number) for use in replaced.uses))
            ended = replaced.but(
                state=lifecycle.after(replaced, "replaced"), replaced_by=new.id, replaced_by_number=new.number
            )
            puts = store.writes(replaced, store.Change(ended, "replaced", {"by": new.number}), store.SYSTEM, now)
        made = store.Change(new, "signed", {"number": new.number})
        try:
            register.commit(*store.writes(taken, made, store.SYSTEM, now), *puts)
        except Conflict:
            current = store.load(register, taken.id)
            if current.tokens == tokens:
                return current
            if current.version != taken.version:
                raise WrongState("This signing is over.", state=current.state) from None
            continue
        return new
    raise Unavailable("The permit to be replaced is being changed by others; the signing is given up.")


def give_up(
    permit_id: str,
    *,
    register: PermitRegister,
    now: int,
    older_than: int | None = None,
    attempt: int | None = None,
) -> Dossier:
    """End a signing without a permit: number declared void, status revoked, approved again under the same approval.

    Does nothing to one that is younger than `older_than` seconds, or is another than `attempt`.
    """

    def decide(old: Dossier) -> store.Change:
        state = lifecycle.after(old, "give_up")
        intent = old.intent
        assert intent is not None
        young = older_than is not None and now - intent.started_at < older_than
        if young or attempt not in {None, intent.attempt}:
            return store.Change(old)
        number, issuer = old.number or "", (old.number or "")[2:4]
        row = register.get(store.number_key(issuer, number))
        if row is None or row.data != {"permit_id": old.id}:
            raise DigestMismatch("The number is another permit's.")
        puts = (
            Put(
                store.number_key(issuer, number),
                {
                    "permit_id": old.id,
                    "void": True,
                    "at": now,
                    "status": [old.status_uri, old.status_idx],
                    "pages": [list(page) for page in intent.pages],
                },
                expect=row.version,
            ),
            Put(store.status_key(old.status_uri or "", old.status_idx or 0), {"value": 1}, expect=None),
        )
        new = old.but(
            state=state,
            number=None,
            status_uri=None,
            status_idx=None,
            expires_at=None,
            issuer_name=None,
            voided=(*old.voided, number),
        )
        return store.Change(new, "give_up", {"void": number}, puts)

    return store.change(register, permit_id, store.SYSTEM, now, decide, anybodys=True).dossier


def _still_lawful(
    dossier: Dossier, replaced: Dossier | None, *, listing: Listing, stage: Stage, now: int
) -> Application:
    """Rules, findings, digest and two people once more, as of now."""
    if dossier.approval is None or dossier.approval.digest != dossier.digest:
        raise WrongState("There is no approval of this application.")
    if record_digest(dossier.record) != dossier.digest:
        raise DigestMismatch("The record is not what was approved.")
    lifecycle.second_person(dossier, Actor(dossier.approval.by, "", frozenset()))
    require_findings(dossier)
    application = from_record(dossier.record)
    errors = list(rules.check(application, listing, today=stage.today(now), issuer=stage.issuer))
    if replaced is not None:
        if replaced.state not in {"issued", "lost"}:
            raise WrongState("The permit to be replaced is no longer in force.", state=replaced.state)
        if replaced.use != "unused" and application.valid_until != replaced.record.get("valid_until"):
            errors.append(FieldError("valid_until", "used", "Block 2: a used permit's replacement keeps its last day."))
        if replaced.uses and application.document_type != replaced.kind:
            errors.append(FieldError("document_type", "used", "A used permit is replaced by one of its own kind."))
    if errors:
        raise Invalid(*errors)
    return application


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
        if register.get(store.status_key(uri, index)) is None:
            return index
    raise Unavailable("The status list of this quarter is too full.")
