"""Forged, altered and mixed codes: none is accepted, none answers for another permit, none shows its false data."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from token_maker import HOST, permit, token
from trust_maker import NOW, PDF, PERMIT, SPARE_1, STATUS, kid, sign, trust, trust_list
from typer.testing import CliRunner

from chalicelib.composition import main
from chalicelib.composition.container import container_of
from chalicelib.platform.config import Config
from chalicelib.record.permit import Permit
from chalicelib.token import claims, cose, qr_text
from chalicelib.trust.model.trust import Trust
from chalicelib.trust.model.trust_list import Host
from chalicelib.verdict.snapshot import Context, NotAsked, Snapshot
from chalicelib.verdict.verdict import Verdict, judge

GENUINE = permit()
TEXT = qr_text.encode_qr(HOST, token(GENUINE))


def text_of(of: Permit, by: int = PERMIT, host: str = HOST) -> str:
    return qr_text.encode_qr(host, token(of, by))


def judged(
    text: str, known: Trust | None = None, *, other_pages: tuple[str, ...] = (), of: Permit = GENUINE
) -> Verdict:
    """Verdict with a register that has `of`."""
    held = Snapshot("issued", of.kind, {of.page[0] if of.page else 1: claims.encode_claims(of)}, {})
    return judge(
        text, trust=known or trust(), status={}, register=held, now=NOW, context=Context(other_pages=other_pages)
    )  # fmt: skip


def test_genuine_code_is_accepted() -> None:
    assert judged(TEXT).outcome == "accept"


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (lambda t: t.replace(HOST, f"{HOST}."), ("F6",)),
        (lambda t: t.replace(HOST, f"{HOST}:443"), ("T4",)),
        (lambda t: t.replace(HOST, f"{HOST}@evil.kg"), ("T4",)),
        (lambda t: t.replace(HOST, f"evil.kg@{HOST}"), ("T4",)),
        (lambda t: t.replace(HOST, f"{HOST}.evil.kg"), ("F6",)),
        (lambda t: t.replace(HOST, f"www.{HOST}"), ("F6",)),
        (lambda t: t.replace("tamga", "t\N{CYRILLIC SMALL LETTER A}mga"), ("T4",)),
        (lambda t: t.replace(HOST, "xn--tmga-53d.kg"), ("F6",)),
        (lambda t: t.replace(HOST, f"{HOST}\N{IDEOGRAPHIC FULL STOP}"), ("T4",)),
        (lambda t: t.replace(HOST, "practice.tamga.kg"), ("T7",)),
        (lambda t: t.replace(HOST, "PRACTICE.Tamga.KG"), ("T7",)),
        (lambda t: t.replace("https", "http"), ("T4",)),
        (lambda t: t.replace("https", "HTTPS"), ("T4",)),
        (lambda t: t.replace("/1#", "/1?next=evil#"), ("T4",)),
        (lambda t: t.replace("/1#", "/2#"), ("T4",)),
        (lambda t: t.replace("/1#", "//1#"), ("T4",)),
        (lambda t: t.replace("#", "#0"), ("T3",)),
        (lambda t: t + "0", ("T3",)),
        (lambda t: t + "\n", ("T3",)),
        (lambda t: " " + t, ("T4",)),
        (lambda t: t[:-1] + "\N{ARABIC-INDIC DIGIT THREE}", ("T3",)),
        (lambda t: t[:-1] + "\N{SUPERSCRIPT TWO}", ("T3",)),
        (lambda t: t + "0" * 5038, ("T3",)),
        (lambda t: f"https://{HOST}/1#" + "9" * 17, ("T3",)),
        (lambda _: "", ("T4",)),
    ],
)
def test_other_spelling_of_code_is_refused(change: Callable[[str], str], codes: tuple[str, ...]) -> None:
    found = judged(change(TEXT))
    assert found.codes == codes
    assert found.outcome in {"hold", "cannot_tell"}
    assert (found.permit, found.register, found.pages) == (None, None, ())


def test_upper_case_host_and_repeated_page_are_one_permit() -> None:
    shouted = TEXT.replace(HOST, HOST.upper())
    assert judged(TEXT, other_pages=(shouted, TEXT)).outcome == "accept"


def test_other_signature_of_same_payload_is_accepted() -> None:
    """ECDSA is malleable, so (r, n - s) is valid too.

    No rule may depend on the bytes of a signature.
    """
    read = cose.decode_sign1(token(GENUINE), cap=2048)
    other = read.signature[:32] + (cose.ORDER - int.from_bytes(read.signature[32:])).to_bytes(32)
    bent = qr_text.encode_qr(HOST, cose.encode_sign1(read.protected, read.payload, other))
    assert bent != TEXT
    assert judged(bent, other_pages=(TEXT,)).outcome == "accept"


@pytest.mark.parametrize("by", [STATUS, PDF, 77])
def test_key_of_other_purpose_cannot_sign_permits(by: int) -> None:
    found = judged(text_of(GENUINE, by))
    assert (found.outcome, found.codes, found.permit) == ("hold", ("F2",), None)


def test_signature_by_unlisted_key_under_listed_kid_returns_f1() -> None:
    protected = cose.encode_protected(kid(PERMIT))
    forged = qr_text.encode_qr(HOST, sign(77, protected, claims.encode_claims(GENUINE)))
    found = judged(forged)
    assert (found.outcome, found.codes, found.permit) == ("hold", ("F1",), None)


@pytest.mark.parametrize(
    "change",
    [
        {"lines": (replace(GENUINE.lines[0], quantity="100"),)},
        {"expires_at": GENUINE.expires_at + 1},
        {"cti": bytes(16)},
        {"exporter": replace(GENUINE.exporter, name="Somebody Else")},
        {"status_idx": GENUINE.status_idx + 1},
    ],
)
def test_other_payload_signed_under_same_number_returns_f4(change: dict[str, object]) -> None:
    """Attack by an insider: a signature from a given-up signing, or by a stolen key."""
    found = judged(text_of(replace(GENUINE, **change)))  # type: ignore[arg-type]
    assert (found.outcome, found.codes) == ("hold", ("F4",))


def test_page_of_other_permit_with_same_number_is_refused() -> None:
    first, second = (permit(page=(n, 2), cti=bytes([n]) * 16) for n in (1, 2))
    alien = replace(second, record_digest=bytes(16))
    assert judged(text_of(first), other_pages=(text_of(second),), of=first).codes == ("F4",)  # page 2 is unknown
    assert judged(text_of(first), other_pages=(text_of(alien),), of=first).codes == ("D2", "D3")


@pytest.mark.parametrize(
    "other",
    [f"https://{HOST}/1#123", f"https://evil.kg/1#{'0' * 17}", text_of(GENUINE, 77)],
)
def test_bad_page_beside_good_page_is_never_accepted(other: str) -> None:
    assert judged(TEXT, other_pages=(other,)).outcome in {"hold", "cannot_tell"}


def test_nineteen_cbor_bombs_are_checked_in_time() -> None:
    bombs = [
        b"\xd2\x84" + b"\x81" * 2000,
        b"\xd2\x84" + b"\xbf" * 2000,
        b"\xd2\x84\x9a\xff\xff\xff\xff",
        b"\xd8\x1c" * 900,
    ]
    pages = tuple(qr_text.encode_qr(HOST, bomb) for bomb in bombs * 5)[:19]
    began = time.process_time()
    assert judged(TEXT, other_pages=pages).outcome == "cannot_tell"
    assert time.process_time() - began < 0.5


def test_party_signs_for_its_own_country_only() -> None:
    kg, ae = trust_list(), trust_list("AE", "cites.ae")
    known = trust(kg, ae)
    for host in ("cites.ae", HOST):  # the keys are the same: only the trust list differs
        found = judged(text_of(replace(GENUINE, issuer="AE"), host=host), known)
        assert (found.outcome, found.permit) == ("hold", None)
    assert judged(text_of(GENUINE, host="cites.ae"), known).outcome == "hold"


def test_party_listing_our_host_does_not_affect_our_permits() -> None:
    """Holds while this country's trust list comes first (container.pins)."""
    kg, ae = trust_list(), trust_list("AE", "cites.ae")
    greedy = replace(ae, hosts=(*ae.hosts, Host(HOST, NOW)))
    assert judged(TEXT, trust(kg, greedy)).outcome == "accept"


@pytest.mark.parametrize(
    "change",
    [{"not_before": NOW + 1}, {"retired_at": NOW}, {"kinds": ("I",)}],
)
def test_key_signs_within_its_time_and_kinds_only(change: dict[str, object]) -> None:
    listed = trust_list()
    keys = tuple(replace(key, **change) if key.kid == kid(PERMIT) else key for key in listed.keys)  # type: ignore[arg-type]
    found = judged(TEXT, trust(replace(listed, keys=keys)))
    assert (found.outcome, found.permit) == ("hold", None)


def test_compromised_key_is_accepted_only_with_the_register() -> None:
    listed = trust_list()
    keys = tuple(replace(key, compromised=True) if key.kid == kid(PERMIT) else key for key in listed.keys)
    known = trust(replace(listed, keys=keys))
    assert judged(TEXT, known).outcome == "check"
    assert judged(text_of(replace(GENUINE, cti=bytes(16))), known).outcome == "hold"
    offline = judge(TEXT, trust=known, status={}, register=NotAsked(), now=NOW)
    assert offline.outcome == "cannot_tell"
    assert judged(text_of(GENUINE, SPARE_1), known).outcome == "accept"  # the same payload, signed with a spare key


def test_clock_set_back_does_not_revive_expired_permit() -> None:
    late = GENUINE.expires_at + 86_400
    known = replace(trust(), newest_signed=late)
    held = Snapshot("issued", "E", {1: claims.encode_claims(GENUINE)}, {})
    found = judge(TEXT, trust=known, status={}, register=held, now=NOW)
    assert (found.outcome, found.codes) == ("cannot_tell", ("T2",))


def test_own_pin_comes_first_in_any_configuration() -> None:
    office = container_of(Config(pins={"AE": ("00" * 32,), "KG": ("11" * 32,), "BY": ("22" * 32,)}))
    assert [each.country for each in office.pins] == ["KG", "AE", "BY"]


def test_practice_root_beside_real_root_is_refused(tmp_path: Path) -> None:
    """Otherwise the holder of the practice root could sign a trust list for the real host."""
    for lines in ((f"KG {'ab' * 32}", f"KG {'cd' * 32} practice"), (f"KG {'cd' * 32} practice", f"KG {'ab' * 32}")):
        roots, lists = tmp_path / "roots", tmp_path / "list"
        roots.write_text("\n".join(lines))
        lists.write_bytes(b"")
        answer = CliRunner().invoke(main.app, ["verify", TEXT, "--trust", str(lists), "--root", str(roots)])
        assert (answer.exit_code, "either real or practice roots" in answer.stderr) == (2, True)
