"""What nobody answered in its time goes on to the next on the ladder (core/patterns/table.py), with a mail."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.core.patterns.table import RULES
from chalicelib.ports import Conflict, PermitRegister
from chalicelib.services import flags

PAGE = 100


def escalate(*, register: PermitRegister, now: int) -> int:
    """How many moved on. The index only finds them; the version of the flag says that nobody answers just now."""
    moved = 0
    cursor: str | None = None
    while True:
        rows, cursor = register.search("state", flags.WAITING, cursor=cursor, limit=PAGE, oldest_first=True)
        for held in (flags.read_row(row) for row in rows if row.data["rule"] in RULES):
            if held.answered or held.unheard or now <= held.moves_at:
                continue
            made = replace(held, step=held.step + 1, asked_at=now)
            try:
                register.commit(made.put(), *(() if made.unheard else (made.mail(now),)))
            except Conflict:
                continue
            moved += 1
        if cursor is None:
            return moved
