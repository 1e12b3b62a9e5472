"""Content of the deployment package, made in seconds: the locked wheels, trimmed and cached, and the working tree.

For tests that import and run handlers. `make package` makes the same of a commit with chalice. Here the source is the
working tree, and chalice is not used. Wheels are fetched and unpacked again only when the lock or trim.py has changed.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import zipfile
from collections.abc import Iterable
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from local.engine import ROOT
from local.package import build, trim
from local.package.wheels import wheelhouse


def standin(folder: Path, root: Path = ROOT) -> Path:
    """Fill the new `folder` and return it. Raises `PackageError` where a wheel is missing."""
    shutil.copytree(libraries(root), folder, copy_function=os.link)
    for name, source in _ours(root):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    return folder


def libraries(root: Path = ROOT) -> Path:
    """The unpacked wheels of requirements.lock, without the files that `trim` leaves out. They are cached."""
    lock, out = root / build.LOCK, root / ".local" / "package"
    key = sha256(lock.read_bytes() + Path(trim.__file__).read_bytes()).hexdigest()[:16]
    made = out / f"libraries-{key}"
    out.mkdir(parents=True, exist_ok=True)
    with (out / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # tests in several processes share the cache
        if not made.exists():
            for old in out.glob("libraries-*"):
                shutil.rmtree(old)
            partial = out / "partial"
            shutil.rmtree(partial, ignore_errors=True)
            for wheel in sorted(wheelhouse(lock, out / "wheels").glob("*.whl")):
                _unpack(wheel, partial)
            partial.rename(made)
    return made


def _unpack(wheel: Path, folder: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        if next(iter(trim.distributions(archive))) in trim.WITHOUT:
            return
        for path in archive.namelist():
            if not path.endswith("/") and not trim.left_out(path, frozenset()) and ".data/" not in path:
                archive.extract(path, folder)


def _ours(root: Path) -> Iterable[tuple[str, Path]]:
    """Our files as chalice packs them: app.py, chalicelib, the contents of vendor, and two files of chalice itself."""
    for base, prefix in ((root / "chalicelib", "chalicelib/"), (root / "pdf_templates", "pdf_templates/")):
        for path in base.rglob("*"):
            name = prefix + path.relative_to(base).as_posix()
            if path.is_file() and not trim.left_out(name, frozenset()):
                yield name, path
    yield "app.py", root / "app.py"
    spec = find_spec("chalice")
    assert spec
    assert spec.origin
    for name in ("__init__.py", "app.py"):
        yield f"chalice/{name}", Path(spec.origin).with_name(name)
