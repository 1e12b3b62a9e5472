"""`tamga keys`: the state shown for each key, and the trust list that each command proposes."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from desk_of_keys import A, B, Desk
from life import issued
from office import DAY, NOW
from rich.console import Console
from trust_maker import key, trust_list

from chalicelib.composition import container
from chalicelib.kernel.days import to_text
from chalicelib.trust.cli import keys, proposals, root_machine
from chalicelib.trust.cli.keys import state_of
from chalicelib.trust.model import key_rotation
from chalicelib.trust.model.trust import active_key
from chalicelib.verification.services.verify import verify

TOMORROW = to_text(NOW + DAY)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    yield Desk(tmp_path)
    container.replace_deps(None)


def test_list_shows_state_and_kms_result_of_each_key(desk: Desk) -> None:
    shown = desk.ask("keys", "list")
    assert [(key["purpose"], key["state"], key["kms"]) for key in shown["keys"]] == [
        ("permit", "signing", "same"), ("permit", "spare 1", "same"), ("permit", "spare 2", "same"),
        ("status", "signing", "same"), ("status", "spare 1", "same"), ("pdf", "signing", "same"),
    ]  # fmt: skip
    assert list(shown["due"]) == ["spares-status", "spares-pdf"]
    table = desk.run("keys", "list").stdout
    assert desk.office.pdf_key.kid.hex() in table
    assert "due: 2 spare pdf keys missing" in table


def test_table_is_complete_on_narrow_screen(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.publish("keys", "rotate", desk.office.new_key().kid.hex(), "--purpose", "permit")
    kids = [key["kid"] for key in desk.ask("keys", "list")["keys"]]
    names = {kid: f"alias/tamga-practice-permit-{n}" for n, kid in enumerate(kids)}
    desk.office.config = replace(desk.office.config, keys=names)
    monkeypatch.setattr(keys, "out", Console(width=80, highlight=False))
    table = desk.run("keys", "list").stdout
    assert "…" not in table
    assert all(len(line) <= 80 for line in table.splitlines()[: len(kids) + 1])
    for kid, name in names.items():
        assert re.search(rf"^{kid} .*", table, re.MULTILINE)
        assert name.removeprefix("alias/") in table
    assert re.search(rf"^{kids[0]} permit  signing until {TOMORROW[:10]} {TOMORROW[11:16]} ", table, re.MULTILINE)
    assert " from 2027-01-23 09:46 " in table


def test_unknown_or_listed_key_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """KMS answers GetPublicKey for an unknown key with NotFoundException."""
    listed = desk.office.permit_keys[0].kid.hex()
    done = desk.run("keys", "rotate", listed, "--purpose", "permit", as_=A)
    assert (done.exit_code, done.stderr) == (
        2,
        f"ALIAS: {listed} ({listed}) is in the trust list already; give a new key\n",
    )

    def unknown(alias: str) -> None:
        raise ClientError({"Error": {"Code": "NotFoundException", "Message": "x"}}, "GetPublicKey")

    monkeypatch.setattr(desk.office, "signer_by_alias", unknown)
    done = desk.run("keys", "rotate", "alias/tpyo", "--purpose", "permit", as_=A)
    assert (done.exit_code, done.stderr) == (2, "alias/tpyo: KMS has no such key; give its alias, id or ARN\n")


def test_key_state_is_counted_per_kind() -> None:
    """Where keys are split by kind, each kind has one signing key and its own spares."""
    old, e, r, both, later = (
        key(40, kinds=("E",), not_before=1), key(41, kinds=("E",), not_before=2), key(42, kinds=("R",), not_before=3),
        key(43, kinds=("E", "R"), not_before=4), key(44, kinds=("R",), not_before=2_000_000_000),
    )  # fmt: skip
    listed = replace(trust_list(now=10), keys=(replace(old, retired_at=5), e, r, both, later))
    assert [state_of(listed, each, NOW) for each in listed.keys] == [
        "retired", "signing", "signing", "spare 1", "spare 2 from 2033-05-18T03:33:20Z",
    ]  # fmt: skip


def test_key_missing_in_kms_is_reported(desk: Desk) -> None:
    first, second = (signer.kid for signer in desk.office.permit_keys[:2])
    desk.office._signers[first] = desk.office._signers.pop(second)
    said = {key["kid"]: key["kms"] for key in desk.ask("keys", "list")["keys"]}
    assert said[first.hex()] == "another key"
    assert said[second.hex()].startswith("not configured")


def test_due_names_renewal_by_age_of_list(desk: Desk) -> None:
    desk.office.later(30 * DAY)
    assert next(iter(desk.ask("keys", "list")["due"])) == "renew"
    desk.office.later(20 * DAY)
    assert next(iter(desk.ask("keys", "list")["due"])) == "renew-now"
    desk.office.later(10 * DAY)
    assert next(iter(desk.ask("keys", "list")["due"])) == "expired"


def test_kid_prints_line_for_configuration(desk: Desk) -> None:
    new, other = desk.office.new_key().kid.hex(), desk.office.new_key().kid.hex()
    done = desk.run("keys", "kid", new, other)
    assert done.stdout == f"TAMGA_KEYS={new}={new},{other}={other}\n"
    assert desk.run("keys", "kid", "no such key").exit_code == 2


def test_printing_function_makes_the_certificate(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a printing function is configured, nothing else may use the pdf key."""
    new, asked = desk.office.new_key(), []

    def call(client: object, function: str, payload: dict[str, str]) -> str:
        asked.append((function, payload))
        return base64.b64encode(desk.office.certificate_of(new.kid)).decode()

    monkeypatch.setattr("chalicelib.adapters.aws.functions.call", call)
    desk.office.config = replace(desk.office.config, printer_function="print_permit")
    desk.office._functions = object()  # type: ignore[misc]
    desk.ask("keys", "kid", new.kid.hex(), "--certificate", desk.folder / "pdf.der")
    assert asked == [("print_permit", {"certificate_of": new.kid.hex()})]
    assert proposals.certified_key((desk.folder / "pdf.der").read_bytes()) == new.public_key


def test_certificate_is_made_once(desk: Desk) -> None:
    new, path = desk.office.new_key(), desk.folder / "pdf.der"
    made = desk.ask("keys", "kid", new.kid.hex(), "--certificate", path)
    assert set(made) == {"TAMGA_KEYS", "TAMGA_PDF_CERTIFICATE", "keys"}
    before = path.read_bytes()
    again = desk.run("keys", "kid", new.kid.hex(), "--certificate", path)
    assert (again.exit_code, path.read_bytes()) == (1, before)
    nowhere = desk.run("keys", "kid", new.kid.hex(), "--certificate", desk.folder / "none" / "pdf.der")
    assert (nowhere.exit_code, "--certificate" in nowhere.stderr) == (2, True), nowhere.output


@pytest.mark.parametrize("purpose", ["permit", "status", "pdf"])
def test_new_key_waits_until_lists_without_it_have_expired(desk: Desk, purpose: str) -> None:
    new, old = desk.office.new_key().kid.hex(), desk.current
    more: tuple[object, ...] = ()
    if purpose == "pdf":
        more = ("--certificate", desk.folder / "pdf.der")
        assert desk.run("keys", "admit", new, "--purpose", "pdf", as_=A).exit_code == 2
        desk.ask("keys", "kid", new, *more)
    listed = desk.publish("keys", "admit", new, "--purpose", purpose, *more)
    (key,) = [each for each in listed.keys if each.kid.hex() == new]
    assert key.not_before == old.expires_at
    assert (key.purpose, bool(key.kinds)) == (purpose, purpose == "permit")
    assert desk.states()[purpose][-1].endswith("from 2027-01-23T09:46:40Z")


def test_certificate_of_other_key_is_refused(desk: Desk) -> None:
    one, other, path = desk.office.new_key(), desk.office.new_key(), desk.folder / "pdf.der"
    desk.ask("keys", "kid", one.kid.hex(), "--certificate", path)
    done = desk.run("keys", "admit", other.kid.hex(), "--purpose", "pdf", "--certificate", path, as_=A)
    assert done.exit_code == 2
    assert "not the certificate of" in done.stderr


def test_next_key_issues_after_rotation(desk: Desk) -> None:
    first, second = (signer.kid for signer in desk.office.permit_keys[:2])
    desk.publish("keys", "rotate", desk.office.new_key().kid.hex(), "--purpose", "permit")
    states = desk.states()["permit"]
    assert states[:3] == [f"signing until {TOMORROW}", "spare 1", "spare 2"]
    between = issued(desk.office)
    desk.office.later(DAY)
    assert desk.states()["permit"] == ["retired", "signing", "spare 1", "spare 2 from 2027-01-23T09:46:40Z"]
    assert active_key(desk.current, "permit", desk.office.now).kid == second != first
    for permit in (between, issued(desk.office)):
        code = permit.tokens[0]
        found = verify(code, desk.office)
        assert (found.outcome, found.check_results) == ("accept", ())


def test_late_publication_that_ends_a_key_too_soon_is_refused(desk: Desk) -> None:
    """If a key ended between preparation and publication, permits signed in those hours would count as forged."""
    new = desk.office.new_key().kid.hex()
    proposal = desk.ask("keys", "rotate", new, "--purpose", "permit", as_=A)["proposal"]
    desk.office.later(DAY - 299)
    permit = issued(desk.office)
    args = ("trust", "publish", proposal, "--root", desk.root, "--yes")
    late = desk.run(*args, as_=B, input="correct horse\n")
    assert (late.exit_code, "prepare the list again with a later time" in late.stderr) == (2, True)
    assert active_key(desk.current, "permit", desk.office.now + DAY).kid == desk.office.permit_keys[0].kid
    assert permit.state == "issued"


def test_publication_is_judged_at_the_time_after_the_questions(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second person reads the change for longer than the notice of the key that ends."""
    new = desk.office.new_key().kid.hex()
    proposal = desk.ask("keys", "rotate", new, "--purpose", "permit", as_=A)["proposal"]
    desk.office.later(DAY - 360)
    container.replace_deps(None)
    monkeypatch.setattr(container, "_process", (desk.office, desk.office.caches))  # `now` is fixed for each request
    monkeypatch.setattr(root_machine, "confirm_signing", lambda *_: desk.office.later(300))
    late = desk.run("trust", "publish", proposal, "--root", desk.root, as_=B, input="correct horse\n")
    assert (late.exit_code, "prepare the list again with a later time" in late.stderr) == (2, True)


def test_retire_at_a_time(desk: Desk) -> None:
    kid = desk.office.status_keys[0].kid.hex()
    listed = desk.publish("keys", "retire", kid, "--at", "2026-12-01T00:00:00Z")
    (key,) = [each for each in listed.keys if each.kid.hex() == kid]
    assert key.retired_at == 1_796_083_200
    assert desk.states()["status"] == ["signing until 2026-12-01T00:00:00Z", "spare 1"]
    bad = desk.run("keys", "retire", kid, "--at", "tomorrow", as_=A)
    assert (bad.exit_code, "--at" in bad.stderr) == (2, True)


def test_last_key_of_a_purpose_does_not_retire(desk: Desk) -> None:
    done = desk.run("keys", "retire", desk.office.pdf_key.kid.hex(), as_=A)
    assert done.exit_code == 2
    assert "no other pdf key could sign" in done.stderr


def test_compromised_key_stops_signing_at_once(desk: Desk) -> None:
    kid, spare = desk.office.permit_keys[0].kid.hex(), desk.office.new_key().kid.hex()
    proposal = desk.ask("keys", "compromised", kid, "--since", "2026-11-24T00:00:00Z", "--spare", spare, as_=A)
    assert proposal["why"] == f"keys compromised: {kid}, known or feared since 2026-11-24T00:00:00Z"
    (struck,) = [each for each in proposal["changes"] if each["name"] == f"key {kid}"]
    assert struck["after"].startswith("COMPROMISED; permit of")
    desk.publish("keys", "compromised", kid, "--spare", spare)
    assert desk.states()["permit"][:3] == ["compromised", "signing", "spare 1"]
    assert key_rotation.spares_missing(desk.current) == {}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("retire", "xyz"), "KID: give the 16 hex digits"),
        (("compromised", "00" * 8), "does not have this key"),
        (("admit", "00" * 8, "--purpose", "root"), "--purpose"),
        (("admit", "{new}", "--purpose", "status", "--kinds", "E"), "--kinds"),
        (("admit", "{new}", "--purpose", "permit", "--kinds", "E,XX"), "XX"),
        (("compromised", "{old}", "--since", "May"), "--since"),
    ],
)
def test_mistake_names_its_field(desk: Desk, words: tuple[str, ...], said: str) -> None:
    known = {"new": desk.office.new_key().kid.hex(), "old": desk.current.keys[0].kid.hex()}
    done = desk.run("keys", *(word.format(**known) for word in words), as_=A)
    assert done.exit_code == 2, done.output
    assert said in done.stderr
    assert done.stdout == ""


def test_caller_is_taken_from_access_token(desk: Desk) -> None:
    kid = desk.office.status_keys[0].kid.hex()
    assert "TAMGA_TOKEN" in desk.run("keys", "retire", kid).stderr
    assert desk.run("keys", "retire", kid, as_="forged").exit_code == 1
    refused = desk.run("keys", "retire", kid, as_="token-of-p")
    assert (refused.exit_code, "forbidden" in refused.stderr) == (1, True)


def test_list_before_first_trust_list_asks_for_prepare_first(desk: Desk) -> None:
    desk.office.static = type(desk.office.static)()
    done = desk.run("keys", "list")
    assert done.exit_code == 2
    assert "trust prepare --first" in done.stderr
