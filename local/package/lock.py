"""What is installed, to the byte: requirements*.lock name each version's hashes, and agree with requirements*.txt.

    python -m local.package.lock            are they? exit 1 and the differences otherwise
    python -m local.package.lock --write    ask the registry for the hashes of what requirements*.txt pin (make lock)

A lock is made by uv for Python 3.13, with the hashes of every file of a version, so that the same lock serves this
machine and Lambda, x86_64 and arm64. No registry's address stands in it.
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
    """Of a requirements file or a lock: continued lines joined, no comments, no empty ones; of included files too."""
    found = []
    for line in re.sub(r" *\\\n *", " ", path.read_text(encoding="utf-8")).splitlines():
        text = re.sub(r"(^|\s)#.*", "", line).strip()
        found += lines(path.parent / text[3:].strip()) if text.startswith("-r ") else [text] if text else []
    return found


def pins(path: Path) -> dict[str, str]:
    """Canonical name (PEP 503) -> version, where the line is for this system."""
    found: dict[str, str] = {}
    for line in lines(path):
        read = Requirement(HASH.sub("", line))
        if read.marker is None or read.marker.evaluate():
            found[canonicalize_name(read.name)] = str(read.specifier).removeprefix("==")
    return found


def hashes(path: Path) -> dict[str, list[str]]:
    """Canonical name -> SHA-256, in hex, of each file of the version that a lock takes."""
    return {canonicalize_name(Requirement(HASH.sub("", line)).name): HASH.findall(line) for line in lines(path)}


def pairs(root: Path = ROOT) -> list[tuple[Path, Path]]:
    """(requirements, lock) of every environment."""
    return [(path, path.with_suffix(".lock")) for path in sorted(root.glob("requirements*.txt"))]


def differences(requirements: Path, lock: Path) -> list[str]:
    """Why the lock is not that of the requirements: 1 missing  2 a line that is no package, such as a registry's
    address  3 a version without hashes  4 other versions."""
    if not lock.exists():
        return [f"{lock.name} is missing"]  # 1
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
    """Raises `subprocess.CalledProcessError`."""
    command = [str(Path(sys.executable).with_name("uv")), "pip", "compile", requirements.name, "--generate-hashes"]
    command += ["--python-version", "3.13", "--universal", "--no-annotate", "--no-header", "--no-config", "--quiet"]
    command += ["--output-file", lock.name]  # what it pins already stays, if nothing speaks against it
    subprocess.run(command, cwd=requirements.parent, check=True, stdout=subprocess.DEVNULL)
    header = f"# Made of {requirements.name} by `make lock`; do not edit.\n"
    lock.write_text(header + lock.read_text(encoding="utf-8"), encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m local.package.lock", description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="make the locks anew")
    if parser.parse_args(arguments).write:
        for requirements, lock in pairs():
            write(requirements, lock)
            print(lock.name)
    found = [fault for each in pairs() for fault in differences(*each)]
    print("\n".join(found) or "locks and requirements agree", file=sys.stderr if found else sys.stdout)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
