"""Ministry with simulated power failures, and the invariants after recovery (I1, I2, I5)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from typing import Any

from engine_office import scan_rows
from office import MemoryOffice

from chalicelib.adapters.aws.register import DynamoRegister
from chalicelib.adapters.in_process.memory import MemoryRegister
from chalicelib.kernel.rows import Key, Put, Row
from chalicelib.permits.model import lifecycle
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import store
from chalicelib.platform.deps import PermitRegister
from chalicelib.record.permit import record_digest
from chalicelib.token import cose
from chalicelib.token.qr_text import decode_qr
from chalicelib.trust.services.ports import Signer


class Killed(BaseException):
    """SIGKILL is a BaseException, so that no handler of errors catches it."""


class Steps:
    """Counter of points that must not be half done. With `kill=n` the process dies once, at the n-th point."""

    def __init__(self, kill: int | None = None) -> None:
        self.kill = kill
        self.names: list[str] = []

    def __call__(self, name: str) -> None:
        self.names.append(name)
        if len(self.names) - 1 == self.kill:
            raise Killed(name)


class Wrapped:
    """A register with `before` and `after` called around each commit. `change` may alter its puts."""

    def __init__(
        self,
        inner: PermitRegister,
        *,
        before: Callable[[Sequence[Put]], Any] | None = None,
        after: Callable[[Sequence[Put]], Any] | None = None,
        change: Callable[[Sequence[Put]], Sequence[Put]] | None = None,
    ) -> None:
        self.inner, self.before, self.after, self.change = inner, before, after, change

    def identity(self) -> str:
        return self.inner.identity()

    def get(self, key: Key) -> Row | None:
        return self.inner.get(key)

    def get_all(self, keys: Iterable[Key]) -> Mapping[Key, Row]:
        return self.inner.get_all(keys)

    def query(self, partition: str, **how: Any) -> Sequence[Row]:
        return self.inner.query(partition, **how)

    def commit(self, *puts: Put) -> None:
        if self.before:
            self.before(puts)
        self.inner.commit(*(self.change(puts) if self.change else puts))
        if self.after:
            self.after(puts)

    def bump(self, key: Key, *, expires: int | None = None) -> int:
        return self.inner.bump(key, expires=expires)

    def search(self, index: str, value: str, **how: Any) -> tuple[Sequence[Row], str | None]:
        return self.inner.search(index, value, **how)


class Notary:
    """A signer that records every digest and refuses one that no stored intent announces, because the intent comes
    first.
    """

    def __init__(self, office: MemoryOffice, signer: Signer, steps: Steps) -> None:
        self.kid, self.public_key = signer.kid, signer.public_key
        self._office, self._signer, self._steps = office, signer, steps

    def sign_digest(self, digest: bytes) -> bytes:
        assert digest in announced(memory(self._office.register)), "signed before its intent was stored"
        self._steps("before a signature")
        signature = self._signer.sign_digest(digest)
        self._office.signed.append(digest)  # type: ignore[attr-defined]
        self._steps("after a signature")
        return signature


def fragile(office: MemoryOffice, kill: int | None = None) -> Steps:
    """Count commits and permit signatures as steps from now on. The n-th one kills."""
    steps = Steps(kill)
    office.register = Wrapped(
        memory(office.register),
        before=lambda puts: steps("before a commit"),
        after=lambda puts: steps("after a commit"),
    )
    office.signed = getattr(office, "signed", [])  # type: ignore[attr-defined]
    office.signer = lambda kid: Notary(office, MemoryOffice.signer(office, kid), steps)  # type: ignore[method-assign]
    return steps


def memory(register: Any) -> MemoryRegister:
    while isinstance(register, Wrapped):
        register = register.inner
    assert isinstance(register, MemoryRegister)
    return register


def rows(register: Any) -> dict[Key, dict[str, Any]]:
    if isinstance(register, DynamoRegister):
        return {Key(pk, sk): json.loads(text or "{}") for pk, sk, text in scan_rows(register)}
    return {key: json.loads(stored.text) for key, stored in memory(register)._rows.items()}


def dossiers(register: Any) -> list[Dossier]:
    return [store.load_row(data) for key, data in rows(register).items() if key.sort == "DOSSIER"]


def announced(register: Any) -> set[bytes]:
    """Digests that a stored intent announces for signature, including those of void numbers."""
    found = set()
    pages = [page for d in dossiers(register) if d.intent for page in d.intent.pages]
    pages += [page for key, data in rows(register).items() if key.partition.startswith("NUMBER#")
              for page in data.get("pages", ())]  # fmt: skip
    for protected, payload in pages:
        found.add(sha256(cose.to_be_signed(bytes.fromhex(protected), bytes.fromhex(payload))).digest())
    return found


def check_invariants(office: MemoryOffice, *, serials: int) -> None:
    """Check the invariants.

    * I1: a page of a number has one token.
    * I2: each signature is announced, and recorded or void.
    * I5: two people, and the approved digest.

    Serials have no gap: 1 .. `serials`, each of one permit, or declared void with the status revoked.
    """
    table = rows(office.register)
    numbers = {key.sort: data for key, data in table.items() if key.partition == "NUMBER#KG"}
    assert [int(number[4:10]) for number in sorted(numbers)] == list(range(1, serials + 1))
    held: Counter[str] = Counter()
    recorded = set()
    for dossier in dossiers(office.register):
        assert dossier.state != "signing"
        if dossier.number:
            held[dossier.number] += 1
            assert numbers[dossier.number]["permit_id"] == dossier.id
            assert "void" not in numbers[dossier.number]
        if dossier.state not in lifecycle.ISSUED_ONCE:
            assert not dossier.tokens
            assert not dossier.number
            continue
        pages = [cose.decode_sign1(decode_qr(text)[1], cap=2048) for text in dossier.tokens]
        assert [(p.protected.hex(), p.payload.hex()) for p in pages] == [tuple(p) for p in dossier.intent.pages]
        recorded |= {sha256(cose.to_be_signed(p.protected, p.payload)).digest() for p in pages}  # I1, with the above
        assert dossier.approval.digest == dossier.digest == record_digest(dossier.record)  # I5
        lifecycle.require_second_person(dossier, dossier.approval.same_person_ids)
    assert set(held.values()) <= {1}
    void = {number: data for number, data in numbers.items() if data.get("void")}
    assert set(numbers) == set(held) | set(void)
    assert not set(held) & set(void)
    declared = set()
    for data in void.values():
        assert table[Key(f"STATUS#{data['status'][0]}", f"{data['status'][1]:06d}")]["value"] == 1
        declared |= {sha256(cose.to_be_signed(bytes.fromhex(a), bytes.fromhex(b))).digest() for a, b in data["pages"]}
    signed = getattr(office, "signed", [])
    assert len(signed) == len(set(signed))  # nothing is signed twice
    assert set(signed) <= recorded | declared  # I2


def dies(work: Callable[[], Any]) -> None:
    with suppress(Killed):
        work()
