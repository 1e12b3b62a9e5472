"""Where the local run keeps what it keeps: one folder, and what each file in it is for.

engine/            tables, buckets, keys and user pool of the local engine
root-key.pem       the practice root; only set-up reads it, and no configuration of the application names it
roots.txt          that root's thumbprint, as `tamga verify` pins it
certificate-N.der  the self-issued certificate of the `pdf` key N
password           of every person in the pool
exchange/          made-up Parties: authorities and certificates of the exchange's port (local/parties.py)
samples/           the prints of the seeded permits, and pictures of their pages
seeded.json        the permits that the seed made, by name
service.log        one line of JSON for each request
running.json       port, engine and configuration of the service that runs now; there only while it runs
lock               held by the run that uses this folder
real/              the same again, of the real register beside it
UZ/                the same again, of another country's practice register (make run COUNTRY=UZ)
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
HOME = Stage().issuer  # whose practice register has the folder itself


class InUse(RuntimeError):
    """Another run uses this folder."""


@dataclass(frozen=True, slots=True)
class Place:
    """`folder`: `.local` unless TAMGA_LOCAL names another one."""

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
        """Of the `pdf` key with this number, from 1."""
        return self.folder / f"certificate-{number}.der"

    @property
    def seeded(self) -> Path:
        return self.folder / "seeded.json"

    @property
    def running(self) -> Path:
        return self.folder / "running.json"

    @property
    def real(self) -> Place:
        """Of the real register beside this practice register."""
        return Place(self.folder / REAL)

    @property
    def countries(self) -> dict[str, Place]:
        """The practice registers that this folder may have, ours first."""
        return {HOME: self, **{each.name: Place(each) for each in sorted(self.folder.glob("[A-Z][A-Z]"))}}

    def of(self, country: str) -> Place:
        """Of a country's practice register, which may not be there yet."""
        return self if country == HOME else Place(self.folder / country)

    def password(self) -> str:
        """Made once; opens nothing but the local pool."""
        path = self.folder / "password"
        if not path.exists():
            write_private(path, f"Aa1-{secrets.token_urlsafe(18)}".encode())
        return path.read_text()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """This folder for one run alone; the system lets go of it however the run ends. Raises `InUse`."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                port = (read_json(self.running) or {}).get("port")  # none while it starts
                where = f", on port {port}" if port else ""
                raise InUse(f"{self.folder} is in use by a service that runs already{where}.") from None
            yield


def here() -> Place:
    """The place of this clone."""
    chosen = os.environ.get("TAMGA_LOCAL")
    return Place(Path(chosen) if chosen else ROOT / ".local")


def write_private(path: Path, data: bytes) -> None:
    """The whole file or none of it, readable by its owner only."""
    partial = path.with_suffix(path.suffix + ".partial")
    with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
    partial.replace(path)


def write_json(path: Path, value: Any) -> None:
    write_private(path, json.dumps(value, indent=1, ensure_ascii=False).encode())


def read_json(path: Path) -> Any:
    """None if there is no such file."""
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        return None


def log_to(path: Path, mode: str = "w") -> None:
    """Requests to a file; what went wrong to the terminal too."""
    logger = logging.getLogger("tamga")
    for handler in (logging.FileHandler(path, mode=mode, encoding="utf-8"), logging.StreamHandler(sys.stderr)):
        handler.setFormatter(logging.Formatter("%(message)s"))
        logger.addHandler(handler)
    logger.handlers[-1].setLevel(logging.ERROR)
    logger.setLevel(logging.INFO)
    logger.propagate = False
