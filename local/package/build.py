"""`make package`: make the deployment package of one stage from a commit, or print every reason why it cannot be made.

1. Export a commit (HEAD) to a temporary folder.
2. Check that the lock agrees with the requirements, and fetch every wheel.
3. `chalice package` with those wheels, without any index.
4. trim.py leaves out what no function uses.
5. check.py.
6. The bill of materials.
7. Cold and warm starts with Lambda's own runtime client.

Output in .local/package/<stage>/: deployment.zip, sam.json, sam-engine.json (for the local engine), sbom.cdx.json. The
times are in .local/package/cold-starts.json.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from io import BytesIO
from pathlib import Path

from chalicelib.kernel.codes import LANGUAGES
from infra.template import STAGES
from local.engine import REGION, ROOT, EngineError
from local.package import check, lock, sbom, times, wheels
from local.package.runtime_api import FunctionError
from local.package.trim import trim
from local.package.wheels import PackageError
from local.run import hide_aws_accounts
from local.stopping import scratch, until_stopped

OUT = ROOT / ".local" / "package"
WHEELS = OUT / "wheels"
LOCK = "requirements.lock"
ENGINE = "local/package/engine.yaml"
CHALICE = "import sys; from chalice.cli import main; sys.exit(main())"


def export(root: Path, commit: str, folder: Path) -> None:
    """Write the commit's files to `folder`, without anything uncommitted. Raises `PackageError`."""
    ended = subprocess.run(["git", "archive", commit], cwd=root, capture_output=True, check=False)
    if ended.returncode:
        raise PackageError(f"git archive: {ended.stderr.decode().strip()}")
    with tarfile.open(fileobj=BytesIO(ended.stdout)) as archive:
        archive.extractall(folder, filter="tar")  # our own archive; the filter keeps the link vendor/pdf_templates


def commit_id(commit: str, root: Path = ROOT) -> str:
    """The commit's full id. Raises `subprocess.CalledProcessError` if there is no such commit."""
    command = ["git", "rev-parse", "--verify", f"{commit}^{{commit}}"]
    return subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout.strip()


def templates(tree: Path) -> list[str]:
    """Paths of every file of every form, relative to pdf_templates/."""
    base = tree / "pdf_templates"
    return sorted(str(path.relative_to(base)) for path in base.rglob("*") if path.is_file())


def handlers(template: Path) -> list[str]:
    """The handlers of all functions in a SAM template."""
    resources = json.loads(template.read_text())["Resources"].values()
    return sorted(
        each["Properties"]["Handler"] for each in resources if each["Type"] == "AWS::Serverless::Function"
    )  # fmt: skip


def chalice_package(tree: Path, stage: str, wheelhouse: Path, out: Path) -> None:
    """Write Chalice's deployment.zip and sam.json to `out`.

    Raises `PackageError`, also where chalice fails with exit code 0.
    """
    shutil.copyfile(tree / LOCK, tree / "requirements.txt")  # so that Chalice's pip checks hashes too
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tree),
        "PYTHONDONTWRITEBYTECODE": "1",
        "AWS_DEFAULT_REGION": REGION,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheelhouse),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    python = [sys.executable, "-B"]
    _run([*python, "-m", "local.catalogues"], tree, environment)
    _run([*python, "-m", "local.fonts"], tree, environment)
    variants = {"sam-engine.json": ["--core", "--with", str(tree / ENGINE)], "sam.json": []}
    for name, options in variants.items():  # both have the same archive
        around = tree / "around.json"
        around.write_text(_run([*python, "-m", "infra.template", stage, *options], tree, environment))
        package = [*python, "-c", CHALICE, "package", "--stage", stage, "--merge-template", str(around), str(out)]
        if said := check.output_faults(_run(package, tree, environment)):
            raise PackageError(*said)
        if name != "sam.json":
            (out / "sam.json").rename(out / name)


def _run(command: list[str], tree: Path, environment: dict[str, str]) -> str:
    ended = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)
    output = ended.stdout + ended.stderr
    if ended.returncode:
        raise PackageError(f"{' '.join(command[-4:])}: {output.strip()[-1500:]}")
    return output


def build(stage: str, *, commit: str = "HEAD", root: Path = ROOT, out: Path = OUT) -> Path:
    """Run steps 1 to 6 and return the folder with the output. Raises `PackageError` with every fault."""
    target = out / stage
    with scratch("package") as folder:
        tree, whole, unpacked, made = (folder / name for name in ("tree", "whole", "unpacked", "made"))
        tree.mkdir()
        made.mkdir()
        export(root, commit, tree)  # 1
        if wrong := lock.differences(tree / "requirements.txt", tree / LOCK):  # 2
            raise PackageError(*wrong)
        wheelhouse = wheels.wheelhouse(tree / LOCK, out / "wheels")
        chalice_package(tree, stage, wheelhouse, made)  # 3
        archive = made / "deployment.zip"
        unpack(archive, whole)
        shutil.move(archive, made / "whole.zip")
        trim(made / "whole.zip", archive)  # 4
        (made / "whole.zip").unlink()
        unpack(archive, unpacked)
        found = check.faults(archive, templates=templates(tree), languages=LANGUAGES, lock=tree / LOCK)  # 5
        found += check.import_faults(unpacked, whole, handlers(made / "sam.json"))
        if found:
            raise PackageError(*found)
        bill = sbom.bill(unpacked, whole, wheelhouse, tree)  # 6
        if wrong := sbom.schema_faults(bill):
            raise PackageError(*wrong)
        (made / "sbom.cdx.json").write_text(bill)
        (made / "commit").write_text(commit_id(commit, root))
        _replace_output(made, target)
    return target


def _replace_output(made: Path, target: Path) -> None:
    """Move the output to `target`, as a whole or not at all even if interrupted.

    An existing `target` counts as a finished package.
    """
    part = target.with_name(f"{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        shutil.copytree(made, part)
        shutil.rmtree(target, ignore_errors=True)
        part.rename(target)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def unpack(archive: Path, folder: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make package", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--stage", default="practice", choices=STAGES, help="stage of .chalice/config.json")
    parser.add_argument("--commit", default="HEAD", help="commit to package; an older one to roll back")
    parser.add_argument(
        "--rounds", type=int, default=times.ROUNDS, help="number of cold starts to measure for each function; 0: none"
    )
    asked = parser.parse_args(arguments)
    return until_stopped(lambda: _made(asked.stage, asked.commit, asked.rounds))


def _made(stage: str, commit: str, rounds: int) -> int:
    """Run steps 1 to 7, print results and faults, and return the exit code."""
    try:
        made = build(stage, commit=commit)
    except PackageError as error:
        print("The package was not made:", *error.args, sep="\n  ", file=sys.stderr)
        return 1
    with zipfile.ZipFile(made / "deployment.zip") as archive:
        size = sum(entry.file_size for entry in archive.infolist())
    packed = (made / "deployment.zip").stat().st_size
    print(f"{made.relative_to(ROOT)}/deployment.zip: {packed / 1e6:.1f} MB, {size / 1e6:.1f} MB unzipped")
    print(f"  {check.species_size(made / 'deployment.zip')}")
    if commit == "HEAD" and _dirty():
        print("  It is made from the last commit; uncommitted changes are not in it.")
    print(sbom.overview(made / "sbom.cdx.json"))
    if rounds:
        hide_aws_accounts()
        try:
            found = times.measure(made / "deployment.zip", rounds=rounds, keep=OUT / "cold-starts.json")  # 7
        except (FunctionError, EngineError) as error:
            print(
                "The package was made, but a function in it does not answer:", *error.args, sep="\n  ", file=sys.stderr
            )
            return 1
        print(times.table(found))
    return 0


def _dirty() -> bool:
    shown = subprocess.run(["git", "status", "--porcelain"], cwd=ROOT, capture_output=True, check=False)
    return bool(shown.stdout)


if __name__ == "__main__":
    raise SystemExit(main())
