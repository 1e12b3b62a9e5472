"""cfn-lint and checkov on the templates: no findings except those that infra/checkov.yaml answers."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from merged import ROOT, merged

from infra.template import us_east_1

pytestmark = pytest.mark.slow
BIN = ROOT / ".venv-infra" / "bin"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each template as the JSON that CloudFormation gets."""
    folder = tmp_path_factory.mktemp("templates")
    made = {"production": merged("production"), "us-east-1": us_east_1()}
    for name, template in made.items():
        (folder / f"{name}.json").write_text(json.dumps(template, indent=1))
    return {name: folder / f"{name}.json" for name in made}


def linted(path: Path, region: str) -> subprocess.CompletedProcess[str]:
    command = [str(BIN / "cfn-lint"), "--regions", region, "--format", "parseable", "--template", str(path)]
    return subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)


@pytest.mark.parametrize(("name", "region"), [("production", "eu-central-1"), ("us-east-1", "us-east-1")])
def test_cfn_lint_reports_nothing(written: dict[str, Path], name: str, region: str) -> None:
    done = linted(written[name], region)
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


def test_cfn_lint_reports_a_wrong_property(written: dict[str, Path], tmp_path: Path) -> None:
    template = json.loads(written["production"].read_text())
    template["Resources"] = {"Register": template["Resources"]["Register"]}
    template["Resources"]["Register"]["Properties"]["DeletionProtection"] = True
    (tmp_path / "wrong.json").write_text(json.dumps(template))
    done = linted(tmp_path / "wrong.json", "eu-central-1")
    assert "E3002" in done.stdout
    assert done.returncode


def test_checkov_findings_are_fixed_or_answered(written: dict[str, Path]) -> None:
    command = [
        str(BIN / "python"), str(Path(__file__).with_name("quick_checkov.py")), "--framework", "cloudformation",
        "--skip-download", "--quiet", "--compact", "--output", "json", "--file", str(written["production"]),
        str(written["us-east-1"]),
    ]  # fmt: skip
    quiet = {**os.environ, "LOG_LEVEL": "ERROR", "CHECKOV_RUN_SCA_PACKAGE_SCAN_V2": "false"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=500, check=False, env=quiet)
    report = json.loads(done.stdout)
    assert report["summary"]["parsing_errors"] == 0
    assert report["summary"]["resource_count"] > 150
    found = {(one["check_id"], one["resource"].rpartition(".")[2]) for one in report["results"]["failed_checks"]}
    answers: list[dict[str, Any]] = yaml.safe_load((ROOT / "infra" / "checkov.yaml").read_text())
    assert all(len(answer["reason"]) > 30 for answer in answers)
    assert found == {(answer["check"], name) for answer in answers for name in answer["resources"]}
