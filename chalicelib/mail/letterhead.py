"""What all mails share: the stage's letterhead, common sentences, and which room composes which kind of notice.

Each room that queues notices has a table MAILS of its kinds; `composition/container.py`
joins them.
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
    """What stands in every mail of a stage. `page`: the exporter's page; `authority`: language -> its name; `posts`:
    language -> post id -> name."""

    page: str
    zone: str
    practice: bool
    duty: str
    authority: Mapping[str, str]
    posts: Mapping[str, Mapping[str, str]]


# Makes the mail of a stored notice, by its kind.
Composer = Callable[[Mapping[str, Any], Address, Letterhead], Mail]
