"""GET /v1/identification: the public identification aid, its languages, and Appendices of the list in use."""

from __future__ import annotations

from typing import Any

import pytest
from desk import ok
from http_client import call, get

from chalicelib.identification import services as identification
from chalicelib.identification.schemas import in_short, whole
from chalicelib.identification.services import Aid
from chalicelib.species.services import list_in_use

pytestmark = pytest.mark.usefixtures("office")

AID = identification.identification()


def asked(path: str = "", language: str = "en") -> Any:
    return ok(call("GET", f"/v1/identification{path}", **{"ACCEPT-LANGUAGE": language}))


def test_questions_lead_to_every_candidate() -> None:
    found = asked()
    questions = {each["id"]: each for each in found["questions"]}
    assert questions[found["first"]]["ask"] == "What is in the hand?"
    reached, waiting = set(), [found["first"]]
    for name in waiting:
        for answer in questions[name]["answers"]:
            assert (answer["to"] is None) == bool(answer["found"])
            waiting += [answer["to"]] if answer["to"] else []
            reached |= set(answer["found"])
    assert reached == {each["id"] for each in found["candidates"]} == set(AID["candidates"])
    assert (found["as_of"], found["list_version"]) == (list_in_use.listing().as_of, list_in_use.listing().version)
    assert (found["in_force"], found["checked"]) == ("2026-03-05", "2026-11-29")


def test_first_answers_have_headings_and_each_question_says_whom_to_ask() -> None:
    found = asked(language="ru")
    questions = {each["id"]: each for each in found["questions"]}
    headings = [each["group"] for each in questions[found["first"]]["answers"]]
    assert list(dict.fromkeys(headings)) == ["Живое животное", "Что-то от животного", "Растение или дерево"]
    assert all(answer["group"] is None for answer in questions["horn"]["answers"])
    assert all(len(each["unclear"]) >= 2 for each in questions.values())
    assert "ветеринар" in " ".join(questions["mammal"]["unclear"])
    assert "ветеринар" not in " ".join(questions["horn"]["unclear"])


def test_argali_has_the_names_of_the_later_nomenclature() -> None:
    assert asked("/argali-horn")["also"] == ["Ovis karelini", "Ovis polii"]
    assert asked("/saker")["also"] == []


def test_candidate_has_description_similar_species_and_sources() -> None:
    found = asked("/argali-horn")
    told = {name: found[name] for name in ("id", "scientific_name", "name", "appendix", "in_list", "term", "by")}
    assert told == {
        "id": "argali-horn", "scientific_name": "Ovis ammon", "name": "Argali (Marco Polo sheep)", "appendix": "II",
        "in_list": True, "term": "HOR", "by": "eye",
    }  # fmt: skip
    assert "rings" in found["tell"]["text"]
    assert {"urial-horn", "ram-horn"} <= {each["id"] for each in found["alike"]}
    assert all(each["id"] != "argali-horn" for each in found["alike"])
    assert len(found["shows"]) == len(AID["candidates"]["argali-horn"]["drawings"])
    assert len(found["measure"]) >= 2 <= len(found["call"])
    assert found["care"]["text"]
    assert "Schaller" in found["sources"]["schaller"]


@pytest.mark.parametrize("name", AID["candidates"])
def test_candidate_lists_exactly_the_sources_that_it_cites(name: str) -> None:
    told = whole(Aid(AID, list_in_use.listing(), "ky"), name)
    assert told is not None
    said = [told["tell"], told["care"], *told["measure"], *told["call"], *(each["tell"] for each in told["alike"])]
    named = {source for each in said for source in each["sources"]} | set(told["listing"])
    assert set(told["sources"]) == named
    assert all(told["sources"].values())
    assert told["alike"]


@pytest.mark.parametrize(
    ("asked_for", "spoken", "name"),
    [("ky", "ky", "Аркар"), ("ru", "ru", "Архар"), ("uz", "ru", "Архар"), ("fr", "en", "Argali"), ("", "en", "Argali")],
)
def test_language_falls_back_to_offered_one_and_is_named(asked_for: str, spoken: str, name: str) -> None:
    found = asked("/argali-horn", asked_for)
    assert found["language"] == spoken == asked("", asked_for)["language"]
    assert found["name"].startswith(name)


def test_appendix_comes_from_list_in_use() -> None:
    """If a later list has another Appendix than the aid, the list prevails.

    For a species not in the list, the aid's Appendix stands.
    """
    rows = [
        {**row, "appendix": "I"} if row["scientific_name"] == "Ovis ammon" else row
        for row in list_in_use.release_rows()
        if row["order"] != "Falconiformes"
    ]
    aid = Aid(AID, list_in_use.listing_of(rows), "en")
    argali, saker = (in_short(aid, name) for name in ("argali-horn", "saker"))
    assert (argali["appendix"], argali["in_list"]) == ("I", True)
    assert (saker["appendix"], saker["in_list"]) == ("II", False)
    assert in_short(aid, "ram-horn")["appendix"] == "0"


@pytest.mark.parametrize("path", ["", "/argali-horn"])
def test_response_is_publicly_cached_per_language(path: str) -> None:
    first = get(f"/v1/identification{path}")
    assert first.headers["cache-control"] == "public, max-age=300"
    assert first.headers["vary"] == "Accept-Language"
    etag = first.headers["etag"]
    for sent in (etag, f"W/{etag}", f'"other", {etag}'):
        again = call("GET", f"/v1/identification{path}", **{"IF-NONE-MATCH": sent})
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", etag)
    other = call("GET", f"/v1/identification{path}", **{"IF-NONE-MATCH": etag, "ACCEPT-LANGUAGE": "ky"})
    assert (other.status, other.headers["etag"] != etag) == (200, True)


def test_unknown_candidate_returns_404_and_unknown_query_422() -> None:
    for name in ("dragon-horn", "Argali-Horn", "..", "first"):
        answer = get(f"/v1/identification/{name}")
        assert (answer.status, answer.slug) == (404, "no-match")
        assert answer.headers["cache-control"] == "no-store"
    assert get("/v1/identification", query={"part": "horn"}).status == 422
