"""The command `tamga identify`: the identification aid of this release, without the service and without rights.

    identify         ask one question after another and end at a candidate; with --json print everything
    identify NAME    describe a candidate (`argali-horn`), or each candidate of a taxon (`Ovis ammon`), with its sources

Exit codes: 0 found, 1 no such candidate or taxon in the aid, 2 wrong usage. The aid names candidates, never a verdict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from chalicelib.cli.output import REFUSED, AsJson, err, out, print_json, stop, usage

if TYPE_CHECKING:
    from chalicelib.identification.schemas import AidQuestion, Candidate, CandidateInShort, Statement

BY = {
    "eye": "By eye, if this character is there to be seen.",
    "expert": "Only somebody who knows the group can be sure: ask an expert.",
    "laboratory": "Not by eye: take a sample for the laboratory (DNA), or ask an expert.",
}


def identify(
    name: Annotated[
        str, typer.Argument(help="Id of a candidate, or a scientific name. Without it: answer questions.")
    ] = "",
    language: Annotated[str, typer.Option(help="Language of the aid: en, ru or ky.")] = "en",
    as_json: AsJson = False,
) -> None:
    """Identify goods: answer questions, and read how to distinguish the candidate from others.

    With NAME it describes one candidate or taxon, without questions. Each statement has its source.

    Exit code: 0 found, 1 the aid has no such candidate or taxon, 2 wrong use.
    """
    from chalicelib.identification import services as identification
    from chalicelib.identification.schemas import overview, whole
    from chalicelib.species.services import list_in_use

    if language not in identification.LANGUAGES:
        raise usage(f"--language: give one of {', '.join(identification.LANGUAGES)}")
    listing = list_in_use.listing().on(date.today())
    aid = identification.Aid(identification.identification(), listing, language)
    asked = overview(aid)
    candidates = {each["id"]: each for each in asked["candidates"]}
    if name:
        known = aid.listing.find(name)
        wanted = {name.lower(), known.scientific_name.lower()} if known else {name.lower()}
        names = [each["id"] for each in candidates.values() if _names(each) & wanted]
    elif as_json:
        print_json(asked)
        return
    else:
        found, unclear = _found({each["id"]: each for each in asked["questions"]}, asked["first"])
        for text in ("If it stays unclear:", *(f"  {line}" for line in unclear)):
            err.print(escape(text), soft_wrap=True)
        shown = [_in_short(candidates[each]) for each in found]
        names = [found[_chosen("It may be one of these", shown)]]
    if not names:
        raise stop(
            f"NAME: the aid has no candidate or taxon {name}; run the command without NAME to answer questions", REFUSED
        )
    told = [made for made in (whole(aid, each) for each in names) if made is not None]
    if as_json:
        print_json({"items": told})
        return
    for each in told:
        _print(each)


def _names(each: CandidateInShort) -> set[str]:
    """The texts by which NAME finds a candidate."""
    return {each["id"], each["scientific_name"].lower(), *(name.lower() for name in each["also"])}


def _found(questions: Mapping[str, AidQuestion], name: str) -> tuple[Sequence[str], Sequence[str]]:
    """Ask from this question on until an answer leads to candidates. Return them, and whom to ask if unclear."""
    first = name
    while True:
        answers = questions[name]["answers"]
        unsure = [] if name == first else ["I cannot tell: show all that it may be"]
        shown = [f"{each['group']}: {each['say']}" if each["group"] else each["say"] for each in answers]
        chosen = _chosen(questions[name]["ask"], shown + unsure)
        if chosen == len(answers):
            return _below(questions, name), questions[name]["unclear"]
        question = answers[chosen]["to"]
        if question is None:
            return answers[chosen]["found"], questions[name]["unclear"]
        name = question


def _below(questions: Mapping[str, AidQuestion], name: str) -> list[str]:
    """All candidates that can still be reached from a question, in the order of its answers."""
    answers = questions[name]["answers"]
    found = (one for each in answers for one in (_below(questions, each["to"]) if each["to"] else each["found"]))
    return list(dict.fromkeys(found))


def _chosen(question: str, answers: Sequence[str]) -> int:
    """Print the numbered answers and return the index (from 0) of the one chosen."""
    err.print(f"[bold]{escape(question)}[/bold]")
    for number, each in enumerate(answers, 1):
        err.print(f"  {number:>2}  {escape(each)}", soft_wrap=True)
    number = 0
    while not 0 < number <= len(answers):
        number = typer.prompt(f"Type a number, 1 to {len(answers)}", type=int, err=True)
    return number - 1


def _in_short(each: CandidateInShort) -> str:
    listed = f"Appendix {each['appendix']}" if each["appendix"] != "0" else "not listed by CITES"
    unsure = "" if each["in_list"] or each["appendix"] == "0" else " (not in the species list: ask an expert)"
    return f"{each['name']} ({each['scientific_name']}), {listed}{unsure}"


def _print(told: Candidate) -> None:
    numbers = {name: number for number, name in enumerate(told["sources"], 1)}

    def line(each: Statement, before: str = "") -> str:
        return f"  {before}{each['text']} [{', '.join(str(numbers[name]) for name in each['sources'])}]"

    sections = {
        f"{_in_short(told)}: {told['part']} [{told['id']}]": [line(told["tell"]), f"  {BY[told['by']]}"],
        "Taken for it": [line(each["tell"], f"{_in_short(each)}: ") for each in told["alike"]],
        "Measure and photograph": [line(each) for each in told["measure"]],
        "First care": [line(told["care"])],
        "Whom to call": [line(each) for each in told["call"]],
        "Next": [f"  tamga requirements '{told['scientific_name']}' --term {told['term']}"],
        "Sources": [f"  {number:>2}  {told['sources'][name]}" for name, number in numbers.items()],
    }
    for heading, lines in sections.items():
        out.print(f"[bold]{escape(heading)}[/bold]", soft_wrap=True)
        for each in lines:
            out.print(escape(each), soft_wrap=True)
