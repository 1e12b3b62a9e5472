"""Registers and devices as an earlier release left them (tests/fixtures/README.md), for use by the current code."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from office import MemoryOffice

from chalicelib.adapters.in_process.memory import _Stored
from chalicelib.adapters.in_process.signer import FileSigner
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Key
from chalicelib.kernel.stage import Stage
from chalicelib.trust.model.trust_list import thumbprint

FIXTURES = Path(__file__).with_name("fixtures")
RELEASES = tuple(sorted(path.name for path in FIXTURES.iterdir() if path.is_dir()))
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@cache
def _text(release: str, name: str) -> bytes:
    return gzip.decompress((FIXTURES / release / f"{name}.json.gz").read_bytes())


def load(release: str, name: str) -> Any:
    """The JSON of one file of a release, parsed again at each call."""
    return json.loads(_text(release, name))


def prints(release: str) -> dict[str, bytes]:
    """File name without its ending -> PDF."""
    return {path.stem: path.read_bytes() for path in sorted((FIXTURES / release / "prints").glob("*.pdf"))}


def key(number: int) -> FileSigner:
    """The n-th test key of the fixtures' fixed series (`make.py`, `derived`)."""
    digest = hashlib.sha256(f"tamga fixture key: {number}".encode()).digest()
    return FileSigner(ec.derive_private_key(int.from_bytes(digest) % (ORDER - 1) + 1, ec.SECP256R1()))


class ReleasedOffice(MemoryOffice):
    """The ministry of a release's fixture, at its time, with its keys. A token is a name of the fixture's people."""

    def __init__(self, release: str, name: str = "office") -> None:
        held = load(release, name)
        self.release, self.permits = release, dict(held["permits"])
        (pin,) = held["pins"][held["stage"]["issuer"]]
        first = next(number for number in range(500) if thumbprint(key(number).public_key).hex() == pin)
        self._made = iter(range(first + 1, first + 7))
        super().__init__(Stage(**held["stage"]), now=held["now"])
        self.root = key(first)
        self.certificate = base64.b64decode(held["certificate"])
        self.config = replace(
            self.config, pins={country: tuple(pins) for country, pins in held["pins"].items()},
            pdf_certificate=held["certificate"],
        )  # fmt: skip
        self.people = {
            token: Actor(each["id"], each["name"], frozenset(each["roles"]), frozenset(each["posts"]))
            for token, each in held["people"].items()
        }
        register = type(self.register)()
        for each in held["rows"]:
            at = Key(each["partition"], each["sort"])
            text = json.dumps(each["data"], ensure_ascii=False, separators=(",", ":"))
            index = tuple(each["index"].items())
            register._rows[at] = _Stored(text, each["version"], each["born"], index, each["expires"])
            register._partitions.setdefault(at.partition, {})[at.sort] = at
        register._writes = len(held["rows"])
        mark = json.loads(base64.b64decode(held["static"].get("register-mark", "e30=")))
        register._identity = mark.get("table", register._identity)  # otherwise it is locked like a restored table
        self.register = register
        self.static._objects = {path: base64.b64decode(data) for path, data in held["static"].items()}
        self.blobs._blobs = {path: base64.b64decode(data) for path, data in held["blobs"].items()}
        self.forget_trust()
        self.forget_bundle()

    def make_key(self) -> FileSigner:
        return key(next(self._made))
