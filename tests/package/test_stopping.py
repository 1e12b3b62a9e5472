"""Ctrl-C during packaging or deployment: exit code 130, one line of output, no process and no partial result left."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from local.engine import ROOT
from local.package import build
from local.package.runtime_api import Function
from local.stopping import STOPPED_MESSAGE, scratch

SECONDS = 300.0
DEPLOY = """
import sys, time
from local import deploy
from local.engine import Engine

def run(say, *, any_commit):
    with Engine() as engine:
        say(f"engine {engine.pid}")
        time.sleep(120)

deploy.run = run
sys.exit(deploy.main([]))
"""


def started(*command: str, **env: str) -> subprocess.Popen[str]:
    """Start a process in its own process group, as a terminal does."""
    return subprocess.Popen(
        [sys.executable, "-u", *command], cwd=ROOT, env={**os.environ, **env}, start_new_session=True, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def running(group: int) -> list[str]:
    """Commands of the running processes of a group, without zombies."""
    said = subprocess.run(["ps", "-eo", "pgid=,stat=,args="], capture_output=True, text=True, check=True).stdout
    found = [line.split(maxsplit=2) for line in said.splitlines()]
    return [words[-1] for words in found if int(words[0]) == group and not words[1].startswith("Z")]


def ended(group: int) -> bool:
    """Wait until the group has ended, because a killed process needs a moment."""
    end = time.monotonic() + 60
    while (left := running(group)) and time.monotonic() < end:
        time.sleep(0.05)
    return not left


@pytest.mark.slow
def test_interrupted_packaging_leaves_nothing(tmp_path: Path) -> None:
    process = started("-m", "local.package.build", TMPDIR=str(tmp_path))
    end = time.monotonic() + SECONDS
    while not list(tmp_path.glob("tamga-package-*/tree/around.json")):  # chalice and pip run next
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.05)
    time.sleep(1)
    os.killpg(process.pid, signal.SIGINT)
    said, complained = process.communicate(timeout=SECONDS)
    assert (process.returncode, said, complained) == (130, "", f"{STOPPED_MESSAGE}\n")
    assert list(tmp_path.iterdir()) == []
    assert ended(process.pid)


@pytest.mark.engine
@pytest.mark.slow
def test_deployment_interrupted_three_times_leaves_nothing() -> None:
    process = started("-c", DEPLOY)
    assert process.stdout
    engine = int(process.stdout.readline().split()[-1])
    assert running(engine)
    for _ in range(3):
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.02)
    _, complained = process.communicate(timeout=SECONDS)
    assert (process.returncode, complained) == (130, f"{STOPPED_MESSAGE}\n")
    assert ended(engine)


def test_function_interrupted_at_start_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(seconds: float) -> bool:
        raise KeyboardInterrupt

    (tmp_path / "app.py").write_text("import time\ntime.sleep(60)\n")
    function = Function(tmp_path, "app.app")
    monkeypatch.setattr(function._ready, "wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        function.__enter__()
    assert function._process.poll() is not None


def test_package_replaces_the_old_one_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, target = tmp_path / "made", tmp_path / "practice"
    for folder in (made, target):
        folder.mkdir()
        (folder / "commit").write_text(folder.name)

    def cut_off(source: Path, there: Path) -> None:
        there.mkdir()
        (there / "commit").write_text("half")
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(shutil, "copytree", cut_off)
        with pytest.raises(KeyboardInterrupt):
            build._replace_output(made, target)
    assert {path.name for path in tmp_path.iterdir()} == {"made", "practice"}
    assert (target / "commit").read_text() == "practice"
    build._replace_output(made, target)
    assert (target / "commit").read_text() == "made"


def test_scratch_folder_is_deleted_despite_interruption(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left, whole = [KeyboardInterrupt()], shutil.rmtree

    def interrupted_once(folder: Path, *, ignore_errors: bool = False) -> None:
        if left:
            raise left.pop()
        whole(folder, ignore_errors)

    monkeypatch.setattr(shutil, "rmtree", interrupted_once)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(KeyboardInterrupt), scratch("test") as folder:
        (folder / "file").write_text("")
    assert list(tmp_path.iterdir()) == []


def test_unknown_stage_exits_with_choices(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        build.main(["--stage", "bogus"])
    said = capsys.readouterr().err
    assert left.value.code == 2
    assert "practice" in said
    assert "production" in said
    assert "bogus" in said
