"""Limits of uploaded files: the largest size, and the first bytes of each content type."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

FILE_CAP = 4 * 1024 * 1024  # bytes; as base64 it fits into Lambda's 6 MB request

MAGIC: Mapping[str, bytes] = MappingProxyType(
    {
        "application/pdf": b"%PDF-",  # ISO 32000-1, 7.5.2
        "image/png": b"\x89PNG\r\n\x1a\n",  # PNG (ISO/IEC 15948), 5.2
        "image/jpeg": b"\xff\xd8\xff",  # ISO/IEC 10918-1, B.1.1.3
    }
)
