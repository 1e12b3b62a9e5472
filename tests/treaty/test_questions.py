"""The service answers each question of questions.csv as the treaty does.

The answers of the file come from the text of the Convention, its resolutions and the Appendices, never from the code.
README.md beside this file says who may change a row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from http_client import call
from office import MemoryOffice
from staff import staffed
from treaty.questions import (
    PARAMETERS,
    TOPICS,
    Needed,
    answer_faults,
    differences,
    form_faults,
    from_json,
    parameters,
    question,
    read_rows,
)

from chalicelib.composition import container
from chalicelib.species.services import list_in_use

LEAST = 300
OVER_HTTP = 20
ROWS = read_rows()


@pytest.fixture
def office() -> Iterator[MemoryOffice]:
    """Composition root of this test, in memory."""
    made = staffed()
    container.replace_deps(made)
    yield made
    container.replace_deps(None)


def test_each_row_is_complete_and_readable() -> None:
    wrong = [f"{row['id']}: {fault}" for row in ROWS for fault in form_faults(row)]
    repeated = [each for each, count in Counter(row["id"] for row in ROWS).items() if count > 1]
    asked = Counter(tuple(row[name] for name in PARAMETERS) for row in ROWS)
    twice = [each for each, count in asked.items() if count > 1]
    assert (wrong, repeated, twice) == ([], [], [])


def test_file_has_enough_rows_of_each_topic() -> None:
    counted = Counter(row["topic"] for row in ROWS)
    assert len(ROWS) >= LEAST
    assert {topic: counted[topic] for topic, least in TOPICS.items() if counted[topic] < least} == {}


@pytest.mark.parametrize("text", ["", "E", "E@", "E@Germany", "E/@KG", "ZZ@KG", "E@KG!", "e@KG"])
def test_unreadable_document_of_a_row_raises_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"no document|no kind"):
        Needed.read(text)


def test_each_question_gets_the_answer_of_the_treaty() -> None:
    """A row that a package owes may fail. When it passes, its `owes` must be emptied: clear_owes.py does that."""
    listing = list_in_use.listing()
    failing: list[tuple[str, ...]] = []
    for row in ROWS:
        faults = answer_faults(row, listing)
        if faults and not row["owes"]:
            failing.append((row["id"], question(row), "; ".join(faults), row["article"]))
        if row["owes"] and not faults:
            failing.append((row["id"], question(row), f"passes: empty owes ({row['owes']})", row["article"]))
    assert not failing, "\n" + _table([("id", "question", "fault", "article"), *failing])


@pytest.mark.usefixtures("office")
def test_questions_over_http_get_the_same_answers() -> None:
    passing = [row for row in ROWS if not row["owes"]]
    failing: list[tuple[str, ...]] = []
    for row in passing[:: max(1, len(passing) // OVER_HTTP)]:
        answer = call("GET", "/v1/requirements", query=parameters(row))
        faults = differences(row, from_json(answer.json)) if answer.status == 200 else [answer.slug]
        failing.extend((row["id"], question(row), fault, row["article"]) for fault in faults)
    assert not failing, "\n" + _table([("id", "question", "fault", "article"), *failing])


def _table(rows: list[tuple[str, ...]]) -> str:
    """Return rows as columns of text; the last column is not padded."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(widths[n]) for n, cell in enumerate(row)).rstrip() for row in rows)
