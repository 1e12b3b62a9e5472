"""Who reads a verdict: their language, their zone, and the names that they may see."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field

from chalicelib.i18n import words
from chalicelib.kernel.stage import Stage
from chalicelib.people.model import Posts
from chalicelib.platform import country_folder


@dataclass(frozen=True, slots=True)
class VerdictReader:
    """Who reads. `zone`: IANA name; `duty`: the duty desk's telephone; `post_names`: post id -> name in `language`."""

    language: str
    zone: str
    officer: bool = False
    duty: str = ""
    post_names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a verdict. `officer`: signed in as one; `names`: an officer's id -> what to call them;
    `persons`: whose endorsements are theirs."""

    language: str
    stage: Stage
    posts: Posts
    officer: bool = False
    direction: str = "none"
    names: Callable[[str], str] = str
    persons: Set[str] = frozenset()

    @property
    def for_words(self) -> VerdictReader:
        zone, duty = self.stage.zone, words.whole(self.stage.duty_number)
        return VerdictReader(self.language, zone, self.officer, duty, self.post_names)

    @property
    def post_names(self) -> Mapping[str, str]:
        named = country_folder.post_names(self.language, self.stage.issuer)
        return {**{post.id: post.name for post in self.posts.values()}, **named}
