"""Names in the import contracts of pyproject.toml, because a pattern without a match would pass silently."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
PATHS = [path.relative_to(ROOT) for path in (ROOT / "chalicelib").rglob("*.py")]
MODULES = {".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in PATHS}
ROOMS = {path.parts[1] for path in PATHS if len(path.parts) > 2}
NO_FLOORS = {"composition", "adapters", "bulk", "reading", "i18n", "cli", "http", "platform",
             "kernel", "record", "token", "uses", "verdict", "patterns"}  # fmt: skip
each_contract = pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract["name"])


def named(contract: dict[str, list[str]]) -> Iterator[str]:
    for member in ("source_modules", "forbidden_modules", "containers", "ancestors"):
        yield from contract.get(member, ())


def matches(pattern: str) -> set[str]:
    form = re.escape(pattern).replace(r"\*\*", r"[\w.]+").replace(r"\*", r"\w+")
    return {name for name in MODULES if re.fullmatch(form, name)}


@each_contract
def test_patterns_of_contract_match_modules(contract: dict[str, list[str]]) -> None:
    ours = [pattern for pattern in named(contract) if pattern.startswith("chalicelib")]
    assert ours
    assert [pattern for pattern in ours if not matches(pattern)] == []


def test_rooms_of_the_order_equal_the_folders() -> None:
    (order,) = (each for each in CONTRACTS if each.get("exhaustive"))
    assert sorted(order["layers"]) == sorted(ROOMS)
    assert "ignore_imports" not in order


def test_contract_of_floors_covers_every_room_with_floors() -> None:
    (floors,) = (each for each in CONTRACTS if len(each.get("containers", ())) > 1)
    assert set(floors["containers"]) == {f"chalicelib.{room}" for room in ROOMS - NO_FLOORS}
    stand = {name.strip("() ") for layer in floors["layers"] for name in layer.split("|")}
    there = {
        path.parts[2].removesuffix(".py") for path in PATHS if len(path.parts) > 2 and path.parts[1] not in NO_FLOORS
    }
    assert stand <= there


def test_contract_of_aws_libraries_covers_every_room_but_adapters() -> None:
    (rule,) = (each for each in CONTRACTS if each["name"] == "Only adapters import the AWS libraries")
    assert sorted(rule["source_modules"]) == sorted(f"chalicelib.{room}" for room in ROOMS - {"adapters"})


def test_no_folder_has_more_than_25_modules() -> None:
    folders = {path.parent for path in PATHS}
    counts = {str(folder): len([path for path in PATHS if path.parent == folder]) for folder in folders}
    assert {folder: count for folder, count in counts.items() if count - 1 > 25} == {}
