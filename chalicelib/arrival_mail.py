"""Mail to the ministry's duty desk: goods arrived abroad under a permit of ours, and no export is recorded.

It names the permit and the reporting country, and no person.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from chalicelib import words
from chalicelib.core.address import Address
from chalicelib.core.countries import COUNTRIES
from chalicelib.letterhead import PRACTICE, Composer, Letterhead
from chalicelib.ports import Mail
from chalicelib.sentences import N_

SUBJECT: Final = N_("Arrived abroad, no export recorded")
HAPPENED: Final = N_(
    "On {when} another country ({country}) reported that goods under permit {number} have arrived. No export is "
    "recorded, and no stamp waits for confirmation. Ask the posts whether the goods left there."
)
LOOK: Final = N_("The permit is here, after signing in:")


def compose(notice: Mapping[str, Any], address: Address, head: Letterhead) -> Mail:
    """The mail of a stored notice (services/queue_notices.py)."""
    language, facts = address.language, notice["facts"]

    def say(message: str, **more: object) -> str:
        return words.label(message, language, **more)

    when = words.moment(facts["arrived_at"], head.zone, language, hours=False)
    desk = head.page.removesuffix("exporter/") + "desk/"
    paragraphs = [
        say(HAPPENED, when=when, country=COUNTRIES.get(facts["country"], facts["country"]), number=notice["number"]),
        f"{say(LOOK)}\n{desk}#/permit/{notice['permit_id']}",
        head.authority[language],
    ]
    title = filter(None, [say(PRACTICE) if head.practice else "", "Tamga", notice["number"], say(SUBJECT)])
    return Mail(address.email, " · ".join(title), "\n\n".join(paragraphs) + "\n")


MAILS: Final[Mapping[str, Composer]] = {"not_left": compose}
