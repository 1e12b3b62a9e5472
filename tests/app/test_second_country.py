"""Second country: a complete Tamga as Uzbekistan beside ours, pinned by one thumbprint, and neither signs for the
other.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import border
import pytest
from desk import ok
from http_client import GATEWAY, call, get
from life import endorsement, issued
from office import AIZADA, APPROVER, MemoryOffice
from party_services import Answering
from process import but
from staff import staffed
from test_exchange_tls import THEIRS as OTHER_AUTHORITY
from test_exchange_tls import client, port
from two_countries import (
    THEIRS,
    befriended,
    fetching,
    kyrgyzstan,
    pinned,
    signed_list,
    taken_in,
    their_permit,
    their_status,
    uzbekistan,
)
from web_core.asking import Node, Question, agree, needs_node, python

from chalicelib.adapters.in_process.signer import FileSigner
from chalicelib.composition import container
from chalicelib.exchange.epix.soap import CONFIRM, FINAL, NON_FINAL, OPERATIONS
from chalicelib.exchange.services import arrival_reports, ask_party
from chalicelib.exchange.services.ask_party import QuestionToParty
from chalicelib.kernel.errors import DecodeError, Invalid, NoMatch, NotUsable
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import change_status
from chalicelib.record.permit import Permit
from chalicelib.token import cbor, cose
from chalicelib.token.claims import encode_claims
from chalicelib.token.qr_text import encode_qr
from chalicelib.trust.model import key_rotation
from chalicelib.trust.model.trust_list import (
    BUNDLE_CAP,
    TrustList,
    encode_bundle,
    encode_trust_list,
    open_bundle,
    open_trust_list,
)
from chalicelib.trust.services import publish_trust_list
from chalicelib.trust.services.party_lists import FetchCounts
from chalicelib.verdict.border_rules import Place
from chalicelib.verdict.token_checks import read_own
from chalicelib.verdict.verdict import Verdict
from chalicelib.verification.services.verify import verify

OUR_CERTIFICATE = OTHER_AUTHORITY.client("KG")
Countries = tuple[MemoryOffice, MemoryOffice]


@pytest.fixture
def countries() -> Any:
    """Ours, which pins theirs and has its trust list, and theirs, which does not pin us."""
    ours, theirs = kyrgyzstan(), uzbekistan()
    befriended(ours, theirs)
    container.replace_deps(ours)
    yield ours, theirs
    container.replace_deps(None)


def seen(office: MemoryOffice, text: str) -> Verdict:
    place = Place("import", "KG", "manas-airport")
    return verify(text, office, place=place)


def scene(office: MemoryOffice, text: str, *status: bytes) -> Question:
    """Return the question to a device that has our bundle and these status lists, and no network."""
    bundle = base64.b64decode(office.bundle()[0]["trust_list"])
    pins = [
        {
            "country": pin.country,
            "thumbprints": [each.hex() for each in pin.thumbprints],
            "practice": pin.practice,
            "practice_host": pin.practice_host,
        }
        for pin in office.pins
    ]
    lists = open_bundle(bundle, office.pins, now=office.now)
    trust = {
        "lists": [signed_list(office, each.issuer).hex() for each in lists], "pins": pins,
        "fetched_at": {each.issuer: office.now for each in lists}, "newest_signed": office.now,
    }  # fmt: skip
    context: dict[str, Any] = {
        "direction": "import", "country": "KG", "post": "manas-airport", "same_goods": None, "posts": {},
        "other_pages": [], "own_scans": [], "unsent": [], "offline_limits": {},
    }  # fmt: skip
    return {
        "ask": "judge",
        "given": {
            "text": text, "trust": trust, "status": [each.hex() for each in status], "register": "not_asked",
            "own_uses": [], "context": context, "document": None, "now": office.now,
        },
    }  # fmt: skip


def signed(permit: Permit, host: str, key: FileSigner) -> str:
    """Return the code of a permit that this key signed, for any key."""
    protected, payload = cose.encode_protected(key.kid), encode_claims(permit)
    digest = sha256(cose.to_be_signed(protected, payload)).digest()
    return encode_qr(host, cose.encode_sign1(protected, payload, cose.raw_signature(key.sign_digest(digest))))


def test_foreign_permit_has_numbers_days_and_host_of_its_country(countries: Countries) -> None:
    ours, theirs = countries
    dossier = their_permit(theirs)
    permit = read_own(dossier.tokens[0])
    assert (dossier.number, permit.issuer, permit.exporter.country) == ("26UZ000001/E", "UZ", "UZ")
    assert (
        permit.expires_at - read_own(issued(ours).tokens[0]).expires_at == 3600
    )  # both expire on 30 April; the zones are UTC+5 and UTC+6
    assert dossier.tokens[0].startswith("https://cites.example.uz/1#")


def test_posts_and_authority_come_from_country_folder(countries: Countries) -> None:
    ours, theirs = countries
    assert "tashkent-airport" in theirs.posts
    assert theirs.posts.keys() & ours.posts.keys() == {"ministry"}
    assert theirs.authority.country == "UZ"
    assert theirs.authority.own[0].startswith("O\u02bbzbekiston")
    assert len(ours.authority.own) == 2
    with pytest.raises(Invalid):  # a post of ours is unknown there
        border.endorse(theirs, their_permit(theirs), post="manas-airport")


def test_foreign_permit_is_f6_without_pin_and_verified_with_pin(countries: Countries) -> None:
    ours, theirs = countries
    code = their_permit(theirs).tokens[0]
    alone = seen(kyrgyzstan(), code)
    assert (alone.outcome, alone.codes, alone.permit) == ("hold", ("F6",), None)
    found = seen(ours, code)
    assert (found.outcome, found.codes) == ("check", ("T1",))  # its status list was not fetched yet
    assert found.permit is not None
    assert found.zone == "Asia/Tashkent"
    told = ok(call("POST", "/v1/verify", {"qr": code}))
    assert (told["outcome"], told["permit"]["issuer"], told["permit"]["number"]) == ("check", "UZ", "26UZ000001/E")
    ours_too = issued(ours)
    assert seen(ours, ours_too.tokens[0]).codes[:1] != ("F2",)
    assert seen(theirs, ours_too.tokens[0]).codes == ("F6",)  # they do not pin us


@needs_node
def test_offline_verdict_is_same_in_python_and_javascript(countries: Countries) -> None:
    ours, theirs = countries
    dossier = their_permit(theirs)
    unused = their_status(theirs, dossier)
    border.endorse(theirs, dossier, post="tashkent-airport")
    left = their_status(theirs, dossier)
    code = dossier.tokens[0]
    forged = signed(read_own(code), "cites.example.uz", ours.permit_keys[0])
    with Node() as node:
        answers = agree(
            node, scene(ours, code), scene(ours, code, unused), scene(ours, code, left), scene(ours, forged, left),
            scene(kyrgyzstan(), code),
        )  # fmt: skip
    assert [(each["is"]["outcome"], [found["code"] for found in each["is"]["check_results"]]) for each in answers] == [
        ("check", ["T1"]), ("check", ["U6"]), ("accept_offline", []), ("hold", ["F2"]), ("hold", ["F6"]),
    ]  # fmt: skip


def fetched(countries: Countries, *dossiers: Dossier) -> None:
    """Publish their status lists and fetch them here a minute later."""
    ours, theirs = countries
    for dossier in dossiers:
        their_status(theirs, dossier)
    ours.later(60)
    assert fetching(ours, theirs) == FetchCounts(len({read_own(each.tokens[0]).status_uri for each in dossiers}))


@needs_node
def test_fetched_status_list_makes_revoked_foreign_permit_not_valid(countries: Countries) -> None:
    """Online, at the border, in the offline bundle (Python and JavaScript), and as a static object."""
    ours, theirs = countries
    good, bad = their_permit(theirs), their_permit(theirs)
    for dossier in (good, bad):
        border.endorse(theirs, dossier, post="tashkent-airport")
    fetched(countries, good)
    for dossier in (good, bad):
        found = seen(ours, dossier.tokens[0])
        assert (found.outcome, found.codes, found.data_as_of) == ("accept_offline", (), theirs.now)
    change_status.revoke(bad.id, "a forged finding", False, APPROVER, theirs)
    fetched(countries, bad)
    code = bad.tokens[0]
    assert (seen(ours, code).outcome, seen(ours, code).codes) == ("not_valid", ("S2",))
    assert seen(ours, good.tokens[0]).outcome == "accept_offline"
    assert ok(call("POST", "/v1/verify", {"qr": code}))["outcome"] == "not_valid"
    with pytest.raises(NotUsable, match="S2"):
        border.endorse(ours, bad, direction="import")
    assert border.endorse(ours, good, direction="import")["event_id"]
    (uri, held), *others = ours.bundle()[0]["party_status_lists"]["UZ"].items()
    assert (uri, others) == (read_own(code).status_uri, [])
    assert get(f"/s/UZ/{uri[-4:]}").body == base64.b64decode(held)
    for wrong in ("/s/UZ/99q9", "/s/uz/27q2", "/s/UZZ/27q2", "/s/KZ/27q2"):
        assert get(wrong).slug == "no-match"
    with Node() as node:
        answers = agree(node, *(scene(ours, text, base64.b64decode(held)) for text in (code, good.tokens[0])))
    assert [(each["is"]["outcome"], [found["code"] for found in each["is"]["check_results"]]) for each in answers] == [
        ("not_valid", ["S2"]), ("accept_offline", []),
    ]  # fmt: skip


def test_offline_use_of_revoked_foreign_permit_is_conflict(countries: Countries) -> None:
    ours, theirs = countries
    dossier = their_permit(theirs)
    border.endorse(theirs, dossier, post="tashkent-airport")
    change_status.revoke(dossier.id, "a forged finding", False, APPROVER, theirs)
    fetched(countries, dossier)
    device = border.Phone(ours)
    asked = border.event(endorsement(ours, dossier, direction="import"))
    (told,) = device.sync(asked)
    assert told["result"] == "conflict"


def test_foreign_status_list_becomes_stale_like_own(countries: Countries) -> None:
    ours, theirs = countries
    dossier = their_permit(theirs)
    border.endorse(theirs, dossier, post="tashkent-airport")
    fetched(countries, dossier)
    ages = {}
    for hours in (6, 7, 73):
        ours.now = theirs.now + hours * 3600
        ours.forget_trust()
        found = seen(ours, dossier.tokens[0])
        ages[hours] = (found.outcome, found.codes)
    assert ages == {6: ("accept_offline", ()), 7: ("accept_offline", ("T1",)), 73: ("check", ("T1",))}


def test_foreign_permit_is_requested_endorsed_and_reported_back(countries: Countries, tmp_path: Path) -> None:
    ours, theirs = countries
    dossier = their_permit(theirs)
    container.replace_deps(theirs)  # the container behind the port
    body = {"certificates": [OUR_CERTIFICATE.thumbprint], "may": list(OPERATIONS), "active": True}
    ok(call("PUT", "/v1/exchange/parties/KG", body, token="a-admin"))
    with port(tmp_path, GATEWAY) as number:
        services = client(tmp_path, number, OUR_CERTIFICATE, "UZ")

        def ask(operation: str, **more: Any) -> ask_party.CallResult:
            question = QuestionToParty("UZ", dossier.number or "", operation, **more)
            return ask_party.request_permit(question, AIZADA, but(ours, parties=services))

        heard = ask(NON_FINAL)
        assert heard.permit is not None
        assert heard.permit.third is not None
        assert heard.permit.third.statement == dossier.tokens[0]
        assert seen(ours, str(heard.permit.third.statement)).permit is not None  # verified by their signature
        assert ask(FINAL).entry.outcome == "NotFinal"
        assert border.endorse(theirs, dossier, post="tashkent-airport")["event_id"]
        final = ask(FINAL).permit
        assert final is not None
        assert [event.place_id for event in final.examined] == ["tashkent-airport"]
        made = border.endorse(ours, dossier, direction="import")
        again = seen(ours, dossier.tokens[0])
        assert [use.event_id for use in again.uses] == [made["event_id"]]
        # Fmt: skip
        reported = arrival_reports.report_arrival("UZ", dossier.number or "", AIZADA, but(ours, parties=services))
        assert reported.entry.outcome == "answered"
    told = ok(get(f"/v1/permits/{dossier.id}/exchange", token="preparer"))
    (report,) = told["confirmations"]
    assert (report["country"], report["lines"]) == ("KG", [{"line": "A", "quantity": "2"}])
    assert report["remarks"] == []  # the quantities match
    kept = ask_party.journal_of("UZ", dossier.number or "", AIZADA, register=ours.register)
    assert [each.operation for each in kept] == [CONFIRM, FINAL, FINAL, NON_FINAL]


def test_request_to_party_without_service_raises_no_match(countries: Countries) -> None:
    """Neither without any service nor with a third country's."""
    ours, _ = countries
    for services in (None, Answering(frozenset({"KZ"}))):
        with pytest.raises(NoMatch):
            ask_party.request_permit(QuestionToParty("UZ", "26UZ000001/E"), AIZADA, but(ours, parties=services))


FORGED: dict[str, Callable[[Permit, MemoryOffice, MemoryOffice], str]] = {
    "their key under our name and host": lambda p, us, them: signed(
        replace(p, issuer="KG"), us.stage.host, them.permit_keys[0]
    ),
    "their key under our name at their host": lambda p, us, them: signed(
        replace(p, issuer="KG", number="26KG000001/E"), them.stage.host, them.permit_keys[0]
    ),
    "their key for an exporter of ours": lambda p, us, them: signed(
        replace(p, exporter=replace(p.exporter, country="KG")), them.stage.host, them.permit_keys[0]
    ),
    "our key under their name and host": lambda p, us, them: signed(p, them.stage.host, us.permit_keys[0]),
    "our key under their name at our host": lambda p, us, them: signed(p, us.stage.host, us.permit_keys[0]),
    "their key with our status list": lambda p, us, them: signed(
        replace(p, status_uri=f"https://{us.stage.host}/s/26q4"), them.stage.host, them.permit_keys[0]
    ),
    "their status key": lambda p, us, them: signed(p, them.stage.host, them.status_keys[0]),
}


@pytest.mark.parametrize("name", FORGED)
def test_permit_signed_with_other_countrys_key_is_hold(countries: Countries, name: str) -> None:
    ours, theirs = countries
    permit = read_own(their_permit(theirs).tokens[0])
    code = FORGED[name](permit, ours, theirs)
    for where in (ours, theirs):
        found = seen(where, code)
        assert (found.outcome, found.permit) == ("hold", None)
        assert set(found.codes) <= {"F2", "F6"}
    question = scene(ours, code)
    assert python(question)["is"]["permit"] is None


def with_root(wanted: TrustList, root: FileSigner) -> bytes:
    return publish_trust_list.sign_payload(encode_trust_list(replace(wanted, root=root.public_key)), root)


def test_trust_list_signed_by_other_countrys_root_is_refused(countries: Countries) -> None:
    ours, theirs = countries
    own, other = ours.first_list(), theirs.first_list()
    for bent in (with_root(own, theirs.root), with_root(other, ours.root)):
        with pytest.raises(DecodeError, match="not pinned"):
            open_trust_list(bent, ours.pins)
        with pytest.raises(DecodeError):
            taken_in(ours, open_trust_list(signed_list(theirs), theirs.pins), bent)
    assert [each.issuer for each in ours.trust().lists] == ["KG", "UZ"]


def test_foreign_list_with_our_keys_and_host_does_not_affect_ours(countries: Countries) -> None:
    """A Party may write anything into its list. Our codes still count as ours, and theirs never do."""
    ours, theirs = countries
    permit = issued(ours)
    before = seen(ours, permit.tokens[0])
    grabbing = replace(
        theirs.first_list(), seq=theirs.now - 10, not_before=theirs.now - 10, keys=ours.first_list().keys,
        hosts=ours.first_list().hosts, status_prefix=ours.first_list().status_prefix,
    )  # fmt: skip
    bent = with_root(grabbing, theirs.root)
    held = ours.static.read(publish_trust_list.BUNDLE_PATH)
    assert held is not None
    bundle = encode_bundle([signed_list(ours), bent])
    ours.static.write(publish_trust_list.BUNDLE_PATH, bundle, content_type=publish_trust_list.BUNDLE_TYPE, etag=held[1])
    ours.forget_trust()
    assert [each.issuer for each in ours.trust().lists] == ["KG", "UZ"]
    after = seen(ours, permit.tokens[0])
    assert (after.outcome, after.codes, after.permit) == (before.outcome, before.codes, before.permit)
    theirs_now = read_own(permit.tokens[0])
    stolen = signed(replace(theirs_now, issuer="UZ"), ours.stage.host, theirs.permit_keys[0])
    assert (seen(ours, stolen).outcome, seen(ours, stolen).permit) == ("hold", None)


def test_practice_sheet_of_other_country_gives_t7(countries: Countries) -> None:
    """Their practice host never counts as a host of ours, whichever key signs."""
    practice = replace(THEIRS, host="practice.example.uz", practice=True)
    school = staffed(practice)
    sheet = their_permit(school).tokens[0]
    assert seen(school, sheet).permit is not None
    ours, _ = countries
    assert seen(ours, sheet).codes == ("F6",)
    ours.config = replace(ours.config, practice_hosts={**ours.config.practice_hosts, "UZ": practice.host})
    ours.forget_trust()
    assert (seen(ours, sheet).outcome, seen(ours, sheet).codes) == ("cannot_tell", ("T7",))
    own = ours.first_list()
    grabbing = replace(own, hosts=(replace(own.hosts[0], name=practice.host),),
                       status_prefix=f"https://{practice.host}/s/")  # fmt: skip
    for pins in (ours.pins, tuple(replace(pin, practice=True) for pin in ours.pins)):
        with pytest.raises(DecodeError, match="never mixed"):
            open_trust_list(with_root(grabbing, ours.root), pins)


def test_list_of_unpinned_country_is_not_added_to_bundle(countries: Countries) -> None:
    _, theirs = countries
    strangers = kyrgyzstan()
    signed_by_them = signed_list(theirs)
    with pytest.raises(DecodeError, match="not pinned"):
        taken_in(strangers, open_trust_list(signed_by_them, theirs.pins), signed_by_them)
    pinned(strangers, theirs)
    taken_in(strangers, open_trust_list(signed_by_them, strangers.pins), signed_by_them)
    assert [each.issuer for each in strangers.trust().lists] == ["KG", "UZ"]


def test_unpinned_country_is_dropped_from_bundle_at_next_renewal(countries: Countries) -> None:
    """Only one side removes the pin, and our own list is renewed all the same."""
    ours, theirs = countries
    assert seen(ours, their_permit(theirs).tokens[0]).permit is not None
    ours.config = replace(ours.config, pins={"KG": ours.config.pins["KG"]})
    ours.later(60)
    own = ours.trust().list_for("KG")
    assert own is not None
    ours.publish_list(key_rotation.renew(own, ours.now))
    held = ours.static.read(publish_trust_list.BUNDLE_PATH)
    assert held is not None
    assert len(cbor.decode(held[0], cap=BUNDLE_CAP, depth=1)) == 1
    assert seen(ours, their_permit(theirs).tokens[0]).codes == ("F6",)
