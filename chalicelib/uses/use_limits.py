"""Limits on the number of a permit's uses, and the uses that its replacement takes over.

Every verdict reads every use, and a dossier has a limited size. So the number of uses is limited, in all and for one
person, so that no person can fill the dossier. The limits look at the number of earlier uses, not at their content.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from chalicelib.kernel.days import DAY
from chalicelib.kernel.document_kinds import KINDS
from chalicelib.kernel.enums import UseResult
from chalicelib.kernel.errors import TooLarge
from chalicelib.uses.single_use import first_use
from chalicelib.uses.use import Use

# They use nothing, so only these limits bound them; `check_use` refuses them for import permits.
NON_CONSUMING = frozenset({"transit", "return"})

# Limits: of transits and returns (NON_CONSUMING), of exports and imports (USES); `_OF_MANY`: many crossings.
# A consignment can arrive in parts. A document of three years (Conf. 12.3) crosses about once a week.
NON_CONSUMING_AT_MOST, NON_CONSUMING_AT_MOST_OF_MANY = 20, 60

USES_AT_MOST, USES_AT_MOST_OF_MANY = 60, 200

NON_CONSUMING_AT_MOST_BY_ONE, USES_AT_MOST_BY_ONE = 10, 40  # by one submitter within SUBMITTER_WINDOW

SUBMITTER_WINDOW = 30 * DAY

CARRIED_AT_MOST = 20  # newest crossings that the replacement of a document for many crossings takes over

WITHDRAWN_WHOLE = 5  # newest withdrawn uses that keep lines and documents


def is_first_use(kind: str, uses: Sequence[Use], new: Use) -> bool:
    """Return True for the first export or the first import that counts. For each of them there is always room."""
    return new.kind not in NON_CONSUMING and new.result != UseResult.PENDING and first_use(uses, new.kind) is None


def check_room(kind: str, uses: Sequence[Use], new: Use) -> None:
    """Check that the dossier has room for one more use.

    1 the first export and the first import: always   2 not too many of its group (transits and returns, or exports
    and imports); withdrawn exports and imports of one consignment are not counted   3 not too many of the group by
    the same submitter in the last 30 days

    Raises `TooLarge` for 2 and 3.
    """
    if is_first_use(kind, uses, new):  # 1
        return
    many, consumes_nothing = KINDS[kind].many_crossings, new.kind in NON_CONSUMING
    alike = [
        u
        for u in uses
        if (u.kind in NON_CONSUMING) is consumes_nothing and (consumes_nothing or many or u.withdrawn is None)
    ]
    if consumes_nothing:
        room, room_of_one = (
            NON_CONSUMING_AT_MOST_OF_MANY if many else NON_CONSUMING_AT_MOST,
            NON_CONSUMING_AT_MOST_BY_ONE,
        )
    else:
        room, room_of_one = USES_AT_MOST_OF_MANY if many else USES_AT_MOST, USES_AT_MOST_BY_ONE
    if len(alike) >= room:  # 2
        raise TooLarge("This permit has reached its limit of crossings. The ministry must replace or revoke it.")
    since = new.received_at - SUBMITTER_WINDOW
    mine = [u for u in alike if u.received_at > since and u.submitter == new.submitter]
    if len(mine) >= room_of_one:  # 3
        raise TooLarge(
            "You have sent as many crossings of this permit as one person may. Another officer must send the next ones."
        )


def carried_over(kind: str, uses: Sequence[Use]) -> tuple[Use, ...]:
    """Return the uses that a replacement takes over.

    For one consignment these are all exports and imports. For many crossings these are the newest 20 uses.
    """
    if KINDS[kind].many_crossings:
        return tuple(sorted(uses, key=lambda u: (u.at, u.event_id))[-CARRIED_AT_MOST:])
    return tuple(use for use in uses if use.kind not in NON_CONSUMING)


def trim_withdrawn(uses: Sequence[Use]) -> tuple[Use, ...]:
    """Return all uses, with older withdrawn ones cut to save space.

    The newest five stay whole. The history keeps the lines and documents of the others.
    """
    withdrawn = sorted((u.withdrawn.at, u.event_id) for u in uses if u.withdrawn)
    old = {event_id for _, event_id in withdrawn[:-WITHDRAWN_WHOLE]}
    bare = partial(replace, lines=(), transport_document="", customs_document=None, on_behalf_of=None)
    return tuple(bare(use) if use.event_id in old else use for use in uses)
