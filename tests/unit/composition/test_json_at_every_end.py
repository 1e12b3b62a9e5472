"""`--json` prints one JSON value to stdout at every end of every command, failures included."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from chalicelib.composition.main import app


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of each command that has `--json`."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        elif any("--json" in each.opts for each in command.params):
            yield (*path, name)


EVERY = list(commands(typer.main.get_command(app)))


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """No register, no token, no service."""
    for name in ("TAMGA_TABLE", "TAMGA_STATIC_BUCKET", "TAMGA_TOKEN", "TAMGA_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TAMGA_SERVER", "http://127.0.0.1:9")  # discard port: no server


def test_most_commands_have_json() -> None:
    assert len(EVERY) > 25


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_command_without_configuration_prints_one_json_value(path: tuple[str, ...]) -> None:
    result = CliRunner().invoke(app, [*path, "--json"])
    found = json.loads(result.stdout)
    if result.exit_code:
        assert found.get("exit_code", result.exit_code) == result.exit_code
        assert "error" not in found or found["error"]


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_command_with_wrong_option_prints_one_json_value(path: tuple[str, ...]) -> None:
    result = CliRunner().invoke(app, [*path, "--no-such-option", "--json"])
    assert result.exit_code == 2
    assert json.loads(result.stdout) == {"error": "No such option: --no-such-option", "exit_code": 2}


def test_error_without_json_leaves_stdout_empty() -> None:
    result = CliRunner().invoke(app, ["verify", "nofile.pdf", "--no-such-option"])
    assert (result.exit_code, result.stdout) == (2, "")
