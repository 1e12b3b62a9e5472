"""Choice of the `pdf` key that seals prints now, and of its certificate. Without both, nothing is printed.

A print with another certificate looks like a forgery to every verifier (D1), and prints are kept. So the certificate
has to be the one that the trust list names for that key. This is checked before the key is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import sha256

from chalicelib.kernel.enums import KeyPurpose
from chalicelib.kernel.errors import Unavailable
from chalicelib.trust.model.trust import active_key
from chalicelib.trust.model.trust_list import TrustList
from chalicelib.trust.services.ports import Signer


def choose_seal_key(
    trust_list: TrustList | None, certificates: Iterable[bytes], *, signers: Callable[[bytes], Signer], now: int
) -> tuple[Signer, bytes]:
    """Return the signer and its certificate (DER). `certificates`: those that are configured.

    Raises `Unavailable` without a trust list, a usable `pdf` key, or its certificate.
    """
    if trust_list is None:
        raise Unavailable("No trust list is published, so nothing can be signed.")
    key = active_key(trust_list, KeyPurpose.PDF, now)
    for certificate in certificates:
        if sha256(certificate).digest() == key.fingerprint:
            return signers(key.kid), certificate
    raise Unavailable("TAMGA_PDF_CERTIFICATE lacks the certificate of the pdf key that signs now.")
