"""One line of JSON for each request, each refusal of a person and each fault; never what was sent.

No body, query string, token, path parameter or field is written, and no exception text, because an exception of a
library may quote its input. A fault names its type and the places in the code that it went through.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from typing import Any

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


def refused(slug: str, where: str, *, who: str = "", why: str = "", correlation_id: str = "") -> None:
    """Somebody who may not, or not so often. `slug`: the problem's; `who`: the token's subject, empty for a stranger;
    `why`: words of ours alone."""
    _write(logging.WARNING, "refused", slug=slug, where=where, who=who, why=why, correlation_id=correlation_id)


def fault(error: BaseException, where: str, correlation_id: str = "") -> None:
    """A bug or an outage; `correlation_id` where a request is known."""
    frames = [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
    _write(
        logging.ERROR,
        "fault",
        error=type(error).__qualname__,
        where=where,
        frames=frames[-12:],
        correlation_id=correlation_id,
    )


def party(country: str, where: str, why: str) -> None:
    """Another Party's host or list that is not in order, which is no fault of ours; `why`: words of ours alone."""
    _write(logging.WARNING, "party", country=country, where=where, why=why)


def unexplained(count: int, *, stopped: bool) -> None:
    """Entries of a status list that keep a value which the register no longer has and does not explain; `stopped`: so
    many that no entry of the list was lowered."""
    _write(logging.WARNING, "status-list", unexplained=count, stopped=int(stopped))


def difference(permit_id: str, words: str) -> None:
    """A permit whose dossier, status row, list and history do not agree; `words`: of ours alone."""
    _write(logging.WARNING, "difference", permit_id=permit_id, why=words)


def done(job: str, **counts: int) -> None:
    """What a job of ours did, in numbers."""
    _write(logging.INFO, "job", job=job, **counts)


def set_up() -> None:
    """Lines go to standard output as they are (CloudWatch adds the time)."""
    if not _logger.handlers:
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(logging.Formatter("%(message)s"))
        _logger.addHandler(handler)
        _logger.setLevel(logging.INFO)
        _logger.propagate = False


def _write(level: int, event: str, **members: Any) -> None:
    _logger.log(level, "%s", json.dumps({"level": logging.getLevelName(level), "event": event, **members}))
