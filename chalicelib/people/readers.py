"""Readers of a verdict: language, zone, and the names that the reader may see."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field

from chalicelib.i18n import words
from chalicelib.kernel.stage import Stage
from chalicelib.people.model import Posts
from chalicelib.platform import country_folder


@dataclass(frozen=True, slots=True)
class VerdictReader:
    """Reader of a verdict's sentences.

    `zone` is an IANA name, `duty` the duty desk's telephone number. `post_names` maps a post id to its name in
    `language`.
    """

    language: str
    zone: str
    officer: bool = False
    duty: str = ""
    post_names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reader of a verdict and its uses.

    `officer`: the reader is signed in as an official. `names`: function from an officer's id to the name to show.
    `persons`: ids whose endorsements count as the reader's own.
    """

    language: str
    stage: Stage
    posts: Posts
    officer: bool = False
    direction: str = "none"
    names: Callable[[str], str] = str
    persons: Set[str] = frozenset()

    @property
    def for_words(self) -> VerdictReader:
        zone, duty = self.stage.zone, words.no_break(self.stage.duty_number)
        return VerdictReader(self.language, zone, self.officer, duty, self.post_names)

    @property
    def post_names(self) -> Mapping[str, str]:
        named = country_folder.post_names(self.language, self.stage.issuer)
        return {**{post.id: post.name for post in self.posts.values()}, **named}
