"""Contract of `ports.PermitRegister` on every implementation."""

from __future__ import annotations

import uuid

import pytest
from stores import Stores

from chalicelib.adapters.aws.register import DynamoRegister
from chalicelib.adapters.in_process.memory import MemoryRegister
from chalicelib.kernel import errors
from chalicelib.kernel.rows import Conflict, Key, Put, Row
from chalicelib.platform.deps import PermitRegister
from local import resources
from local.engine import REGION


def sorts(rows) -> list[str]:
    return [row.key.sort for row in rows]


def test_row_is_returned_as_written(register: PermitRegister, fresh: str) -> None:
    data = {
        "text": "Ысык-Көл ʻoʻ",
        "n": 12345678901234567890,
        "no": False,
        "none": None,
        "list": [1, {"a": []}],
        "": "",
    }
    key = Key(fresh, "a#1")
    assert register.get(key) is None
    register.commit(Put(key, data))
    assert register.get(key) == Row(key, data, 1)


def test_get_all_returns_150_rows_without_the_missing(register: PermitRegister, fresh: str) -> None:
    keys = [Key(fresh, f"{number:03}") for number in range(150)]  # more than BatchGetItem allows
    for at in range(0, 120, 60):
        register.commit(*(Put(key, {"n": key.sort}) for key in keys[at : at + 60]))
    register.commit(Put(keys[0], {"n": "again"}, expected_version=1))
    found = register.get_all([*keys, keys[1], Key(fresh)])
    assert found == {key: register.get(key) for key in keys[:120]}
    assert found[keys[0]] == Row(keys[0], {"n": "again"}, 2)
    assert register.get_all(iter([])) == register.get_all([keys[149]]) == {}


def test_register_stores_and_returns_copies(register: PermitRegister, fresh: str) -> None:
    data = {"list": [1]}
    register.commit(Put(Key(fresh), data))
    data["list"].append(2)
    read = register.get(Key(fresh))
    assert read is not None
    assert read.data == {"list": [1]}
    read.data["list"].append(3)  # the caller's own copy
    assert register.get(Key(fresh)) == Row(Key(fresh), {"list": [1]}, 1)


def test_default_condition_is_absence(register: PermitRegister, fresh: str) -> None:
    register.commit(Put(Key(fresh), {"v": 1}))
    with pytest.raises(Conflict) as refused:
        register.commit(Put(Key(fresh), {"v": 2}))
    assert refused.value.keys == (Key(fresh),)
    assert register.get(Key(fresh)) == Row(Key(fresh), {"v": 1}, 1)


@pytest.mark.parametrize("expect", [0, 1, 3, 4])
def test_condition_passes_for_its_version_only(register: PermitRegister, fresh: str, expect: int) -> None:
    for version in range(2):
        register.commit(Put(Key(fresh), {"v": version}, expected_version=version))
    with pytest.raises(Conflict):
        register.commit(Put(Key(fresh), {"v": "no"}, expected_version=expect))
    register.commit(Put(Key(fresh), {"v": "yes"}, expected_version=2))
    assert register.get(Key(fresh)) == Row(Key(fresh), {"v": "yes"}, 3)


def test_condition_on_missing_row_fails(register: PermitRegister, fresh: str) -> None:
    with pytest.raises(Conflict):
        register.commit(Put(Key(fresh), {}, expected_version=1))
    assert register.get(Key(fresh)) is None


def test_put_without_condition_always_writes_and_raises_version(register: PermitRegister, fresh: str) -> None:
    for version in (1, 2, 3):
        register.commit(Put(Key(fresh), {"v": version}, expected_version=None))
        assert register.get(Key(fresh)) == Row(Key(fresh), {"v": version}, version)


def test_put_replaces_the_whole_row(register: PermitRegister, fresh: str) -> None:
    register.commit(Put(Key(fresh), {"old": 1}))
    register.commit(Put(Key(fresh), {"new": 1}, expected_version=1))
    assert register.get(Key(fresh)) == Row(Key(fresh), {"new": 1}, 2)


def test_commit_is_atomic_and_conflict_names_every_failed_condition(register: PermitRegister, fresh: str) -> None:
    a, b, c, d = (Key(fresh, name) for name in "abcd")
    register.commit(Put(a, {"v": 1}), Put(b, {"v": 1}))
    with pytest.raises(Conflict) as refused:
        register.commit(
            Put(c, {"v": 2}),
            Put(a, {"v": 2}, expected_version=0),  # the row exists
            Put(b, {"v": 2}, expected_version=1),  # the right version
            Put(d, {"v": 2}, expected_version=5),  # missing
        )
    assert refused.value.keys == (a, d)
    assert register.query(fresh) == (Row(a, {"v": 1}, 1), Row(b, {"v": 1}, 1))


def test_transaction_spans_partitions(register: PermitRegister, fresh: str) -> None:
    register.commit(*(Put(Key(f"{fresh}-{n}"), {"n": n}) for n in range(100)))
    assert register.get(Key(f"{fresh}-99")) == Row(Key(f"{fresh}-99"), {"n": 99}, 1)


def test_empty_commit_does_nothing(register: PermitRegister) -> None:
    register.commit()


def test_invalid_puts_are_refused(register: PermitRegister, fresh: str) -> None:
    with pytest.raises(ValueError, match="101 puts"):
        register.commit(*(Put(Key(fresh, str(n)), {}) for n in range(101)))
    with pytest.raises(ValueError, match="same row"):
        register.commit(Put(Key(fresh), {}), Put(Key(fresh), {}, expected_version=1))
    with pytest.raises(TypeError):
        register.commit(Put(Key(fresh), {"weight": 1.5}))
    with pytest.raises(TypeError):
        register.commit(Put(Key(fresh), {1: "a"}))
    with pytest.raises(ValueError, match="colour"):
        register.commit(Put(Key(fresh), {}, index={"colour": "red"}))
    with pytest.raises(ValueError, match="state"):
        register.commit(Put(Key(fresh), {}, index={"state": ""}))
    for key in (Key("", "a"), Key(fresh, ""), Key(fresh, "x" * 1025)):
        with pytest.raises(ValueError, match="bytes"):
            register.commit(Put(key, {}))
        with pytest.raises(ValueError, match="bytes"):
            register.get(key)
    assert register.query(fresh) == ()


def test_too_large_row_is_refused_before_the_call(register: PermitRegister, fresh: str) -> None:
    room = 390_000 - len('{"t":""}')
    with pytest.raises(errors.TooLarge):
        register.commit(Put(Key(fresh), {"t": "x" * (room + 1)}))
    with pytest.raises(errors.TooLarge):
        register.commit(*(Put(Key(fresh, str(n)), {"t": "x" * 380_000}) for n in range(11)))
    largest = Put(Key(fresh, "s" * 1024), {"t": "ы" * (room // 2)}, index=dict.fromkeys(["state", "owner"], "i" * 2048))
    register.commit(largest)
    assert register.get(largest.key) == Row(largest.key, largest.data, 1)


def test_ten_large_rows_fit_one_transaction(register: PermitRegister, fresh: str) -> None:
    register.commit(*(Put(Key(fresh, str(n)), {"t": "x" * 385_000}) for n in range(10)))
    assert len(register.query(fresh)) == 10


def test_query_keeps_order_range_and_limit(register: PermitRegister, fresh: str) -> None:
    names = ["B", "a", "a#1", "a#10", "a#2", "b", "ж", "\U0001f985"]
    register.commit(*(Put(Key(fresh, name), {}) for name in reversed(names)), Put(Key(fresh + "x", "a"), {}))
    assert sorts(register.query(fresh)) == names
    assert sorts(register.query(fresh, newest_first=True)) == names[::-1]
    assert sorts(register.query(fresh, start="a#", stop="a$")) == ["a#1", "a#10", "a#2"]
    assert sorts(register.query(fresh, start="a", stop="b")) == ["a", "a#1", "a#10", "a#2"]
    assert sorts(register.query(fresh, start="a", stop="b", newest_first=True, limit=1)) == ["a#2"]
    assert sorts(register.query(fresh, stop="a")) == ["B"]
    assert sorts(register.query(fresh, start="b", limit=2)) == ["b", "ж"]
    assert sorts(register.query(fresh, newest_first=True, limit=2)) == ["\U0001f985", "ж"]
    for start, stop in (("b", "a"), ("a", "a"), ("", "")):
        assert register.query(fresh, start=start, stop=stop) == ()
    assert register.query(fresh, limit=0) == ()
    assert register.query(fresh + "y") == ()


def test_query_continues_past_one_megabyte(register: PermitRegister, fresh: str) -> None:
    """DynamoDB ends a page of a Query at 1 MB."""
    names = [f"{n:02d}" for n in range(20)]
    for name in names:
        register.commit(Put(Key(fresh, name), {"t": name * 90_000}))
    assert sorts(register.query(fresh)) == names
    assert sorts(register.query(fresh, newest_first=True, limit=15)) == names[:4:-1]
    assert sorts(register.query(fresh, start="01", stop="19")) == names[1:19]


def test_bump_counts_up(register: PermitRegister, fresh: str) -> None:
    key = Key(fresh, "misses")
    assert [register.bump(key), register.bump(key, expires=2_000_000_000), register.bump(key)] == [1, 2, 3]
    assert register.get(key) == Row(key, {}, 3)
    assert register.bump(Key(fresh, "other")) == 1


def search_all(register: PermitRegister, index: str, value: str, limit: int) -> list[list[Row]]:
    pages, cursor = [], None
    while True:
        rows, cursor = register.search(index, value, cursor=cursor, limit=limit)
        pages.append(list(rows))
        if cursor is None:
            return pages


def test_search_returns_pages_newest_first(register: PermitRegister, fresh: str) -> None:
    names = [f"{(n * 7) % 10}" for n in range(10)]  # not in the order of their names
    for name in names:
        register.commit(Put(Key(fresh, name), {"n": name}, index={"owner": fresh, "state": f"{fresh}{name}"}))
    for limit, sizes in ((4, [4, 4, 2]), (5, [5, 5]), (10, [10]), (50, [10])):
        pages = search_all(register, "owner", fresh, limit)
        assert [len(page) for page in pages] == sizes
        assert [row.data["n"] for page in pages for row in page] == names[::-1]
    assert sorts(register.search("state", fresh + "7")[0]) == ["7"]
    assert register.search("shelf", fresh) == ((), None)


def test_search_returns_pages_oldest_first_on_request(register: PermitRegister, fresh: str) -> None:
    names = [f"{(n * 7) % 10}" for n in range(10)]
    for name in names:
        register.commit(Put(Key(fresh, name), {"n": name}, index={"owner": fresh}))
    for limit in (4, 5, 10):
        pages, cursor = [], None
        while True:
            rows, cursor = register.search("owner", fresh, cursor=cursor, limit=limit, oldest_first=True)
            pages += [row.data["n"] for row in rows]
            if cursor is None:
                break
        assert pages == names


def test_search_returns_last_put_of_a_transaction_first(register: PermitRegister, fresh: str) -> None:
    register.commit(*(Put(Key(f"{fresh}{n}"), {}, index={"owner": fresh}) for n in (3, 1, 2)))
    assert [row.key.partition[-1] for row in register.search("owner", fresh)[0]] == ["2", "1", "3"]


def test_search_follows_index_and_keeps_age_of_row(register: PermitRegister, fresh: str) -> None:
    for name in "abc":
        register.commit(Put(Key(fresh, name), {}, index={"state": fresh + "draft", "owner": fresh}))
    register.commit(
        Put(Key(fresh, "a"), {"v": 2}, expected_version=1, index={"state": fresh + "issued", "owner": fresh})
    )
    register.commit(Put(Key(fresh, "b"), {"v": 2}, expected_version=1))
    assert sorts(register.search("state", fresh + "draft")[0]) == ["c"]
    assert register.search("state", fresh + "issued")[0] == (Row(Key(fresh, "a"), {"v": 2}, 2),)
    assert sorts(register.search("owner", fresh)[0]) == ["c", "a"]  # a is still the oldest


@pytest.mark.parametrize(
    "cursor", ["", "x", "e30", "WyJhIl0", "é", "WyIxIiwiMiIsIjMiXQ==", "a" * 7000, "WyIxIiwiIiwiMyJd"]
)
def test_forged_cursor_is_refused(register: PermitRegister, cursor: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        register.search("owner", "x", cursor=cursor)
    assert refused.value.errors[0].field == "cursor"


def test_unknown_index_raises_value_error(register: PermitRegister) -> None:
    with pytest.raises(ValueError, match="colour"):
        register.search("colour", "red")


def test_expiry_is_stored_and_removed_by_write_without_it(stores: Stores, fresh: str) -> None:
    """A row written again without a time is permanent."""
    stores.register.commit(Put(Key(fresh, "a"), {}, expires=1), Put(Key(fresh, "b"), {}, expires=2_000_000_000))
    stores.register.commit(Put(Key(fresh, "a"), {}, expected_version=1))
    assert sorts(stores.register.query(fresh)) == ["a", "b"]
    if stores.name != "memory":
        found = {m.sk: m.expires for m in stores.register._model.query(fresh)}
        assert found == {"a": None, "b": 2_000_000_000}


def test_identity_is_stable_and_changes_with_a_new_table(register: PermitRegister, stores: Stores) -> None:
    """A table created again under the same name has another id, so platform/restore_lock.py depends on this."""
    assert register.identity() == register.identity() != ""
    if stores.name == "memory":
        assert MemoryRegister().identity() != register.identity()
        return
    other = f"tamga-{uuid.uuid4().hex[:8]}"
    client = register._connection().client  # type: ignore[attr-defined]
    found = []
    for _ in range(2):  # the second time under the same name, as after a restore
        resources.ensure_table(client, other)
        made = DynamoRegister(other, region=REGION, endpoint=client.meta.endpoint_url)
        found.append(made.identity())
        client.delete_table(TableName=other)
    assert len({register.identity(), *found}) == 3
