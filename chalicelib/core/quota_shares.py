"""What a permit takes of its quotas: a function of its file alone, so that all of them can be counted again.

    in force and unused    all that was granted is outstanding
    used                   what really left is used, the rest has lapsed (Art. VI(5): one consignment)
    used, and the permit that it replaces too: what left on each counts there, one crossing seen on both counts once
    revoked, given back, replaced or expired unused    all of it has lapsed
    the same (but replaced) until no hand-stamped endorsement waits that did so then    all is outstanding
    no permit yet, or a signing that was given up      nothing

Granted is used and outstanding: what counts against the quota. An undo or a late endorsement is seen here by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from chalicelib.core.dossier import Dossier
from chalicelib.core.ledger import Use, document_key
from chalicelib.core.permit import line_letter

ENDED = frozenset({"revoked", "replaced"})
IN_FORCE = frozenset({"issued", "suspended", "lost"})
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Share:
    used: Decimal = NOTHING
    outstanding: Decimal = NOTHING
    lapsed: Decimal = NOTHING

    @property
    def granted(self) -> Decimal:
        """What counts against the quota."""
        return self.used + self.outstanding

    def __add__(self, other: Share) -> Share:
        return Share(self.used + other.used, self.outstanding + other.outstanding, self.lapsed + other.lapsed)

    def __sub__(self, other: Share) -> Share:
        return Share(self.used - other.used, self.outstanding - other.outstanding, self.lapsed - other.lapsed)


def shares(dossier: Dossier) -> Mapping[str, Share]:
    """Quota id -> what this permit takes of it."""
    found: dict[str, Share] = defaultdict(Share)
    left = exported(dossier.uses)
    ended = dossier.state in ENDED or dossier.quota_lapsed
    waiting = dossier.quota_waits and dossier.stamp_waits
    for draw in dossier.draws:
        letter, granted = line_letter(draw.line), Decimal(draw.quantity)
        if dossier.state == "signing":
            share = Share(outstanding=granted - Decimal(draw.carried))
        elif dossier.state not in IN_FORCE | ENDED:
            continue
        elif left is not None:
            used = left.get(letter, NOTHING)
            share = Share(used=used, lapsed=max(NOTHING, granted - used))
        elif _left_with_another(dossier.uses):
            share = Share()
        elif dossier.state == "replaced" or (ended and not waiting):
            share = Share(lapsed=granted)
        else:
            share = Share(outstanding=granted)
        found[draw.quota] += share
    return found


def exported(uses: Iterable[Use]) -> Mapping[str, Decimal] | None:
    """Line letter -> what left on this permit itself, or None if nothing is known to have left.

    Two officers who saw one crossing are one use (`ledger.same_use`: same lines, same document). What left on the
    permit that this one replaces is counted there, also where it was seen on both, or arrived on this one.
    """
    known = [use for use in uses if use.kind in {"export", "import"} and use.counts]
    elsewhere = {_crossing(use) for use in known if use.number is not None}
    crossings: dict[tuple[object, ...], list[Use]] = defaultdict(list)
    for use in known:
        if use.number is None and _crossing(use) not in elsewhere and (use.kind == "export" or not elsewhere):
            crossings[_crossing(use)].append(use)
    kinds = {key[0] for key in crossings}
    if not kinds:
        return None
    kind = "export" if "export" in kinds else "import"  # seen on arrival only: it left all the same
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for key, same in crossings.items():
        if key[0] == kind:
            times = max(1, sum(use.result != "duplicate" for use in same))
            for line in same[0].lines:
                totals[line.line] += times * Decimal(line.quantity)
    return totals


def _crossing(use: Use) -> tuple[object, ...]:
    lines = tuple(sorted((line.line, line.quantity) for line in use.lines))
    return use.kind, document_key(use.transport_document) or use.event_id, lines  # no document is not the same


def _left_with_another(uses: Iterable[Use]) -> bool:
    """Whether the goods left on the permit that this one replaces: they are counted there."""
    return any(use.kind in {"export", "import"} and use.counts and use.number is not None for use in uses)
