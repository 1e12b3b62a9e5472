"""Texts of flags: the mail to the desk that answers, the names of the rules, and the sentence of each flag.

The mail has only the fact and the time to answer by. Rule, names, numbers and posts are behind the sign-in, and so is
whether the flag is about staff.

The sentences are about papers, never about guilt. Source of the rules: patterns/table.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.alerts.mail import NOT_ANSWERED, UNANSWERED
from chalicelib.i18n import words
from chalicelib.kernel.countries import COUNTRIES
from chalicelib.kernel.rows import RowData
from chalicelib.kernel.stage import Stage
from chalicelib.kernel.text import N_
from chalicelib.mail.letterhead import ANSWER, PRACTICE, Composer, Letterhead
from chalicelib.mail.services import Address, Mail
from chalicelib.patterns.window import Flag
from chalicelib.platform import country_folder

SUBJECT: Final = N_("Suspicious pattern")

HAPPENED: Final = N_("A suspicious pattern was flagged. Answer by {when}; after that it is passed on to the next desk.")


def compose(notice: RowData, address: Address, head: Letterhead) -> Mail:
    """Compose the mail of a stored flag (suspicions/services/flags.py)."""
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

NAMES: Final[Mapping[str, str]] = {
    "used_twice": N_("Used twice"),
    "too_fast": N_("Two posts in too little time"),
    "too_much": N_("More than permitted"),
    "not_left": N_("Arrived abroad, no export recorded"),
    "quota_passed": N_("Above its quota"),
    "same_mark": N_("One ring or chip on two permits"),
    "bred_by_nobody": N_("Bred, but by no registered operation"),
    "bred_too_many": N_("More bred than the operation can yield"),
    "origin_not_a_number": N_("Document of origin with an odd number"),
    "origin_unknown": N_("Document of origin that we never issued"),
    "origin_later": N_("Document of origin of a later day"),
    "origin_used_up": N_("Document of origin used up"),
    "new_lane": N_("New destination"),
    "burst": N_("Many permits at once"),
    "personal_again": N_("Personal effects again and again"),
    "split_allowance": N_("Personal effects in portions"),
    "split_quota": N_("A share of a quota in portions"),
    "dead_of_exporter": N_("Dead animals again and again, of one exporter"),
    "dead_with_carrier": N_("Dead animals again and again, with one airline"),
    "never_went_there": N_("Re-export from a country that the goods never reached"),
    "transit_in_circle": N_("Transit that leaves by its post of entry"),
    "round_the_rules": N_("A step that the rules do not allow"),
    "one_pair": N_("One exporter, one pair of officers"),
    "off_hours": N_("Outside office hours"),
    "many_overrides": N_("Many hard stops let pass"),
    "many_undone": N_("Many endorsements taken back"),
    "far_less": N_("Far less than permitted"),
    "missing_serials": N_("Numbers without a permit"),
    "many_voids": N_("Many numbers given up"),
    "many_stamps_spoiled": N_("Many stamps written off"),
    "desk_changed": N_("Address of a duty desk removed"),
    "quota_raised": N_("Quota raised"),
}

WHY: Final[Mapping[str, str]] = {
    "used_twice": N_(
        "{number} was used at {post} on {when}, and again at {other_post} on {other_when}. One consignment leaves and "
        "arrives once."
    ),
    "too_fast": N_(
        "{number} was used at {post} on {when} and at {other_post} on {other_when}, {minutes} min later: no "
        "aircraft is that fast."
    ),
    "too_much": N_("{number}, line {line}: {quantity} moved at {post} on {when}; {permitted} were permitted."),
    "not_left": N_(
        "Another country ({country}) reported on {when} that goods under {number} have arrived; no export is recorded."
    ),
    "quota_passed": N_("{number}: after a correction more of {taxon} is counted than the quota of the year allows."),
    "same_mark": N_(
        "The mark {mark} is on {number} and on {other_number} ({taxon}). The first permit still allows the export "
        "of the animal, or was used for it, and no return is recorded."
    ),
    "bred_by_nobody": N_(
        "{number} says that {taxon} was bred or propagated (source {source}). On {day} the register has no "
        "operation of {exporter} for this species."
    ),
    "bred_too_many": N_(
        "In {year}, {total} of {taxon} were permitted from operation {operation} ({holder}); it is registered for "
        "{a_year} a year."
    ),
    "origin_not_a_number": N_(
        "{number} quotes the document {other_number} of this country: {country}. Its numbers do not look like that."
    ),
    "origin_unknown": N_("{number} quotes our document {other_number}, which the register does not have."),
    "origin_later": N_(
        "{number} quotes the document {other_number} ({country}) of {day}: later than the permit that is based on it."
    ),
    "origin_used_up": N_(
        "{total} were re-exported on the document {other_number} ({country}), which was for {permitted}."
    ),
    "new_lane": N_(
        "{number} permits {taxon} for this country: {country}. None of the {count} permits of the 12 months before "
        "was for it."
    ),
    "burst": N_("{exporter} got {count} permits in the week from {day}; before, {mean} a week."),
    "personal_again": N_("{exporter} got {count} permits for personal purposes within a year."),
    "split_allowance": N_(
        "Within 14 days from {day}, {name} is on {count} permits for personal effects ({taxon}). Each is within "
        "what one person may carry, {permitted}; together they are for {total}."
    ),
    "split_quota": N_(
        "Within 14 days from {day}, {name} is on {count} permits for {taxon}. None is for more than a tenth of "
        "the quota of {permitted}; together they take {total} of it."
    ),
    "dead_of_exporter": N_(
        "Of {exporter}, {count} of {total} consignments of live animals within half a year came with dead ones: "
        "{dead} of {quantity} animals."
    ),
    "dead_with_carrier": N_(
        "Of {total} consignments of live animals within half a year, with the airline whose waybills begin with "
        "{airline}, {count} came with dead ones. More than one exporter sent them: {dead} of {quantity} animals were "
        "dead."
    ),
    "never_went_there": N_(
        "{number} ({issuer}) is based on the document {other_number} ({country}), which was for another country: "
        "{destination}. No document shows how the goods came from there."
    ),
    "transit_in_circle": N_(
        "{number} ({country}): the goods came in for transit at {post} on {when}, and left at the same post on "
        "{other_when}."
    ),
    "round_the_rules": N_(
        "{number} was issued against the rules of the service: {person} approved it and also worked on it, or a "
        "finding is missing. Missing findings: {findings}."
    ),
    "one_pair": N_(
        "{count} of the {total} permits of {exporter} were prepared by {person} and approved by {other_person}. "
        "Of the permits of all others, the two have {share}."
    ),
    "off_hours": N_(
        "{person} approved or issued {count} of {total} permits of a month at night or on a weekend, the "
        "last on {when}."
    ),
    "many_overrides": N_("{person} let {count} hard stops pass within 30 days, {total} within the year."),
    "many_undone": N_(
        "{count} of the {total} endorsements that {person} sent in 90 days were taken back, most by {other_person}."
    ),
    "far_less": N_(
        "Under {count} permits of a year, far less was endorsed than permitted. The last: {number} of {exporter}, line "
        "{line} ({taxon}), {quantity} of {permitted}, at {post} on {when} by {person}."
    ),
    "missing_serials": N_(
        "No permit has the numbers {first} to {last} ({count}), and they are not recorded as void. After a "
        "restore, numbers are left out on purpose."
    ),
    "many_voids": N_("{count} numbers were reserved and given up within 30 days: {numbers}."),
    "many_stamps_spoiled": N_("{person} wrote off {count} security stamps within 30 days: {numbers}."),
    "desk_changed": N_(
        "On {when} an address of this duty desk was removed or replaced: {desk}. Proposed by {person}, confirmed by "
        "{other_person}."
    ),
    "quota_raised": N_(
        "On {when} the quota for {taxon} was raised from {permitted} to {quantity}. Proposed by {person}, confirmed by "
        "{other_person}."
    ),
}

NONE = "–"

DESKS: Final[Mapping[str, str]] = {  # duty desks (alerts/services/duty_desks.py)
    "customs": N_("customs"),
    "border": N_("border guard"),
    "ministry": N_("ministry"),
    "police": N_("police"),
    "auditor": N_("auditors"),
    "scientist": N_("Scientific Authority"),
}


def name(rule: str, language: str) -> str:
    """The rule's name in a language. Raises KeyError, WordsMissing."""
    return words.label(NAMES[rule], language)


def why(flag: Flag, people: Mapping[str, str], language: str, stage: Stage) -> str:
    """The sentence of a flag, with names in place of ids of posts and people. Raises KeyError, WordsMissing.

    `people`: id -> name.
    """
    said = {name: _said(name, value, people, language, stage) for name, value in flag.facts.items()}
    return words.label(WHY[flag.rule], language, **said)


def _said(name: str, value: Any, people: Mapping[str, str], language: str, stage: Stage) -> str:
    if name in {"when", "other_when"}:
        return words.moment(int(value), stage.zone, language, hours=True)
    if name in {"post", "other_post"}:
        return country_folder.post_names(language, stage.issuer).get(str(value), str(value))
    if name in {"person", "other_person"}:
        return people.get(str(value), str(value)) or NONE
    if name in {"country", "issuer", "destination"}:
        return COUNTRIES.get(str(value), str(value))
    if name == "desk":
        return words.label(DESKS[str(value)], language)
    if name == "day" and value:
        return words.day(str(value), language)
    return str(value) or NONE
