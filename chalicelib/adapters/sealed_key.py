"""How a private key lies under a pass phrase: PKCS#8 with PBES2, and a derivation that makes guessing dear.

`cryptography` writes the same container, but with OpenSSL's 2,048 rounds and no way to ask for more; whatever reads
PKCS#8 reads this too. AES-CBC has no MAC: a changed file is noticed because it holds no key any more.
"""

from __future__ import annotations

import os

from cryptography.hazmat.primitives import hashes, padding, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

ROUNDS = 600_000  # OWASP Password Storage Cheat Sheet, PBKDF2-HMAC-SHA256; 0.2 s
SALT_BYTES = 16  # RFC 8018 s. 4.1 asks for 8 at least


def seal(key: ec.EllipticCurvePrivateKey, pass_phrase: str) -> bytes:
    """The key as PEM, `ENCRYPTED PRIVATE KEY` (RFC 5958 s. 3, RFC 8018 s. 6.2)."""
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
