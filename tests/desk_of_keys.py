"""Command line over the ministry in memory: sign-in, and one call with its output."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import Result
from cryptography.hazmat.primitives import serialization
from office import ADMIN, ADMIN2, PREPARER, MemoryOffice
from typer.testing import CliRunner

from chalicelib.composition import container
from chalicelib.composition.main import app
from chalicelib.token.cose import public_bytes
from chalicelib.trust.model.trust_list import TrustList
from chalicelib.trust.services import publish_trust_list

A, B = "token-of-a", "token-of-b"  # two admins


class Desk:
    """`office` behind the command line. Its root key is in the file `root`, its pins in `roots`."""

    def __init__(self, folder: Path, office: MemoryOffice | None = None) -> None:
        self.folder = folder
        self.office = office or MemoryOffice()
        self.office.people = {A: ADMIN, B: ADMIN2, "token-of-p": PREPARER}
        container.replace_deps(self.office)
        self.root, self.roots = folder / "root.pem", folder / "roots.txt"
        self.keep_root("correct horse")
        self.roots.write_text(f"KG {self.office.config.pins['KG'][0]} practice\n")

    def keep_root(self, phrase: str | None) -> None:
        how = serialization.BestAvailableEncryption(phrase.encode()) if phrase else serialization.NoEncryption()
        pem = self.office.root._key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, how)
        self.root.write_bytes(pem)
        public = serialization.load_der_public_key(self.office.root.public_key)
        assert public_bytes(public) == self.office.root.public_key  # type: ignore[arg-type]
        (self.folder / "root.pub").write_bytes(
            public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        )

    def run(self, *words: object, input: str | None = None, as_: str = "") -> Result:  # noqa: A002
        env = {"TAMGA_TOKEN": as_, "COLUMNS": "250"}
        return CliRunner().invoke(app, [str(word) for word in words], input=input, env=env)

    def ask(self, *words: object, as_: str = "") -> Any:
        """The JSON output of a successful command."""
        done = self.run(*words, "--json", as_=as_)
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    def publish(self, *words: object) -> TrustList:
        """Propose as one admin with these words, publish as the other."""
        proposal = self.ask(*words, as_=A)["proposal"]
        done = self.run("trust", "publish", proposal, "--root", self.root, "--yes", as_=B, input="correct horse\n")
        assert done.exit_code == 0, done.output
        self.office.later(1)
        return self.current

    @property
    def current(self) -> TrustList:
        held = publish_trust_list.in_force("KG", self.office)
        assert held is not None
        return held[1]

    def states(self) -> dict[str, list[str]]:
        """Purpose -> the states of its keys, as listed."""
        found: dict[str, list[str]] = {}
        for key in self.ask("keys", "list")["keys"]:
            found.setdefault(key["purpose"], []).append(key["state"])
        return found
