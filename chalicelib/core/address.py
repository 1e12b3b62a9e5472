"""Where an applicant's notices go: an e-mail address that a header can hold and nothing else, and a language."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chalicelib.core.errors import FieldError, Invalid

LANGUAGES = ("ky", "ru", "en")  # as on the exporter's page
EMAIL_AT_MOST = 254  # RFC 5321 s. 4.5.3.1.3, without the angle brackets
# Of RFC 5322's dot-atom letters, digits, and . _ + - : nothing that a header, a list or a route could begin with.
EMAIL = re.compile(
    r"(?=.{1,64}@)[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Address:
    """Where an applicant's notices go, and in which language."""

    email: str
    language: str


def checked(email: str, language: str) -> Address:
    """The address, if a header can hold it and nothing else; raises `Invalid` for `notify.email` and `.language`."""
    faults = []
    if len(email) > EMAIL_AT_MOST or EMAIL.fullmatch(email) is None:
        faults.append(FieldError("notify.email", "email", "An e-mail address in Latin letters, like aigul@example.kg."))
    if language not in LANGUAGES:
        faults.append(FieldError("notify.language", "unknown", f"One of: {', '.join(LANGUAGES)}."))
    if faults:
        raise Invalid(*faults)
    return Address(email, language)
