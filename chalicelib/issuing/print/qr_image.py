"""QR symbol of a page's text as vectors, with explicit segments (FORMAT.md 2).

The address is a byte segment, the digits are a numeric one. Without explicit segments `qrcode` encodes all of it as
bytes, and the symbol grows from version 14 to 23. The mask is fixed, because the choice costs 13 ms, and the digits are
random.
"""

from __future__ import annotations

from chalicelib.kernel.errors import TooLarge
from chalicelib.token.qr_text import split_segments

MASK = 3

QUIET = 4  # modules, ISO/IEC 18004

LEAST_SYMBOL, LEAST_MODULE = 45.0, 0.5  # mm, FORMAT.md 2

LARGEST_VERSION = 18  # FORMAT.md 1: the largest that fits the box at 0.5 mm a module


def modules(text: str) -> list[list[bool]]:
    """Modules of the symbol by row, without the quiet zone, at error correction level M. True is black.

    Raises `errors.TooLarge`: the text needs more than version 18, the largest that fits the printed box.
    """
    from qrcode import constants
    from qrcode.exceptions import DataOverflowError
    from qrcode.main import QRCode
    from qrcode.util import MODE_8BIT_BYTE, MODE_NUMBER, QRData

    prefix, digits = split_segments(text)
    code = QRCode(error_correction=constants.ERROR_CORRECT_M, border=0, mask_pattern=MASK)
    code.add_data(QRData(prefix.encode("ascii"), MODE_8BIT_BYTE), optimize=0)
    code.add_data(QRData(digits.encode("ascii"), MODE_NUMBER), optimize=0)
    try:
        code.make(fit=True)
    except (DataOverflowError, ValueError) as error:
        raise TooLarge("the code does not fit the printed symbol") from error
    if code.version > LARGEST_VERSION:
        raise TooLarge("the code does not fit the printed symbol")
    return [[bool(module) for module in row] for row in code.modules]


def module_size(count: int, box: float) -> float:
    """Side of one module in mm: symbol and quiet zone fill the box, but at least 45 mm a symbol and 0.5 mm a module."""
    return max(box / (count + 2 * QUIET), LEAST_SYMBOL / count, LEAST_MODULE)


def operators(text: str, x: float, y: float, box: float, unit: float) -> str:
    """PDF operators of the symbol: an opaque white box and the black runs.

    `x`, `y`: the centre in points. `box`: the side that it may fill, in mm. `unit`: points a mm.

    Runs overlap the next row by a fiftieth of a module, so that no viewer shows a white seam between rows.
    """
    rows = modules(text)
    count = len(rows)
    size = module_size(count, box) * unit
    half = size * (count / 2 + QUIET)
    out = [
        f"q 1 1 1 rg {x - half:.3f} {y - half:.3f} {2 * half:.3f} {2 * half:.3f} re f",
        f"0 0 0 rg {size:.5f} 0 0 {size:.5f} {x - size * count / 2:.3f} {y - size * count / 2:.3f} cm",
    ]
    for index, row in enumerate(rows):
        level = count - 1 - index
        bottom = f"{level - 0.02:.2f}" if level else "0"
        tall = "1.02" if level else "1"
        start = None
        for column, black in enumerate([*row, False]):
            if black and start is None:
                start = column
            elif not black and start is not None:
                out.append(f"{start} {bottom} {column - start} {tall} re")
                start = None
    out.append("f Q")
    return "\n".join(out)
