"""What an alert says to a duty desk by mail: that there is one, of which kind, where and when.

Everything else is behind the sign-in: nobody's name, number or mark is in it, and of the watch-list only that something
was found.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from chalicelib import words
from chalicelib.core.address import Address
from chalicelib.ports import Mail
from chalicelib.sentences import N_

if TYPE_CHECKING:
    from chalicelib.notice_words import Letterhead

# Kind of alert -> its subject, and what the desk does.
SAID: Final[Mapping[str, tuple[str, str]]] = {
    "hold": (N_("Goods held at a post"), N_("Goods and paper are held: {post}, {when}.")),
    "case": (N_("Case opened"), N_("A case was opened: {post}, {when}.")),
    "watch": (N_("Watch-list: match at a post"), N_("Something on the watch-list was found: {post}, {when}.")),
}
ANSWER: Final = N_("Answer it by name here, after signing in; until somebody does, it goes on to the next desk:")
UNANSWERED: Final = N_("Nobody has answered so far. Your desk is asked now.")
NOT_ANSWERED: Final = N_("not answered")
PRACTICE: Final = N_("PRACTICE")


def compose(notice: Mapping[str, Any], address: Address, head: Letterhead) -> Mail:
    """The mail of a stored alert (services/alerts.py). Raises KeyError for a kind that has no words."""
    language, facts = address.language, notice["facts"]
    subject, happened = SAID[facts["alert"]]
    post = head.posts[language].get(facts["post"], facts["post"])
    when = words.moment(facts["at"], head.zone, language, hours=True)

    def say(message: str, **more: object) -> str:
        return words.label(message, language, **more)

    step = int(facts["step"])
    desk = head.page.removesuffix("exporter/") + "desk/"
    paragraphs = [
        say(happened, post=post, when=when),
        say(UNANSWERED) if step else "",
        f"{say(ANSWER)}\n{desk}#/alerts/{notice['permit_id']}",
        head.authority[language],
    ]
    title = [say(PRACTICE) if head.practice else "", "Tamga", say(subject), say(NOT_ANSWERED) if step else ""]
    return Mail(address.email, " · ".join(filter(None, title)), "\n\n".join(filter(None, paragraphs)) + "\n")
