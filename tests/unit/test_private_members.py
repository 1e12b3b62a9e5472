"""Private members of libraries are named in two modules alone, each checked with the version that is installed."""

from __future__ import annotations

import ast
from importlib.metadata import version
from pathlib import Path

from chalicelib.adapters.aws import pynamodb_private
from chalicelib.issuing.print import reportlab_private

PACKAGE = Path(__file__).resolve().parents[2] / "chalicelib"
ADAPTERS = {Path(module.__file__ or "") for module in (pynamodb_private, reportlab_private)}


def private(path: Path) -> list[str]:
    """Each `x._name` whose x is neither `self` nor `cls`."""
    found = [
        node
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr.startswith("_") and not node.attr.startswith("__")
    ]
    return [ast.unparse(node) for node in found if ast.unparse(node.value) not in {"self", "cls"}]


def test_a_private_member_elsewhere_than_in_its_adapter_is_none() -> None:
    found = {(path.name, each) for path in PACKAGE.rglob("*.py") if path not in ADAPTERS for each in private(path)}
    assert found == {("__main__.py", "os._exit")}  # documented, and private in name only


def test_each_adapter_names_private_members() -> None:
    assert all(private(path) for path in ADAPTERS)


def test_the_adapters_were_checked_with_the_installed_versions() -> None:
    """After an upgrade: read the release notes, look the adapter through, then write the new version into it."""
    assert version("reportlab") == reportlab_private.CHECKED_WITH
    assert version("pynamodb") == pynamodb_private.CHECKED_WITH
