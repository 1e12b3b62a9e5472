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


MOVEMENT = {"term": "LIV", "source": "W", "purpose": "T", "direction": "export", "destination": "AE"}


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


def test_hybrid_is_answered_for_its_strictest_parent() -> None:
    hybrid = asked("Falco cherrug x Falco rusticolus", **MOVEMENT)
    assert (hybrid["species"]["scientific_name"], hybrid["decision"]) == ("Falco rusticolus", "prohibited")


@pytest.mark.parametrize("name", ["Varanus", "Monitors"])
def test_genus_in_several_appendices_asks_for_the_species(name: str) -> None:
    found = asked(name, **MOVEMENT)
    assert (found["decision"], [each["code"] for each in found["reasons"]]) == ("ask", ["ask_name_too_broad"])
    assert found["reasons"][0]["facts"]["appendix"] == "I"
    assert "name the species" in found["reasons"][0]["text"]


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
        assert above["decision"] == "documents"
        assert "above_allowance" in [each["code"] for each in above["reasons"]]


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


def test_answer_says_as_of_when_and_on_what_basis(office: MemoryOffice) -> None:
    found = asked("Falco cherrug", **MOVEMENT)
    listing = office.listing
    assert (found["in_force"], found["checked"], found["as_of"]) == (listing.in_force, listing.checked, listing.as_of)
    assert found["species"].keys() >= {"symbol", "in_force", "checked", "basis", "open"}
    assert found["species"]["in_force"]
    assert found["species"]["basis"]


def test_unknown_name_is_answered_with_near_names() -> None:
    found = asked("Falco cherug", **MOVEMENT)
    assert (found["species"], found["decision"]) == (None, "ask")
    assert "Falco cherrug" in found["near"]


def test_return_needs_our_document_and_no_findings() -> None:
    found = asked("Falco cherrug", term="LIV", source="W", purpose="T", direction="return", exporting="AE")
    [document] = found["documents"]
    assert (document["kind"], document["issued_by"], document["why_code"]) == ("E", "KG", "own_document")
    assert (found["findings"], found["findings_open"]) == ([], [])
    assert [each["code"] for each in found["reasons"]] == ["return_refused", "return_or_reexport"]


@pytest.mark.parametrize(("based", "issuer"), [({}, "holder"), ({"based": "AE"}, "AE"), ({"based": "KG"}, "KG")])
def test_certificate_of_ownership_is_issued_where_its_owner_lives(based: dict[str, str], issuer: str) -> None:
    found = asked("Falco cherrug", term="LIV", source="C", purpose="P", direction="export", use="owned_animal", **based)
    assert [(each["kind"], each["issued_by"]) for each in found["documents"]] == [("OW", issuer)]


def test_command_and_service_take_day_base_and_form() -> None:
    query = {"direction": "export", "term": "LIV", "source": "C", "purpose": "P", "use": "owned_animal"}
    more = {"based": "AE", "form": "other", "on": "2026-03-05", "exported_on": "2019-01-01"}
    served = asked("Falco cherrug", **query, **more)
    options = [part for name, value in (query | more).items() for part in (f"--{name.replace('_', '-')}", value)]
    found = json.loads(CliRunner().invoke(app, ["requirements", "Falco cherrug", *options, "--json"]).stdout)
    assert [each["issued_by"] for each in found["documents"]] == ["AE"]
    assert found["reasons"] == [each["text"] for each in served["reasons"]]
    assert served["day"] == "2026-03-05"
    refused = call("GET", "/v1/requirements", query={"species": "Falco cherrug", "on": "2026-02-30", "form": "loose"})
    assert {each["field"] for each in refused.json["errors"]} == {"on", "form"}
    assert CliRunner().invoke(app, ["requirements", "Falco cherrug", "--on", "yesterday"]).exit_code == 2
