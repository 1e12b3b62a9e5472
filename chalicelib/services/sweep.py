"""Ends what was cut off: signings older than the issuing function can run are given up."""

from __future__ import annotations

from chalicelib.core.errors import TamgaError
from chalicelib.ports import PermitRegister
from chalicelib.services import store
from chalicelib.services.sign_permit import SIGNING_TIMEOUT, give_up

PAGE = 100


def sweep(*, register: PermitRegister, now: int) -> list[str]:
    """The numbers declared void. The index only finds candidates; each is decided on its own, read consistently."""
    voided = []
    cursor: str | None = None
    while True:
        rows, cursor = register.search("state", "signing", cursor=cursor, limit=PAGE)
        for row in rows:
            dossier = store.load_row(row.data)
            try:
                after = give_up(dossier.id, register=register, now=now, older_than=SIGNING_TIMEOUT)
            except TamgaError:  # ended meanwhile, or no longer what it was: the others are not to wait for it
                continue
            if after.state == "approved" and dossier.number:
                voided.append(dossier.number)
        if cursor is None:
            return voided
