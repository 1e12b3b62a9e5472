"""`make run` in the folder of an earlier release: it starts, keeps every permit and signs again."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest
from released import FIXTURES, RELEASES
from test_run import Run, permits

from local.ministry import STORIES

pytestmark = [pytest.mark.engine, pytest.mark.slow]


@pytest.mark.parametrize("release", RELEASES)
def test_run_in_a_folder_of_a_release_keeps_every_permit(release: str, tmp_path: Path) -> None:
    with tarfile.open(FIXTURES / release / "run.tar.xz") as archive:
        archive.extractall(tmp_path, filter="data")
    folder = tmp_path / ".local"
    before = json.loads((folder / "seeded.json").read_text())
    run = Run(folder)
    try:
        assert run.get("/v1/health")["status"] == "ok"
        assert (
            json.loads(run.place.seeded.read_text()).items() >= {k: v for k, v in before.items() if k != "tour"}.items()
        )
        found = permits(run)
        drafts = {before[story.name] for story in STORIES if story.ends == "draft"}  # not on the ministry's list
        assert set(before.values()) - drafts <= set(found)
        token = run.token("ROLE=preparer")
        held = run.get(f"/v1/permits/{before['sakers to the Emirates']}", token)
        verdict = run.get(f"/v1/verify/number?number={held['number']}&code={held['check_code']}")
        assert verdict["outcome"] == "accept"
    finally:
        assert run.stop() == 0
