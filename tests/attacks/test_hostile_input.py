"""Input meant to stop the service or to leak data: each response is cheap and typed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from threading import Barrier, Thread
from typing import Any

import pytest
import trust_maker
from life import issued, submitted
from office import AIZADA, APPLICANT, APPROVER, OTHER_APPLICANT, PREPARER, MemoryOffice
from smuggler import CORRUPT, Phone, endorse, look, staffed, used
from token_maker import FALCON, HOST, permit, token
from trust_maker import NOW, PERMIT, trust

from chalicelib.applications.services import decide
from chalicelib.http import requests
from chalicelib.kernel.errors import Invalid, NoMatch, TamgaError, TooMany
from chalicelib.kernel.rows import Key
from chalicelib.kernel.stage import Stage
from chalicelib.mail import services as mail
from chalicelib.people import readers
from chalicelib.permits.services import find_permits, store
from chalicelib.record.permit import Permit, TokenParty
from chalicelib.token import claims, cose, qr_text
from chalicelib.verdict.snapshot import NotAsked
from chalicelib.verdict.verdict import judge
from chalicelib.verification import public_view
from chalicelib.verification.services import verify

TIME_MAX = 9_007_199_254_740_991


@pytest.fixture
def office() -> MemoryOffice:
    return staffed()


@pytest.mark.parametrize(
    "bomb",
    [
        b'{"qr":"' + b'\\"' * 60_000,  # every quote begins a text that never ends
        b'{"qr":"' + b"\\" * 120_000,
        b'"' * 120_001,
        b"[" * 120_000,
        b'{"a":' * 20_000,
        b'{"qr":' + b"1" * 120_000 + b"}",
        b'{"qr":1e' + b"9" * 120_000 + b"}",
        b'{"qr":"' + b"\\ud800" * 20_000 + b'"}',
    ],
)
def test_hostile_json_is_refused_within_half_a_second(bomb: bytes) -> None:
    began = time.process_time()
    with pytest.raises(Invalid):
        requests.parse_json(bomb, 128 * 1024)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize("change", [{"expires_at": TIME_MAX}, {"issued_at": TIME_MAX}, {"expires_at": 0}])
@pytest.mark.parametrize("language", ["en", "ky"])
def test_time_beyond_the_calendar_is_shown_at_its_end(change: dict[str, int], language: str) -> None:
    """A token of another Party may contain any second up to 2^53."""
    text = qr_text.encode_qr(HOST, token(permit(**change)))
    found = judge(text, trust=trust(), status={}, register=NotAsked(), now=NOW)
    for officer in (False, True):
        reader = readers.Reader(language, Stage(), {}, officer=officer)
        assert public_view.verdict(found, reader)["permit"]["number"] == "26KG000123/E"


def test_use_dated_9999_leaves_permit_readable(office: MemoryOffice) -> None:
    dossier = issued(office)
    Phone(office, CORRUPT, "manas-airport").send(used(office, dossier, endorsed_at="9999-12-31T23:59:59Z"))
    found = look(office, dossier)
    for officer in (False, True):
        shown = public_view.verdict(found, readers.Reader("en", office.stage, office.posts, officer=officer))
        assert shown["outcome"] == "hold"


def guess(office: MemoryOffice, number: str, code: str) -> str:
    try:
        verify.verify_number(number, code, office)  # fmt: skip
    except TamgaError as error:
        return type(error).__name__
    return "hit"


def test_parallel_wrong_check_codes_are_counted_before_the_response(
    office: MemoryOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sixty requests in four spellings of one number all begin before the first is counted."""
    monkeypatch.setattr(verify, "TRIES_AT_MOST", 10, raising=False)
    dossier = issued(office)
    number = dossier.number or ""
    spellings = (number, number.lower(), f" {number}\n", number.replace("K", "k"))
    said: list[str] = []
    together = Barrier(60)
    bump = office.register.bump

    def all_at_once(key: Key, *, expires: int | None = None) -> int:
        together.wait(10)
        return bump(key, expires=expires)

    with monkeypatch.context() as patched:
        patched.setattr(office.register, "bump", all_at_once)
        asking = [
            Thread(target=lambda n: said.append(guess(office, n, "0000-0000")), args=(n,)) for n in spellings * 15
        ]
        for thread in asking:
            thread.start()
        for thread in asking:
            thread.join()
    assert (said.count("NoMatch"), said.count("TooMany")) == (10, 50)
    assert guess(office, number, dossier.check_code or "") == TooMany.__name__
    assert look(office, dossier).outcome == "accept"  # the code can still be scanned
    office.later(3600)
    assert guess(office, number, dossier.check_code or "") == "hit"


@pytest.mark.parametrize(
    "spell",
    [lambda n: n.replace("/", "\N{FULLWIDTH SOLIDUS}"), lambda n: n + "\0", lambda n: f"{n}#", lambda n: n[:-1]],
)
def test_other_spelling_of_number_returns_no_match(office: MemoryOffice, spell: Callable[[str], str]) -> None:
    dossier = issued(office)
    assert guess(office, spell(dossier.number or ""), dossier.check_code or "") == NoMatch.__name__


def test_exporter_cannot_find_permits_of_another_exporter(office: MemoryOffice) -> None:
    mine = issued(office)
    assert mine.owner == APPLICANT.id
    for words in (mine.number, mine.number[:-2] if mine.number else "", "Falcon Centre", "", None):
        found, _ = find_permits.find(find_permits.Search(words=words), OTHER_APPLICANT, office)
        assert found == []
    _, cursor = find_permits.find(find_permits.Search(), APPLICANT, office)
    found, _ = find_permits.find(find_permits.Search(), OTHER_APPLICANT, office, cursor=cursor)
    assert found == []
    for look_at in (store.load, store.history):
        with pytest.raises(NoMatch):
            look_at(office.register, mine.id, OTHER_APPLICANT)


def test_public_verdict_has_no_names_hours_or_officers(office: MemoryOffice) -> None:
    dossier = issued(office)
    endorse(office, dossier, AIZADA)
    shown = str(public_view.verdict(look(office, dossier), readers.Reader("en", office.stage, office.posts)))
    for secret in ("Aizada", AIZADA.id, "Manas Airport", "1 Chuy Avenue", "PO Box 1"):
        assert secret not in shown


# Line breaks, the start of a terminal code, and direction characters: each could pass a text off as the page's own.
SIGNS = ("\n", "\r", "\x85", "\u2028", "\x1b", "\u061c", "\u200f", "\u202e", "\u2066")


@pytest.mark.parametrize("sign", SIGNS, ids=ascii)
def test_line_break_or_direction_sign_in_signed_text_shows_no_field(sign: str) -> None:
    def shown(sign: str) -> Mapping[str, Any]:
        payload = claims.encode_claims(made).replace(gap.encode(), sign.encode())
        message = trust_maker.sign(PERMIT, cose.encode_protected(trust_maker.kid(PERMIT)), payload)
        found = judge(qr_text.encode_qr(HOST, message), trust=trust(), status={}, register=NotAsked(), now=NOW)
        return public_view.verdict(found, readers.Reader("en", Stage(), {}))

    gap = "~" * len(sign.encode())  # as many bytes, so that the length in the payload stays right
    for change in (
        {"exporter": TokenParty(f"Firm{gap}evil", "KG")},
        {"lines": (replace(FALCON, marks=f"1{gap}evil"),)},
    ):
        made: Permit = permit(**change)
        assert "evil" in str(shown(gap)["permit"])
        told = shown(sign)
        assert (told["outcome"], told["permit"]) == ("cannot_tell", None)
        assert "evil" not in str(told)


@pytest.mark.parametrize("sign", SIGNS, ids=ascii)
def test_line_break_or_direction_sign_in_reason_is_in_no_mail(office: MemoryOffice, sign: str) -> None:
    mail.set_address(("aigul@example.kg", "en"), APPLICANT, office)
    dossier = submitted(office)
    for step, actor in ((decide.send_back, PREPARER), (decide.refuse, APPROVER)):
        with pytest.raises(Invalid) as refused:
            step(dossier.id, f"Sorry{sign}evil", actor, office)
        assert [(error.field, error.code) for error in refused.value.errors] == [("reason", "characters")]
    decide.send_back(dossier.id, "Sorry, evil", PREPARER, office)
    office.send_notices()
    last = office.mailer.sent[-1]  # the mail does contain the reason
    assert "Sorry, evil" in last.body
    assert not any(sign in text for sent in office.mailer.sent for text in (sent.subject, *sent.body.split("\n")))


def test_markup_in_signed_name_is_returned_unchanged() -> None:
    """Escaping of markup and templates is the task of each display."""
    names: tuple[str, ...] = ("<script>alert(1)</script>", "{duty} %s ${jndi}", "[bold red]x[/]")
    for name in names:
        made: Permit = permit()
        made = replace(made, exporter=replace(made.exporter, name=name))
        found = judge(
            qr_text.encode_qr(HOST, token(made)), trust=trust(), status={}, register=NotAsked(), now=NOW
        )  # fmt: skip
        assert public_view.verdict(found, readers.Reader("en", Stage(), {}))["permit"]["exporter"]["name"] == name
