"""The `tamga exchange` commands against a running service: output, exit codes, and reports that are sent once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import border
import pytest
from cli_service import serving
from foreign_play import Presented
from office import ADMIN, MemoryOffice
from party_certificates import emirates
from typer.testing import CliRunner, Result

from chalicelib.composition.main import app
from chalicelib.exchange.model.exchanged_permit import ExchangedLine, ExchangedPermit
from chalicelib.exchange.services.ask_party import PartyAnswer
from chalicelib.kernel.errors import Unavailable

PERMIT = ExchangedPermit(
    number="26UZ000001/E", type_code="E", issued_at="2026-11-01", valid_until="2027-04-30",
    lines=(ExchangedLine(id="A", scientific_name="Testudo horsfieldii", term="LIV", quantity="200", unit="NAR"),),
)  # fmt: skip


class Parties:
    """A fake service of Uzbekistan with a given response."""

    countries = frozenset({"UZ"})

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.answer: PartyAnswer | None = PartyAnswer(b"<xml/>", PERMIT)

    def send(
        self, country: str, operation: str, number: str, *, token: str = "", lines: Sequence[tuple[str, str]] = ()
    ) -> PartyAnswer:
        self.asked.append((country, operation, number, token, tuple(lines)))
        if self.answer is None:
            raise Unavailable
        return self.answer


@pytest.fixture
def service() -> Iterator[tuple[MemoryOffice, str]]:
    with serving() as made:
        made[0].people["admin"] = replace(ADMIN, posts=frozenset())
        made[0].parties = Parties()
        yield made


def run(service: tuple[MemoryOffice, str], who: str, *words: str) -> Result:
    return CliRunner().invoke(app, ["exchange", *words, "--server", service[1], "--token", who])


def test_ask_prints_the_permit_of_the_party(service: tuple[MemoryOffice, str]) -> None:
    result = run(service, "ainura", "ask", "uz", "26UZ000001/E", "--code", "AB12", "--final")
    assert result.exit_code == 0, result.output
    assert "E 26UZ000001/E: 2026-11-01 - 2027-04-30" in result.stdout
    assert "A Testudo horsfieldii LIV 200" in result.stdout
    digest = hashlib.sha256(b"<xml/>").hexdigest()
    assert f"SHA-256 of the answer: {digest}" in " ".join(result.stdout.split())
    assert service[0].parties.asked == [("UZ", "GetFinalCitesCertificate", "26UZ000001/E", "AB12", ())]  # type: ignore[union-attr]
    whole = json.loads(run(service, "ainura", "ask", "UZ", "26UZ000001/E", "--json").stdout)
    assert (whole["permit"]["lines"][0]["unit"], whole["call"]["digest"]) == ("NAR", digest)


@pytest.mark.parametrize(
    ("answer", "code", "said"),
    [
        (PartyAnswer(b"x", fault="CallerNotFound"), 1, "UZ: CallerNotFound"),
        (PartyAnswer(b"x", fault="malformed"), 1, "UZ: malformed"),
        (None, 3, "UZ: unavailable"),
    ],
)
def test_ask_without_permit_prints_fault_and_exit_code(
    service: tuple[MemoryOffice, str], answer: PartyAnswer | None, code: int, said: str
) -> None:
    service[0].parties.answer = answer  # type: ignore[union-attr]
    result = run(service, "bakyt", "ask", "UZ", "26UZ000001/E")
    assert (result.exit_code, said in result.output) == (code, True), result.output


def test_confirm_sends_the_report_once_when_the_party_does_not_respond(service: tuple[MemoryOffice, str]) -> None:
    parties: Any = service[0].parties
    parties.answer = None
    assert run(service, "ainura", "confirm", "UZ", "26UZ000001/E", "A=199", "B=0.5").exit_code == 3
    assert parties.asked == [("UZ", "ConfirmQuantities", "26UZ000001/E", "", (("A", "199"), ("B", "0.5")))]
    parties.answer = PartyAnswer(b"x", fault="NotInForce")
    refused = run(service, "ainura", "confirm", "UZ", "26UZ000001/E", "A=199")
    assert (refused.exit_code, "did not confirm the report" in " ".join(refused.output.split())) == (1, True)
    parties.answer = PartyAnswer(b"x")
    assert "accepted the report: A=199" in run(service, "ainura", "confirm", "UZ", "26UZ000001/E", "A=199").stdout
    assert run(service, "ainura", "confirm", "UZ", "26UZ000001/E", "199").exit_code == 2


def test_confirm_without_lines_sends_the_arrived_quantities(service: tuple[MemoryOffice, str]) -> None:
    office, parties = service[0], Parties()
    office.parties, parties.countries, parties.answer = parties, frozenset({"KZ"}), PartyAnswer(b"x")
    presented = Presented(office.register, office, border.with_kazakhstan(office))
    nothing = run(service, "ainura", "confirm", "KZ", presented.number)
    assert (nothing.exit_code, "nothing to report" in " ".join(nothing.output.split())) == (1, True), nothing.output
    presented.by_code()
    assert "accepted the report: A=2" in run(service, "ainura", "confirm", "kz", presented.number).stdout
    assert parties.asked == [("KZ", "ConfirmQuantities", presented.number, "", (("A", "2"),))]


def test_wrong_role_or_unknown_party_is_refused(service: tuple[MemoryOffice, str]) -> None:
    assert run(service, "sunkar", "ask", "UZ", "1").exit_code == 1
    assert run(service, "ainura", "ask", "CH", "1").exit_code == 1
    assert run(service, "ainura", "enter", "AE").exit_code in {1, 2}


def test_party_is_entered_with_its_certificate(service: tuple[MemoryOffice, str], tmp_path: Path) -> None:
    path = tmp_path / "ae.pem"
    path.write_text(emirates().certificate)
    assert run(service, "admin", "enter", "AE", "--certificate", str(path), "--note", "letter").exit_code == 0
    shown = json.loads(run(service, "bakyt", "parties", "--json").stdout)
    assert [(each["country"], each["certificates"], each["active"]) for each in shown] == [
        ("AE", [emirates().thumbprint], True)
    ]
    wrong = run(service, "admin", "enter", "CZ", "--certificate", str(path))
    assert (wrong.exit_code, "its subject names AE" in wrong.output) == (2, True)
    path.write_text("nonsense")
    assert run(service, "admin", "enter", "AE", "--certificate", str(path)).exit_code == 2
    assert run(service, "admin", "enter", "AE", "--closed").exit_code == 0
    assert "may not ask" not in run(service, "bakyt", "calls", "AE").stdout
    assert "closed" in run(service, "bakyt", "calls", "AE").stdout
