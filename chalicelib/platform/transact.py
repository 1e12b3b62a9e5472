"""How often a transaction is tried again after a conflict."""

from __future__ import annotations

TRIES = 64  # a loser of a race reads and decides again; each loss is another's success, so that many come through
