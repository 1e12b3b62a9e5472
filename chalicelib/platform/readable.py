"""Rows of the register as values, and the treatment of a row that this release cannot read.

Such a row has for example a state that a newer release wrote before it was rolled back. A decoder raises
`UnreadableRow` with the row's key, never with its content.

A list or a job skips the row, reports it, and goes on. A decision, a total or a verdict is never made without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from chalicelib.kernel.errors import UnreadableRow
from chalicelib.kernel.rows import Key, Row
from chalicelib.platform import log

if TYPE_CHECKING:
    from pydantic import TypeAdapter


def decoded[T](adapter: TypeAdapter[T], data: Any, key: Key) -> T:
    """The value of a row's data. Raises `UnreadableRow`."""
    try:
        return adapter.validate_python(data)
    except ValueError:  # pydantic's ValidationError quotes the row, so it is not chained
        raise UnreadableRow(f"{key.partition}/{key.sort}") from None


def log_row(error: UnreadableRow) -> None:
    log.unreadable_row(error.row)


def readable[T](
    rows: Iterable[Row], read: Callable[[Row], T], *, skipped: Callable[[UnreadableRow], None] = log_row
) -> Iterator[T]:
    """The value of each row, without the unreadable rows. `skipped` reports each of these once."""
    for row in rows:
        try:
            value = read(row)
        except UnreadableRow as error:
            skipped(error)
        else:
            yield value
