"""The seed's applications are lawful before anybody tries them, and there is one for every state and use."""

from __future__ import annotations

from datetime import date

import pytest

from chalicelib.core import rules
from chalicelib.core.stage import Stage
from chalicelib.edges.models import ApplicationBody
from chalicelib.tables import listing
from local.ministry import STORIES, Story
from local.seed import AT_THE_BORDER


@pytest.mark.parametrize("today", [date(2026, 11, 25), date(2028, 2, 29), date(2027, 8, 31)])
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_it_could_be_submitted_on_any_day(story: Story, today: date) -> None:
    application = ApplicationBody.model_validate(story.fields(today)).application()
    assert rules.check(application, listing(), today=today, issuer=Stage().issuer) == ()


def test_there_is_one_in_every_state_that_a_person_can_bring_about() -> None:
    states = {"draft", "submitted", "returned", "refused", "approved", "issued", "suspended", "revoked", "replaced"}
    assert {story.ends for story in STORIES} == states | {"lost"}
    assert {story.then for story in STORIES} - {""} == AT_THE_BORDER.keys()
    assert len({story.name for story in STORIES}) == len(STORIES)
