"""GET /v1/requirements: public, with as few parameters as are known; invalid parameters are refused by name."""

from __future__ import annotations

import json
from typing import Any

import pytest
from desk import ok
from http_client import call
from office import MemoryOffice
from typer.testing import CliRunner

from chalicelib.composition.main import app
from chalicelib.requirements.model.requirements import DIRECTIONS

pytestmark = pytest.mark.usefixtures("office")


def asked(species: str, *, language: str = "en", **query: str) -> Any:
    return ok(call("GET", "/v1/requirements", query={"species": species, **query}, **{"ACCEPT-LANGUAGE": language}))


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_suspended_taxon_is_answered_in_every_direction(direction: str) -> None:
    """Saiga in transit returned 500, because its suspensions have texts in several languages, which could not be
    hashed.
    """
    assert asked("Saiga tatarica", direction=direction)["decision"] in {"documents", "none", "prohibited", "ask"}


def test_export_of_ibex_trophy_needs_certificate_of_origin() -> None:
    found = asked("Capra sibirica", term="TRO", source="W", purpose="H", direction="export", destination="DE")
    assert (found["species"]["scientific_name"], found["species"]["appendix"]) == ("Capra sibirica", "III")
    assert found["decision"] == "documents"
    [document] = found["documents"]
    assert (document["kind"], document["issued_by"], document["article"]) == ("OO", "KG", "Art. V(3)")
    assert document["why"].startswith("Appendix III, listed by another country")
    papers = {each["kind"]: each["checked"] for each in found["other_papers"]}
    assert papers == dict.fromkeys(("eaeu", "veterinary", "hunting", "destination"), "not checked by Tamga")
    assert found["findings"] == []


def test_export_of_live_eagle_needs_import_permit_first_and_findings() -> None:
    found = asked("aquila-heliaca", term="LIV", source="W", purpose="Z", direction="export", destination="AE")
    assert [(each["kind"], each["issued_by"]) for each in found["documents"]] == [("I", "AE"), ("E", "KG")]
    assert found["findings"] == ["non_detriment", "legal_acquisition", "live_transport"]


def test_hard_stops_are_prohibitions_with_source() -> None:
    saiga = asked("Saiga tatarica", term="HOR", source="W", purpose="T", direction="export")
    assert (saiga["decision"], saiga["documents"]) == ("prohibited", [])
    assert "Zero quota" in saiga["reasons"][0]["text"]
    eagle = asked("Aquila heliaca", term="LIV", source="W", purpose="T", direction="export")
    assert [each["code"] for each in eagle["reasons"]] == ["appendix_i_commercial"]


def test_hybrid_or_genus_is_answered_for_its_strictest_species() -> None:
    movement = {"term": "LIV", "source": "W", "purpose": "T", "direction": "export", "destination": "AE"}
    hybrid = asked("Falco cherrug x Falco rusticolus", **movement)
    assert (hybrid["species"]["scientific_name"], hybrid["decision"]) == ("Falco rusticolus", "prohibited")
    genus = asked("Saiga spp.", **movement)
    assert genus["decision"] == "prohibited"
    for name in ("Varanus", "Monitors"):
        varanus = asked(name, **movement)
        assert [each["code"] for each in varanus["reasons"]] == ["appendix_i_commercial", "strictest"]
        assert "Varanus bengalensis is treated most strictly (Appendix I)" in varanus["reasons"][1]["text"]


def test_caviar_is_answered_with_its_allowance() -> None:
    query = {"term": "CAV", "source": "C", "purpose": "P", "direction": "export", "use": "personal_effects"}
    found = asked("Acipenser baerii", **query, quantity="100", unit="GRM")
    assert (found["decision"], found["allowance"]["most"], found["allowance"]["unit"]) == ("none", "125", "GRM")
    assert "125 g" in found["allowance"]["text"]
    assert [each["row"] for each in found["reasons"]] == [14, 14]
    for source in ("C", "W"):
        above = asked(
            "Acipenser baerii", **query | {"source": source}, quantity="5", unit="KGM", acquired_abroad="false"
        )
        assert (above["decision"], above["reasons"][-1]["code"]) == ("documents", "above_allowance")


CAVIAR = (
    "Acipenser baerii", "--direction", "export", "--term", "CAV", "--source", "C", "--purpose", "P",
    "--use", "personal_effects", "--abroad", "no",
)  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "query"),
    [
        (("--quantity", "125", "--unit", "GRM"), {"quantity": "125", "unit": "GRM"}),
        (("--quantity", "5", "--unit", "KGM"), {"quantity": "5", "unit": "KGM"}),
        (("--quantity", "5", "--unit", "KGM", "--pre-convention"),
         {"quantity": "5", "unit": "KGM", "pre_convention": "true"}),
    ],
)  # fmt: skip
def test_command_gives_same_answer_as_service(arguments: tuple[str, ...], query: dict[str, str]) -> None:
    asked = {"species": "Acipenser baerii", "direction": "export", "term": "CAV", "source": "C", "purpose": "P",
             "use": "personal_effects", "acquired_abroad": "false"}  # fmt: skip
    served = call("GET", "/v1/requirements", query=asked | query).json
    found = json.loads(CliRunner().invoke(app, ["requirements", *CAVIAR, *arguments, "--json"]).stdout)
    assert found["decision"] == served["decision"]
    assert [each["kind"] for each in found["documents"]] == [each["kind"] for each in served["documents"]]
    assert found["reasons"] == [each["text"] for each in served["reasons"]]
    assert found["allowance"] == served["allowance"]["text"]
    assert found["findings"] == served["findings"]


def test_response_is_in_readers_language() -> None:
    found = asked("Falco cherrug", direction="export", language="ky")
    assert [each["text"] for each in found["reasons"]] == [
        "Булагын айтыңыз: жаратылыштан, питомниктен, Конвенцияга чейин.",
    ]


def test_unlisted_name_gives_ask_unknown_taxon() -> None:
    found = asked("Draco imaginarius", direction="export", term="LIV", source="W", purpose="T")
    assert (found["species"], found["decision"], found["reasons"][0]["code"]) == (None, "ask", "ask_unknown_taxon")


def test_common_name_is_accepted_when_unambiguous() -> None:
    assert asked("saker falcon", direction="transit")["species"]["scientific_name"] == "Falco cherrug"
    assert asked("Аркар", direction="transit")["species"] is None  # two species bear it
    assert asked("falcon", direction="transit")["species"] is None


def test_rules_of_importing_country_are_returned_with_source() -> None:
    trophy = {"term": "TRO", "source": "W", "purpose": "H", "direction": "export"}
    assert asked("Ovis ammon polii", **trophy, destination="DE")["stricter_abroad"][0]["needs"] == "import_permit"
    assert asked("Ovis ammon polii", **trophy, destination="AU")["stricter_abroad"] == []
    (permit, declaration) = asked("Ovis ammon polii", **trophy, destination="US", language="ru")["stricter_abroad"]
    assert (permit["needs"], declaration["needs"]) == ("esa_permit", "declaration")
    assert (permit["country"], permit["confidence"], permit["as_of"]) == ("US", "known", "2026-11-29")
    assert permit["text"].startswith("Разрешение по закону")
    assert permit["source"] == "Endangered Species Act, rules for argali"


def test_rules_of_importing_country_change_no_decision() -> None:
    tortoise = {"term": "LIV", "source": "W", "purpose": "T", "direction": "export"}
    here = asked("Testudo horsfieldii", **tortoise, destination="AU")
    there = asked("Testudo horsfieldii", **tortoise, destination="DE")
    assert there["stricter_abroad"]
    assert [here[each] for each in ("decision", "documents")] == [there[each] for each in ("decision", "documents")]


def test_empty_parameter_is_absent_and_invalid_one_is_refused_by_name() -> None:
    assert asked("Falco cherrug", direction="transit", term="", pre_convention="")["decision"] == "none"
    nonsense = {"direction": "sideways", "source": "Q", "origin": "QQ", "quantity": "-1", "pre_convention": "maybe"}
    refused = call("GET", "/v1/requirements", query={"species": "Falco cherrug", **nonsense})
    assert refused.slug == "invalid"
    assert {each["field"] for each in refused.json["errors"]} == set(nonsense)
    said = {each["field"]: each["detail"] for each in refused.json["errors"]}
    assert said["direction"] == "Must be one of the codes for direction: " + ", ".join(DIRECTIONS) + "."
    assert said["origin"] == "Must be one of the codes for origin, which the API description lists."
    assert call("GET", "/v1/requirements").slug == "invalid"


def test_response_has_todays_day(office: MemoryOffice) -> None:
    assert asked("Falco cherrug", direction="export")["day"] == office.stage.today(office.now).isoformat()
