"""Private members of libraries: used in two modules only, each checked with the installed version."""

from __future__ import annotations

import ast
from importlib.metadata import version
from pathlib import Path

from chalicelib.adapters.aws import pynamodb_private
from chalicelib.issuing.print import reportlab_private

PACKAGE = Path(__file__).resolve().parents[2] / "chalicelib"
ADAPTERS = {Path(module.__file__ or "") for module in (pynamodb_private, reportlab_private)}


OF_NAMED_TUPLES = {"_fields", "_replace", "_asdict", "_make"}  # documented, and private by name only


def private(path: Path) -> list[str]:
    """Each `x._name` of a class that the file does not define."""
    every = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    found = [
        node
        for node in every
        if isinstance(node, ast.Attribute) and node.attr.startswith("_") and not node.attr.startswith("__")
    ]
    own = {node.name for node in every if isinstance(node, ast.FunctionDef)}
    own |= {node.attr for node in found if ast.unparse(node.value) in {"self", "cls"}}
    return [ast.unparse(node) for node in found if node.attr not in own | OF_NAMED_TUPLES]


def test_private_members_are_used_only_in_their_adapters() -> None:
    found = {(path.name, each) for path in PACKAGE.rglob("*.py") if path not in ADAPTERS for each in private(path)}
    assert found == {("__main__.py", "os._exit")}  # documented, and private by name only


def test_each_adapter_uses_private_members() -> None:
    assert all(private(path) for path in ADAPTERS)


def test_adapters_were_checked_with_the_installed_versions() -> None:
    """After an upgrade: read the release notes, review the adapter, then write the new version into it."""
    assert version("reportlab") == reportlab_private.CHECKED_WITH
    assert version("pynamodb") == pynamodb_private.CHECKED_WITH
