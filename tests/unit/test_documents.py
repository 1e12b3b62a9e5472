"""Names in the documents that must exist: links, modules, variables, tests, routes, commands, vectors."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
from pydantic import BaseModel

import app
from chalicelib.cases import schemas as cases_schemas
from chalicelib.composition import main
from chalicelib.kernel.roles import Actor

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), ROOT / "web" / "README.md"]
WORDS = {path: path.read_text("utf-8") for path in DOCUMENTS}
BY_NAME = {path.name: words for path, words in WORDS.items()}
each_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def anchors(words: str) -> set[str]:
    """The anchors of the headings, as the hosts of the repository make them."""
    headings = re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```", "", words, flags=re.DOTALL | re.MULTILINE), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings}


@each_document
def test_each_link_has_a_target(path: Path) -> None:
    for address in re.findall(r"\]\(([^)\s]+)\)", WORDS[path]):
        if re.match(r"[a-z]+:", address):
            continue
        name, _, at = address.partition("#")
        target = path.parent / name if name else path
        assert target.exists(), address
        assert not at or at in anchors(target.read_text("utf-8")), address


def test_each_named_test_exists() -> None:
    files = list((ROOT / "tests").rglob("*.py"))
    there = {path.stem for path in files}
    for path in files:
        there |= set(re.findall(r"def (test_\w+)", path.read_text("utf-8")))
    for path, words in WORDS.items():
        assert set(re.findall(r"\btest_\w+", words)) <= there, path


def test_each_named_route_exists() -> None:
    routes = [re.sub(r"\{[^}]*\}", "[^/]+", route) for route in app.app.routes]
    for path, words in WORDS.items():
        for named in re.findall(r"/v1/[a-z][A-Za-z0-9_{}/.-]*", words):
            address = named.rstrip("./").replace("{", "").replace("}", "")
            assert any(re.fullmatch(route, address) for route in routes), (path, named)


def test_table_of_configuration_has_each_variable() -> None:
    read = set(re.findall(r"TAMGA_[A-Z_]+", (ROOT / "chalicelib" / "platform" / "config.py").read_text("utf-8")))
    table = "\n".join(re.findall(r"^\| .*", BY_NAME["configuration.md"], re.MULTILINE))
    assert read == set(re.findall(r"TAMGA_[A-Z_]+", table))


def members(model: type[BaseModel], before: str = "") -> Iterator[str]:
    """Members of a model by the API's paths, such as `route.origin`, and of the entries of a list too."""
    for name, field in model.model_fields.items():
        yield before + name
        inner = re.search(r"schemas\.(\w+)", str(field.annotation))
        if inner:
            yield from members(getattr(cases_schemas, inner[1]), f"{before}{name}.")


def test_each_field_of_cen_is_a_field_of_a_case() -> None:
    table = BY_NAME["wildlife-crime-table.md"].partition("## The fields of WCO's CEN")[2].partition("\n## ")[0]
    rows = [line.split("|")[2] for line in table.splitlines() if line.startswith("|")][2:]
    named = [re.findall(r"`([a-z_.]+)`", row) for row in rows]
    kept_beside = {"photos", "followups"}
    known = {*members(cases_schemas.CaseBody)} | kept_beside
    assert all(named)
    assert {each for row in named for each in row} <= known
    asked = {
        "reason",
        "detection",
        "concealment",
        "place",
        "post",
        "value.amount",
        "goods.quantity",
        "people.nationality",
    }
    route = {f"route.{each}" for each in ("origin", "departure", "transit", "destination", "transport", "document")}
    assert asked | route <= {each for row in named for each in row}


def test_tree_of_architecture_has_exactly_the_rooms_and_modules() -> None:
    tree = BY_NAME["ARCHITECTURE.md"].partition("\nchalicelib/ ")[2].partition("\n  data/")[0]
    named: dict[str, set[str]] = {}
    for line in tree.splitlines()[1:]:
        if room := re.match(r"  (\w+)/ ", line):
            named[room[1]] = set()
        elif not line.startswith(" " * 5):
            named[[*named][-1]] |= {word for word in re.findall(r"[\w/]+", line) if not word.endswith("/")}
    files = [path.relative_to(ROOT / "chalicelib") for path in (ROOT / "chalicelib").glob("*/**/*.py")]
    there: dict[str, set[str]] = {path.parts[0]: set() for path in files}
    for path in files:
        there[path.parts[0]] |= {path.stem} - {"__init__"}
    assert named == there


def section(name: str, title: str) -> str:
    return BY_NAME[name].partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def contracts() -> list[dict[str, Any]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    found: list[dict[str, Any]] = settings["tool"]["importlinter"]["contracts"]
    return found


def test_drawing_has_the_rooms_in_the_order_of_the_contract() -> None:
    (order,) = (each["layers"] for each in contracts() if each.get("exhaustive"))
    drawing = section("ARCHITECTURE.md", "The order of the rooms").split("```")[1]
    assert [word for word in re.findall(r"\w+", drawing) if word in order] == order


def test_table_of_import_contracts_has_each_contract() -> None:
    table = re.findall(r"^\| ([^|]+) \|", section("ARCHITECTURE.md", "Who may import whom"), re.MULTILINE)
    assert table[1:] == [each["name"] for each in contracts()]


def test_paths_of_files_exist() -> None:
    folders = [ROOT / each for each in ("", "chalicelib", "web", "tests", "tests/unit", "infra")]
    decisions = ROOT / "docs" / "adr"  # each decision names the files of its date
    for path, words in WORDS.items():
        if path.parent != decisions:
            for name in re.findall(r"`((?:\w[\w-]*/)+[\w.-]+\.(?:py|js|css|toml|yaml|csv))`", words):
                assert any((folder / name).is_file() for folder in folders), (path, name)


def test_places_of_the_reading_list_in_adr_36_exist() -> None:
    table = BY_NAME["0036-one-room-a-subject.md"].partition("Where a stranger finds:")[2].partition("\n## ")[0]
    assert table.count("\n| ") - 1 == 12
    for name in re.findall(r"`([\w/.]+)`", table):
        assert (ROOT / "chalicelib" / name).is_file(), name


def test_format_document_names_each_file_of_vectors() -> None:
    last = BY_NAME["FORMAT.md"].partition("## 9.")[2]
    for path in (ROOT / "tests" / "vectors").glob("*.json"):
        assert f"`{path.stem}`" in last, path.stem


def commands(command: typer.main.TyperGroup | object, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, each in getattr(command, "commands", {}).items():
        yield (*before, name)
        yield from commands(each, (*before, name))


def test_each_named_command_exists() -> None:
    there = set(commands(typer.main.get_command(main.app)))
    groups = {each[:1] for each in there if len(each) > 1}
    for path, words in WORDS.items():
        for named in re.findall(r"`(?:bin/)?tamga ([a-z]+(?: [a-z]+)?)", words):
            said = tuple(named.split())
            assert said[:1] in there or said[:1] in groups, (path, named)
            assert said[:1] not in groups or len(said) == 1 or said in there, (path, named)


def test_each_command_is_named_in_a_page_for_its_users() -> None:
    """The decisions and CONTRIBUTING.md do not count, because a user of the command does not read them."""
    users = [path for path in (ROOT / "docs").rglob("*.md") if path.parent.name != "adr"]
    pages = " ".join(" ".join(WORDS[path].split()) for path in users if path.name != "CONTRIBUTING.md")
    there = list(commands(typer.main.get_command(main.app)))
    groups = {each[:-1] for each in there}
    single = [" ".join(each) for each in there if each not in groups]
    assert [each for each in single if not re.search(rf"\btamga {each}(?![\w-])", pages)] == []


NAMED = re.compile(r"`(?P<name>\w+)`\s+of\s+`(?P<path>[\w./]+\.(?:py|js))`|`actor\.(?P<method>\w+)\(")


def defines(path: Path, name: str) -> bool:
    """True if the file defines this name: a class, a function, a type, or an assigned name."""
    words = rf"^\s*(?:export )?(?:(?:async )?(?:def|class|type|function|const|let) {name}\b|{name}\b(?::[^=\n]+)? =)"
    return re.search(words, path.read_text("utf-8"), re.MULTILINE) is not None


@pytest.mark.parametrize("path", sorted((ROOT / "docs").glob("*.md")), ids=lambda path: path.name)
def test_each_name_of_a_file_exists_there(path: Path) -> None:
    """Texts such as "`counts` of `stamps/services.py`", and methods of `actor`."""
    for named in NAMED.finditer(WORDS[path]):
        if method := named["method"]:
            assert hasattr(Actor, method), named[0]
            continue
        places = [base / named["path"] for base in (ROOT, ROOT / "chalicelib")]
        assert any(place.exists() and defines(place, named["name"]) for place in places), named[0]


def test_name_that_a_file_lacks_is_found() -> None:
    words = "`everything` of `a/services/refusals.py`, `INSTEAD` of\n   `identification/services.py`, `actor.need(`"
    assert [named["name"] or named["method"] for named in NAMED.finditer(words)] == ["everything", "INSTEAD", "need"]
    assert not defines(ROOT / "chalicelib/identification/services.py", "INSTEAD")
    assert defines(ROOT / "chalicelib/identification/services.py", "FALLBACK")
