"""The `questions` commands: the Scientific Authority lists and answers open questions."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_of_keys import Desk

from chalicelib.composition import container
from chalicelib.expert_questions import services as expert_questions
from chalicelib.expert_questions.model import ExpertQuestion
from chalicelib.kernel.roles import Actor

EXPERT, POLICE = "token-of-expert", "token-of-police"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    made.office.people[EXPERT] = Actor("u-expert", "Turgunbek", frozenset({"scientist"}))
    made.office.people[POLICE] = Actor("u-police", "Jyldyz", frozenset({"applicant"}))
    yield made
    container.replace_deps(None)


def test_scientist_lists_and_answers_question_and_other_role_is_refused(desk: Desk) -> None:
    asked = ExpertQuestion(str(uuid.uuid4()), "dostuk", 1, 1, "u-officer", "HOR", "", "Whose [horn]?")
    desk.office.register.commit(expert_questions.put(asked))
    listed = desk.run("questions", "list", as_=EXPERT)
    assert (listed.exit_code, "Whose [horn]?" in listed.stdout, "1 open" in listed.stdout) == (0, True, True)
    said = ("questions", "answer", asked.id, "--text", "The ridges")
    assert desk.run(*said, "--taxon", "Saiga tatarica", as_=POLICE).exit_code != 0
    assert desk.run(*said, as_=EXPERT).exit_code == 2, "a name that is certain is named"
    assert desk.run(*said, "--certain", "perhaps", as_=EXPERT).exit_code == 2
    assert desk.run(*said, "--taxon", "Saiga tatarica", as_=EXPERT).exit_code == 0
    assert "0 open" in desk.run("questions", "list", as_=EXPERT).stdout
    (item,) = json.loads(desk.run("questions", "list", "--answered", "--json", as_=EXPERT).stdout)["items"]
    assert [(each["by"], each["taxon"]) for each in item["answers"]] == [("u-expert", "Saiga tatarica")]
