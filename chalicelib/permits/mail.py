"""Mails of notices about permits: to the applicant, and to the ministry's duty desk.

Each is one short mail in plain text, in the addressee's language, from facts that the register stored for it. Its
sentences are translated by the catalogues, as a verdict's are.

A mail contains no person's name, species, code or token. A reader on the way learns a number, what happened to it, and
for a return or a refusal the ministry's reason.

The mail to the duty desk says that goods arrived abroad under a permit of ours and no export is recorded. It names the
permit and the reporting country, and no person.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.i18n import words
from chalicelib.kernel.countries import COUNTRIES
from chalicelib.kernel.rows import RowData
from chalicelib.kernel.text import N_
from chalicelib.mail.letterhead import PRACTICE, Composer, Letterhead
from chalicelib.mail.services import Address, Mail

SUBJECT: Final = N_("Arrived abroad, no export recorded")

ARRIVED: Final = N_(
    "On {when} another country ({country}) reported that goods under permit {number} have arrived. No export is "
    "recorded, and no stamp waits for confirmation. Ask the posts whether the goods left there."
)

LOOK: Final = N_("The permit is here, after signing in:")


def compose_arrival(notice: RowData, address: Address, head: Letterhead) -> Mail:
    """Compose the mail to the duty desk from a stored notice (permits/services/notices.py)."""
    language, facts = address.language, notice["facts"]

    def say(message: str, **more: object) -> str:
        return words.label(message, language, **more)

    when = words.moment(facts["arrived_at"], head.zone, language, hours=False)
    desk = head.page.removesuffix("exporter/") + "desk/"
    paragraphs = [
        say(ARRIVED, when=when, country=COUNTRIES.get(facts["country"], facts["country"]), number=notice["number"]),
        f"{say(LOOK)}\n{desk}#/permit/{notice['permit_id']}",
        head.authority[language],
    ]
    title = filter(None, [say(PRACTICE) if head.practice else "", "Tamga", notice["number"], say(SUBJECT)])
    return Mail(address.email, " · ".join(title), "\n\n".join(paragraphs) + "\n")


SUBJECT_AT_MOST = 200  # characters; RFC 5322 lets a line have 998

# Kind of notice -> its subject and the sentence about the change.
HAPPENED: Final[Mapping[str, tuple[str, str]]] = {
    "received": (N_("Application received"), N_("The ministry has your application.")),
    "returned": (
        N_("Application sent back to you"),
        N_("The ministry has sent your application back to you. It writes: {reason}"),
    ),
    "refused": (N_("Application refused"), N_("The ministry has refused your application. It writes: {reason}")),
    "taken_back": (
        N_("Application withdrawn"),
        N_("Your application was withdrawn. The ministry decides nothing more on it."),
    ),
    "issued": (N_("Document issued"), N_("Your document is issued. Its last day of validity: {valid_until}.")),
    "suspended": (
        N_("Document suspended"),
        N_("Your document is suspended. Goods that travel with it are held at every border."),
    ),
    "reinstated": (
        N_("Document in force again"),
        N_("Your document is in force again. Its last day of validity: {valid_until}."),
    ),
    "revoked": (N_("Document revoked"), N_("The ministry has revoked your document. It is no longer valid.")),
    "surrendered": (N_("Document given back"), N_("Your document was given back unused. It is no longer valid.")),
    "lost": (
        N_("Document reported lost or stolen"),
        N_("Your document was reported lost or stolen. It is stopped at every border."),
    ),
    "replaced": (
        N_("Document replaced"),
        N_("Your document is replaced by {replaced_by}. The old one is no longer valid."),
    ),
    "used export": (N_("Document used at a border post"), N_("Endorsed for export: {post}, {when}.")),
    "used import": (N_("Document used at a border post"), N_("Endorsed for import: {post}, {when}.")),
    "used transit": (N_("Document used at a border post"), N_("Endorsed for transit: {post}, {when}.")),
    "used return": (N_("Document used at a border post"), N_("The goods came back: {post}, {when}.")),
    "withdrawn": (
        N_("An endorsement was taken back"),
        N_("An endorsement of your document was taken back: it no longer counts as a use."),
    ),
    "ending": (
        N_("Document ends soon, unused"),
        N_(
            "Your document has not been used. Its last day of validity: {valid_until}. By then the goods must have "
            "arrived."
        ),
    ),
}

_NOT_YOU: Final = N_("If neither you nor anybody for you did this, call the ministry at once.")

# Kind, or kind and form of the document -> the applicant's next step.
NEXT: Final[Mapping[str, str]] = {
    "received": N_("There is nothing to do now. You get a mail when it is decided."),
    "returned": N_("Put right what the ministry asks for, then send it again."),
    "refused": N_("You may ask the ministry, or apply anew."),
    "taken_back": _NOT_YOU,
    "issued": N_("Download it from your page."),
    "issued paper": N_(
        "Fetch the original with stamp and signature from the ministry: it goes with the goods. What you download "
        "yourself says COPY."
    ),
    "suspended": N_("Do not let the goods travel. Your page says why; the ministry decides how it goes on."),
    "reinstated": N_("You may use it as before."),
    "revoked": N_("Do not use it. Your page says why. Bring the paper back to the ministry."),
    "surrendered": _NOT_YOU,
    "lost": _NOT_YOU,
    "replaced": N_("Use the new document. Bring the old paper back to the ministry."),
    "used": N_("If these are not your goods, call the ministry at once."),
    "withdrawn": N_("Your page shows what counts now."),
    "ending": N_("If you no longer need it, give it back on your page."),
}

# Replaces the first notice above a person's daily limit (mail/services.py).
MORE: Final = N_("More today: look at your page")

LAST: Final = N_(
    "More has happened today than we mail one by one. Until tomorrow you get no further mail; your page has it all."
)

NO_VALUE: Final = N_("This is practice: the document has no value.")

LOOK_HERE: Final = N_("Look here, after signing in:")

NUMBER: Final = N_("Document: {number}")

APPLICATION: Final = N_("Application: {application}")

DUTY: Final = N_("Questions: {duty}")

WHY_YOU: Final = N_("Sent because your page names this address; there you change or remove it. Nobody reads an answer.")


def compose(notice: RowData, address: Address, head: Letterhead) -> Mail:
    """Compose the mail to the applicant from a stored notice (permits/services/notices.py).

    Raises KeyError for a kind that has no text.
    """
    language, kind = address.language, str(notice["kind"])
    facts = _facts(notice["facts"], language, head)
    last = bool(notice.get("last"))
    subject, happened = (MORE, LAST) if last else HAPPENED[f"used {facts['direction']}" if kind == "used" else kind]
    following = "" if last else NEXT.get(f"{kind} {facts.get('form')}") or NEXT[kind]
    number = "" if last else notice["number"]

    def say(message: str, **more: object) -> str:
        return words.label(message, language, **more)

    which = say(NUMBER, number=number) if number else ""
    paragraphs = [
        say(NO_VALUE) if head.practice else "",
        "" if last else "\n".join(filter(None, [which, say(APPLICATION, application=notice["permit_id"])])),
        say(happened, **facts),
        say(following) if following else "",
        f"{say(LOOK_HERE)}\n{head.page}" + ("" if last else f"#{notice['permit_id']}"),
        "\n".join([head.authority[language], *([say(DUTY, duty=head.duty)] if head.duty else [])]),
        say(WHY_YOU),
    ]
    title = " · ".join(filter(None, [say(PRACTICE) if head.practice else "", "Tamga", number, say(subject)]))
    return Mail(address.email, title[:SUBJECT_AT_MOST], "\n\n".join(filter(None, paragraphs)) + "\n")


def _facts(facts: RowData, language: str, head: Letterhead) -> dict[str, Any]:
    """Format days and posts in the reader's language."""
    told = dict(facts)
    if day := told.get("valid_until"):
        told["valid_until"] = words.day(day, language)
    if at := told.pop("at", None):
        told["when"] = words.moment(at, head.zone, language, hours=False)
    if post := told.get("post"):
        told["post"] = head.posts[language].get(post, post)
    return told


MAILS: Final[Mapping[str, Composer]] = {
    **{kind.partition(" ")[0]: compose for kind in HAPPENED},
    "not_left": compose_arrival,
}
