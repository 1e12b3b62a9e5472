"""Registered breeding and propagating operations over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.app import Response

from chalicelib.breeding import schemas as breeding_schemas
from chalicelib.breeding import services as breeding
from chalicelib.breeding.schemas import BreedingOperation, BreedingOperations
from chalicelib.http.blueprint import Blueprint, Call, json_response
from chalicelib.kernel.days import to_text
from chalicelib.kernel.rows import RowData

if TYPE_CHECKING:
    from chalicelib.species.services.list_in_use import SpeciesDeps


blueprint: Blueprint[SpeciesDeps] = Blueprint(__name__)


@blueprint.route("/v1/operations", returns="BreedingOperations", may="operations")
def registered(call: Call[SpeciesDeps]) -> BreedingOperations:
    """List registered breeding and propagating operations, one row for each species of an operation."""
    found = breeding.listed(call.actor, register=call.deps.register)
    return {"items": [_operation(each) for each in found], "cursor": None}


@blueprint.route(
    "/v1/operations",
    method="POST",
    body=breeding_schemas.OperationBody,
    status=201,
    returns="BreedingOperation",
    may="set_operation",
    repeats=True,
)
def enter(call: Call[SpeciesDeps]) -> Response:
    """Enter an operation, or change its yield with a reason. 200 if nothing is new."""
    row, new = breeding.enter(call.body.operation(), call.body.reason or "", call.actor, call.deps)
    return json_response(_operation(row), 201 if new else 200)


def _operation(row: RowData) -> BreedingOperation:
    return {
        "number": row["number"],
        "holder": row["holder"],
        "scientific_name": row["taxon"],
        "sources": list(row["sources"]),
        "a_year": row["a_year"],
        "unit": row["unit"] or None,
        "since": row["since"],
        "until": row["until"] or None,
        "source": row["source"],
        "set_at": to_text(row["at"]),
        "set_by_name": row["by_name"],
    }
