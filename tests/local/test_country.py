"""`make run COUNTRY=UZ`: another country's practice ministry from its folder, with permits our register verifies."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from test_run import Run

from chalicelib.applications.rules import check
from chalicelib.applications.schemas import ApplicationBody
from chalicelib.composition import functions
from chalicelib.composition.container import container_of
from chalicelib.kernel.roles import ROLES
from chalicelib.people import services as people_services
from chalicelib.platform.config import from_env
from chalicelib.species.services import list_in_use
from chalicelib.verdict.border_rules import Place as Crossing
from chalicelib.verification.services.verify import verify
from local import country, elsewhere, other_registers, people, run, setup, token
from local.country import IncompleteCountry, find_faults, load_country, sign_in_name
from local.engine import CREDENTIALS, ROOT, Engine
from local.place import Place

UZ = json.loads((country.MADE_UP / "UZ.json").read_text())


@pytest.mark.parametrize("code", sorted(each.stem for each in country.MADE_UP.glob("*.json")))
@pytest.mark.parametrize("today", [date(2026, 11, 25), date(2028, 2, 29)])
def test_example_permits_are_lawful_and_roles_complete(code: str, today: date) -> None:
    abroad = load_country(code)
    assert {*abroad.cast.roles.values()} == {*ROLES}
    for story in elsewhere.seed_plan(abroad).stories:
        application = ApplicationBody.model_validate(story.fields(today)).application()
        assert check.check(application, list_in_use.listing(), today=today, issuer=code) == ()
    assert {*abroad.posts} <= people_services.posts(code).keys()


def test_people_of_country_play_the_parts_of_the_tour() -> None:
    assert people.name_of("", ("customs",), "UZ") == "aziza"
    assert people.local_counterpart("ainura", "preparer", "UZ") == "dilnoza"
    assert people.local_counterpart("ainura", "preparer", "KG") == "ainura"
    assert people.full_name("dilnoza", "UZ").startswith("Dilnoza Karimova")
    assert people.staff_of("UZ").admins == ("gulchehra", "timur")
    assert sign_in_name("Gʻayrat Aliyev") == "gayrat"


def bent(change: Callable[[dict[str, Any]], Any]) -> list[str]:
    told = json.loads(json.dumps(UZ))
    change(told)
    return list(find_faults("UZ", told))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda told: told.update(zone="Asia/Toshkent"), "zone: give an IANA time zone"),
        (lambda told: told.update(place="?"), "place: not filled in"),
        (lambda told: told.pop("duty_number"), "duty_number: not filled in"),
        (lambda told: told.update(people=[["minister", "A B"]]), "people: give [role, name] for each"),
        (lambda told: told["people"].pop(1), "people: add a person with the role preparer"),
        (lambda told: told["people"].pop(), "people: add a second admin"),
        (lambda told: told["people"].append(["customs", "Aziza Aliyeva"]), "people: two persons have the sign-in name"),
        (lambda told: told["people"].append(["customs", "Ўткир"]), "people: the first word of each name needs Latin"),
        (lambda told: told.update(importer=None), "importer: give name, address, country"),
        (lambda told: told["exporter"].update(country="KG"), "exporter.country: must be UZ"),
        (lambda told: told["importer"].update(country="UZ"), "importer.country: must be the code of another country"),
    ],
)  # fmt: skip
def test_fault_in_country_file_is_named(change: Callable[[dict[str, Any]], Any], fault: str) -> None:
    assert any(each.startswith(fault) for each in bent(change))


def test_incomplete_country_is_refused_with_missing_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(IncompleteCountry, match=r"BV has no authority\.json"):
        load_country("BV")
    monkeypatch.setattr(country, "MADE_UP", tmp_path)
    with pytest.raises(IncompleteCountry, match=r"Replace each \? by its value"):
        load_country("UZ")
    with pytest.raises(IncompleteCountry, match=r"UZ\.json zone: not filled in"):
        load_country("UZ")
    shutil.copy(ROOT / "local" / "countries" / "UZ.json", tmp_path)
    assert load_country("UZ").zone == "Asia/Tashkent"


def test_real_register_is_available_for_home_country_only(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run.main(["--country", "UZ", "--real"])
    with pytest.raises(SystemExit):
        run.main(["--country", "XY"])
    assert "--country" in capsys.readouterr().err


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("two")


@pytest.fixture(scope="module")
def uzbekistan(folder: Path) -> Iterator[Run]:
    started = Run(folder, country="UZ")
    yield started
    started.stop()


@pytest.mark.engine
@pytest.mark.slow
def test_permits_of_second_country_are_verified_by_ours(uzbekistan: Run, folder: Path, aws_credentials: None) -> None:
    """NEW_COUNTRY.md, "See it run".

    Our register starts later, imports the other trust list by two people and verifies the permits.
    """
    stage, made = uzbekistan.about["env"], json.loads(uzbekistan.place.seeded.read_text())
    assert (stage["TAMGA_ISSUER"], stage["TAMGA_ZONE"], stage["TAMGA_PLACE"]) == ("UZ", "Asia/Tashkent", "Toshkent")
    bearer = uzbekistan.token("ROLE=auditor")
    told = [
        uzbekistan.get(f"/v1/permits/{made[story.name]}", bearer)
        for story in elsewhere.seed_plan(load_country("UZ")).stories
    ]
    unused, left, revoked, _ = told
    assert {each["number"][2:4] for each in (unused, left, revoked)} == {"UZ"}
    assert left["uses"][0]["post"] == "tashkent-airport"
    assert "endorse tashkent-airport" in uzbekistan.tour

    ours = Place(folder)
    with Engine(ours.engine) as engine:
        ready = setup.prepare(ours, engine, other_roots=other_registers.pinned_roots(ours, "KG"))
        (folder / "published").write_bytes(_fetched(f"http://127.0.0.1:{uzbekistan.about['port']}/trust-list"))
        proposal = json.loads(_tamga(folder, ready, "gulnara", "take", "UZ", "published", "--out", "uz.list", "--json"))
        _tamga(folder, ready, "marat", "import", proposal["proposal"], "uz.list")
        office = container_of(from_env(ready.env))
        office.ports.published_lists = other_registers.Published(ours)
        functions.fetch_lists(office)

        def seen(permit: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
            found = verify(permit["qr"], office, place=Crossing("import", "KG", "manas-airport"))  # fmt: skip
            return found.outcome, found.codes

        assert [seen(each) for each in (unused, left, revoked)] == [
            ("check", ("U6",)), ("accept_offline", ()), ("hold", ("S7",))]  # fmt: skip


def _tamga(folder: Path, ready: setup.PreparedStage, name: str, *words: str) -> str:
    bearer = token.token(ready.pool, ready.table, name, ["admin"])
    env = {**os.environ, **ready.env, **CREDENTIALS, "TAMGA_TOKEN": bearer}
    done = subprocess.run(
        [ROOT / "bin" / "tamga", "trust", *words], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _fetched(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=30) as answer:
        data: bytes = answer.read()
        return data
