"""The `country` commands: a new folder with marked questions, and each fault by file and field."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from chalicelib.composition.main import app
from chalicelib.people import services as people
from chalicelib.platform import country_folder


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(country_folder, "COUNTRY_FOLDERS", tmp_path)
    people.posts.cache_clear()
    yield tmp_path
    people.posts.cache_clear()


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["country", *arguments])


def answered(content: Any) -> Any:
    """A file with each question answered for no particular country."""
    if isinstance(content, dict):
        given = {"as_of": "2026-11-27", "at": [49.5, 59.5], "offered_first": ["KG", "UZ"]}
        return {name: given.get(name) or answered(value) for name, value in content.items()}
    return [answered(each) for each in content] if isinstance(content, list) else content.replace("?", "Answered")


def test_new_folder_lists_open_questions_and_is_usable_when_answered(folders: Path) -> None:
    assert run("new", "KZ", "--language", "kk", "--language", "ru").exit_code == 0
    told = run("check", "KZ")
    assert told.exit_code == 1
    for question in ("authority.json as_of:", "authority.json state_kk: not filled in", "posts.json airport.at:",
                     "posts.json ministry.name_ru: not filled in", "authority.json offered_first:"):  # fmt: skip
        assert question in told.stdout
    with pytest.raises(ValueError, match="as_of"):
        people.posts("KZ")
    for file in (folders / "KZ").iterdir():
        file.write_text(json.dumps(answered(json.loads(file.read_text()))))
    whole = run("check", "KZ")
    assert (whole.exit_code, whole.stdout.splitlines()[0]) == (0, "KZ: complete")
    assert "kk: the pages and the form are not translated yet" in whole.stdout
    assert json.loads(run("check", "KZ", "--json").stdout)["languages_without_words"] == ["kk"]
    assert (country_folder.languages("KZ"), set(people.posts("KZ"))) == (("kk", "ru"), {"airport", "ministry"})


def test_new_does_not_overwrite_an_existing_folder(folders: Path) -> None:
    (folders / "KZ").mkdir()
    told = run("new", "KZ", "--language", "kk")
    assert (told.exit_code, list((folders / "KZ").iterdir())) == (1, [])


@pytest.mark.parametrize("arguments", [("kz", "--language", "kk"), ("XX", "--language", "xx"),
                                       ("KZ", "--language", "kaz"), ("KZ", "--language", "en"), ("KZ",)])  # fmt: skip
def test_unknown_country_or_language_is_refused(folders: Path, arguments: tuple[str, ...]) -> None:
    assert run("new", *arguments).exit_code == 2
    assert list(folders.iterdir()) == []


def test_missing_file_and_broken_json_are_reported(folders: Path) -> None:
    assert "KZ has no authority.json" in run("check", "KZ").stdout
    run("new", "KZ", "--language", "kk")
    (folders / "KZ" / "posts.json").write_text("{")
    assert "KZ/posts.json: Expecting" in run("check", "KZ").stdout


def bent(change: Callable[[dict[str, Any], list[dict[str, Any]]], Any]) -> tuple[str, ...]:
    files = answered(country_folder.template("KZ", ["kk"]))
    authority, posts = files["authority.json"], files["posts.json"]
    change(authority, posts["posts"])
    return country_folder.faults("KZ", authority, posts)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda a, p: None, None),
        (lambda a, p: a.update(country="KG"), "authority.json country: must be KZ as its folder, not KG"),
        (lambda a, p: a.update(name=["A"]), "authority.json name: not filled in"),
        (lambda a, p: a.pop("name_kk"), "authority.json name_kk: missing"),
        (lambda a, p: a.update(name_fr="A"), None),  # for readers of the pages in French
        (lambda a, p: a.update(name_en="A", state_en="A"), "authority.json state_en: end the name"),
        (lambda a, p: a.update(offered_first=["KG", "Uzbekistan"]), "trade partners); not a code: Uzbekistan"),
        (lambda a, p: a.update(offered_first=[]), "authority.json offered_first: list"),
        (lambda a, p: a.update(as_of="27.11.2026"), "authority.json as_of: must be the date"),
        (lambda a, p: p.pop(), "posts.json posts: the post ministry"),
        (lambda a, p: p.append(p[0]), "posts.json posts: two posts have the same id"),
        (lambda a, p: p.append("osh"), "posts.json posts: must be a list of posts"),
        (lambda a, p: p[0].update(links=["ministry"]), "airport and ministry must each link"),
        (lambda a, p: p[0].update(links=["nowhere"]), "airport and nowhere must each link"),
        (lambda a, p: p[0].update(links="ministry"), "posts.json airport.links: must be a list of post ids"),
        (lambda a, p: p[0].update(id="Osh Airport"), "posts.json Osh Airport: an id may have"),
        (lambda a, p: p[0].update(kind="harbour"), "posts.json airport.kind: must be one of"),
        (lambda a, p: p[0].update(bodies=[["customs"]]), "posts.json airport.bodies: list"),
        (lambda a, p: p[0].update(bodies=[]), "posts.json airport.bodies: list"),
        (lambda a, p: p[0].update(at=[91, 0]), "posts.json airport.at: must be latitude"),
        (lambda a, p: p[0].update(at=["42.87", True]), "posts.json airport.at: must be latitude"),
    ],
)  # fmt: skip
def test_each_fault_is_reported_by_file_and_field(change: Callable[..., Any], fault: str | None) -> None:
    found = bent(change)
    assert found == () if fault is None else any(fault in each for each in found)


@pytest.mark.parametrize("files", [([], {}), ({}, None), ("", 1)])
def test_file_of_other_shape_is_a_fault(files: tuple[Any, Any]) -> None:
    assert country_folder.faults("KZ", *files)
