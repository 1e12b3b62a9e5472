"""Closed vocabularies that several rooms use: the reasons why an uploaded file cannot be read."""

from __future__ import annotations

from collections.abc import Mapping

TROUBLES: Mapping[str, str] = {
    "encrypted": "The file is protected by a password; send one that opens without.",
    "broken": "The file is broken or is not what its content type says.",
    "too-large": "The file or its picture is too large.",
    "too-many-pages": "The file has too many pages.",
    "unsupported": "A PDF, PNG or JPEG file.",
    "heic": "HEIC photographs are not read here. Save it as JPEG and send that "
    "(iPhone: Settings, Camera, Formats, Most Compatible).",
}
