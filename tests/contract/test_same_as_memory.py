"""Random sequences of operations: the same results in memory and on the local engine for DynamoDB."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stores import Stores

from chalicelib.adapters.in_process.memory import MemoryRegister
from chalicelib.kernel.rows import Conflict, Key, Put
from chalicelib.platform.deps import PermitRegister

pytestmark = pytest.mark.engine

NAMES = st.sampled_from(["a", "a#1", "b", "ж"])
VALUES = st.sampled_from(["x", "y"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
PUT = st.fixed_dictionaries(
    {
        "sort": NAMES,
        "data": st.dictionaries(st.text(max_size=3), JSON, max_size=2),
        "expect": st.none() | st.integers(0, 3),
        "index": st.dictionaries(st.sampled_from(["state", "owner"]), VALUES, max_size=2),
        "expires": st.none() | st.just(2_000_000_000),
    }
)
RANGE = st.fixed_dictionaries(
    {
        "start": st.just("") | NAMES,
        "stop": st.none() | NAMES,
        "newest_first": st.booleans(),
        "limit": st.none() | st.integers(0, 3),
    }
)
STEP = st.one_of(
    st.tuples(st.just("commit"), st.lists(PUT, min_size=1, max_size=3, unique_by=lambda put: put["sort"])),
    st.tuples(st.just("bump"), NAMES),
    st.tuples(st.just("get"), NAMES),
    st.tuples(st.just("query"), RANGE),
    st.tuples(st.just("search"), st.tuples(st.sampled_from(["state", "owner"]), VALUES, st.integers(1, 3))),
)


def plain(rows: Any, name: str) -> Any:
    return [(row.key.sort, row.data, row.version) for row in rows if row.key.partition == name]


def do(register: PermitRegister, name: str, step: tuple[str, Any]) -> Any:
    """The result of one step, without the parts that differ between stores: partition and cursors."""
    verb, args = step
    if verb == "commit":
        puts = [
            Put(
                Key(name, put["sort"]),
                put["data"],
                put["expect"],
                {index: f"{name}{value}" for index, value in put["index"].items()},
                put["expires"],
            )
            for put in args
        ]
        try:
            register.commit(*puts)
        except Conflict as lost:
            return [key.sort for key in lost.keys]
        return "done"
    if verb == "bump":
        return register.bump(Key(name, args))
    if verb == "get":
        row = register.get(Key(name, args))
        return row and plain([row], name)
    if verb == "query":
        return plain(register.query(name, **args), name)
    index, value, limit = args
    pages, cursor = [], None
    while True:
        rows, cursor = register.search(index, f"{name}{value}", cursor=cursor, limit=limit)
        pages.append(plain(rows, name))
        if cursor is None:
            return pages


AUDIT: list[tuple[str, Any]] = [
    *(("get", name) for name in ("a", "a#1", "b", "ж")),
    *(
        ("query", {"start": start, "stop": stop, "newest_first": newest_first, "limit": limit})
        for start in ("", "a")
        for stop in (None, "b")
        for newest_first in (False, True)
        for limit in (None, 2)
    ),
    *(("search", (index, value, limit)) for index in ("state", "owner") for value in "xy" for limit in (1, 2)),
]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])  # other examples at each run
@given(steps=st.lists(STEP, max_size=12))
def test_random_sequence_gives_same_results_on_engine(engine_stores: Stores, steps: list[tuple[str, Any]]) -> None:
    name = uuid.uuid4().hex
    memory = MemoryRegister()
    for step in steps + AUDIT:
        assert do(memory, name, step) == do(engine_stores.register, name, step)
