"""Which key seals a print now, and its certificate: the `pdf` key whose turn it is, or nothing is printed.

A print sealed under another key's certificate would be told from a forgery by nobody (D1), and prints are kept. So a
certificate that the trust list does not name for the active key is refused here, before the key is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import sha256

from chalicelib.kernel.errors import Unavailable
from chalicelib.trust.model.trust import active_key
from chalicelib.trust.model.trust_list import TrustList
from chalicelib.trust.services.ports import Signer


def seal(
    trust_list: TrustList | None, certificates: Iterable[bytes], *, signers: Callable[[bytes], Signer], now: int
) -> tuple[Signer, bytes]:
    """The signer and its certificate (DER), of those that are configured. Raises `Unavailable`."""
    if trust_list is None:
        raise Unavailable("There is no trust list to sign under.")
    key = active_key(trust_list, "pdf", now)
    for certificate in certificates:
        if sha256(certificate).digest() == key.fingerprint:
            return signers(key.kid), certificate
    raise Unavailable("The certificate of the pdf key that signs now is not configured (TAMGA_PDF_CERTIFICATE).")
