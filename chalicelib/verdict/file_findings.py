"""Findings about a file: facts without a judgement. Checks 11 and 12 judge them.

`reading/` makes them in a process or function without rights and returns them as JSON. So every field is plain data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, get_type_hints

from chalicelib.kernel.enums import UNREADABLE_FILE_REASONS
from chalicelib.kernel.errors import DecodeError


@dataclass(frozen=True, slots=True)
class Seal:
    """One PDF signature. `fingerprint`: SHA-256 of the signer's certificate (DER), lower-case hex.

    `signed_at` is the signer's own claim, in whole seconds (0 for none). No time-stamp authority confirms it.
    """

    intact: bool  # digest and signature verify with the certificate in the file
    whole_file: bool  # its byte range covers the file, and nothing follows
    fingerprint: str
    public_key: str  # SubjectPublicKeyInfo DER, hex
    certified: bool  # DocMDP, no changes allowed
    signed_at: int = 0


@dataclass(frozen=True, slots=True)
class FileFindings:
    """Findings about one file. `kind`: pdf | image. `codes`: every QR text found, in page order, each once.

    "Form pages" are the pages of a PDF with a text layer that have the layout of our form.

    `form_codes`: the code on each form page, "" for none.
    `blocks`: block name -> its visible text on each form page, e.g. `{"1": ["26KG000123/E"], "7-8A": ["Falco
    cherrug"]}`. Empty without form pages.
    `altered`: names of blocks 1-13 with paint that covers or adds to their letters. Also names of bands of the form
    ("7-12") with printed words that are not the form's.
    `overlaid`: names of blocks 1-13 that anything else lies over: annotations, form fields, images, shapes, later
    revisions.
    `revisions` is their number from the first seal on, where 1 means that nothing was added.
    """

    kind: str
    codes: tuple[str, ...] = ()
    pages: int = 1
    seals: tuple[Seal, ...] = ()
    revisions: int = 0
    record: str | None = None  # the attached record, JSON text
    tokens: tuple[str, ...] = ()  # the attached permit tokens, as QR texts
    has_text: bool = False
    form_codes: tuple[str, ...] = ()
    blocks: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    overlaid: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()
    trouble: str | None = None  # a key of TROUBLES


def findings_to_json(findings: FileFindings) -> dict[str, Any]:
    """Encode findings as plain JSON data."""
    data = asdict(findings)
    data["blocks"] = {name: list(texts) for name, texts in findings.blocks.items()}
    data["seals"] = [asdict(seal) for seal in findings.seals]
    return {name: list(value) if isinstance(value, tuple) else value for name, value in data.items()}


def findings_from_json(data: object) -> FileFindings:
    """Decode findings, as the inverse of `findings_to_json`. Checks everything, because a hostile file may control its
    parser.

    1. exactly the fields  2. each of its type, no bool for an int  3. a known kind and trouble.

    Raises `DecodeError` (T5, check 11) if one of these fails.
    """
    hints = get_type_hints(FileFindings)
    fields = _fields(data, hints)  # 1
    found = {name: _typed(fields[name], name) for name in hints}  # 2
    if found["kind"] not in KINDS or (
        found["trouble"] is not None and found["trouble"] not in UNREADABLE_FILE_REASONS
    ):  # 3
        raise _refused("kind or trouble")
    return FileFindings(**found)


KINDS = frozenset({"pdf", "image"})


def _typed(value: object, name: str) -> Any:
    if name == "seals":
        return tuple(Seal(**_seal(item)) for item in _list(value, name))
    if name == "blocks":
        if not isinstance(value, dict):
            raise _refused(name)
        return {_text(key, name): _texts(texts, name) for key, texts in value.items()}
    if name in {"codes", "tokens", "overlaid", "altered", "form_codes"}:
        return _texts(value, name)
    if name in {"pages", "revisions"}:
        return _count(value, name)
    if name == "has_text":
        return _flag(value, name)
    return None if value is None and name in {"record", "trouble"} else _text(value, name)


def _seal(value: object) -> dict[str, Any]:
    hints = get_type_hints(Seal)
    fields = _fields(value, hints)
    read: Mapping[type, Callable[[object, str], Any]] = {bool: _flag, int: _count, str: _text}
    return {name: read[kind](fields[name], name) for name, kind in hints.items()}


def _fields(value: object, names: Mapping[str, Any]) -> Mapping[str, object]:
    if not isinstance(value, dict) or set(value) != set(names):
        raise _refused("fields")
    return value


def _flag(value: object, name: str) -> bool:
    if not isinstance(value, bool):
        raise _refused(name)
    return value


def _count(value: object, name: str) -> int:
    if type(value) is not int or value < 0:
        raise _refused(name)
    return value


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise _refused(name)
    return value


def _texts(value: object, name: str) -> tuple[str, ...]:
    return tuple(_text(item, name) for item in _list(value, name))


def _list(value: object, name: str) -> list[object]:
    if not isinstance(value, list):
        raise _refused(name)
    return value


def _refused(name: str) -> DecodeError:
    return DecodeError("T5", 11, f"The answer of the file reader is malformed: {name}")
