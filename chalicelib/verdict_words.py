"""What a verdict says to this reader: the facts of its hits, as far as the reader may see them, put into words.

The public reads days; hours and posts' names are for signed-in officers (the contract, "Public").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from chalicelib import words
from chalicelib.core.codes import KINDS
from chalicelib.core.hit import Hit
from chalicelib.core.ledger import uncounted
from chalicelib.core.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads. `zone`: IANA name; `duty`: the duty desk's telephone; `post_names`: post id -> name in `language`."""

    language: str
    zone: str
    officer: bool = False
    duty: str = ""
    post_names: Mapping[str, str] = field(default_factory=dict)


def hit_text(hit: Hit, reader: Reader, direction: str = "none") -> str:
    """The sentence of one code of a verdict, at this direction."""
    cases = _cases(hit, direction)
    return words.text(hit.code, reader.language, *cases, settled=hit.cleared, **_facts(hit, reader))


def headline(verdict: Verdict, reader: Reader, direction: str = "none") -> str:
    """The words of the outcome, with its reason (the first code that asks for it) where the outcome is a question."""
    reason = next((hit_text(hit, reader, direction) for hit in verdict.hits if hit.asks == verdict.outcome), "")
    case, facts = "", {"duty": reader.duty, "reason": reason}
    if verdict.outcome == "accept":
        case, facts = _accepted(verdict, reader, direction)
    if verdict.outcome == "accept_offline":
        facts["when"] = words.moment(verdict.data_as_of, reader.zone, reader.language, hours=True)
    return words.outcome(verdict.outcome, reader.language, case, **facts)


def steps(verdict: Verdict, reader: Reader) -> tuple[str, ...]:
    """What to do now, in order."""
    return words.steps(verdict.outcome, reader.language, *verdict.codes, officer=reader.officer, duty=reader.duty)


def _cases(hit: Hit, direction: str) -> tuple[str, ...]:
    """The cases of `sentences` that this hit is in, the telling one first."""
    use = hit.facts.get("kind")
    if hit.code == "U5":
        return (
            "offline" if hit.facts.get("telephone") else "",
            "imported" if use == "import" else "",
            direction if use == direction == "export" else "",
        )
    if hit.code == "P3":
        return ("all" if direction == "export" and hit.facts.get("whole") else "",)
    return ("no_code" if hit.facts.get("no_code") else "", hit.asks, direction)


def _facts(hit: Hit, reader: Reader) -> dict[str, str]:
    """The facts as plain text, under the names that `words.text` knows."""
    facts = hit.facts
    if hit.code == "D2":
        return {"pages": str(facts["of"]), "missing": ", ".join(str(page) for page in facts["pages"])}
    if hit.code == "F5":
        changed = {difference["block"] for difference in facts.get("differences", ())}
        return {"blocks": ", ".join(sorted(changed | set(facts.get("overlaid", ()))))}
    if hit.code == "D1" and facts.get("overlaid"):
        return {"blocks": ", ".join(sorted(facts["overlaid"]))}
    known = {"duty": reader.duty}
    if number := facts.get("number"):
        known |= {"number": str(number), "replaced_by": str(number)}
    if at := facts.get("at"):
        last = at - 1 if hit.code == "S1" else at  # S1 brings `exp`, the first second after the last valid day
        hours = hit.code == "T1" or (reader.officer and hit.code != "S1")
        known["when"] = words.moment(last, facts.get("zone", reader.zone), reader.language, hours=hours)
    if reader.officer and (post := facts.get("post")):
        known["post"] = reader.post_names.get(post, post)
    if reader.officer and (document := facts.get("transport_document")):
        known |= {"waybill": document, "quantity": _quantities(facts["lines"])}
    return known


def _quantities(lines: Iterable[tuple[str, str]]) -> str:
    """`A 2, B 0.5`: block letter and what moved, as block 14 has it."""
    return ", ".join(f"{line} {quantity}" for line, quantity in lines)


def _accepted(verdict: Verdict, reader: Reader, direction: str) -> tuple[str, dict[str, str]]:
    """Which `accept` it is: for many crossings, left and arriving, stamped but not confirmed, not yet endorsed, or
    plainly unused."""
    kind = verdict.permit.kind if verdict.permit else "I"
    if KINDS[kind].many_crossings:
        return "crossing", {}
    left = [use for use in verdict.uses if use.counts and use.kind == "export"]
    if not left and uncounted(verdict.uses) == "waiting":
        return "waiting", {}
    if not left:
        return ("before" if direction == "none" and kind != "I" else ""), {}
    use = min(left, key=lambda use: (use.at, use.event_id))
    lines = [(line.line, line.quantity) for line in use.lines]
    facts = {"at": use.at, "post": use.post, "transport_document": use.transport_document, "lines": lines}
    return "left", _facts(Hit("U5", "", facts), reader)
