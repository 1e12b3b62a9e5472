"""Leave out the files that no function uses, each with its reason, and pack the rest reproducibly.

Only files that nothing imports are left out. local/package/check.py verifies this: it imports every module that our
modules name, from the archive before and after, and compares. Licences and METADATA of the remaining distributions
stay, because the bill of materials is made from them.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from email.parser import HeaderParser
from fnmatch import fnmatchcase
from pathlib import Path

from packaging.utils import canonicalize_name

NEVER_CALLED = "imported inside functions that are not called"
# Whole distributions that are left out, by their name in requirements.lock.
WITHOUT: Mapping[str, str] = {
    "typer": "command line",
    "rich": "command line",
    "pygments": "command line: rich",
    "markdown-it-py": "command line: rich",
    "mdurl": "command line: rich",
    "shellingham": "command line: typer",
    "annotated-doc": "command line: typer",
    "oscrypto": f"the machine's own list of authorities, for pyhanko-certvalidator: {NEVER_CALLED}",
    "charset-normalizer": f"XML by reportlab.lib.rparsexml: {NEVER_CALLED}",
    "pycparser": "cffi, when something is compiled",
}
CLIENTS = ("dynamodb", "kms", "lambda", "s3", "secretsmanager", "sesv2")  # services for which adapters make a client
MODELS = ("endpoint-rule-set", "paginators", "service", "waiters")
# Files that are left out, by pattern; a star matches slashes too.
FILES: Mapping[str, str] = {
    "*.pyi": "types, for checkers",
    "*/py.typed": "types, for checkers",
    "*.pyx": "source of compiled modules",
    "*.pxd": "source of compiled modules",
    "*.pxi": "source of compiled modules",
    "*.c": "source of compiled modules",
    "*.h": "source of compiled modules",
    "*/__pycache__/*": "made by whoever imports",
    "*.pyc": "made by whoever imports",
    "*.dist-info/RECORD": "names files that are left out; only pip reads it",
    "*.dist-info/INSTALLER": "only pip reads it",
    "*.dist-info/sboms/*": "the wheels' own bills; ours is made from METADATA",
    "chalicelib/__main__.py": "command line",
    "chalicelib/composition/main.py": "command line",
    "chalicelib/applications/table_columns.py": "command line",
    "chalicelib/bulk/*": "command line",
    "chalicelib/cli/*": "command line",
    "chalicelib/*/cli.py": "command line",
    "chalicelib/trust/cli/*": "command line",
    "chalicelib/data/identification/drawings/*": "drawings of the identification aid; the pages' host has them",
    "chalicelib/locale/*.po": "the catalogues' source",
    "chalicelib/locale/*.pot": "the catalogues' source",
    "botocore/data/*": "models of services that are not called",
    "boto3/data/*": "boto3's resources; adapters use clients",
    "boto3/examples/*": "documentation",
    "cffi/*": "only _cffi_backend is imported, by cryptography",
    "pypdfium2_cli/*": "command line",
    "pikepdf/pdfa/*": "converting to PDF/A",
    "reportlab/fonts/*": "Type 1 fonts; the form is set in Noto Sans",
    "reportlab/graphics/*": "charts",
    "reportlab/platypus/*": "flowing text",
    "lxml/html/*": "HTML",
    "lxml/objectify*": "only lxml.etree is imported",
    "lxml/isoschematron/*": "Schematron",
    "lxml/includes/*": "C headers",
    "fontpkg_noto_sans/files/*": "variable fonts: the form is set in static ones, made of them",
    "aiohttp/_*.so": "faster HTTP: pyHanko imports aiohttp to fetch time-stamps and revocations; nothing is fetched",
    "multidict/_multidict.*": "the same: aiohttp's dictionaries do without, in Python",
    "frozenlist/_frozenlist.*": "the same: aiohttp's lists",
    "propcache/_helpers_c.*": "the same: aiohttp's properties",
    "dateutil/zoneinfo/*.tar.gz": "time zones; tzdata has them",
    "multidict/_testcapi.*": "its tests",
    "pydantic/mypy.py": "types, for checkers",
    "pydantic/v1/mypy.py": "types, for checkers",
    "pyhanko/generated/*": "lists of the EU's authorities",
    "rapidfuzz/*_avx2.*": "a second build for newer processors; the first one runs on each",
    "rapidfuzz/fuzz_cpp.*": "likeness of sentences: only the distance of words is used",
    "PIL/_avif.*": "AVIF: only PNG and JPEG are taken",
    "PIL/_webp.*": "WebP: only PNG and JPEG are taken",
    "PIL/_imagingtk.*": "windows on a screen",
    "PIL/_imagingft.*": "letters in pictures: the form's are ReportLab's",
    "pillow.libs/libfreetype-*": "letters",
    "pillow.libs/libharfbuzz-*": "letters",
    "pillow.libs/libavif-*": "AVIF",
    "pillow.libs/libwebp*": "WebP",
    "pillow.libs/libsharpyuv-*": "WebP",
}
# Modules that their own package imports only if they exist (aiohttp's: as with AIOHTTP_NO_EXTENSIONS and
# its like; rapidfuzz takes the next build).
DONE_WITHOUT = frozenset(
    {
        "aiohttp._http_parser",
        "aiohttp._http_writer",
        "aiohttp._websocket.mask",
        "aiohttp._websocket.reader_c",
        "multidict._multidict",
        "frozenlist._frozenlist",
        "propcache._helpers_c",
        "rapidfuzz.distance.metrics_cpp_avx2",
        "rapidfuzz.fuzz_cpp",
        "rapidfuzz.fuzz_cpp_avx2",
        "PIL._imagingft",
    }
)
# Exceptions to FILES.
KEPT = (
    *(f"botocore/data/{name}/*/{kind}-*" for name in CLIENTS for kind in MODELS),
    *(f"botocore/data/{name}.json" for name in ("endpoints", "partitions", "_retry", "sdk-default-configuration")),
)
TIME = (1980, 1, 1, 0, 0, 0)  # the earliest time in the ZIP format
MODE = 0o100644 << 16


def distributions(archive: zipfile.ZipFile) -> dict[str, str]:
    """Canonical name of each distribution in the archive -> its `.dist-info` folder."""
    found: dict[str, str] = {}
    for path in archive.namelist():
        folder, _, file = path.partition("/")
        if folder.endswith(".dist-info") and file == "METADATA":
            found[canonicalize_name(HeaderParser().parsestr(archive.read(path).decode())["Name"])] = folder
    return found


def left_out(path: str, whole: frozenset[str]) -> bool:
    """True if the file is left out. `whole`: every file of the distributions in `WITHOUT`."""
    if path in whole:
        return True
    return any(fnmatchcase(path, each) for each in FILES) and not any(fnmatchcase(path, each) for each in KEPT)


def trim(source: Path, target: Path) -> None:
    """Write a trimmed copy of Chalice's archive, sorted and without times.

    The same content (and zlib) gives the same bytes.
    """
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        whole = frozenset(
            path for name, folder in distributions(old).items() if name in WITHOUT for path in _files(old, folder)
        )
        for path in sorted(old.namelist()):
            if path.endswith("/") or left_out(path, whole):
                continue
            entry = zipfile.ZipInfo(path, TIME)
            entry.external_attr, entry.compress_type, entry.create_system = MODE, zipfile.ZIP_DEFLATED, 3
            new.writestr(entry, old.read(path))


def _files(archive: zipfile.ZipFile, folder: str) -> set[str]:
    """Files in the distribution's RECORD, and its own folder."""
    lines = archive.read(f"{folder}/RECORD").decode().splitlines()
    listed = {line.split(",")[0].strip('"') for line in lines}
    return listed | {path for path in archive.namelist() if path.startswith(f"{folder}/")}
