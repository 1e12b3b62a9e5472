"""Seed an empty register with example permits, through the HTTP interface of the running service.

The permits are those of `local/ministry.py`, or of another country (`local/elsewhere.py`). A seed that was interrupted
continues where it stopped, because finished stories are recorded, and `local/desk.py` repeats no step.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from local import office, questions, wildlife
from local.client import Client
from local.desk import ZONE, Desk, default_person
from local.ministry import STORIES, Json, Story, tour_fields
from local.operations import OPERATIONS
from local.place import Place, read_json, write_json
from local.quotas import figures

TOUR = "tour"
STAMPS = {"prefix": "TAMGA-P ", "first": "000001", "last": "000250"}


@dataclass(frozen=True, slots=True)
class SeedPlan:
    """The seed of a country.

    `borders`: name in `Story.then` -> routine. `tour`: the application for the tour, given today. `before`: creates
    what the first story needs.
    """

    stories: tuple[Story, ...]
    borders: Mapping[str, Callable[[Desk, Any], object]]
    tour: Callable[[date], Json]
    before: Callable[[Client, date], None] = lambda client, today: None


class Seed:
    """Creates the permits of a play. `made`: story -> permit id, saved in `place.seeded` after each story.

    `play`: the Kyrgyz one unless given.
    """

    def __init__(
        self,
        client: Client,
        place: Place,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        play: SeedPlan | None = None,
    ) -> None:
        self._client = client
        self._clock = clock
        self._desk = Desk(client, clock)
        self._place = place
        self.play = play or KYRGYZ
        self.made: dict[str, str] = dict(read_json(place.seeded) or {})

    @property
    def missing_stories(self) -> list[Story]:
        return [story for story in self.play.stories if story.name not in self.made]

    def ensure(self, say: Callable[[str], None] = lambda text: None) -> None:
        """Create the stories that are missing. `say` is called with each story's name before it."""
        untold = self.missing_stories
        today = self._clock().astimezone(ZONE).date()
        if untold:
            self.play.before(self._client, today)
        for story in untold:
            say(story.name)
            self.made[story.name] = self._run_story(story, today)
            write_json(self._place.seeded, self.made)

    def tour_permit(self) -> Json:
        """An approved permit that waits to be issued, which is the last one made for the tour, or a new one if that is
        used.
        """
        if TOUR in self.made:
            held: Json = self._client.get(default_person("preparer"), f"/v1/permits/{self.made[TOUR]}")
            if held["state"] == "approved":
                return held
        today = self._clock().astimezone(ZONE).date()
        permit = self._desk.approved(f"tour {uuid.uuid4()}", "sunkar", self.play.tour(today))
        self.made[TOUR] = permit["id"]
        write_json(self._place.seeded, self.made)
        return permit

    def _run_story(self, story: Story, today: date) -> str:
        """Bring the story to its end, from any state where an earlier seed stopped. Return the permit's id."""
        permit = self._desk.draft(story.name, story.applicant, story.fields(today))
        path = f"/v1/permits/{permit['id']}"
        if permit["state"] == "draft" and story.passed:
            self._desk.override_stops(permit, story.passed)
        if permit["state"] == "draft" != story.ends:
            permit = self._client.post((story.applicant, "applicant"), f"{path}/submit")
        if permit["state"] == "submitted" and story.ends in {"returned", "refused"}:
            verb, role = ("return", "preparer") if story.ends == "returned" else ("refuse", "approver")
            permit = self._client.post(default_person(role), f"{path}/{verb}", {"reason": story.reason})
        if permit["state"] == "submitted" != story.ends:
            permit = self._desk.approve(permit)
        if permit["state"] == "approved" != story.ends:
            permit = self._desk.issue(permit)
        if permit["state"] == "issued":
            if story.then:
                self.play.borders[story.then](self._desk, permit)
            if story.ends == "replaced":
                self._desk.replace(permit, story.reason)
            else:
                self._desk.end(permit, story.applicant, story.ends, story.reason)
        return str(permit["id"])


def _before(client: Client, today: date) -> None:
    for applicant in {story.applicant for story in STORIES}:
        wanted = {"email": f"{applicant}@example.kg", "language": "ky"}  # an example address: mails are never delivered
        client.put((applicant, "applicant"), "/v1/me", {"notify": wanted})
    client.post(default_person("admin"), "/v1/stamps", STAMPS)
    for operation in OPERATIONS:
        client.post(default_person("admin"), "/v1/operations", operation)
    known = client.get(default_person("admin"), "/v1/quotas")["items"]
    for figure in figures(today) if not known else ():
        client.post(default_person("admin"), "/v1/quotas", figure)
    questions.ensure(client, today)
    wildlife.ensure(client, today)
    office.ensure(client, today)


def _cross(desk: Desk, issued: Json) -> None:
    desk.endorse(issued, "export", "torugart")
    desk.endorse(issued, "import", "torugart")


def _undone(desk: Desk, issued: Json) -> None:
    left = desk.endorse(issued, "export", "osh-airport")
    desk.undo(issued, left, "The flight was cancelled; the birds went back to the breeder.")


AT_THE_BORDER: Mapping[str, Callable[[Desk, Any], object]] = {
    "export": lambda desk, issued: desk.endorse(issued, "export", "manas-airport"),
    "export_part": lambda desk, issued: desk.endorse(issued, "export", "bishkek-clearance", share=2),
    "cross": _cross,
    "import": lambda desk, issued: desk.endorse(issued, "import", "manas-airport"),
    "undone": _undone,
}
KYRGYZ = SeedPlan(STORIES, AT_THE_BORDER, tour_fields, _before)
