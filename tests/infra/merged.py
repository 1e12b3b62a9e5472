"""Template of a stage as `chalice package --merge-template` writes it, without building the wheels (minutes)."""

from __future__ import annotations

import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from botocore.session import Session
from chalice.awsclient import TypedAWSClient
from chalice.cli.factory import CLIFactory
from chalice.deploy import models
from chalice.deploy.deployer import BaseDeployStep
from chalice.package import AppPackager, PackageOptions, create_app_packager

from infra.template import build

ROOT = Path(__file__).parents[2]
NODE = str(ROOT / ".venv-node" / "node")  # runs the CloudFront functions


class _NoPackage(BaseDeployStep):
    """An empty archive in place of Chalice's DeploymentPackager."""

    def __init__(self, archive: Path) -> None:
        self._archive = archive

    def handle_deploymentpackage(self, config: Any, resource: models.DeploymentPackage) -> None:
        resource.filename = str(self._archive)


@cache
def merged(stage: str) -> dict[str, Any]:
    """The whole template of a stage, as CloudFormation gets it (before SAM's transform)."""
    with tempfile.TemporaryDirectory() as folder:
        archive, wanted = Path(folder, "empty.zip"), Path(folder, "merge.json")
        archive.write_bytes(b"")
        wanted.write_text(json.dumps(build(stage)))
        config = CLIFactory(str(ROOT), environ={}).create_config_obj(stage)
        session = Session()
        session.set_config_variable("region", "eu-central-1")
        options = PackageOptions(TypedAWSClient(session))
        packager: AppPackager = create_app_packager(config, options, merge_template=str(wanted))
        steps = packager._resource_builder._build_stage._steps
        steps[1] = _NoPackage(archive)
        packager.package_app(config, str(Path(folder, "out")), stage)
        template: dict[str, Any] = json.loads(Path(folder, "out", "sam.json").read_text())
    return template
