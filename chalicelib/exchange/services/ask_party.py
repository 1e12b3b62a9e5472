"""Questions and reports to another Party's service. Its answer is stored byte by byte.

The bytes are stored under `papers/<sha256>`. The journal has the person, question, time and digest. An answer is the
other Party's word, shown beside the paper. A person draws the conclusion.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Protocol

from chalicelib.exchange.model.exchanged_permit import ExchangedLine, ExchangedPermit, day_of, unit_of
from chalicelib.exchange.model.operations import CONFIRM, NON_FINAL
from chalicelib.exchange.services import parties as exchange_parties
from chalicelib.exchange.services.parties import Entry
from chalicelib.kernel.errors import FieldError, Invalid, NoMatch, Unavailable
from chalicelib.kernel.numbers import identity
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Key, Put, RowData
from chalicelib.people.services import PeopleDeps
from chalicelib.platform.deps import PermitRegister


@dataclass(frozen=True, slots=True)
class PartyAnswer:
    """Another Party's answer. `data`: its bytes as they came. `permit`: if it gave one.

    `fault`: the name of its refusal, or `malformed` for an unreadable answer.
    """

    data: bytes
    permit: ExchangedPermit | None = None
    fault: str = ""


class PartyServices(Protocol):
    """Other Parties' EPIX services, each called with our own client certificate."""

    @property
    def countries(self) -> frozenset[str]:
        """Parties whose services are known."""

    def send(
        self, country: str, operation: str, number: str, *, token: str = "", lines: Sequence[tuple[str, str]] = ()
    ) -> PartyAnswer:
        """Send one question. `lines`: (id, quantity) for ConfirmQuantities, which is never sent twice.

        Raises `Unavailable` when no answer came.
        """


TEXT_AT_MOST = 2000  # characters of the text beside a paper


class ExchangeDeps(PeopleDeps, Protocol):
    """Dependencies, with other Parties' services. `parties` is None where no address is configured."""

    @property
    def parties(self) -> PartyServices | None: ...


@dataclass(frozen=True, slots=True)
class CallResult:
    """Journal entry of a call, and the permit if the answer has one."""

    entry: Entry
    permit: ExchangedPermit | None


def _asked_about(country: str, number: str) -> str:
    """Partition of the questions about a number, one for all its spellings."""
    try:
        return f"ASKED#{country}#{identity(number)}"
    except Invalid:  # not a number of any register's form
        return f"ASKED#{country}#{number}"


@dataclass(frozen=True, slots=True)
class QuestionToParty:
    """A question to another Party's service. `token`: the check code of its paper. `lines`: of a report (CONFIRM)."""

    country: str
    number: str
    operation: str = NON_FINAL
    token: str = ""
    lines: Sequence[tuple[str, str]] = ()


def request_permit(asked: QuestionToParty, actor: Actor, deps: ExchangeDeps) -> CallResult:
    """Ask a Party's service, and journal the call. A call without answer is journaled too (`unavailable`).

    Raises `Forbidden`, `NoMatch` where no service of that Party is known, `Invalid` for a report without lines.
    """
    country, number, operation, lines = asked.country, asked.number, asked.operation, asked.lines
    services = need_service(country, actor, deps.parties)
    if operation == CONFIRM and not lines:
        raise Invalid(FieldError("lines", "required", "Enter the quantity that was found for each line."))
    permit, digest, outcome = None, "", "unavailable"
    try:
        answer = services.send(country, operation, number, token=asked.token, lines=lines)
    except Unavailable:
        pass
    else:
        permit, outcome = answer.permit, answer.fault or "answered"
        digest = hashlib.sha256(answer.data).hexdigest()
        deps.blobs.put(f"papers/{digest}", answer.data, content_type="application/xml")
    entry = Entry(
        deps.new_id(),
        deps.now,
        country,
        "we",
        operation,
        number,
        outcome,
        digest,
        by=actor.id,
        by_name=actor.name,
        lines=tuple({"line": line, "quantity": quantity} for line, quantity in lines),
    )
    written = Put(Key(_asked_about(country, number), f"{deps.now:010d}#{entry.id}"), exchange_parties.plain(entry))
    deps.register.commit(*exchange_parties.puts(entry), written)
    return CallResult(entry, permit)


def need_service(country: str, actor: Actor, services: PartyServices | None) -> PartyServices:
    """Return the services if that Party's is among them. Raises `Forbidden`, `NoMatch`."""
    actor.require("ask_party")
    if services is None or country not in services.countries:
        raise NoMatch("Tamga has no address of a service of this Party. Write a letter.")
    return services


def askable(actor: Actor, services: PartyServices | None) -> list[str]:
    """The Parties whose service is known. Raises `Forbidden`."""
    actor.require("ask_party")
    return sorted(services.countries) if services else []


def journal_of(country: str, number: str, actor: Actor, *, register: PermitRegister) -> list[Entry]:
    """The questions to that Party about this number, newest first. Raises `Forbidden`."""
    actor.require("ask_party")
    found = register.query(_asked_about(country, number), newest_first=True, limit=exchange_parties.SHOWN)
    return exchange_parties.read(found)


def as_enquiry_answer(heard: CallResult, record: RowData) -> dict[str, str] | None:
    """Result and text of an answer, compared with a paper of that Party (its fields as of an application).

    None where no answer came, so that a letter is written.
    """
    if heard.entry.outcome == "unavailable":
        return None
    if heard.permit is None:
        return {"result": "no_answer", "text": f"Their service refused: {_clean(heard.entry.outcome)}"}
    differences = list(differing(heard.permit, record))
    text = "\n".join(in_words(heard.permit) + [f"Differs from the paper: {each}" for each in differences])
    return {"result": "differs" if differences else "confirmed", "text": _clean(text)[:TEXT_AT_MOST]}


def in_words(permit: ExchangedPermit) -> list[str]:
    """Main facts of a permit, one a line."""
    head = (
        f"{permit.kind or permit.type_code} {permit.number}: {day_of(permit.issued_at)} - {day_of(permit.valid_until)}"
    )
    return [head, *(_line(line) for line in permit.lines)]


def differing(permit: ExchangedPermit, record: RowData) -> Iterable[str]:
    """Fields in which a paper differs from the issuer's register. Fields that the paper lacks are not compared."""
    pairs = [
        ("document_type", record.get("document_type"), permit.kind),
        ("valid_until", record.get("valid_until"), day_of(permit.valid_until)),
        ("exporter.country", record.get("exporter", {}).get("country"), permit.exporter and permit.exporter.country),
        ("importer.country", record.get("importer", {}).get("country"), permit.importer and permit.importer.country),
    ]
    yield from (name for name, mine, theirs in pairs if mine and theirs and mine != theirs)
    lines = record.get("lines", ())
    if len(lines) != len(permit.lines):
        yield "lines"
        return
    for index, (mine, theirs) in enumerate(zip(lines, permit.lines, strict=True)):
        for name, their in (
            ("scientific_name", theirs.scientific_name),
            ("term", theirs.term),
            ("source", theirs.source),
            ("appendix", theirs.appendix),
        ):
            if mine.get(name) and their and str(mine[name]).casefold() != their.casefold():
                yield f"lines[{index}].{name}"
        if mine.get("quantity") and theirs.quantity and _number(mine["quantity"]) != _number(theirs.quantity):
            yield f"lines[{index}].quantity"
        if theirs.quantity and mine.get("unit") != unit_of(theirs.unit):
            yield f"lines[{index}].unit"


def _line(line: ExchangedLine) -> str:
    parts = (line.id, line.scientific_name, line.term, line.source, line.appendix, line.quantity, unit_of(line.unit))
    return " ".join(part for part in parts if part)


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _clean(text: str) -> str:
    """Another's text without invisible characters."""
    return "".join(char for char in text if char.isprintable() or char == "\n")
