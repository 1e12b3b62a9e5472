"""The private members of a ReportLab canvas, for which it has no public call. No other module names one.

`_doc`: the document, to add a Form XObject that is deflated already, files, and letters to a font's subset in a fixed
order. `_code`: the operators drawn so far, to keep the face of a form as the content of a Form XObject.
"""

from __future__ import annotations

from typing import Any

CHECKED_WITH = "5.1.0"  # a test fails with another version until this module is looked through


def document_of(canvas: Any) -> Any:
    """The `PDFDocument` that the canvas writes."""
    return canvas._doc


def operators_of(canvas: Any) -> str:
    """The PDF operators of the page that is being drawn."""
    return "\n".join(canvas._code)
