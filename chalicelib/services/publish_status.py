"""The status lists as verifiers fetch them: read the register's values, sign, replace the object conditionally.

At once after a revocation, suspension or loss; otherwise when something changed, at most once a minute, and every
3 hours in any case, so that a list never gets near its `exp`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256

from chalicelib.core import cose
from chalicelib.core.errors import TamgaError, Unavailable
from chalicelib.core.stage import Stage
from chalicelib.core.status_list import (
    STATUS_LIST_TYPE,
    StatusList,
    encode_status_list,
    list_uri,
    open_status_list,
    status_list_header,
)
from chalicelib.core.trust import Trust, active_key
from chalicelib.ports import Conflict, PermitRegister, Signer, StaticStore

EVERY = 3 * 3600  # seconds
NOT_SOONER = 60
QUARTERS_BACK, QUARTERS_AHEAD = 4, 13  # a year after expiry; documents of three years and one to spare
TRIES = 4
CONTENT_TYPE = STATUS_LIST_TYPE


def publish(
    uri: str,
    *,
    register: PermitRegister,
    static: StaticStore,
    signers: Callable[[bytes], Signer],
    trust: Trust,
    stage: Stage,
    now: int,
    at_once: bool = False,
) -> bool:
    """Publish one list if it is due; True if it was. Raises `Unavailable` if others kept replacing it."""
    for _ in range(TRIES):
        path = path_of(uri)
        held = static.read(path)
        current = _opened(held[0], trust) if held else None
        values = _values(register, uri)
        if current is not None:
            age = now - current.issued_at
            changed = any(current.value(index) != value for index, value in values.items())
            if not (age >= EVERY or (changed and (at_once or age >= NOT_SOONER))):
                return False
        trust_list = trust.list_for(stage.issuer)
        if trust_list is None:
            raise Unavailable("There is no trust list to sign under.")
        issued_at = max(now, current.issued_at + 1) if current else now
        signer = signers(active_key(trust_list, "status", issued_at).kid)
        protected = status_list_header(signer.kid)
        payload = encode_status_list(uri, values, issued_at)
        digest = sha256(cose.to_be_signed(protected, payload)).digest()
        signed = cose.encode_sign1(protected, payload, cose.raw_signature(signer.sign_digest(digest)))
        open_status_list(signed, trust)
        try:
            static.write(path, signed, content_type=CONTENT_TYPE, etag=held[1] if held else None)
        except Conflict:
            continue
        return True
    raise Unavailable("The list is being published by others.")


def publish_due(
    *,
    register: PermitRegister,
    static: StaticStore,
    signers: Callable[[bytes], Signer],
    trust: Trust,
    stage: Stage,
    now: int,
) -> list[str]:
    """Every list that is due, for the schedule; the addresses of those published.

    Raises the last failure after all lists had their turn.
    """
    done: list[str] = []
    failed: TamgaError | None = None
    for uri in uris(stage, now):
        try:
            if register.query(f"STATUS#{uri}", limit=1) and publish(
                uri, register=register, static=static, signers=signers, trust=trust, stage=stage, now=now
            ):
                done.append(uri)
        except TamgaError as error:
            failed = error
    if failed:
        raise failed
    return done


def uris(stage: Stage, now: int) -> tuple[str, ...]:
    """The lists that permits alive today can point to."""
    start = datetime.fromtimestamp(now, UTC)
    first = start.year * 4 + (start.month - 1) // 3 - QUARTERS_BACK
    days = [
        datetime(q // 4, q % 4 * 3 + 1, 15, tzinfo=UTC)
        for q in range(first, first + QUARTERS_BACK + QUARTERS_AHEAD + 1)
    ]
    return tuple(list_uri(stage.lists_at, int(day.timestamp())) for day in days)


def path_of(uri: str) -> str:
    """Where a list's object lies: `s/27q1`."""
    return uri.split("/", 3)[3]


def _values(register: PermitRegister, uri: str) -> dict[int, int]:
    return {int(row.key.sort): int(row.data["value"]) for row in register.query(f"STATUS#{uri}")}


def _opened(data: bytes, trust: Trust) -> StatusList | None:
    try:
        return open_status_list(data, trust)
    except TamgaError:
        return None
