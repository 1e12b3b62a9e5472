"""Sealing of prints: refused rows of the register, and data that the print takes from the tokens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from life import APPLICATION, SAKER, issued
from office import DAY, PREPARER, MemoryOffice, MemoryStatic
from process import but
from test_sign import tamper

from chalicelib.issuing.services import print_permit
from chalicelib.kernel.errors import DigestMismatch, TamgaError, Unavailable, WrongState
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import store
from chalicelib.record.permit import Permit
from chalicelib.token import cose, qr_text
from chalicelib.token.claims import draft_claims
from chalicelib.trust.model import key_rotation
from chalicelib.verdict.token_checks import read_own

LINES = tuple(replace(SAKER, marks=f"ring KG-{n}", quantity="1") for n in range(9))


def row(office: MemoryOffice, permit: Dossier, change: Callable[[dict[str, Any]], None]) -> None:
    tamper(office, store.dossier_key(permit.id), change)


def refused(office: MemoryOffice, permit: Dossier, error: type[TamgaError], *, original: bool = True) -> None:
    """Check that the original is refused and that nothing is stored."""
    with pytest.raises(error):
        office.print_here(permit.id, original)
    assert list(office.blobs.keys("prints/")) == []


def seal(office: MemoryOffice, permit: Dossier) -> bytes:
    office.print_here(permit.id, True)
    (key,) = office.blobs.keys("prints/")
    return office.blobs.get(key) or b""


def written_token(text: str, change: Callable[[Permit], Permit], *, kid: bytes | None = None) -> str:
    """The same page with other claims, under a signature that no key made."""
    sign1 = cose.decode_sign1(qr_text.token_of(text), cap=2048)
    protected = cose.encode_protected(kid or sign1.kid)
    claims = draft_claims(change(read_own(text)))
    return qr_text.encode_qr(qr_text.host_of(text), cose.encode_sign1(protected, claims, bytes(range(64))))


def test_permit_of_several_pages_is_sealed(office: MemoryOffice) -> None:
    assert seal(office, issued(office, replace(APPLICATION, lines=LINES))).startswith(b"%PDF")


def test_forged_token_with_random_signature_is_not_sealed(office: MemoryOffice) -> None:
    permit = issued(office)
    invented = written_token(permit.tokens[0], lambda page: replace(page, number="26KG009999/E"))
    row(office, permit, lambda data: data.update(number="26KG009999/E", tokens=[invented]))
    refused(office, permit, DigestMismatch)


def test_token_of_unknown_key_is_not_sealed(office: MemoryOffice) -> None:
    permit = issued(office)
    unknown = written_token(permit.tokens[0], lambda page: page, kid=b"unlisted")
    row(office, permit, lambda data: data.update(tokens=[unknown]))
    refused(office, permit, DigestMismatch)


def test_token_of_another_host_is_not_sealed(office: MemoryOffice) -> None:
    permit = issued(office)
    moved = permit.tokens[0].replace(office.stage.host, "evil.example")
    row(office, permit, lambda data: data.update(tokens=[moved]))
    refused(office, permit, DigestMismatch)


@pytest.mark.parametrize("kept", [(), (0,), (1,), (1, 0), (0, 0), (0, 1, 1)])
def test_permit_with_missing_repeated_or_swapped_pages_is_not_sealed(kept: tuple[int, ...]) -> None:
    office = MemoryOffice()
    permit = issued(office, replace(APPLICATION, lines=LINES[:6]))
    assert len(permit.tokens) == 2
    row(office, permit, lambda data: data.update(tokens=[permit.tokens[index] for index in kept]))
    refused(office, permit, DigestMismatch)


def test_pages_of_two_permits_are_not_sealed_together(office: MemoryOffice) -> None:
    one, two = (issued(office, replace(APPLICATION, lines=LINES[:6])) for _ in range(2))
    row(office, one, lambda data: data.update(tokens=[one.tokens[0], two.tokens[1]]))
    refused(office, one, DigestMismatch)


def test_record_changed_after_signing_is_not_sealed(office: MemoryOffice) -> None:
    permit = issued(office)

    def more_birds(data: dict[str, Any]) -> None:
        data["record"]["lines"][0]["quantity"] = "200"

    row(office, permit, more_birds)
    refused(office, permit, DigestMismatch)


def test_permit_of_the_paper_register_is_not_sealed(office: MemoryOffice) -> None:
    permit = issued(office)
    row(office, permit, lambda data: data.update(tokens=[], record={**data["record"], "form": "legacy"}))
    refused(office, permit, DigestMismatch)


def test_nothing_is_sealed_without_a_trust_list_in_force(office: MemoryOffice) -> None:
    permit = issued(office)
    office.later(60 * DAY)
    refused(office, permit, Unavailable)
    office.static = MemoryStatic()
    office.forget_trust()
    refused(office, permit, Unavailable)


def test_print_takes_data_from_the_tokens_not_from_the_row(office: MemoryOffice) -> None:
    """Check code, number, dates, kind and count of pages come from the tokens."""
    permit = issued(office)
    genuine = seal(office, permit)
    row(office, permit, lambda data: data.update(
        number="26KG009999/E", check_code="AAAA-AAAA", issued_at=1, expires_at=2, replaced_by_number="x",
    ))  # fmt: skip
    changed = store.load(office.register, permit.id)
    made: list[Dossier] = []

    def render(dossier: Dossier, *_: object) -> bytes:
        made.append(dossier)
        return office.render(dossier, *_)

    office.blobs._blobs.clear()
    print_permit.make(permit.id, but(office, render=render), original=True)
    assert changed.check_code == "AAAA-AAAA"
    page = read_own(permit.tokens[0])
    assert made[0].number == page.number
    assert (made[0].issued_at, made[0].expires_at) == (page.issued_at, page.expires_at)
    assert made[0].check_code == permit.check_code
    (key,) = office.blobs.keys("prints/")
    assert text_of(office.blobs.get(key) or b"") == text_of(genuine)


def text_of(data: bytes) -> str:
    import pypdfium2

    return "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data))


def compromise(office: MemoryOffice, permit: Dossier) -> None:
    kid = cose.decode_sign1(qr_text.token_of(permit.tokens[0]), cap=2048).kid
    office.publish_list(key_rotation.compromise(office.trust().lists[0], kid, office.now))
    office.later(1)


def test_permit_of_compromised_key_is_sealed_as_copy_only() -> None:
    office = MemoryOffice()
    permit = issued(office, replace(APPLICATION, form="paper"))
    compromise(office, permit)
    refused(office, permit, WrongState)
    office.print_here(permit.id, False)
    (key,) = office.blobs.keys("prints/")
    assert "COPY" in text_of(office.blobs.get(key) or b"")


def test_electronic_permit_of_compromised_key_is_sealed_as_void_only() -> None:
    office = MemoryOffice()
    permit = issued(office)
    compromise(office, permit)
    refused(office, permit, WrongState, original=False)
    row(office, permit, lambda data: data.update(state="revoked"))
    office.print_here(permit.id, False)
    (key,) = office.blobs.keys("prints/")
    assert "VOID" in text_of(office.blobs.get(key) or b"")


@pytest.mark.parametrize("form", ["paper", "electronic"])
def test_original_sealed_before_its_key_was_compromised_is_not_returned(form: str) -> None:
    office = MemoryOffice()
    permit = issued(office, replace(APPLICATION, form=form))
    fetch = partial(print_permit.fetch, permit.id, PREPARER, office, original=True)
    assert fetch()
    compromise(office, permit)
    with pytest.raises(WrongState, match="only a copy"):
        fetch()
