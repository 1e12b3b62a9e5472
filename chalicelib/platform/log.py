"""Log: one line of JSON for each request, each refusal of a person, each fault and each job. It never has the data of a
request.

No body, query string, token, path parameter or field is logged. Exception texts are not logged either, because a
library's exception may quote its input. A fault is logged with its type and its places in the code.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from typing import Any

from chalicelib.kernel.errors import UnreadableRow

_logger = logging.getLogger("tamga")


def request(route: str, method: str, status: int, milliseconds: int, correlation_id: str) -> None:
    _write(
        logging.INFO,
        "request",
        route=route,
        method=method,
        status=status,
        ms=milliseconds,
        correlation_id=correlation_id,
    )


def refusal(slug: str, where: str, *, who: str = "", why: str = "", correlation_id: str = "") -> None:
    """Log a refusal for missing rights or too many calls.

    `slug`: the problem's slug. `who`: the token's subject, empty without one. `why`: only our own words, never input.
    """
    _write(logging.WARNING, "refused", slug=slug, where=where, who=who, why=why, correlation_id=correlation_id)


def fault(error: BaseException, where: str, correlation_id: str = "") -> None:
    """Log a bug or an outage, with `correlation_id` if it happened in a request. Names a row that cannot be read."""
    frames = [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
    _write(
        logging.ERROR,
        "fault",
        error=type(error).__qualname__,
        where=where,
        frames=frames[-12:],
        correlation_id=correlation_id,
        **({"row": error.row} if isinstance(error, UnreadableRow) else {}),
    )


def party_fault(country: str, where: str, why: str) -> None:
    """Log a fault of another Party's host or list, which is no fault of ours. `why`: only our own words."""
    _write(logging.WARNING, "party", country=country, where=where, why=why)


def unexplained_entries(count: int, *, stopped: bool) -> None:
    """Log the number of status list entries whose value the register no longer has and does not explain.

    These entries keep their value. `stopped`: there are so many that no entry of the list was lowered.
    """
    _write(logging.WARNING, "status-list", unexplained=count, stopped=int(stopped))


def difference(permit_id: str, words: str) -> None:
    """Log a permit whose dossier, status row, list and history disagree. `words`: only our own words."""
    _write(logging.WARNING, "difference", permit_id=permit_id, why=words)


def unreadable_row(row: str) -> None:
    """Log a row that this release cannot read and that a list or a job left out. `row`: its key."""
    _write(logging.WARNING, "unreadable-row", row=row)


def job_done(job: str, **counts: int) -> None:
    """Log the counts of a scheduled job."""
    _write(logging.INFO, "job", job=job, **counts)


def set_up() -> None:
    """Send the lines to standard output without a prefix (CloudWatch adds the time)."""
    if not _logger.handlers:
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(logging.Formatter("%(message)s"))
        _logger.addHandler(handler)
        _logger.setLevel(logging.INFO)
        _logger.propagate = False


def _write(level: int, event: str, **members: Any) -> None:
    _logger.log(level, "%s", json.dumps({"level": logging.getLevelName(level), "event": event, **members}))
