"""`tamga doctor`: each fault is reported under its number with a remedy; a stage without faults exits with 0."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from desk_of_keys import Desk
from life import approved, issue, issued
from office import DAY, MemoryOffice
from two_countries import befriended, fetching, kyrgyzstan, their_permit, uzbekistan

from chalicelib.adapters.outside.access_tokens import fetch_from
from chalicelib.composition import container
from chalicelib.diagnostics import services as diagnostics
from chalicelib.diagnostics.services import (
    CHECKS,
    LATE,
    STUCK,
    BucketFacts,
    TableFacts,
    guarded,
    other_lists,
    party_lists,
)
from chalicelib.kernel.errors import Forbidden, NoMatch, Unavailable
from chalicelib.kernel.stage import Stage
from chalicelib.platform import country_folder
from chalicelib.species.model.listing import Event, Listing, Taxon


@dataclass
class Around:
    """`Surroundings` with given facts. An error is raised in place of the response."""

    office: MemoryOffice
    facts: TableFacts | None = None
    blobs: BucketFacts | Exception = BucketFacts(True, True, True)  # noqa: RUF009
    factor: str = "ON"
    state: str | Exception = "Active"

    def table(self) -> TableFacts:
        return self.facts or TableFacts((), True, True, True, self.office.now)

    def bucket(self, name: str) -> BucketFacts:
        if isinstance(self.blobs, Exception):
            raise self.blobs
        return self.blobs if name == "files" else BucketFacts(True, True, False)

    def second_factor(self) -> str:
        return self.factor

    def function(self, name: str) -> str:
        if isinstance(self.state, Exception):
            raise self.state
        return self.state


class Well(Desk):
    """A stage without faults, as far as the memory adapters allow."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, MemoryOffice(Stage(duty_number="+996 312 000 000")))
        self.around = Around(self.office)
        self.office.surroundings = self.around  # type: ignore[misc]
        assert self.office.issuer  # the memory adapter: created before a function has a name
        self.office.token_keys = lambda: b'{"keys": []}'  # type: ignore[misc]
        self.office.config = replace(
            self.office.config, table="t", files_bucket="files", static_bucket="static", keys={"00" * 8: "alias/a"},
            token_issuer="https://p/pool", jwks_url="https://p/keys", client_ids=("c",), issuer_function="issue",
        )  # fmt: skip
        for purpose, count in (("status", 1), ("pdf", 2)):
            for n in range(count):
                self.admit(purpose, n)

    def admit(self, purpose: str, n: int) -> None:
        kid = self.office.new_key().kid.hex()
        more: tuple[object, ...] = ()
        if purpose == "pdf":
            path = self.folder / f"{n}.der"
            self.ask("keys", "kid", kid, "--certificate", path)
            text = f"{self.office.config.pdf_certificate},{base64.b64encode(path.read_bytes()).decode()}"
            self.office.config = replace(self.office.config, pdf_certificate=text)
            more = ("--certificate", path)
        self.publish("keys", "admit", kid, "--purpose", purpose, *more)

    def look(self) -> tuple[int, list[dict[str, Any]]]:
        done = self.run("doctor", "--json")
        assert done.stdout, done.exception
        return done.exit_code, json.loads(done.stdout)["findings"]

    def faults(self) -> tuple[int, list[tuple[int, str, str]]]:
        """The exit code, with check, grade and words of each fault, without old species data, which every stage here
        has.
        """
        code, found = self.look()
        assert all(bool(each["do"]) or each["grade"] == "ok" or each["check"] == 8 for each in found)
        return code, [
            (each["check"], each["grade"], each["words"])
            for each in found
            if each["grade"] != "ok" and each["subject"] != "species list"
        ]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Well]:
    yield Well(tmp_path)
    container.replace_deps(None)


def test_stage_without_faults_exits_with_0(desk: Well, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.diagnostics.cli._dates", lambda where: {"species list": "2026-11-20"})
    issued(desk.office)
    desk.office.publish_due()
    code, found = desk.look()
    assert (code, {each["grade"] for each in found}) == (0, {"ok"}), [each for each in found if each["grade"] != "ok"]
    assert {each["check"] for each in found} == set(CHECKS)
    assert {each["name"] for each in found} == set(CHECKS.values())


@pytest.fixture
def old_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.diagnostics.cli._dates", lambda where: {"species list": "2017-04-21"})


@pytest.mark.usefixtures("old_list")
def test_old_table_is_a_warning(desk: Well) -> None:
    code, found = desk.look()
    (old,) = [each for each in found if each["grade"] != "ok"]
    assert (code, old["check"], old["subject"]) == (1, 13, "species list")


def configured(**changes: Any) -> Callable[[Well], None]:
    def change(desk: Well) -> None:
        desk.office.config = replace(desk.office.config, **changes)

    return change


def surrounded(**changes: Any) -> Callable[[Well], None]:
    def change(desk: Well) -> None:
        for name, value in changes.items():
            setattr(desk.around, name, value)

    return change


def facts(*differs: str, recovery: bool = True, protected: bool = True, expiring: bool = True, off: int = 0) -> Any:
    def change(desk: Well) -> None:
        desk.around.facts = TableFacts(differs, recovery, protected, expiring, desk.office.now + off)

    return change


def older_list(desk: Well) -> None:
    """Put back yesterday's object."""
    held = desk.office.static.read("trust-list")
    desk.publish("trust", "prepare")
    now = desk.office.static.read("trust-list")
    assert held
    assert now
    desk.office.static.write("trust-list", held[0], content_type="x", etag=now[1])


def another_key(desk: Well) -> None:
    first, second = (signer.kid for signer in desk.office.permit_keys[:2])
    desk.office._signers[first] = desk.office._signers[second]


def late(desk: Well) -> None:
    issued(desk.office)
    desk.office.publish_due()
    desk.office.later(LATE + 1)


def broken_list(desk: Well) -> None:
    uri = issued(desk.office).status_uri or ""
    desk.office.static.write(uri.split("/", 3)[3], b"x", content_type="x", etag=None)


def cut_off(desk: Well) -> None:
    class Gone:
        def issue(self, permit_id: str) -> None:
            raise Unavailable

    desk.office.issuer = Gone()  # type: ignore[misc]
    with pytest.raises(Unavailable):
        issue(desk.office, approved(desk.office))
    desk.office.later(STUCK + 1)


def restored(desk: Well) -> None:
    data = json.dumps({"table": "another", "serials": {}}).encode()
    desk.office.static.write("register-mark", data, content_type="x", etag=None)


def without_keys(desk: Well) -> None:
    desk.office.token_keys = fetch_from("http://127.0.0.1:9/keys")  # type: ignore[misc]  # nothing listens on the discard port


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (configured(table=""), (1, "problem", "not set")),
        (configured(stage=Stage(duty_number="")), (1, "warning", "not set")),
        (configured(endpoint="http://127.0.0.1:1"), (1, "warning", "a local engine, not AWS")),
        (configured(stage=Stage("KZ")), (1, "problem", "folder of KZ has no authority.json: see docs/NEW_COUNTRY.md.")),
        (configured(stage=Stage("UZ")), (1, "problem", "Asia/Bishkek is the default of KG, not of UZ")),
        (configured(stage=Stage("UZ")), (1, "problem", "Bishkek is the default of KG, not of UZ")),
        (facts("index by-state is missing"), (2, "problem", "index by-state is missing")),
        (facts(recovery=False), (2, "problem", "off")),
        (facts(protected=False), (2, "problem", "off")),
        (facts(expiring=False), (2, "problem", "off")),
        (surrounded(blobs=BucketFacts(False, True, True)), (3, "problem", "off")),
        (surrounded(blobs=BucketFacts(True, False, True)), (3, "problem", "off")),
        (surrounded(blobs=BucketFacts(True, True, False)), (3, "problem", "off")),
        (surrounded(blobs=NoMatch("files does not exist (404)")), (3, "problem", "files does not exist (404)")),
        (older_list, (4, "problem", "was published before it")),
        (lambda desk: desk.office.later(30 * DAY), (4, "warning", "the list expires in 29 days; renew it")),
        (lambda desk: desk.office.later(50 * DAY), (4, "problem", "the list expires in 9 days; renew it")),
        (lambda desk: desk.office.later(58 * DAY), (4, "problem", "the list expires in 1 day; renew it")),
        (another_key, (5, "problem", "another key")),
        (configured(pdf_certificate=""), (6, "problem", "certificate of the key that seals is not configured")),
        (late, (7, "warning", "195 minutes old")),
        (broken_list, (7, "problem", "Status list: not a COSE_Sign1")),
        (facts(off=300), (8, "warning", "300 s from the clock of AWS")),
        (facts(off=-900), (8, "problem", "900 s from the clock of AWS")),
        (cut_off, (9, "warning", "its signing was cut off")),
        (without_keys, (10, "problem", "its keys cannot be fetched")),
        (surrounded(factor="OPTIONAL"), (10, "problem", "OPTIONAL")),
        (surrounded(state="Failed"), (11, "problem", "Failed")),
        (surrounded(state=Forbidden("you may not read issue")), (11, "problem", "you may not read issue")),
        (restored, (12, "problem", "The table is not the one that was in use before.")),
    ],
)
def test_each_fault_is_reported_under_its_check(
    desk: Well, spoil: Callable[[Well], None], expected: tuple[int, str, str]
) -> None:
    """The same stage without the change has no faults: `test_stage_without_faults_exits_with_0`."""
    spoil(desk)
    check, grade, words = expected
    code, faults = desk.faults()
    assert [each for each in faults if each[:2] == (check, grade) and words in each[2]], faults
    assert code == (2 if any(each[1] == "problem" for each in faults) else 1)


@pytest.mark.parametrize("issuer", ["KG", "UZ"])
def test_doctor_names_the_authority_of_the_stage(desk: Well, issuer: str) -> None:
    """A new country that forgot TAMGA_ISSUER reads the name of Kyrgyzstan's authority."""
    configured(stage=Stage(issuer))(desk)
    (said,) = [each for each in desk.look()[1] if each["subject"] == f"countries/{issuer}"]
    assert (said["grade"], said["words"]) == ("ok", country_folder.authority(issuer)["name"])


def test_rotated_key_is_checked_until_it_stops_signing(desk: Well) -> None:
    desk.publish("keys", "rotate", desk.office.new_key().kid.hex(), "--purpose", "permit")
    old = f"permit {desk.office.permit_keys[0].kid.hex()}"

    def seen() -> dict[str, str]:
        return {each["subject"]: each["grade"] for each in desk.look()[1] if each["check"] == 5}

    assert seen()[old] == "ok"
    another_key(desk)
    assert seen()[old] == "problem"
    desk.office.later(DAY)
    assert old not in seen()


def test_other_checks_run_without_trust_list(desk: Well) -> None:
    desk.office.static = type(desk.office.static)()
    code, found = desk.look()
    assert code == 2
    assert {each["check"] for each in found if each["grade"] == "problem"} >= {4, 5, 6}
    assert {each["check"] for each in found} == set(CHECKS)


def test_wrong_variable_is_named_and_ends_the_run(desk: Well, monkeypatch: pytest.MonkeyPatch) -> None:
    container.replace_deps(None)
    monkeypatch.setenv("TAMGA_PINS", "KG=xyz")
    code, found = desk.look()
    assert (code, [each["subject"] for each in found]) == (2, ["TAMGA_PINS"])


@pytest.mark.usefixtures("old_list")
def test_doctor_prints_text_with_remedies_and_counts(desk: Well) -> None:
    done = desk.run("doctor")
    assert done.exit_code == 1
    assert "13 dated tables" in done.stdout
    assert "-> compare it with its source" in done.stdout
    assert "1 warning, 0 problems" in done.stdout


def test_unexpected_error_is_raised_unless_it_counts_as_refusal() -> None:
    def broken() -> list[Any]:
        raise KeyError("a bug")

    with pytest.raises(KeyError):
        guarded(2, broken, lambda error: False)
    (found,) = guarded(2, broken, lambda error: True)
    assert (found.grade, found.check) == ("problem", 2)


def test_age_of_other_parties_status_lists_is_reported() -> None:
    ours, theirs = kyrgyzstan(), uzbekistan()
    befriended(ours, theirs)

    def look() -> tuple[str, str]:
        (found,) = party_lists(ours)
        return found.grade, found.words

    assert look()[0] == "warning"
    their_permit(theirs)
    theirs.publish_due()
    fetching(ours, theirs)
    assert look() == ("ok", "1 list, the oldest 0 minutes old")
    ours.later(6 * 3600 + 60)
    assert look() == ("warning", "1 list, the oldest 361 minutes old")


def test_other_partys_trust_list_near_expiry_is_a_warning(desk: Well) -> None:
    theirs = replace(desk.office.first_list(), issuer="UZ")
    days = range(0, 60, 5)
    found = [next(iter(other_lists({"UZ": theirs}, theirs.seq + day * DAY))).grade for day in days]
    assert (found[0], found[-1]) == ("ok", "warning")
    assert found == sorted(found)
    assert [each.grade for each in other_lists({"UZ": None}, theirs.seq)] == ["warning"]
    desk.office.config = replace(desk.office.config, pins={**desk.office.config.pins, "UZ": ("ab" * 32,)})
    _, rows = desk.look()
    assert [(each["check"], each["do"]) for each in rows if each["subject"] == "UZ"] == [(4, "tamga trust take UZ")]


def test_submitted_application_that_no_longer_fits_is_a_warning() -> None:
    office = MemoryOffice()
    approved(office)
    today = office.stage.today(office.now)
    (fits,) = diagnostics.species_list(office.listing, today, office.register)
    assert (fits.grade, fits.words) == ("ok", "agree with the list")
    moved = Listing([Taxon("Falco cherrug", 1, "Animalia")], checked="2026-11-20")
    (differs,) = diagnostics.species_list(moved, today, office.register)
    assert (differs.grade, differs.subject) == ("warning", "submitted applications")
    assert "1 submitted application" in differs.words


def test_change_in_force_since_the_list_was_checked_is_a_warning() -> None:
    office = MemoryOffice()
    change = Event("2027-06-01", "", "", 0, 2)
    listing = Listing([Taxon("Aa bb", 0, "Animalia")], history={"Aa bb": (change,)}, checked="2026-11-29")
    changed, _ = diagnostics.species_list(listing, date(2027, 6, 1), office.register)
    assert (changed.check, changed.grade) == (13, "warning")
    assert "first Aa bb on 2027-06-01" in changed.words
