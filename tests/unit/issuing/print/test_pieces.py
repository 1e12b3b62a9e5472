"""Parts of the print: code, font, line breaking, fitting, template."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from print_samples import HOST, LINES, code_text, sheet

from chalicelib.issuing.print import form_face, qr_image
from chalicelib.issuing.print.sheet import letters
from chalicelib.issuing.print.typeset import GAP, LEADING, fit, has, height, levels, width, wrap
from chalicelib.kernel.errors import TooLarge
from chalicelib.reading.form_layout import load
from chalicelib.record.block_texts import CONTINUED

SHORT_HOST = "cites.gov9"  # 10 characters, as the figures of FORMAT.md 1 assume
KYRGYZ = "абвгдеёжзийклмнңоөпрстуүфхцчшщъыьэюя"
UZBEK_AND_KAZAKH = "ўқғҳәіұһ"


def test_font_has_every_letter_of_the_region() -> None:
    letters = KYRGYZ + UZBEK_AND_KAZAKH
    latin = "".join(map(chr, range(0x20, 0x7F))) + "".join(map(chr, range(0xA1, 0x17F)))
    missing = [char for char in letters + letters.upper() + latin + "\u02bb\u02bc№«»–—…·" if not has(char)]
    assert [char for char in missing if char != "\xad"] == []


@pytest.mark.parametrize(("size", "version"), [(334, 14), (376, 15), (458, 17), (530, 18)])
def test_explicit_segments_keep_the_symbol_small(size: int, version: int) -> None:
    rows = qr_image.modules(code_text(size, SHORT_HOST))
    assert (len(rows) - 17) // 4 <= version
    module = qr_image.module_size(len(rows), load().layout["qr"]["box"])
    assert module >= 0.5
    assert module * len(rows) >= 45


def test_code_too_large_for_the_box_is_refused() -> None:
    with pytest.raises(TooLarge):
        qr_image.modules(f"https://{HOST}/1#" + "1" * 6000)


@given(st.text(st.sampled_from("abcdefghij KLM ңөү -,."), max_size=200), st.floats(5, 40))
def test_wrap_keeps_every_letter_within_the_width(text: str, room: float) -> None:
    lines = wrap(text, room)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line) <= room + 1e-6 for line in lines)


@given(st.text(st.sampled_from("abcdefghij KLM ңөү -,."), max_size=400))
def test_fit_stays_in_the_box_and_marks_a_cut(text: str) -> None:
    fitted = fit(text, 100, 20, 9, 5)
    assert 5 <= fitted.size <= 9
    assert height(fitted.lines, fitted.size) <= 20.01
    assert all(width(line) * fitted.size <= 100.01 for line in fitted.lines)
    assert fitted.whole is (not fitted.lines[-1].endswith(CONTINUED))


def test_empty_line_is_a_gap_between_paragraphs() -> None:
    fitted = fit("one\n\ntwo", 100, 100, 10, 5)
    assert fitted.lines == ("one", "", "two")
    assert levels(fitted.lines) == pytest.approx([0, LEADING, LEADING * (1 + GAP)])
    assert height(fitted.lines, 10) < height(("one", "two", "three"), 10)


def test_blocks_of_template_do_not_overlap_and_stay_on_the_page() -> None:
    boxes = load().boxes
    filled = {name: box for name, box in boxes.items() if name != "14"}
    for name, box in filled.items():
        assert 9 <= box.x < box.x + box.w <= 201.01, name
        assert 7 <= box.y < box.y + box.h <= 289, name
        for other, rival in filled.items():
            apart = (
                box.x + box.w <= rival.x + 1e-6 or rival.x + rival.w <= box.x + 1e-6
                or box.y + box.h <= rival.y + 1e-6 or rival.y + rival.h <= box.y + 1e-6
            )  # fmt: skip
            assert name == other or apart, (name, other)
    for one, two in pairwise("ABCD"):
        assert boxes[f"9{two}"].y - boxes[f"9{one}"].y == pytest.approx(load().layout["rows"]["pitch"])


def test_every_label_has_texts_and_every_mark_has_letters() -> None:
    template = load()
    assert set(template.layout["labels"]) <= set(template.texts)
    for word in ("COPY", "VOID", "PRACTICE"):
        assert form_face.operators([word], 595, 842).count(" S ") == len(word)


def test_import_of_print_modules_loads_no_print_library() -> None:
    code = (
        "import sys, chalicelib.issuing.print.permit_pdf, chalicelib.issuing.print.seal; "
        "print([name for name in ('reportlab', 'qrcode', 'pyhanko', 'PIL', 'asn1crypto') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={})
    assert done.stdout.strip() == "[]"


def test_template_is_found_inside_the_package(tmp_path: Path) -> None:
    """As in the Lambda zip. The contents of `vendor/` are on the path, and any folder can be current."""
    code = (
        "import sys; sys.path[:0] = ['{root}/vendor', '{package}']; "
        "from chalicelib.reading import form_layout; print(len(form_layout.load().boxes))"
    )
    root = Path(__file__).resolve().parents[4]
    (tmp_path / "chalicelib").symlink_to(root / "chalicelib")  # without the other files of the root
    done = subprocess.run(
        [sys.executable, "-I", "-c", code.format(root=root, package=tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert int(done.stdout) == len(load().boxes)


def test_sheet_has_the_line_letters_of_each_page() -> None:
    nine = sheet("E", (LINES * 2)[:9])
    assert [letters(nine, page) for page in range(3)] == [tuple("ABCD"), tuple("EFGH"), ("I",)]
