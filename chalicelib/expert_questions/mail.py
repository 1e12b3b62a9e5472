"""Mail to the Scientific Authority about a new question, with its post and time.

The question, its photographs and the officer are behind the sign-in, not in the mail.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from chalicelib.i18n import words
from chalicelib.kernel.rows import RowData
from chalicelib.kernel.text import N_
from chalicelib.mail.letterhead import ANSWER, PRACTICE, Composer, Letterhead
from chalicelib.mail.services import Address, Mail

SUBJECT: Final = N_("Question from a post")

HAPPENED: Final = N_("An officer asks you to identify a specimen that is at the post: {post}, {when}.")


def compose(notice: RowData, address: Address, head: Letterhead) -> Mail:
    """Compose the mail of a stored question (expert_questions/services.py)."""
    language, facts = address.language, notice["facts"]

    def say(message: str, **more: object) -> str:
        return words.label(message, language, **more)

    post = head.posts[language].get(facts["post"], facts["post"])
    when = words.moment(facts["at"], head.zone, language, hours=True)
    desk = head.page.removesuffix("exporter/") + "desk/"
    paragraphs = [
        say(HAPPENED, post=post, when=when),
        f"{say(ANSWER)}\n{desk}#/experts/{notice['permit_id']}",
        head.authority[language],
    ]
    title = " · ".join(filter(None, [say(PRACTICE) if head.practice else "", "Tamga", say(SUBJECT)]))
    return Mail(address.email, title, "\n\n".join(paragraphs) + "\n")


MAILS: Final[Mapping[str, Composer]] = {"question": compose}
