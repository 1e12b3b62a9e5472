"""Reading in the process without rights: same findings as the reader, with no import and no open file.

After it gave up its rights, the process can import and open nothing.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
import proof
import pytest
from altered.alterations import CLASSES
from issued_files import Issued, issue, pictured
from PIL import Image
from print_samples import LINES

from chalicelib.adapters.in_process.reader import ProcessReader
from chalicelib.reading.read_document import read

ORIENTATION = 0x0112  # Exif 2.32, 4.6.4
STORED = {  # EXIF orientation -> position of the sensor's pixels relative to the shown picture
    1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}  # fmt: skip
PATIENCE = 90.0  # seconds; a slow machine is no hostile file


@cache
def issued() -> Issued:
    return issue("E", LINES[:1])


@cache
def page() -> Image.Image:
    return pictured(issued().sealed, 150).convert("RGB")


def saved(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def without_jfif(data: bytes) -> bytes:
    """A JPEG as telephones write it: EXIF directly after the start, no APP0 segment (Exif 2.32, 4.5.4)."""
    assert data[2:4] == b"\xff\xe0"
    return data[:2] + data[4 + int.from_bytes(data[4:6]) :]


def turned(orientation: int) -> bytes:
    exif, how = Image.Exif(), STORED[orientation]
    exif[ORIENTATION] = orientation
    picture = page() if how is None else page().transpose(how)
    return without_jfif(saved(picture, exif=exif, quality=80))


PHOTOGRAPHS: dict[str, Callable[[], bytes]] = {
    **{f"turned {number}": (lambda number=number: turned(number)) for number in STORED},
    "several pictures in one (MPO)": lambda: saved(
        page(), "MPO", save_all=True, append_images=[page().resize((160, 120))]
    ),
    "progressive": lambda: saved(page(), progressive=True),
    "four colours": lambda: saved(page().convert("CMYK")),
    "broken EXIF": lambda: saved(page(), exif=b"Exif\0\0II*\0" + bytes(20)),
}
PNGS: dict[str, Callable[[], bytes]] = {
    "16 bits": lambda: saved(page().convert("L").convert("I").point(lambda level: level * 257).convert("I;16"), "PNG"),
    "palette": lambda: saved(page().convert("P"), "PNG"),
}


@pytest.fixture(scope="module")
def reader() -> Iterator[ProcessReader]:
    made = ProcessReader(wall_seconds=PATIENCE)
    yield made
    made.close()


@pytest.mark.slow
@pytest.mark.parametrize("name", [*PHOTOGRAPHS, *PNGS])
@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_photograph_of_a_telephone_is_read_in_the_child(reader: ProcessReader, name: str) -> None:
    content_type = "image/jpeg" if name in PHOTOGRAPHS else "image/png"
    data = (PHOTOGRAPHS | PNGS)[name]()
    found = reader.read(data, content_type)
    assert (found.trouble, found.codes) == (None, issued().codes)
    assert found == read(data, content_type)


@pytest.mark.slow
@pytest.mark.parametrize("user", ["", "secret"])
@pytest.mark.parametrize("revision", [3, 4, 6])
def test_protected_pdf_is_reported_as_encrypted_in_the_child(reader: ProcessReader, revision: int, user: str) -> None:
    """AES-256 (revision 6) with an empty user password was reported as broken."""
    out, weak = BytesIO(), {} if revision > 3 else {"aes": False, "metadata": False}
    with pikepdf.open(BytesIO(issued().sealed)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="owner", user=user, R=revision, **weak))
    assert reader.read(out.getvalue(), "application/pdf").trouble == "encrypted"


@pytest.mark.parametrize("brand", [b"heic", b"mif1", b"hevc"])
def test_heic_is_recognised_under_any_content_type(brand: bytes) -> None:
    data = b"\0\0\0\x18ftyp" + brand + bytes(64)
    for content_type in ("image/jpeg", "image/heic", "application/pdf"):
        assert read(data, content_type).trouble == "heic"


AUDIT = """
import pickle, sys
from chalicelib.reading.read_document import preload, read
files = pickle.load(open(sys.argv[1], "rb"))
preload()
found, now = set(), [""]
sys.addaudithook(lambda event, what: found.add(f"{now[0]}: {event} {what[0]}") if event in {"open", "import"} else None)
for name, content_type, data in files:
    now[0] = name
    read(data, content_type)
now[0] = "the answer"
print(sorted(each for each in found if not each.startswith("the answer")))
"""


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_reader_imports_and_opens_nothing_while_reading(tmp_path: Path) -> None:
    """When a codec or filter was loaded late, layers with UTF-16 names were reported as broken, and a seal was lost."""
    kinds = {b"%P": "application/pdf", b"\x89P": "image/png", b"\xff\xd8": "image/jpeg"}
    files = [(name, "image/jpeg", make()) for name, make in PHOTOGRAPHS.items()]
    for name, (cases, _, _) in CLASSES.items():
        chosen = list(cases) if proof.FULL or name in {"optional-content layers"} else list(cases)[-1:]
        for case in chosen:
            data = cases[case]()
            files.append((f"{name}, {case}", kinds[data[:2]], data))
    (tmp_path / "files").write_bytes(pickle.dumps(files))
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", AUDIT, tmp_path / "files"],
        cwd=root, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "[]"
