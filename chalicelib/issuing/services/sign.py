"""Sign reserved permits (steps 4-8 of `issuing/services/reserve.py`) and give up signings that failed.

Signing runs in the issuing function, the only one with access to the permit keys.
A failed signing is given up at once. The sweep gives up one that was cut off (`give_up`). The number becomes void, and
its row keeps the bytes that may have been signed. Its status entry becomes revoked and the permit is approved again.
A void number is never signed again.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256

from chalicelib.applications.rules import validity
from chalicelib.applications.services.refusals import recheck
from chalicelib.issuing.model import SharedClaims, paginate
from chalicelib.kernel.enums import KeyPurpose, State
from chalicelib.kernel.errors import DigestMismatch, TamgaError, Unavailable, WrongState
from chalicelib.kernel.rows import Conflict, Put
from chalicelib.kernel.stage import Stage
from chalicelib.permits.model import lifecycle
from chalicelib.permits.model.dossier import Dossier, Intent
from chalicelib.permits.services import store
from chalicelib.platform.deps import Deps, PermitRegister
from chalicelib.platform.transact import transact
from chalicelib.quotas.services import check_application
from chalicelib.record.permit import Permit
from chalicelib.species.services.list_in_use import SpeciesDeps
from chalicelib.token import cose
from chalicelib.token.check_code import check_code
from chalicelib.token.claims import decode_claims
from chalicelib.token.qr_text import encode_qr
from chalicelib.trust.model import status_list
from chalicelib.trust.model.status_list import REVOKED, VALID
from chalicelib.trust.model.trust import Trust, active_key
from chalicelib.trust.services.ports import Signer
from chalicelib.uses import use_limits
from chalicelib.verdict import verdict
from chalicelib.verdict.snapshot import NotAsked
from chalicelib.verdict.token_checks import TOKEN_CAP

SIGNING_TIMEOUT = 120  # seconds; longer than the issuing function may run

FORM_CHECKS = frozenset(range(1, 8))


def sign(permit_id: str, deps: SpeciesDeps) -> Dossier:
    """Run steps 4-8 in the issuing function, from the stored intent to stored tokens. Idempotent once issued.

    Raises `WrongState`: no signing is open, its attempt is taken, or it is too old (the sweep gives those up).
    On an error of steps 5-8, give the signing up and raise that error.
    """
    trust = deps.trust()
    dossier = store.load(deps.register, permit_id)
    if dossier.state in lifecycle.ISSUED_ONCE:
        return dossier
    taken = _claim_attempt(permit_id, deps)  # 4
    assert taken.intent is not None
    try:
        pages = _checked_pages(taken, deps)  # 5
        tokens = _signed(taken.intent, signers=deps.signer, trust=trust, stage=deps.stage, now=deps.now)
        return _store(taken, taken.intent, tokens, pages[0], deps)  # 8
    except TamgaError:
        with suppress(TamgaError):  # ended by another process already, or the sweep ends it
            give_up(permit_id, deps, attempt=taken.intent.attempt)
        raise


def _signed(
    intent: Intent, *, signers: Callable[[bytes], Signer], trust: Trust, stage: Stage, now: int
) -> tuple[str, ...]:
    """Run steps 6 and 7: sign and judge a token for each page of the intent."""
    signer = signers(bytes.fromhex(intent.kid))
    public_key = cose.load_public_key(signer.public_key)
    tokens = []
    for protected, payload in ((bytes.fromhex(a), bytes.fromhex(b)) for a, b in intent.pages):  # 6
        message = cose.to_be_signed(protected, payload)
        signature = cose.raw_signature(signer.sign_digest(sha256(message).digest()))
        token = cose.encode_sign1(protected, payload, signature)
        if not cose.verify(cose.decode_sign1(token, cap=TOKEN_CAP), public_key):
            raise Unavailable("A new signature did not verify, so the signing was stopped. Try again.")
        tokens.append(encode_qr(stage.host, token))
    for token_text in tokens:  # 7
        found = verdict.judge(token_text, trust=trust, status={}, register=NotAsked(), now=now)
        if any(found.checks[n] != "pass" for n in FORM_CHECKS):
            raise Unavailable("The new token did not verify, so the signing was stopped. Try again.")
    return tuple(tokens)


def _claim_attempt(permit_id: str, deps: Deps) -> Dossier:
    def decide(old: Dossier) -> store.Change:
        if old.state != State.SIGNING or old.intent is None or old.last_actions.get("sign") == str(old.intent.attempt):
            raise WrongState("Another process has taken over this signing, or it has ended.", state=old.state)
        if deps.now - old.intent.started_at >= SIGNING_TIMEOUT:
            raise WrongState(
                "This signing was interrupted. The scheduled sweep voids its number; then issue the permit again.",
                state=old.state,
            )
        acted = {**old.last_actions, "sign": str(old.intent.attempt)}
        return store.Change(old.but(last_actions=acted), "sign", {"attempt": old.intent.attempt})

    return store.change(permit_id, store.SYSTEM, decide, deps, any_owner=True).dossier


def _checked_pages(dossier: Dossier, deps: SpeciesDeps) -> tuple[Permit, ...]:
    """Step 5: rebuild every page from the record and compare it with the intent, which is not trusted either."""
    trust = deps.trust()
    intent = dossier.intent
    assert intent is not None
    replaced = _as_intended(dossier, intent, deps.register)
    application = recheck(dossier, replaced, deps)
    check_application.need_as_counted(dossier, application, replaced, deps)
    number, entry = dossier.reserved
    held = deps.register.get(store.number_key(deps.stage.issuer, number))
    if held is None or held.data != {"permit_id": dossier.id}:
        raise DigestMismatch("The number belongs to another permit.")
    row = deps.register.get(status_list.status_key(entry.uri, entry.index))
    if row is None or row.data["value"] != VALID or row.data.get("permit_id", dossier.id) != dossier.id:
        raise DigestMismatch("The entry of the status list belongs to another permit.")
    pages = tuple(decode_claims(bytes.fromhex(payload)).claims for _, payload in intent.pages)
    shared = SharedClaims(
        issuer=deps.stage.issuer,
        number=number,
        issued_at=intent.started_at,
        expires_at=validity.expires_at(application.valid_until or "", deps.stage.zone),
        status_uri=entry.uri,
        status_idx=entry.index,
        record_digest=bytes.fromhex(dossier.digest or "")[:16],
    )
    kid = bytes.fromhex(intent.kid)
    rebuilt = paginate(application, shared, ctis=[page.cti for page in pages], host=deps.stage.host, kid=kid)
    trust_list = trust.list_for(deps.stage.issuer)
    key = active_key(trust_list, KeyPurpose.PERMIT, intent.started_at, kind=dossier.kind) if trust_list else None
    header = cose.encode_protected(kid).hex()
    if rebuilt != pages or any(protected != header for protected, _ in intent.pages):
        raise DigestMismatch("The reserved token does not match the record.")
    if key is None or key.kid.hex() != intent.kid:
        raise DigestMismatch("The key of the reserved token can no longer sign.")
    return pages


def _as_intended(dossier: Dossier, intent: Intent, register: PermitRegister) -> Dossier | None:
    """Load the permit to be replaced. Raises `WrongState`: its state or use changed since the intent was stored."""
    replaced = store.load(register, dossier.replaces) if dossier.replaces else None
    if replaced and (replaced.state, replaced.use) != intent.old:
        raise WrongState("The permit to be replaced was used or changed in the meantime. Read it again.")
    return replaced


def _store(taken: Dossier, intent: Intent, tokens: tuple[str, ...], first_page: Permit, deps: Deps) -> Dossier:
    """Step 8: store the tokens and, in the same transaction, end the permit that this one replaces.

    The new permit carries over the uses and confirmations of the replaced one.
    """

    def attempt() -> Dossier:
        new = taken.but(
            state=lifecycle.after(taken, "signed"),
            tokens=tokens,
            check_code=check_code(first_page.cti),
            issued_at=first_page.issued_at,
            last_actions={**taken.last_actions, "signed": taken.last_actions.get("issue", "")},
        )
        changes = []
        replaced = _as_intended(taken, intent, deps.register)
        if replaced is not None:
            begins = use_limits.carried_over(replaced.kind, replaced.uses)
            uses = tuple(replace(use, number=use.number or replaced.number) for use in begins)
            new = replace(new, uses=uses, confirmations=replaced.confirmations)
            ended = replaced.but(
                state=lifecycle.after(replaced, "replaced"), replaced_by=new.id, replaced_by_number=new.number
            )
            changes = [(replaced, store.Change(ended, "replaced", {"by": new.number}))]
        made = store.Change(new, "signed", {"number": new.number})
        try:
            deps.register.commit(*store.puts_of(store.SYSTEM, deps, (taken, made), *changes))
        except Conflict:
            current = store.load(deps.register, taken.id)
            if current.tokens == tokens:
                return current
            if current.version != taken.version:
                raise WrongState("This signing has ended.", state=current.state) from None
            raise
        return new

    return transact(attempt, "Others are changing the permit to be replaced, so the signing was stopped. Try again.")


def give_up(permit_id: str, deps: Deps, *, older_than: int | None = None, attempt: int | None = None) -> Dossier:
    """End a signing without a permit, so that the number is void, its status revoked, and the state `approved` again.

    The approval stays the same. A signing younger than `older_than` seconds, or of another `attempt`, stays unchanged.
    """

    def decide(old: Dossier) -> store.Change:
        state = lifecycle.after(old, "give_up")
        intent = old.intent
        if intent is None:
            raise DigestMismatch("This signing has no intent.")
        young = older_than is not None and deps.now - intent.started_at < older_than
        if young or attempt not in {None, intent.attempt}:
            return store.Change(old)
        number, entry = old.reserved
        issuer = number[2:4]
        row = deps.register.get(store.number_key(issuer, number))
        if row is None or row.data != {"permit_id": old.id}:
            raise DigestMismatch("The number belongs to another permit.")
        puts = (
            Put(
                store.number_key(issuer, number),
                {
                    "permit_id": old.id,
                    "void": True,
                    "at": deps.now,
                    "status": [entry.uri, entry.index],
                    "pages": [list(page) for page in intent.pages],
                },
                expected_version=row.version,
            ),
            *store.status_puts(entry.uri, entry.index, REVOKED, deps.now, permit_id=old.id),
        )
        new = old.but(
            state=state,
            number=None,
            status_uri=None,
            status_idx=None,
            expires_at=None,
            voided=(*old.voided, number),
            draws=(),
        )
        return store.Change(new, "give_up", {"void": number}, puts)

    return store.change(permit_id, store.SYSTEM, decide, deps, any_owner=True).dossier


PAGE = 100


def give_up_signings(deps: Deps) -> list[str]:
    """Give up signings older than the issuing function can run, and return the void numbers.

    The index only finds candidates. Each one is read consistently and decided by itself.
    """
    voided = []
    cursor: str | None = None
    while True:
        rows, cursor = deps.register.search("state", "signing", cursor=cursor, limit=PAGE)
        for row in rows:
            try:
                after = give_up(store.permit_id_of(row), deps, older_than=SIGNING_TIMEOUT)
            except TamgaError:  # ended or changed meanwhile, or its row is damaged; go on with the others
                continue
            if after.state == State.APPROVED and row.data.get("number"):
                voided.append(str(row.data["number"]))
        if cursor is None:
            return voided
