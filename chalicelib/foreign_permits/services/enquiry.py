"""Enquiry to the issuing Party about a paper: letter, electronic question, and the answers, all stored.

`exchange` asks the other Party's service. It is None where no exchange is set up. It returns None where that Party has
no known service, or gives no answer. An answer is stored with the question for a person to read. No answer changes the
endorsement at the post.

The letter is in English and ready to send. It asks whether the permit is the issuer's own. It has the particulars of
the paper and nothing about our officers. Its reader needs no account.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Protocol

from chalicelib.foreign_permits.services.record import PaperChange
from chalicelib.kernel.countries import COUNTRIES
from chalicelib.kernel.days import day
from chalicelib.kernel.errors import FieldError, Invalid, NoMatch
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import RowData
from chalicelib.platform import country_folder, files
from chalicelib.platform.deps import Deps
from chalicelib.platform.transact import transact
from chalicelib.record.permit import from_record, line_letter
from chalicelib.verification.model import foreign_permit
from chalicelib.verification.model.foreign_permit import ForeignPermit
from chalicelib.verification.services import foreign_records
from chalicelib.verification.services.verify import VerifyDeps

CONTACTS = "CITES website, cites.org, National contacts and information"

COPY = " A copy of the paper is attached."


def letter(paper: ForeignPermit, *, authority: Mapping[str, str], pictured: bool, today: date) -> str:
    """Text of the letter. `authority`: name and address of ours. `pictured`: photographs of the paper go with it.

    The reference finds the answer's paper again. The sender looks up the postal address. Tamga does not store it.
    """
    name, reference = authority["name"], paper.id[:8].upper()
    application = from_record(paper.record)
    lines = []
    for index, line in enumerate(application.lines):
        origin = f", origin {line.origin.country}" if line.origin and line.origin.country else ""
        marks = f", marks {line.marks}" if line.marks else ""
        amount = f"{line.quantity} {line.unit}" if line.unit else f"{line.quantity}"
        lines.append(
            f"  {line_letter(index)}  {line.scientific_name}, term {line.term}, quantity {amount}, "
            f"source {line.source or '-'}{origin}{marks}"
        )
    exporter, importer = application.exporter, application.importer
    return "\n".join(
        [
            f"To: CITES Management Authority of {COUNTRIES[paper.issuer]}",
            f"[Enter its address: {CONTACTS}]",
            f"From: {name}, {authority['address']}",
            f"Date: {today.isoformat()}",
            f"Our reference: {reference}",
            "",
            f"Request for verification of CITES document {paper.number}",
            "",
            "The document described below was presented at our border. Please tell us whether you issued it, whether",
            "it is valid, and whether the particulars agree with your records." + (COPY if pictured else ""),
            "",
            f"Number: {paper.number}",
            f"Kind: {application.document_type}",
            f"Issued on: {paper.issued_on or 'not legible'}",
            f"Last day of validity: {application.valid_until or 'not legible'}",
            f"Exporter: {exporter.name or '-'}, {exporter.country or '-'}",
            f"Importer: {importer.name or '-'}, {importer.country or '-'}",
            f"Purpose: {application.purpose or '-'}",
            f"Security stamp: {application.stamp_number or '-'}",
            "Specimens:",
            *lines,
            "",
            "Until you answer, the goods may be waiting: a short answer by e-mail helps. Please name our reference.",
            "",
            name,
        ]
    )


AT_MOST = 20  # enquiries, and answers, of one paper

Exchange = Callable[[ForeignPermit, Actor], RowData | None]  # -> the issuer's {"result", "text"}


class EnquiryDeps(VerifyDeps, Protocol):
    """Dependencies of verification, and the electronic question to another Party."""

    @property
    def exchange(self) -> Exchange | None: ...


def ask(paper_id: str, actor: Actor, deps: EnquiryDeps) -> ForeignPermit:
    """Write the letter to the issuer, for a person to send, and store an electronic answer if one came at once.

    Raises `Forbidden`, `NoMatch`, `Invalid` after too many enquiries.
    """
    paper = foreign_records.load(paper_id, deps.register)
    today, pictured = deps.stage.today(deps.now), bool(files.photographs_of(paper_id, register=deps.register))
    authority = country_folder.authority(deps.stage.issuer)
    text = letter(paper, authority=authority, pictured=pictured, today=today)
    found = deps.exchange(paper, actor) if deps.exchange is not None else None
    entry = {
        "at": deps.now,
        "by": actor.id,
        "by_name": actor.name,
        "channel": "letter" if found is None else "exchange",
    }
    answers = () if found is None else ({**found, "at": deps.now, "by": "exchange", "by_name": paper.issuer},)

    def decide(paper: ForeignPermit) -> PaperChange:
        if len(paper.enquiries) >= AT_MOST:
            raise Invalid(FieldError("body", "too_many", f"At most {AT_MOST} enquiries about one paper."))
        asked = (*paper.enquiries, {**entry, "letter": text})
        return PaperChange(paper.but(enquiries=asked, answers=(*paper.answers, *answers)), "ask")

    return _change(paper_id, actor, decide, deps)


@dataclass(frozen=True, slots=True)
class Answer:
    """The issuer's answer, word for word. `result`: one of `ANSWERS`. `received_on`: YYYY-MM-DD."""

    result: str
    text: str
    received_on: str


def answer(paper_id: str, asked: Answer, actor: Actor, deps: Deps) -> ForeignPermit:
    """Record the issuer's answer. Raises `Forbidden`, `NoMatch`, `Invalid`."""
    faults = list(foreign_permit.text_faults("text", asked.text))
    if asked.result not in foreign_permit.ANSWERS:
        faults.append(FieldError("result", "unknown", f"One of: {', '.join(foreign_permit.ANSWERS)}."))
    if day(asked.received_on) is None:
        faults.append(FieldError("received_on", "date", "Must be an existing day as YYYY-MM-DD."))
    if not asked.text.strip():
        faults.append(FieldError("text", "required", "Enter what the authority wrote, or whom you spoke to."))
    if faults:
        raise Invalid(*faults)
    entry = {**asdict(asked), "at": deps.now, "by": actor.id, "by_name": actor.name}

    def decide(paper: ForeignPermit) -> PaperChange:
        if len(paper.answers) >= AT_MOST:
            raise Invalid(FieldError("body", "too_many", f"At most {AT_MOST} answers about one paper."))
        return PaperChange(paper.but(answers=(*paper.answers, entry)), "answer", {"result": asked.result})

    return _change(paper_id, actor, decide, deps)


def _change(paper_id: str, actor: Actor, decide: Callable[[ForeignPermit], PaperChange], deps: Deps) -> ForeignPermit:
    actor.require("ask_issuer")

    def attempt() -> ForeignPermit:
        paper = foreign_records.load(paper_id, deps.register)
        if not foreign_records.may_edit(actor, paper.post):
            raise NoMatch("No such record of a foreign permit.")
        made = decide(paper)
        deps.register.commit(*foreign_records.puts(made.paper, actor, deps.now, made.action, made.detail))
        return made.paper

    return transact(attempt, "Others are changing this record; try again.")
