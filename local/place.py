"""Files of the local run: one folder.

engine/            tables, buckets, keys and user pool of the local engine
root-key.pem       the practice root; only set-up reads it, and no configuration of the application names it
roots.txt          that root's thumbprint, as `tamga verify` pins it
certificate-N.der  the self-issued certificate of the `pdf` key N
password           of every person in the pool
exchange/          made-up Parties: authorities and certificates of the exchange's port (local/parties.py)
samples/           prints of the seeded permits, and pictures of their pages
seeded.json        permits that the seed made, by name
service.log        one line of JSON for each request
running.json       port, engine and configuration of the running service; exists only while it runs
lock               locked by the run that uses this folder
real/              the same files, of the real register beside it
UZ/                the same files, of another country's practice register (make run COUNTRY=UZ)
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chalicelib.kernel.stage import Stage
from local.engine import ROOT

REAL = "real"
HOME = Stage().issuer  # the country whose practice register uses the folder itself


class InUse(RuntimeError):
    """Raised when another run uses this folder."""


@dataclass(frozen=True, slots=True)
class Place:
    """Paths in the folder of one local register. `folder`: `.local`, or the one that TAMGA_LOCAL names."""

    folder: Path

    @property
    def engine(self) -> Path:
        return self.folder / "engine"

    @property
    def samples(self) -> Path:
        return self.folder / "samples"

    @property
    def roots(self) -> Path:
        return self.folder / "roots.txt"

    @property
    def root_key(self) -> Path:
        return self.folder / "root-key.pem"

    def certificate(self, number: int) -> Path:
        """The certificate of the `pdf` key with this number, from 1."""
        return self.folder / f"certificate-{number}.der"

    @property
    def seeded(self) -> Path:
        return self.folder / "seeded.json"

    @property
    def running(self) -> Path:
        return self.folder / "running.json"

    @property
    def real(self) -> Place:
        """The place of the real register beside this practice register."""
        return Place(self.folder / REAL)

    @property
    def countries(self) -> dict[str, Place]:
        """The practice registers in this folder: country -> place, ours first."""
        return {HOME: self, **{each.name: Place(each) for each in sorted(self.folder.glob("[A-Z][A-Z]"))}}

    def of(self, country: str) -> Place:
        """The place of a country's practice register, which may not exist yet."""
        return self if country == HOME else Place(self.folder / country)

    def password(self) -> str:
        """The password of the local pool, created at the first call. It is valid nowhere else."""
        path = self.folder / "password"
        if not path.exists():
            write_private(path, f"Aa1-{secrets.token_urlsafe(18)}".encode())
        return path.read_text()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Lock this folder for one run. The operating system releases the lock however the run ends. Raises `InUse`."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                port = (read_json(self.running) or {}).get("port")  # None while the other run starts
                where = f", on port {port}" if port else ""
                raise InUse(
                    f"{self.folder} is in use by another run{where}. Use that service, or stop it first (Ctrl-C)."
                ) from None
            yield


def here() -> Place:
    """The place of this clone."""
    chosen = os.environ.get("TAMGA_LOCAL")
    return Place(Path(chosen) if chosen else ROOT / ".local")


def write_private(path: Path, data: bytes) -> None:
    """Write the whole file or nothing, readable by its owner only."""
    partial = path.with_suffix(path.suffix + ".partial")
    with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
    partial.replace(path)


def write_json(path: Path, value: Any) -> None:
    write_private(path, json.dumps(value, indent=1, ensure_ascii=False).encode())


def read_json(path: Path) -> Any:
    """Parse a JSON file, or return None if it does not exist."""
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        return None


def log_to(path: Path, mode: str = "w") -> None:
    """Log requests to a file, and errors to the terminal too."""
    logger = logging.getLogger("tamga")
    for handler in (logging.FileHandler(path, mode=mode, encoding="utf-8"), logging.StreamHandler(sys.stderr)):
        handler.setFormatter(logging.Formatter("%(message)s"))
        logger.addHandler(handler)
    logger.handlers[-1].setLevel(logging.ERROR)
    logger.setLevel(logging.INFO)
    logger.propagate = False
