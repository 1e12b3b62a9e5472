"""Mails to a duty desk: about an alert, and about a change of the desk's own addresses.

A mail about an alert has its kind, place and time. Everything else is behind the sign-in. The mail has no name, number
or mark, and of the watch-list only that something was found.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from chalicelib.i18n import words
from chalicelib.kernel.rows import RowData
from chalicelib.kernel.text import N_
from chalicelib.mail.letterhead import PRACTICE, Composer, Letterhead
from chalicelib.mail.services import Address, Mail

# Kind of alert -> subject of the mail, and its first sentence.
ALERT_TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "hold": (N_("Goods held at a post"), N_("Goods and paper are held: {post}, {when}.")),
    "case": (N_("Case opened"), N_("A case was opened: {post}, {when}.")),
    "watch": (N_("Watch-list: match at a post"), N_("Something on the watch-list was found: {post}, {when}.")),
    "stamp": (
        N_("Hand-stamped endorsement not confirmed"),
        N_("A hand-stamped endorsement waits for a second officer: {post}, {when}. Confirm it or take it back."),
    ),
}

ANSWER: Final = N_(
    "Sign in and answer here under your name. Without an answer, the alert is passed on to the next desk:"
)

UNANSWERED: Final = N_("Nobody has answered so far. Your desk is asked now.")

REOPENED: Final = N_("It was answered, and somebody opened it again. Your desk has to answer.")

NOT_ANSWERED: Final = N_("not answered")

# Changes of a desk's own addresses, by action (alerts/services/duty_desks.py).
DESK_CHANGE_TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "add": (N_("Addresses of this desk changed"), N_("On {when} an address was added to those of this duty desk.")),
    "keep": (
        N_("Addresses of this desk stay"),
        N_("On {when} a change of the addresses of this duty desk was taken back."),
    ),
    "propose": (
        N_("Addresses of this desk: change proposed"),
        N_(
            "On {when} it was proposed to remove or replace an address of this duty desk. A second administrator "
            "decides."
        ),
    ),
    "confirm": (
        N_("Addresses of this desk changed"),
        N_("On {when} two administrators removed or replaced an address of this duty desk. It may have been this one."),
    ),
}

LOOK: Final = N_(
    "If you do not know of this change, inform your head and the auditors. Sign in to see the addresses here:"
)


def compose_change(notice: RowData, address: Address, head: Letterhead) -> Mail:
    """Compose the mail about a change of the desk's own addresses. It names neither address nor person."""
    language, facts = address.language, notice["facts"]
    subject, happened = DESK_CHANGE_TEXTS[facts["action"]]
    desk = head.page.removesuffix("exporter/") + "desk/"

    def say(message: str, **more: object) -> str:
        return words.label(message, language, **more)

    paragraphs = [
        say(happened, when=words.moment(facts["at"], head.zone, language, hours=True)),
        f"{say(LOOK)}\n{desk}#/alerts",
        head.authority[language],
    ]
    title = [say(PRACTICE) if head.practice else "", "Tamga", say(subject)]
    return Mail(address.email, " · ".join(filter(None, title)), "\n\n".join(paragraphs) + "\n")


def compose(notice: RowData, address: Address, head: Letterhead) -> Mail:
    """Compose the mail of a stored alert (alerts/services/alerts.py). Raises KeyError for a kind without text."""
    language, facts = address.language, notice["facts"]
    subject, happened = ALERT_TEXTS[facts["alert"]]
    post = head.posts[language].get(facts["post"], facts["post"])
    when = words.moment(facts["at"], head.zone, language, hours=True)

    def say(message: str, **more: object) -> str:
        return words.label(message, language, **more)

    step = int(facts["step"])
    sent_again = ""
    if facts.get("reopened"):
        sent_again = say(REOPENED)
    elif step:
        sent_again = say(UNANSWERED)
    desk = head.page.removesuffix("exporter/") + "desk/"
    paragraphs = [
        say(happened, post=post, when=when),
        sent_again,
        f"{say(ANSWER)}\n{desk}#/alerts/{notice['permit_id']}",
        head.authority[language],
    ]
    title = [say(PRACTICE) if head.practice else "", "Tamga", say(subject), say(NOT_ANSWERED) if step else ""]
    return Mail(address.email, " · ".join(filter(None, title)), "\n\n".join(filter(None, paragraphs)) + "\n")


MAILS: Final[Mapping[str, Composer]] = {"alert": compose, "duty_desk": compose_change}
