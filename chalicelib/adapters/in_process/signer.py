"""Signer with a P-256 key in a file, optionally encrypted with a pass phrase: a Party's root, and keys for tests.

An encrypted key is PKCS#8 with PBES2 and 600,000 rounds, against guessing of the pass phrase. `cryptography` writes the
same container, but with OpenSSL's 2,048 rounds and no option for more. Any PKCS#8 reader can read the file.
AES-CBC has no MAC, so a changed file is detected because it no longer contains a valid key.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives import hashes, padding, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from chalicelib.token.cose import DIGEST_BYTES, key_id, public_bytes

ROUNDS = 600_000  # OWASP Password Storage Cheat Sheet, PBKDF2-HMAC-SHA256; 0.2 s

SALT_BYTES = 16  # RFC 8018 s. 4.1 asks for 8 at least


def seal(key: ec.EllipticCurvePrivateKey, pass_phrase: str) -> bytes:
    """Encrypt a key as PEM, `ENCRYPTED PRIVATE KEY` (RFC 5958 s. 3, RFC 8018 s. 6.2)."""
    from asn1crypto import algos, core, keys, pem

    plain = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    salt, start = os.urandom(SALT_BYTES), os.urandom(algorithms.AES.block_size // 8)
    secret = PBKDF2HMAC(hashes.SHA256(), 32, salt, ROUNDS).derive(pass_phrase.encode())
    padder = padding.PKCS7(algorithms.AES.block_size).padder()
    cipher = Cipher(algorithms.AES(secret), modes.CBC(start)).encryptor()
    hidden = cipher.update(padder.update(plain) + padder.finalize()) + cipher.finalize()
    derivation = {
        "salt": algos.Pbkdf2Salt("specified", core.OctetString(salt)),
        "iteration_count": ROUNDS,
        "prf": {"algorithm": "sha256"},
    }
    scheme = {
        "key_derivation_func": {"algorithm": "pbkdf2", "parameters": derivation},
        "encryption_scheme": {"algorithm": "aes256_cbc", "parameters": start},
    }
    sealed = keys.EncryptedPrivateKeyInfo(
        {"encryption_algorithm": {"algorithm": "pbes2", "parameters": scheme}, "encrypted_data": hidden}
    )
    return bytes(pem.armor("ENCRYPTED PRIVATE KEY", sealed.dump()))


class NeedsPassPhrase(ValueError):
    """Error for an encrypted key file without a pass phrase."""


class FileSigner:
    """`Signer` on a P-256 private key, or on the path of its PEM (PKCS#8).

    Raises `NeedsPassPhrase` if the key is encrypted and no pass phrase is given. Raises ValueError for no P-256 private
    key, a wrong pass phrase, or one for a key that is not encrypted.
    """

    def __init__(self, key: ec.EllipticCurvePrivateKey | Path | str, pass_phrase: str | None = None) -> None:
        if isinstance(key, Path | str):
            try:
                secret = pass_phrase.encode() if pass_phrase else None
                loaded = serialization.load_pem_private_key(Path(key).read_bytes(), password=secret)
            except TypeError:
                if pass_phrase:
                    raise ValueError("the key is not protected by a pass phrase") from None
                raise NeedsPassPhrase(str(key)) from None
            if not isinstance(loaded, ec.EllipticCurvePrivateKey):
                raise ValueError("the file holds no elliptic-curve private key")
            key = loaded
        if not isinstance(key.curve, ec.SECP256R1):
            raise ValueError("the key is not on P-256")
        self._key = key
        self.public_key = public_bytes(key.public_key())
        self.kid = key_id(key.public_key())

    @classmethod
    def generate(cls, path: Path | None = None, pass_phrase: str | None = None) -> Self:
        """Generate a key and, with `path`, store it there, readable by its owner only.

        Raises FileExistsError, because an existing key is never replaced.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        if path is not None:
            form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
            pem = seal(key, pass_phrase) if pass_phrase else key.private_bytes(*form)
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(pem)
        return cls(key)

    def sign_digest(self, digest: bytes) -> bytes:
        if len(digest) != DIGEST_BYTES:
            raise ValueError("a SHA-256 digest has 32 bytes")
        return self._key.sign(digest, ec.ECDSA(Prehashed(hashes.SHA256())))
