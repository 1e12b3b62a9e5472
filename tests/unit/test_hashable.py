"""Hashing of the frozen dataclasses of pure modules, which are used in sets, as keys and in compared tables."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import types
import typing
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("kernel", "record", "token", "uses", "verdict", "patterns")
FILES = [path.relative_to(ROOT) for path in (ROOT / "chalicelib").rglob("*.py") if path.name != "__init__.py"]
PURE = [
    ".".join(path.with_suffix("").parts)
    for path in FILES
    if path.parts[1] in ROOMS or {"model", "model.py", "rules"} & set(path.parts[2:])
]
UNHASHABLE = ("dict", "list", "set", "Mapping", "MutableMapping", "Sequence", "Any")


def frozen() -> Iterator[type]:
    """Every frozen dataclass of the pure modules that compares by value."""
    for name in PURE:
        module = importlib.import_module(name)
        for _, each in inspect.getmembers(module, inspect.isclass):
            if each.__module__ == name and dataclasses.is_dataclass(each):
                params = each.__dataclass_params__
                if params.frozen and params.eq:
                    yield each


def names(hint: object) -> Iterator[str]:
    """The names of the types in an annotation, where unions, tuples and frozen sets are opened."""
    origin = typing.get_origin(hint)
    if origin in {types.UnionType, typing.Union, tuple, frozenset}:
        for each in typing.get_args(hint):
            yield from names(each)
    else:
        yield getattr(origin or hint, "__name__", str(hint))


def test_frozen_dataclasses_of_pure_modules_are_hashable() -> None:
    found = {}
    for each in frozen():
        if each.__hash__ is None:
            continue
        hints = typing.get_type_hints(each)
        for field in dataclasses.fields(each):
            hashed = field.compare if field.hash is None else field.hash
            bad = set(names(hints[field.name])) & set(UNHASHABLE)
            if hashed and bad:
                found[f"{each.__module__}.{each.__name__}.{field.name}"] = hints[field.name]
    assert found == {}
