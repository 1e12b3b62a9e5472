"""Rows of text as an XLSX workbook (ECMA-376 Part 1): typed as text, so that no cell can become a formula.

Written by hand: the five parts of a workbook that every spreadsheet opens are shorter than a dependency in the
functions' package. A text that a spreadsheet would calculate if somebody typed it again, or saved it as CSV and opened
that, bears `quotePrefix`, which shows it as it is.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from chalicelib.core.cells import SIGNS

CELL_AT_MOST = 32_767  # characters, Excel's own bound
ZIP_BEGINS = 315_532_800  # 1980, before which a ZIP has no times
PLAIN, HEADING, QUOTED = 0, 1, 2  # cellXfs below
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_STYLES = (
    f'<styleSheet {_MAIN}><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/>'
    '<name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill>'
    '<patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs '
    'count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf numFmtId="49" applyNumberFormat="1"/><xf numFmtId="49" '
    'fontId="1" applyNumberFormat="1" applyFont="1"/><xf numFmtId="49" applyNumberFormat="1" quotePrefix="1"/>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def workbook(sheets: Mapping[str, Sequence[Sequence[str]]], *, made_at: int) -> bytes:
    """`sheets`: title -> rows, the first of which is the heading. The same rows and time make the same bytes."""
    titles = list(sheets)
    parts = {
        "[Content_Types].xml": _content_types(len(titles)),
        "_rels/.rels": _relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": _book(titles),
        "xl/_rels/workbook.xml.rels": _relations(
            {f"rId{n}": ("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(titles) + 1)}
            | {"rId0": ("styles", "styles.xml")}
        ),
        "xl/styles.xml": _STYLES,
        **{f"xl/worksheets/sheet{n}.xml": _sheet(rows) for n, rows in enumerate(sheets.values(), 1)},
    }
    out = io.BytesIO()
    stamp = datetime.fromtimestamp(max(made_at, ZIP_BEGINS), UTC).timetuple()[:6]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as held:
        for name, text in parts.items():
            held.writestr(zipfile.ZipInfo(name, stamp), _DECLARED + text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _content_types(count: int) -> str:
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for n in range(1, count + 1)
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{sheets}</Types>'
    )


def _relations(named: Mapping[str, tuple[str, str]]) -> str:
    each = "".join(f'<Relationship Id="{i}" Type="{_OFFICE}/{kind}" Target="{to}"/>' for i, (kind, to) in named.items())
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{each}</Relationships>'


def _book(titles: Sequence[str]) -> str:
    sheets = "".join(f'<sheet name="{_text(title)}" sheetId="{n}" r:id="rId{n}"/>' for n, title in enumerate(titles, 1))
    return f'<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'


def _sheet(rows: Sequence[Sequence[str]]) -> str:
    frozen = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    made = "".join(
        f'<row r="{n}">{"".join(_cell(text, n, at) for at, text in enumerate(row))}</row>'
        for n, row in enumerate(rows, 1)
    )
    widths = '<cols><col min="1" max="40" width="18" customWidth="1"/></cols>'
    views = f'<sheetViews><sheetView workbookViewId="0">{frozen}</sheetView></sheetViews>'
    return f"<worksheet {_MAIN}>{views}{widths}<sheetData>{made}</sheetData></worksheet>"


def _cell(text: str, row: int, at: int) -> str:
    style = HEADING if row == 1 else QUOTED if text.startswith(SIGNS) else PLAIN
    shown = _text(text[:CELL_AT_MOST])
    return f'<c r="{_column(at)}{row}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{shown}</t></is></c>'


def _column(at: int) -> str:
    return chr(65 + at) if at < 26 else chr(64 + at // 26) + chr(65 + at % 26)


def _text(text: str) -> str:
    """XML 1.0 s. 2.2: other control characters can stand in no document."""
    return escape("".join(sign for sign in text if sign >= " " or sign in "\t\n\r"), {'"': "&quot;"})
