"""How many uses a permit's file takes, so that no one person fills it, and what goes over to its replacement.

Every use is read for every verdict, and the file of a permit has an end; what is refused here has its reason in the
number of those before it, never in what they say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from chalicelib.kernel.days import DAY
from chalicelib.kernel.document_kinds import KINDS
from chalicelib.kernel.errors import TooLarge
from chalicelib.uses.single_use import first_use
from chalicelib.uses.use import Use

QUIET = frozenset({"transit", "return"})  # they use nothing and are always in order: only a number bounds them

# What one permit's file takes, for one consignment and for many crossings: quiet uses, and exports and imports. A
# consignment comes in parts; a document of three years (Conf. 12.3) goes out and in about once a week.
QUIET_AT_MOST, QUIET_AT_MOST_OF_MANY = 20, 60

USES_AT_MOST, USES_AT_MOST_OF_MANY = 60, 200

QUIET_AT_MOST_BY_ONE, USES_AT_MOST_BY_ONE = 10, 40  # of these by one person within HAND_WINDOW

HAND_WINDOW = 30 * DAY

CARRIED_AT_MOST = 20  # crossings that the replacement of a document for many crossings begins with

WITHDRAWN_WHOLE = 5  # the newest, with lines and documents


def opens(kind: str, uses: Sequence[Use], new: Use) -> bool:
    """Whether it is the first export or import that counts: what the permit is for. For this there is always room."""
    return new.kind not in QUIET and new.result != "pending" and first_use(uses, new.kind) is None


def check_room(kind: str, uses: Sequence[Use], new: Use) -> None:
    """Whether the permit's file takes one more use; raises `TooLarge`. No one person fills it.

    1 the first export and the first import: always   2 not too many like it, withdrawn ones counted only where they
    use nothing or the document is for many crossings   3 not too many brought in by one person lately
    """
    if opens(kind, uses, new):  # 1
        return
    many, quiet = KINDS[kind].many_crossings, new.kind in QUIET
    alike = [u for u in uses if (u.kind in QUIET) is quiet and (quiet or many or u.withdrawn is None)]
    if quiet:
        room, room_of_one = QUIET_AT_MOST_OF_MANY if many else QUIET_AT_MOST, QUIET_AT_MOST_BY_ONE
    else:
        room, room_of_one = USES_AT_MOST_OF_MANY if many else USES_AT_MOST, USES_AT_MOST_BY_ONE
    if len(alike) >= room:  # 2
        raise TooLarge("This permit's file holds as many crossings as it takes: the ministry replaces or revokes it.")
    since = new.received_at - HAND_WINDOW
    mine = [u for u in alike if u.received_at > since and u.hand == new.hand]
    if len(mine) >= room_of_one:  # 3
        raise TooLarge("You brought in as many crossings of this permit as one person may: another one goes on.")


def carried_over(kind: str, uses: Sequence[Use]) -> tuple[Use, ...]:
    """What the permit that replaces this one begins with: exports and imports; of many crossings the last ones."""
    if KINDS[kind].many_crossings:
        return tuple(sorted(uses, key=lambda u: (u.at, u.event_id))[-CARRIED_AT_MOST:])
    return tuple(use for use in uses if use.kind not in QUIET)


def compact(uses: Sequence[Use]) -> tuple[Use, ...]:
    """All of them, the older withdrawn ones without lines and documents, which the permit's history keeps."""
    withdrawn = sorted((u.withdrawn.at, u.event_id) for u in uses if u.withdrawn)
    old = {event_id for _, event_id in withdrawn[:-WITHDRAWN_WHOLE]}
    bare = partial(replace, lines=(), transport_document="", customs_document=None, on_behalf_of=None)
    return tuple(bare(use) if use.event_id in old else use for use in uses)
