"""What a suspicious pattern says by mail: that there is one, and until when to answer it.

Neither its rule nor a name, number or post is in it: what it is about, and whether about people inside, is behind the
sign-in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from chalicelib import words
from chalicelib.alert_words import NOT_ANSWERED, UNANSWERED
from chalicelib.core.address import Address
from chalicelib.letterhead import ANSWER, PRACTICE, Composer, Letterhead
from chalicelib.ports import Mail
from chalicelib.sentences import N_

SUBJECT: Final = N_("Suspicious pattern")
HAPPENED: Final = N_(
    "Something was flagged that somebody has to look into. Answer by {when}; then it goes on to the next."
)


def compose(notice: Mapping[str, Any], address: Address, head: Letterhead) -> Mail:
    """The mail of a stored flag (services/flags.py)."""
    language, facts = address.language, notice["facts"]

    def say(message: str, **more: object) -> str:
        return words.label(message, language, **more)

    again = int(facts["step"]) > 0
    desk = head.page.removesuffix("exporter/") + "desk/"
    paragraphs = [
        say(HAPPENED, when=words.moment(facts["at"], head.zone, language, hours=True)),
        say(UNANSWERED) if again else "",
        f"{say(ANSWER)}\n{desk}#/patterns/{notice['permit_id']}",
        head.authority[language],
    ]
    title = [say(PRACTICE) if head.practice else "", "Tamga", say(SUBJECT), say(NOT_ANSWERED) if again else ""]
    return Mail(address.email, " · ".join(filter(None, title)), "\n\n".join(filter(None, paragraphs)) + "\n")


MAILS: Final[Mapping[str, Composer]] = {"pattern": compose}
