"""The register of breeding and propagating operations, with who entered each and when.

OPERATIONS       <id>       one operation and species (breeding/model.py), and who entered it
OPERATION#<id>   <version>  every change of it, never erased
"""

from __future__ import annotations

from dataclasses import asdict

from chalicelib.breeding.model import Operation, checked
from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Key, Put, RowData
from chalicelib.kernel.text import checked_reason
from chalicelib.platform.deps import PermitRegister
from chalicelib.platform.transact import transact
from chalicelib.species.services.list_in_use import SpeciesDeps

PARTITION = "OPERATIONS"

AT_MOST = 2000


def listed(actor: Actor, *, register: PermitRegister) -> list[RowData]:
    """Every operation with who entered it and when, by number."""
    actor.require("operations")
    return [row.data for row in register.query(PARTITION)]


def operations(register: PermitRegister) -> tuple[Operation, ...]:
    return tuple(read_operation(row.data) for row in register.query(PARTITION))


def read_operation(data: RowData) -> Operation:
    fields = {name: data[name] for name in Operation.__slots__}
    return Operation(**{**fields, "sources": tuple(fields["sources"])})


def enter(wanted: Operation, reason: str, actor: Actor, deps: SpeciesDeps) -> tuple[RowData, bool]:
    """Enter or change an operation. Returns the row, and True if it is new.

    A change has a reason. A repeated request changes nothing. Raises `Invalid`, `Forbidden`.
    """
    actor.require("set_operation")
    operation = checked(wanted, deps.listing)
    checked_reason(reason, required=False)
    key = Key(PARTITION, operation.id)

    def attempt() -> tuple[RowData, bool]:
        row = deps.register.get(key)
        if row is not None and read_operation(row.data) == operation:
            return row.data, False
        if row is not None and not reason.strip():
            raise Invalid(
                FieldError("reason", "required", "This operation is already entered. Give the reason for the change.")
            )
        if row is None and len(deps.register.query(PARTITION)) >= AT_MOST:
            raise Invalid(FieldError("number", "too_many", f"The register may have at most {AT_MOST} operations."))
        figure = {**asdict(operation), "sources": list(operation.sources)}
        data = {**figure, "at": deps.now, "by": actor.id, "by_name": actor.name}
        version = row.version if row else 0
        was = {name: row.data[name] for name in Operation.__slots__} if row else None
        deps.register.commit(
            Put(key, data, expected_version=version),
            Put(Key(f"OPERATION#{operation.id}", f"{version + 1:08d}"), {**data, "reason": reason, "was": was}),
        )
        return data, row is None

    return transact(attempt, "Others are changing this operation; try again.")
