"""Seal of prints: the certificate is the one that the trust list names for the active pdf key."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from life import issued
from office import DAY, MemoryOffice

from chalicelib.adapters.in_process.signer import FileSigner
from chalicelib.issuing.print.seal import self_issued_certificate
from chalicelib.issuing.services import print_permit
from chalicelib.kernel.errors import Unavailable
from chalicelib.reading import read_document
from chalicelib.trust.model import key_rotation
from chalicelib.trust.model.trust import active_key
from chalicelib.trust.model.trust_list import TrustKey


def certificate_of(office: MemoryOffice, signer: FileSigner) -> bytes:
    day = datetime.fromtimestamp(office.now, UTC)
    return self_issued_certificate(
        signer, name="Next", country="KG", not_before=day, not_after=day + timedelta(days=99), serial=2
    )


def rotated(office: MemoryOffice) -> bytes:
    """Rotate the pdf key. Returns the certificate of the new key."""
    fresh = office.new_key()
    certificate = certificate_of(office, fresh)
    current = office.trust().lists[0]
    key = TrustKey(fresh.kid, fresh.public_key, "pdf", (), current.expires_at, fingerprint=sha256(certificate).digest())
    office.publish_list(key_rotation.admit(current, key, office.now))
    office.later(35 * DAY)
    office.publish_list(key_rotation.renew(office.trust().lists[0], office.now))
    office.later(25 * DAY)
    ends = office.now + key_rotation.NOTICE
    office.publish_list(key_rotation.retire(office.trust().lists[0], office.pdf_key.kid, ends, office.now))
    office.later(key_rotation.NOTICE)
    assert active_key(office.trust().lists[0], "pdf", office.now).kid == fresh.kid
    return certificate


def configured(office: MemoryOffice, *certificates: bytes) -> None:
    text = ",".join(base64.b64encode(each).decode() for each in certificates)
    office.config = replace(office.config, pdf_certificate=text)
    office.__dict__.pop("render", None)


def test_outdated_certificate_prints_nothing(office: MemoryOffice) -> None:
    rotated(office)
    permit = issued(office)
    with pytest.raises(Unavailable, match="TAMGA_PDF_CERTIFICATE"):
        office.print_here(permit.id, False)
    assert not office.blobs.has(print_permit.print_key(permit, print_permit.marks_of(permit, office.stage)))


def test_certificate_of_active_key_is_chosen_among_several(office: MemoryOffice) -> None:
    configured(office, office.certificate, rotated(office))
    permit = issued(office)
    office.print_here(permit.id, False)
    data = office.blobs.get(print_permit.print_key(permit, print_permit.marks_of(permit, office.stage))) or b""
    found = read_document.read(data, "application/pdf")
    assert found.trouble is None, found
    now = active_key(office.trust().lists[0], "pdf", office.now)
    assert [(seal.intact, seal.fingerprint) for seal in found.seals] == [(True, (now.fingerprint or b"").hex())]
