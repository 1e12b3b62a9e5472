"""Check and write the locks: requirements*.lock pin each version of requirements*.txt with the hashes of its files.

    python -m local.package.lock            compare; exit 1 and the differences if they disagree
    python -m local.package.lock --write    make the locks anew, with hashes from the registry (make lock)

uv makes a lock for Python 3.13. It has the hashes of every file of a version, so the same lock serves this machine and
Lambda, x86_64 and arm64. It contains no registry's address.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from local.engine import ROOT

HASH = re.compile(r" --hash=sha256:([0-9a-f]{64})")


def lines(path: Path) -> list[str]:
    """Lines of a requirements file or lock, and of the files it includes.

    Continued lines are joined. Comments and empty lines are removed.
    """
    found = []
    for line in re.sub(r" *\\\n *", " ", path.read_text(encoding="utf-8")).splitlines():
        text = re.sub(r"(^|\s)#.*", "", line).strip()
        found += lines(path.parent / text[3:].strip()) if text.startswith("-r ") else [text] if text else []
    return found


def pins(path: Path) -> dict[str, str]:
    """Canonical name (PEP 503) -> version, for lines whose marker fits this system."""
    found: dict[str, str] = {}
    for line in lines(path):
        read = Requirement(HASH.sub("", line))
        if read.marker is None or read.marker.evaluate():
            found[canonicalize_name(read.name)] = str(read.specifier).removeprefix("==")
    return found


def hashes(path: Path) -> dict[str, list[str]]:
    """Canonical name -> SHA-256 (hex) of each file of the version in a lock."""
    return {canonicalize_name(Requirement(HASH.sub("", line)).name): HASH.findall(line) for line in lines(path)}


def pairs(root: Path = ROOT) -> list[tuple[Path, Path]]:
    """(requirements, lock) of every environment."""
    return [(path, path.with_suffix(".lock")) for path in sorted(root.glob("requirements*.txt"))]


def differences(requirements: Path, lock: Path) -> list[str]:
    """Reasons why the lock does not fit the requirements.

    1. It is missing.
    2. A line is no package, for example a registry's address.
    3. A version has no hashes.
    4. Versions differ.
    """
    if not lock.exists():
        return [f"{lock.name} is missing; run make lock"]  # 1
    foreign = [line for line in lines(lock) if "://" in line or line.startswith("-")]
    if foreign:
        return [f"{lock.name}: {line[:60]}" for line in foreign]  # 2
    found = [f"{lock.name}: no hash: {line[:60]}" for line in lines(lock) if not HASH.search(line)]  # 3
    locked = pins(lock)
    found += [
        f"{lock.name}: {name} is {locked.get(name, 'not there')}, {requirements.name} says {version}"
        for name, version in sorted(pins(requirements).items())
        if locked.get(name) != version
    ]  # 4
    return found


def write(requirements: Path, lock: Path) -> None:
    """Write the lock with uv. Raises `subprocess.CalledProcessError`."""
    command = [str(Path(sys.executable).with_name("uv")), "pip", "compile", requirements.name, "--generate-hashes"]
    command += ["--python-version", "3.13", "--universal", "--no-annotate", "--no-header", "--no-config", "--quiet"]
    command += ["--output-file", lock.name]  # uv keeps the pins of an existing lock where they still fit
    subprocess.run(command, cwd=requirements.parent, check=True, stdout=subprocess.DEVNULL)
    header = f"# Made of {requirements.name} by `make lock`; do not edit.\n"
    lock.write_text(header + lock.read_text(encoding="utf-8"), encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m local.package.lock", description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write the locks again, with uv")
    if parser.parse_args(arguments).write:
        for requirements, lock in pairs():
            write(requirements, lock)
            print(lock.name)
    found = [fault for each in pairs() for fault in differences(*each)]
    print("\n".join(found) or "The locks and the requirements agree.", file=sys.stderr if found else sys.stdout)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
