"""Common parts of all mails: the stage's letterhead, shared sentences, and the type of a composer.

Each room that queues notices has a table MAILS with a composer for each of its kinds. `composition/container.py` joins
these tables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.kernel.text import N_
from chalicelib.mail.services import Address, Mail

PRACTICE: Final = N_("PRACTICE")

ANSWER: Final = N_("Answer it by name here, after signing in:")


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Facts of a stage that mails use.

    `page`: address of the exporter's page. `zone`: IANA name. `duty`: telephone number of the duty desk. `authority`:
    language -> name of the Management Authority. `posts`: language -> post id -> name.
    """

    page: str
    zone: str
    practice: bool
    duty: str
    authority: Mapping[str, str]
    posts: Mapping[str, Mapping[str, str]]


# Makes the mail of a stored notice of one kind.
Composer = Callable[[Mapping[str, Any], Address, Letterhead], Mail]
