"""The command line as a whole: name, completion, exit codes of refusals, and imports at start."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
import typer

from chalicelib.cli import output
from chalicelib.composition import container, main
from chalicelib.kernel.errors import FieldError, Forbidden, Invalid, Unavailable
from chalicelib.platform.deps import Provided

ROOT = Path(__file__).parents[3]
UNDETECTED = {**os.environ, "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}  # typer then asks for the shell's name


def tamga(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / "bin" / "tamga", *words],
        env={**UNDETECTED, **env},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )


def test_launcher_works_from_any_folder() -> None:
    done = tamga("--help", COLUMNS="200")
    assert done.returncode == 0, done.stderr
    assert "Usage: tamga" in done.stdout
    assert "verify" in done.stdout


def test_completion_script_is_for_tamga() -> None:
    script = tamga("--show-completion", "bash").stdout
    assert "_TAMGA_COMPLETE=complete_bash" in script
    assert "complete -o default -F _tamga_completion tamga" in script


def test_completion_completes_a_command() -> None:
    done = tamga(_TAMGA_COMPLETE="complete_bash", COMP_WORDS="tamga ver", COMP_CWORD="1")
    assert done.stdout.split() == ["verify"]


def test_registering_commands_imports_nothing_heavy() -> None:
    script = (
        "import sys, chalicelib.composition.main\n"
        "print([m for m in ('chalice', 'boto3', 'botocore', 'pynamodb', 'reportlab', 'pyhanko',"
        " 'chalicelib.composition.container', 'chalicelib.permits.services.store') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (Forbidden("Not you."), 1, ["forbidden: Not you."]),
        (
            Invalid(FieldError("kid", "x", "unknown"), FieldError("seq", "x", "too low")),
            2,
            ["kid: unknown", "seq: too"],
        ),
        (Unavailable("The store is busy."), 3, ["unavailable: The store is busy."]),
    ],
)
def test_refusal_is_one_line_and_an_exit_code(
    capsys: pytest.CaptureFixture[str], error: Exception, code: int, words: list[str]
) -> None:
    with pytest.raises(typer.Exit) as left, output.refusals():
        raise error
    assert left.value.exit_code == code
    said = capsys.readouterr()
    assert said.out == ""
    assert all(word in said.err for word in words)


def test_missing_configuration_is_one_line() -> None:
    for words in (("keys", "list"), ("publish",), ("sweep",)):
        done = tamga(*words, TAMGA_TABLE="", TAMGA_STATIC_BUCKET="")
        assert done.returncode == 2
        assert done.stderr.startswith("TAMGA_TABLE, TAMGA_STATIC_BUCKET: not set; ")
        assert done.stderr.count("\n") == 1
        assert "python -m local.env" in done.stderr
    done = tamga("doctor", TAMGA_TABLE="", TAMGA_STATIC_BUCKET="")
    assert (done.returncode, done.stderr) == (2, "")
    assert "checks 2 to 15 did not run" in done.stdout
    assert "2 register" not in done.stdout


def test_unreachable_engine_is_named() -> None:
    """No server listens on 127.0.0.1:9 (discard)."""
    there = {
        "TAMGA_ENDPOINT": "http://127.0.0.1:9", "TAMGA_TABLE": "t", "TAMGA_STATIC_BUCKET": "s",
        "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y",
    }  # fmt: skip
    for words in (("keys", "list"), ("publish",)):
        done = tamga(*words, **there)
        assert done.returncode == 3
        assert "http://127.0.0.1:9 does not answer (TAMGA_ENDPOINT)" in done.stderr
        assert "frames" not in done.stderr
        assert done.stdout == ""


def test_malformed_variable_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("TAMGA_ISSUER", "Kyrgyzstan")
    container.replace_deps(None)
    with pytest.raises(typer.Exit) as left:
        main.keys.container()
    assert left.value.exit_code == 2
    assert "TAMGA_ISSUER: expected two capital letters" in capsys.readouterr().err


def test_main_provides_every_function_of_the_commands() -> None:
    files = [*ROOT.glob("chalicelib/*/cli.py"), *ROOT.glob("chalicelib/*/cli/*.py"), *ROOT.glob("chalicelib/bulk/*.py")]
    modules = [import_module(".".join(each.relative_to(ROOT).with_suffix("").parts)) for each in files]
    provided = {
        f"{module.__name__}.{name}": value
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, Provided)
    }
    assert len(provided) >= 14
    assert [name for name, value in provided.items() if value._function is None] == []
