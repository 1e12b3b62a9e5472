"""What a rule says: this is odd, of these permits, with these figures. Nobody is accused; somebody looks."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.core.patterns.window import Seen, Shown

Facts = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Flag:
    """`subject`: what makes it the same flag when it is found again. `facts`: the figures of its sentence
    (`pattern_words`): times in seconds, ids of posts and of people, codes of countries. `at`: when it happened."""

    rule: str
    subject: str
    at: int
    permits: tuple[tuple[str, str], ...]  # id and number; another Party's has no id
    facts: Facts = field(default_factory=dict, hash=False)
    posts: tuple[str, ...] = ()
    people: tuple[str, ...] = ()  # named in it: they do not answer it

    @property
    def id(self) -> str:
        return hashlib.sha256(f"{self.rule}\n{self.subject}".encode()).hexdigest()[:24]


PERMITS_NAMED = 20  # of one flag


def of(*permits: Seen | Shown) -> tuple[tuple[str, str], ...]:
    """The permits of a flag, each once; the newest where there are too many."""
    return tuple(dict.fromkeys((each.id, each.number) for each in permits))[-PERMITS_NAMED:]


def seen_at(*permits: Seen | Shown) -> tuple[str, ...]:
    """The posts at which they were used, in order."""
    return tuple(dict.fromkeys(use.post for permit in permits for use in permit.uses))
