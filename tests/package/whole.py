"""Package of HEAD: reproducible, deployed by CloudFormation, and used through its gateway.

This takes minutes, so it runs in `make soak` (and `make package`, `make deploy-local`), not in `make test`.
"""

from __future__ import annotations

from pathlib import Path

import proof

from local import deploy
from local.package import build, times


def test_package_of_one_commit_is_reproducible(tmp_path: Path) -> None:
    first, second = (build.build("practice", out=tmp_path / name) for name in ("first", "second"))
    for name in ("deployment.zip", "sam.json", "sam-engine.json", "sbom.cdx.json"):
        assert (first / name).read_bytes() == (second / name).read_bytes(), name
    proof.found("package", packed_MB=round((first / "deployment.zip").stat().st_size / 1e6, 1))


def test_each_function_responds_under_lambda_client(aws_credentials: None) -> None:
    made = deploy.packaged(print)
    found = {each.name: each for each in times.measure(made / "deployment.zip", rounds=proof.size(1, 5))}
    assert len(found) == 12
    proof.found("package", verify_cold_ms=found["verify"].cold, verify_warm_ms=found["verify"].warm)


def test_permit_life_works_on_deployed_stack(aws_credentials: None) -> None:
    said: list[str] = []
    deploy.run(said.append)
    assert "409" in "\n".join(said)
    proof.found("package", steps=len(said))
