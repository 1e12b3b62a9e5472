"""Data of the identification aid (chalicelib/data/identification): form, words, sources, drawings and paths."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from typing import Any, Literal, cast

import pytest
from defusedxml import ElementTree
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from chalicelib.kernel.codes import TERMS
from chalicelib.species.services import list_in_use
from local.door import DATA, WEB, doors

IDENT = DATA / "identification"
GROUPS = ("horns", "coats", "birds", "reptiles", "products", "plants", "living", "whole", "sea", "wood")
WHOLE_AT_MOST = 300_000  # bytes, compressed
DRAWING_AT_MOST = 12_000  # bytes of one drawing
CHOICES_AT_MOST = 11  # on one screen
FIRST_AT_MOST = 18  # on the first, in groups
STEPS_AT_MOST = 4  # screens from the first question to a candidate
TAXA_AT_LEAST = 60
LONGEST = 320  # characters that a person reads on the spot
APPENDICES = ("none", "I", "II", "III")
SVG = "{http://www.w3.org/2000/svg}"
DRAWN = {"symbol", "path", "circle", "ellipse", "rect", "g", "text"}
TAXON = re.compile(r"[A-Z][a-z]+( [a-z]+){0,2}")
CYRILLIC = re.compile(r"[А-Яа-яЁё]")
ALIKE = (  # words that are spelled alike in Kyrgyz and Russian
    "Икра", "Кулан", "Гепард", "Манул", "манул",
)  # fmt: skip


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Words(Strict):
    en: str = Field(min_length=3, max_length=LONGEST)
    ru: str = Field(min_length=3, max_length=LONGEST)
    ky: str = Field(min_length=2, max_length=LONGEST)


class Answer(Strict):
    group: str | None = None
    say: Words
    drawing: str
    to: str | None = None
    found: list[str] | None = None


class Question(Strict):
    ask: Words
    answers: list[Answer] = Field(min_length=2, max_length=FIRST_AT_MOST)


class Questions(Strict):
    first: str
    groups: dict[str, Words]
    questions: dict[str, Question]


class Statement(Strict):
    text: Words
    sources: list[str] = Field(min_length=1)


class Part(Strict):
    name: Words
    term: str
    measure: list[str] = Field(min_length=2)
    care: str
    call: list[str] = Field(min_length=2)


class Drawing(Strict):
    model_config = ConfigDict(extra="forbid", strict=True)
    in_: Literal["horns", "coats", "birds", "reptiles", "products", "plants", "living", "whole", "sea", "wood"] = Field(
        alias="in"
    )
    shows: Words


class Vocabulary(Strict):
    sources: dict[str, str | Words]
    parts: dict[str, Part]
    measure: dict[str, Statement]
    care: dict[str, Statement]
    call: dict[str, Statement]
    drawings: dict[str, Drawing]


class Candidate(Strict):
    taxon: str
    also: list[str] = []
    name: Words
    appendix: Literal["I", "II", "III", "none"]
    listing: list[str] | None = None
    part: str
    drawings: list[str] = Field(min_length=1)
    tell: Words
    by: Literal["eye", "expert", "laboratory"]
    sources: list[str] = Field(min_length=1)
    care: str | None = None
    measure: list[str] = []


class Pair(Strict):
    of: list[str] = Field(min_length=2, max_length=2)
    tell: Words
    sources: list[str] = Field(min_length=1)


class Group(Strict):
    candidates: dict[str, Candidate]
    pairs: list[Pair]


def read(name: str, model: Any) -> Any:
    return TypeAdapter(model).validate_json((IDENT / f"{name}.json").read_bytes())


QUESTIONS: Questions = read("questions", Questions)
VOCABULARY: Vocabulary = read("words", Vocabulary)
EACH: dict[str, Group] = {name: read(name, Group) for name in GROUPS}
CANDIDATES = {key: made for group in EACH.values() for key, made in group.candidates.items()}
PAIRS = [pair for group in EACH.values() for pair in group.pairs]


def statements() -> Iterator[tuple[str, list[str]]]:
    """Every statement about nature, law or care, with its sources."""
    for table in (VOCABULARY.measure, VOCABULARY.care, VOCABULARY.call):
        yield from ((name, made.sources) for name, made in table.items())
    yield from ((name, made.sources) for name, made in CANDIDATES.items())
    yield from ((name, made.listing) for name, made in CANDIDATES.items() if made.listing is not None)
    yield from ((" / ".join(pair.of), pair.sources) for pair in PAIRS)


def texts(value: Any) -> Iterator[Words]:
    if isinstance(value, Words):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from texts(getattr(value, name))
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from texts(each)


def test_there_are_enough_taxa_and_each_candidate_is_in_one_group() -> None:
    assert len({made.taxon for made in CANDIDATES.values() if made.appendix != "none"}) >= TAXA_AT_LEAST
    assert sum(len(group.candidates) for group in EACH.values()) == len(CANDIDATES)


@pytest.mark.parametrize("name", CANDIDATES)
def test_candidate_is_in_species_list_or_has_source_of_its_listing(name: str) -> None:
    made = CANDIDATES[name]
    assert all(TAXON.fullmatch(each) for each in (made.taxon, *made.also))
    listing = list_in_use.listing()
    listed, below = listing.find(made.taxon), listing.below(made.taxon.lower())
    if listed is not None or (below and made.appendix != "none"):
        entries = below if listed is None else (listed, *below)
        possible = {number for each in entries for number in (each.appendix, *each.may_be)}
        assert APPENDICES.index(made.appendix) in possible
    else:
        assert (made.listing is None) == (made.appendix == "none")


def test_every_used_name_is_defined_and_every_defined_name_is_used() -> None:
    parts, words = VOCABULARY.parts.values(), VOCABULARY
    answers = [each for question in QUESTIONS.questions.values() for each in question.answers]
    used = {
        "sources": {source for _, sources in statements() for source in sources},
        "parts": {made.part for made in CANDIDATES.values()},
        "measure": {name for each in (*parts, *CANDIDATES.values()) for name in each.measure},
        "care": {each.care for each in (*parts, *CANDIDATES.values()) if each.care},
        "call": {name for part in parts for name in part.call},
        "drawings": {name for made in CANDIDATES.values() for name in made.drawings},
    }
    assert {name: set(getattr(words, name)) for name in used} == used
    assert {each.drawing for each in answers} <= used["drawings"]
    assert {part.term for part in parts} <= set(TERMS)


def test_every_statement_has_sources() -> None:
    """A source is a work or a text that a reader can open. The words "general knowledge" and "practice" are none."""
    assert [name for name, sources in statements() if not sources or len(set(sources)) < len(sources)] == []
    assert {name for name, source in VOCABULARY.sources.items() if isinstance(source, Words)} == {"treaty", "duty"}
    assert VOCABULARY.sources.keys() & {"general", "practice"} == set()
    assert len({str(source) for source in VOCABULARY.sources.values()}) == len(VOCABULARY.sources)


def test_texts_about_whom_to_call_fit_all_pages_and_the_prompt() -> None:
    """The service and the prompt have no button below the text, and the scanner and the desk have different ones."""
    said = [each.text for each in VOCABULARY.call.values()]
    assert [words for words in said if re.search("below|ниже|төмөн", f"{words.en} {words.ru} {words.ky}")] == []


def test_every_text_is_in_three_languages() -> None:
    found = [each for table in (QUESTIONS, VOCABULARY, list(EACH.values())) for each in texts(table)]
    assert len(found) > 600
    for each in found:
        assert not CYRILLIC.search(each.en), each
        assert CYRILLIC.search(each.ru), each
        assert CYRILLIC.search(each.ky), each
        assert each.ru != each.ky or any(word in each.ru for word in ALIKE) or len(each.ru) < 40, each
        assert not re.search(r"\s\s|^\s|\s$|�", each.en + each.ru + each.ky), each


def test_every_candidate_is_reached_and_questions_have_no_cycle() -> None:
    reached: set[str] = set()
    asked: list[str] = []

    def walk(name: str, before: tuple[str, ...]) -> None:
        assert name not in before, f"{name} asks itself"
        asked.append(name)
        for each in QUESTIONS.questions[name].answers:
            assert (each.to is None) != (each.found is None)
            if each.to:
                walk(each.to, (*before, name))
            else:
                assert 2 <= len(each.found or []) <= CHOICES_AT_MOST
                reached.update(each.found or [])

    walk(QUESTIONS.first, ())
    assert reached == set(CANDIDATES)
    assert set(asked) == set(QUESTIONS.questions)


def test_first_question_has_groups_and_others_fit_one_screen() -> None:
    first = QUESTIONS.questions[QUESTIONS.first]
    given = [each.group for each in first.answers]
    assert list(dict.fromkeys(given)) == list(QUESTIONS.groups)
    assert given == sorted(given, key=list(QUESTIONS.groups).index)  # a group's answers stand together
    others = [each for name, each in QUESTIONS.questions.items() if name != QUESTIONS.first]
    assert all(len(each.answers) <= CHOICES_AT_MOST for each in others)
    assert all(answer.group is None for each in others for answer in each.answers)


# What officers had in the hand and the aid did not ask about.
ASKED_FOR = {
    "live mammal or its young": ("wolf-pup", "dog-pup", "snow-leopard-cub", "lynx-kitten", "manul-kitten", "bear-cub",
                                 "saiga-live", "red-marmot-live", "otter-live"),
    "stuffed animal": ("stuffed-raptor", "stuffed-wolf", "mount-argali"),
    "meat or carcass": ("game-meat", "bear-paw", "snake-meat", "argali-carcass"),
    "fin or fish": ("shark-fin", "seahorse", "glass-eel", "sturgeon-live"),
    "leeches": ("medicinal-leech", "horse-leech"),
    "finished wood": ("rosewood-carving", "guitar", "walnut-board", "mongolian-oak", "agarwood"),
    "shells and coral": ("queen-conch", "giant-clam", "nautilus", "black-coral", "blue-coral", "stony-coral",
                         "fossil-coral"),
}  # fmt: skip


@pytest.mark.parametrize("kind", ASKED_FOR)
def test_kind_of_goods_is_reached_in_few_steps(kind: str) -> None:
    reached: dict[str, int] = {}

    def walk(name: str, steps: int) -> None:
        for each in QUESTIONS.questions[name].answers:
            if each.to:
                walk(each.to, steps + 1)
            for found in each.found or ():
                reached[found] = min(steps + 1, reached.get(found, steps + 1))

    walk(QUESTIONS.first, 1)
    assert {name: reached[name] for name in ASKED_FOR[kind] if reached[name] > STEPS_AT_MOST} == {}


def test_every_candidate_has_a_look_alike_and_pairs_are_unique() -> None:
    """A pair is one row for both, so its sentence distinguishes them from either side."""
    of = [frozenset(pair.of) for pair in PAIRS]
    assert all(len(each) == 2 for each in of)
    assert len(set(of)) == len(of)
    assert set().union(*of) == set(CANDIDATES)


def test_gall_medicine_caviar_meat_and_fins_are_not_identified_by_eye() -> None:
    unsure = {"gall", "medicine", "caviar", "meat", "fin", "maw"}
    bad = [name for name, made in CANDIDATES.items() if made.by == "eye" and made.part in unsure]
    assert bad == ["salmon-caviar"]  # it is red and large


def test_care_fits_live_and_dead_parts_and_venomous_taxa_are_marked() -> None:
    for name, made in CANDIDATES.items():
        part = VOCABULARY.parts[made.part]
        lives = part.term == "LIV" or part.term == "EGL"
        assert ((made.care or part.care) in {"dry", "sealed", "cold"}) != lives, name
    assert {name for name, made in CANDIDATES.items() if made.care == "venomous"} == {"cobra", "pit-viper"}


@pytest.mark.parametrize("group", GROUPS)
def test_drawings_are_plain_symbols_listed_in_the_table(group: str) -> None:
    data = (IDENT / "drawings" / f"{group}.svg").read_bytes()
    root = ElementTree.fromstring(data)
    wanted = {name for name, made in VOCABULARY.drawings.items() if made.in_ == group}
    assert {each.get("id") for each in root} == wanted
    for symbol in root:
        assert symbol.get("viewBox") == "0 0 240 180"
        assert len(ElementTree.tostring(symbol)) < DRAWING_AT_MOST, symbol.get("id")
        for each in symbol.iter():
            assert each.tag.removeprefix(SVG) in DRAWN, each.tag
            assert not {"style", "class", "href", "id"} & set(each.attrib) or each is symbol
            assert not any(name.startswith("on") for name in each.attrib)


def test_aid_is_small_and_is_part_of_the_scanner() -> None:
    door = next(each for each in doors() if each.name == "scan")
    files = [path for path in IDENT.rglob("*") if path.is_file()]
    assert {f"data/{path.relative_to(DATA)}" for path in files} <= set(door.sources())
    size = sum(len(gzip.compress(path.read_bytes(), 9)) for path in files)
    print(f"\nthe aid: {size} bytes, {len(files)} files, {len(CANDIDATES)} candidates, {len(PAIRS)} pairs")
    assert size < WHOLE_AT_MOST


def test_page_reads_every_group_file() -> None:
    code = (WEB / "shared" / "ident.js").read_text("utf-8")
    assert json.loads(cast("re.Match[str]", re.search(r"GROUPS = (\[.*?\])", code))[1]) == list(GROUPS)
