"""Commands `tamga questions`: list and answer the officers' questions to the Scientific Authority.

They work on the register itself, with this deployment's configuration, as the person of the token.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from chalicelib.cli.output import AsJson, Configured, Token, out, person, print_json, refusals, usage
from chalicelib.expert_questions.model import CERTAIN
from chalicelib.kernel.text import count_of

if TYPE_CHECKING:
    from chalicelib.platform.deps import Deps


container: Configured[Deps] = Configured()

app = typer.Typer(no_args_is_help=True, help="Officers' questions to the Scientific Authority: list them, answer one.")

Id = Annotated[str, typer.Argument(help="Id of the question, as `list` prints it.")]

Answered = Annotated[bool, typer.Option("--answered", help="List the answered questions instead of the open ones.")]

Post = Annotated[str | None, typer.Option(help="Id of a post: list its questions only, the newest first.")]

Taxon = Annotated[str, typer.Option(help="Scientific name, if the specimen can be identified.")]

Certain = Annotated[str, typer.Option(help=f"How certain the answer is: {', '.join(CERTAIN)}.")]

Words = Annotated[str, typer.Option("--text", help="Reason for the answer, or what is needed to give one.")]


@app.command("list")
def list_(answered: Answered = False, post: Post = None, token: Token = "", as_json: AsJson = False) -> None:
    """List the open questions, the longest waiting first. With --answered: the answered ones."""
    from chalicelib.expert_questions import services as expert_questions

    deps = container()
    who, found, cursor = person(deps, token), [], None
    while True:
        with refusals():
            some, cursor = expert_questions.listed(
                "answered" if answered else "open", post, who, register=deps.register, cursor=cursor
            )
        found += some
        if cursor is None:
            break
    if as_json:
        print_json({"items": [asdict(each) for each in found]})
        return
    for each in found:
        out.print(escape(f"{each.id}  {each.post}  {each.term or '?'}  {each.taxon or '?'}  {each.question}"))
    out.print(f"{count_of(len(found), 'answered question' if answered else 'open question')}")


@app.command()
def answer(
    question: Id,
    text: Words,
    certain: Certain = "certain",
    taxon: Taxon = "",
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Answer one question. A later answer corrects an earlier one. The same answer again changes nothing."""
    from chalicelib.expert_questions import services as expert_questions

    if certain not in CERTAIN:
        raise usage(f"--certain: give one of {', '.join(CERTAIN)}")
    deps = container()
    who = person(deps, token)
    with refusals():
        told = expert_questions.answer(question, expert_questions.Answer(taxon, certain, text), who, deps)
    if as_json:
        print_json(asdict(told))
    else:
        out.print(escape(f"{told.id} answered: {told.answers[-1]['taxon'] or certain}"))
