"""Hand-stamped endorsements that no second officer has confirmed go to the ministry's duty desk.

USES#<day>            <event id>   read: every endorsement, under the day that learnt of it
UNCONFIRMED           DONE         up to when the register had learnt of what was looked at last
"""

from __future__ import annotations

from contextlib import suppress

from chalicelib.ports import Conflict, Key, PermitRegister, Put
from chalicelib.services import alerts, store

HOUR, DAY = 3600, 86400
WAIT = 72 * HOUR
DONE = Key("UNCONFIRMED", "DONE")
BACK = 31 * DAY  # how far back the first look reaches, to what an earlier release left waiting


def escalate(*, register: PermitRegister, now: int) -> int:
    """The endorsements that were passed on: each once, within an hour of the 72."""
    row = register.get(DONE)
    after, until = int(row.data["until"]) if row else now - WAIT - BACK, now - WAIT
    if row is not None and until - after < HOUR:
        return 0
    moved = 0
    for day in range(after // DAY, until // DAY + 1):
        for line in register.query(f"USES#{day}"):
            (use,) = store.load_uses([line.data["use"]])
            if not use.waits or not after < use.received_at <= until:
                continue
            if use.foreign_document is not None:  # it waits with the endorsement of that document
                continue
            event = register.get(store.event_key(use.event_id))
            paper = event is not None and "foreign_permit" in event.data
            with suppress(Conflict):  # passed on by a look that was cut off
                register.commit(
                    *alerts.of_unconfirmed(use, line.data["issuer"], line.data["number"], paper=paper, now=now)
                )
                moved += 1
    with suppress(Conflict):  # another sweep was here
        register.commit(Put(DONE, {"until": until}, expect=row.version if row else 0))
    return moved
