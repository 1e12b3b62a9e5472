"""Check the archive before it goes to Lambda. Every fault is reported.

1. Size, unzipped.
2. No compiled bytecode.
3. The templates of every form, the fonts, and the species data with its notice of origin.
4. The catalogues of every language.
5. Nothing from the tests, the local run or the deployment tools.
6. A distribution for every line of the lock.
7. Each handler can be imported from the archive alone.
8. So can everything else that our modules name, because trimming removed no module that they import.
"""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from chalicelib.issuing.print import typeset
from local.package.lock import pins
from local.package.trim import DONE_WITHOUT, WITHOUT, distributions
from local.package.wheels import PackageError

ALONE = Path(__file__).with_name("alone.py")
BYTES_AT_MOST = 130_000_000  # unzipped; Lambda's limit is 250 MB, but a larger archive slows cold starts
FORBIDDEN = (
    *("tests/", "local/", "infra/", "web/", "docs/", "chalice/cli/", "chalice/deploy/", "chalice/local.py", "pip/"),
    *("setuptools/", "wheel/", "moto/", "pytest/", "botocore/data/ec2/", ".git", ".chalice/", ".venv"),
)
FONTS = (*typeset.FILES.values(), typeset.OUTLINES)
SPECIES = "chalicelib/data/cites/"  # all taxa of CITES
SPECIES_FILES = (
    "NOTICE.md", "ambiguous.csv", "basis.csv", "changes.csv", "edition.json", "families.csv", "names_ru.csv",
    "taxa.csv",
)  # fmt: skip
COULD_NOT = "Could not install dependencies"  # chalice prints this, still writes the archive, and exits with 0


def output_faults(output: str) -> list[str]:
    """Faults in the output of `chalice package`."""
    return [f"chalice: {output[output.index(COULD_NOT) :].strip()}"] if COULD_NOT in output else []


def faults(archive: Path, *, templates: Iterable[str], languages: Iterable[str], lock: Path | None) -> list[str]:
    """Run checks 1 to 6 on a packed archive. `lock`: None for an archive without distributions."""
    with zipfile.ZipFile(archive) as opened:
        names = opened.namelist()
        size = sum(entry.file_size for entry in opened.infolist())
        there = distributions(opened)
    found = [f"{size:,} bytes unzipped; at most {BYTES_AT_MOST:,}"] if size > BYTES_AT_MOST else []  # 1
    found += [f"compiled: {name}" for name in names if "__pycache__" in name or name.endswith(".pyc")]  # 2
    found += _missing(names, (f"pdf_templates/{each}" for each in templates))  # 3
    found += _missing(names, (f"chalicelib/data/fonts/{each}" for each in FONTS))
    found += _missing(names, (f"{SPECIES}{each}" for each in SPECIES_FILES))
    found += _missing(names, (f"chalicelib/locale/{each}/LC_MESSAGES/tamga.mo" for each in languages))  # 4
    found += [f"must not be in the package: {name}" for name in names if name.startswith(FORBIDDEN)]  # 5
    if lock is not None:  # 6
        wanted = {name: version for name, version in pins(lock).items() if name not in WITHOUT}
        got = {name: folder.removesuffix(".dist-info").rpartition("-")[2] for name, folder in there.items()}
        found += [
            f"in the lock, but not in the package: {name} {wanted[name]}"
            for name in sorted(wanted)
            if wanted[name] != got.get(name)
        ]
        found += [
            f"in the package, but not in the lock: {name} {got[name]}" for name in sorted(got.keys() - wanted.keys())
        ]
    return found


def species_size(archive: Path) -> str:
    """Size of the species data in a packed archive, in words."""
    with zipfile.ZipFile(archive) as opened:
        found = [entry for entry in opened.infolist() if entry.filename.startswith(SPECIES)]
    size, packed = (sum(getattr(entry, name) for entry in found) for name in ("file_size", "compress_size"))
    return f"species data: {packed / 1e6:.1f} MB, {size / 1e6:.1f} MB unzipped"


def _missing(names: Sequence[str], wanted: Iterable[str]) -> Iterator[str]:
    there = frozenset(names)
    return (f"left out: {name}" for name in wanted if name not in there)


def import_alone(folder: Path, *what: str) -> frozenset[str]:
    """Import `what` from `folder` alone, without an environment, and return the names of the loaded modules.

    `what`: handlers, or a folder for everything that its modules name. Raises `PackageError`.
    """
    command = [sys.executable, "-I", "-S", "-B", str(ALONE), str(folder), *what]
    ended = subprocess.run(command, env={}, cwd="/", capture_output=True, text=True, check=False, timeout=300)
    if ended.returncode:
        raise PackageError(f"{what[0]} cannot be imported from the package alone: {ended.stderr.strip()[-600:]}")
    return frozenset(json.loads(ended.stdout))


def import_faults(folder: Path, whole: Path | None, handlers: Iterable[str]) -> list[str]:
    """Run checks 7 and 8. `whole`: the unpacked archive before trimming."""
    found: list[str] = []
    for _, of_one_module in groupby(sorted(handlers), key=lambda handler: handler.rpartition(".")[0]):
        try:
            import_alone(folder, *of_one_module)
        except PackageError as error:
            found.append(str(error))
    try:
        modules = import_alone(folder, str(folder))
        if whole is not None:
            gone = import_alone(whole, str(folder)) - modules - DONE_WITHOUT
            lost = sorted(
                name for name in gone if not name.startswith("_cython_")
            )  # shared by Cython modules, no files
            found += [f"removed by trim.py, but imported: {', '.join(lost)}"] if lost else []
    except PackageError as error:
        found.append(str(error))
    return found
