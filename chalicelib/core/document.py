"""What was found about a file: facts only, without a judgement (checks 11 and 12 judge them).

Made by `reading/` in a function without rights, carried as JSON, so every field is plain data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Seal:
    """One PDF signature. `fingerprint`: SHA-256 of the signer's certificate (DER), lower-case hex."""

    intact: bool  # digest and cryptographic signature right, by the certificate the file brings
    whole_file: bool  # its byte range covers the file, nothing follows
    fingerprint: str
    public_key: str  # SubjectPublicKeyInfo DER, hex
    certified: bool  # DocMDP, no changes allowed


@dataclass(frozen=True, slots=True)
class DocumentFindings:
    """`kind`: pdf | image. `codes`: every QR text found, in page order, each once.

    `blocks`: for a PDF with a text layer that is laid out as our form, block name -> its text per page, e.g.
    `{"1": ["26KG000123/E"], "7-8A": ["Falco cherrug"]}`; empty when there is no text layer.
    `overlaid`: names of blocks 1-13 with content laid over them (annotations, form fields, images, later revisions).
    """

    kind: str
    codes: tuple[str, ...] = ()
    pages: int = 1
    seals: tuple[Seal, ...] = ()
    revisions: int = 0
    record: str | None = None  # the attached record, JSON text
    tokens: tuple[str, ...] = ()  # the attached permit tokens, as QR texts
    has_text: bool = False
    blocks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    overlaid: tuple[str, ...] = ()
    trouble: str | None = None  # encrypted | broken | too-large | too-many-pages | unsupported
