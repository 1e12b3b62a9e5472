"""Download the wheels of requirements.lock for AWS Lambda, each compared with its hash."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

PYTHON = "3.13"
GLIBC = 34  # minor version: Amazon Linux 2023, which runs python3.13, has glibc 2.34
MACHINES = {"x86_64": "x86_64", "arm64": "aarch64"}  # architecture as Lambda names it -> as wheels name it


class PackageError(RuntimeError):
    """Raised when the package cannot be made or is faulty. Each argument is one reason."""


def platform_options(architecture: str) -> list[str]:
    """Options of pip for "wheels that run on Lambda, and nothing that must be compiled"."""
    machine = MACHINES[architecture]
    tags = [f"manylinux_2_{minor}_{machine}" for minor in range(GLIBC, 16, -1)] + [f"manylinux2014_{machine}", "any"]
    options = ["--only-binary=:all:", "--implementation=cp", f"--python-version={PYTHON}"]
    options += [f"--abi={abi}" for abi in ("cp313", "abi3", "none")]
    return options + [f"--platform={tag}" for tag in tags]


def wheelhouse(lock: Path, cache: Path, architecture: str = "x86_64") -> Path:
    """The folder with every wheel of the lock, cached in `cache` until the lock changes. Raises `PackageError`."""
    made = cache / f"{architecture}-{sha256(lock.read_bytes()).hexdigest()[:16]}"
    if made.exists():
        return made
    partial = made.with_suffix(f".{os.getpid()}")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--require-hashes", "--requirement", str(lock), "--dest", str(partial)]
    try:
        ended = subprocess.run(
            [*command, *platform_options(architecture)], capture_output=True, text=True, check=False, cwd=lock.parent
        )
        if ended.returncode:
            raise PackageError(
                f"a wheel cannot be downloaded, or its hash differs from {lock.name}: {ended.stderr.strip()[-800:]}"
            )
        shutil.rmtree(made, ignore_errors=True)
        partial.rename(made)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return made
