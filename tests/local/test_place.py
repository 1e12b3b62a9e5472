"""Folder of a local run: one run at a time, secrets readable by their owner only."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from local.engine import ROOT
from local.place import InUse, Place, here, read_json, write_json
from local.setup import root_signer


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "kept")


def test_second_run_in_same_folder_is_refused(place: Place) -> None:
    with place.locked(), pytest.raises(InUse, match="in use"), place.locked():
        pass
    with place.locked():
        pass  # released


def test_secret_files_are_readable_by_owner_only(place: Place) -> None:
    with place.locked():
        assert place.password() == place.password()
        root = root_signer(place)
    assert root_signer(place).kid == root.kid
    for path in (place.folder / "password", place.root_key):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_json_is_written_whole_or_not_at_all(place: Place) -> None:
    place.folder.mkdir()
    assert read_json(place.seeded) is None
    write_json(place.seeded, {"a": "б"})
    assert read_json(place.seeded) == {"a": "б"}
    assert [path.name for path in place.folder.iterdir()] == ["seeded.json"]


def test_folder_is_local_or_from_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TAMGA_LOCAL", raising=False)
    assert here() == Place(ROOT / ".local")
    monkeypatch.setenv("TAMGA_LOCAL", str(tmp_path))
    assert here() == Place(tmp_path)
