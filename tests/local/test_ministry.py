"""Applications in the example data: each one is lawful, and together they cover every state and use."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from chalicelib.applications.rules import check
from chalicelib.applications.schemas import ApplicationBody
from chalicelib.kernel.stage import Stage
from chalicelib.quotas import model as quotas
from chalicelib.quotas.schemas import NewQuota
from chalicelib.species.services.list_in_use import listing
from local.ministry import STORIES, Story
from local.quotas import figures
from local.seed import AT_THE_BORDER


@pytest.mark.parametrize("today", [date(2026, 11, 25), date(2028, 2, 29), date(2027, 8, 31)])
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_example_application_is_lawful_on_any_day(story: Story, today: date) -> None:
    application = ApplicationBody.model_validate(story.fields(today)).application()
    found = check.check(application, listing(), today=today, issuer=Stage().issuer)
    assert [each for each in found if not each.overridable] == []
    assert bool(found) == ("saiga" in story.name)  # the stories of a hard stop
    assert bool(found) or not story.passed


def test_example_applications_cover_every_state() -> None:
    states = {"draft", "submitted", "returned", "refused", "approved", "issued", "suspended", "revoked", "replaced"}
    assert {story.ends for story in STORIES} == states | {"lost"}
    assert {story.then for story in STORIES} - {""} == AT_THE_BORDER.keys()
    assert len({story.name for story in STORIES}) == len(STORIES)


def test_example_applications_fit_their_example_quotas() -> None:
    today = date(2026, 11, 25)
    known = [quotas.checked(NewQuota.model_validate(each).quota(), listing()) for each in figures(today)]
    assert all("MADE UP FOR PRACTICE" in each.source for each in known)
    left = {each.id: each.limit for each in known}
    for story in STORIES:
        application = ApplicationBody.model_validate(story.fields(today)).application()
        for draw, quota in quotas.draws(application, known, listing(), this_year=2026, issuer="KG"):
            left[quota.id] -= Decimal(draw.quantity)
    assert min(left[each.id] for each in known if each.limit) >= 0
    assert sum(left[each.id] < each.limit for each in known) >= 3
