"""Access to private members of a ReportLab canvas that have no public call. No other module names one.

`_doc`: the document, to add a deflated Form XObject, attached files, and letters to a font's subset in a fixed order.
`_code`: the operators drawn so far, to keep the face of a form as the content of a Form XObject.
"""

from __future__ import annotations

from typing import Any

CHECKED_WITH = "5.1.0"  # a test fails with another version: review this module, then set the new one


def document_of(canvas: Any) -> Any:
    """The `PDFDocument` that the canvas writes."""
    return canvas._doc


def operators_of(canvas: Any) -> str:
    """The PDF operators drawn so far on the current page."""
    return "\n".join(canvas._code)
