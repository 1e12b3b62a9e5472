"""Asking the issuing Party about a paper: a letter that is ready, an electronic answer where there is one, all kept.

`exchange` asks another Party's service; None where it has none that we may ask (or no exchange is set up). Whatever it
says is kept with the question, and a person reads it: no answer changes what was done at the post.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from chalicelib.core import foreign_paper as core
from chalicelib.core.errors import FieldError, Invalid, NoMatch, Unavailable
from chalicelib.core.foreign_letter import letter
from chalicelib.core.foreign_paper import ForeignPaper
from chalicelib.core.roles import Actor
from chalicelib.core.validity import day
from chalicelib.ports import Conflict, PermitRegister
from chalicelib.services import foreign_papers, photograph, store
from chalicelib.services.verify_permit import Checker, VerifyDeps

AT_MOST = 20  # enquiries, and answers, of one paper
Exchange = Callable[[ForeignPaper, Actor], Mapping[str, Any] | None]  # -> {"result", "text"} of its issuer


class EnquiryDeps(VerifyDeps, Protocol):
    """With the question to another Party's service."""

    @property
    def exchange(self) -> Exchange | None: ...


def ask(
    paper_id: str, actor: Actor, *, register: PermitRegister, checker: Checker, authority: Mapping[str, str],
    country: str, exchange: Exchange | None = None, now: int,
) -> ForeignPaper:  # fmt: skip
    """Write the letter that asks its issuer, for a person to send; keep its electronic answer, if one came at once."""
    paper = foreign_papers.load(paper_id, register)
    today, pictured = checker.stage.today(now), bool(photograph.listed(paper_id, register=register))
    text = letter(
        paper, country=country, authority=authority["name"], address=authority["address"],
        reference=paper.id[:8].upper(), pictured=pictured, today=today,
    )  # fmt: skip
    found = exchange(paper, actor) if exchange is not None else None
    entry = {"at": now, "by": actor.id, "by_name": actor.name, "channel": "letter" if found is None else "exchange"}
    answers = () if found is None else ({**found, "at": now, "by": "exchange", "by_name": paper.issuer},)

    def decide(paper: ForeignPaper) -> ForeignPaper:
        if len(paper.enquiries) >= AT_MOST:
            raise Invalid(FieldError("body", "too_many", f"At most {AT_MOST} enquiries about one paper."))
        return paper.but(enquiries=(*paper.enquiries, {**entry, "letter": text}), answers=(*paper.answers, *answers))

    return _change(paper_id, actor, decide, "ask", register=register, now=now)


def answer(
    paper_id: str, result: str, text: str, received_on: str, actor: Actor, *, register: PermitRegister, now: int
) -> ForeignPaper:
    """Keep what the issuer answered, in its words. Raises `Invalid`."""
    faults = list(core.text_faults("text", text))
    if result not in core.ANSWERS:
        faults.append(FieldError("result", "unknown", f"One of: {', '.join(core.ANSWERS)}."))
    if day(received_on) is None:
        faults.append(FieldError("received_on", "date", "A day that exists, as YYYY-MM-DD."))
    if not text.strip():
        faults.append(FieldError("text", "required", "What they wrote, or whom you spoke to."))
    if faults:
        raise Invalid(*faults)
    entry = {
        "result": result, "text": text, "received_on": received_on, "at": now, "by": actor.id, "by_name": actor.name,
    }  # fmt: skip

    def decide(paper: ForeignPaper) -> ForeignPaper:
        if len(paper.answers) >= AT_MOST:
            raise Invalid(FieldError("body", "too_many", f"At most {AT_MOST} answers about one paper."))
        return paper.but(answers=(*paper.answers, entry))

    return _change(paper_id, actor, decide, "answer", register=register, now=now, detail={"result": result})


def _change(
    paper_id: str, actor: Actor, decide: Callable[[ForeignPaper], ForeignPaper], action: str, *,
    register: PermitRegister, now: int, detail: Mapping[str, Any] | None = None,
) -> ForeignPaper:  # fmt: skip
    actor.need("ask_issuer")
    for _ in range(store.TRIES):
        paper = foreign_papers.load(paper_id, register)
        if not foreign_papers.reaches(actor, paper.post):
            raise NoMatch("No such record of a foreign permit.")
        made = decide(paper)
        try:
            register.commit(*foreign_papers.puts(made, actor, now, action, detail))
        except Conflict:
            continue
        return made
    raise Unavailable("Others are changing this record; try again.")
