"""Each event takes one channel at a time, its own request or the queue; its state never goes back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from at_desk import Open
from border import new_uuid
from browsing import Site, Watched
from desk import issued, ok
from http_client import call
from late import Held
from playwright.sync_api import Page, Route, expect
from scanning import asked, begin, eventually, hold, kept, scanned, sent, unlock, uses, wedge

from chalicelib.kernel.days import to_text

ONLINE = "dispatchEvent(new Event('online'))"
MODULE = """(name) => import(document.querySelector("script[type=module]").src.replace("main.js", name))"""


class Batches:
    """Recorder of the requests to `/v1/sync` from all windows of a device. It lets them through."""

    def __init__(self, page: Page) -> None:
        self.bodies: list[dict[str, Any]] = []
        page.context.route("**/v1/sync", self.seen)

    def seen(self, route: Route) -> None:
        self.bodies.append(json.loads(route.request.post_data or ""))
        route.continue_()

    @property
    def events(self) -> list[dict[str, Any]]:
        return [event for body in self.bodies for event in body["events"]]


@pytest.fixture
def page(open_page: Open) -> Page:
    page = open_page("/scan/", token="bekzat")
    begin(page)
    sent(page)
    return page


def filled(page: Page, qr: str) -> None:
    scanned(page, qr)
    page.locator("#endorse").click()
    page.get_by_role("button", name="All of it").click()
    page.locator("#transport").fill("AWB 065-7719")


def use_elsewhere(site: Site, permit: dict[str, Any]) -> None:
    body = {"event_id": new_uuid(), "qr": permit["qr"], "post": "osh-airport", "direction": "export",
            "endorsed_at": to_text(site.office.now), "lines": [{"line": "A", "quantity": "2"}],
            "transport_document": "AWB 1"}  # fmt: skip
    ok(call("POST", "/v1/endorsements", body, token="aizada"), 201)


def results(site: Site, permit: dict[str, Any]) -> list[str]:
    return sorted(f"{use['post']} {use.get('result', 'accepted')}" for use in uses(site, permit))


def other_window(site: Site, page: Page) -> Page:
    other = page.context.new_page()
    other.clock.set_fixed_time(site.office.now)
    other.goto(page.url)
    unlock(other)
    other.locator("#camera").wait_for()
    return other


def write_another(page: Page) -> None:
    """Add an event to the queue, as if it had been recorded offline."""
    page.evaluate(
        """async (load) => { const { add } = await (eval(load))("queue.js");
          const [event_id, endorsement] = [crypto.randomUUID(), crypto.randomUUID()];
          await add({ kind: "undo", event_id, endorsement, reason: "goods here", officer: "u-bekzat" }, {}); }""",
        MODULE,
    )


def test_endorsement_with_pending_request_is_not_in_a_batch(site: Site, page: Page, watched: Watched) -> None:
    watched.expected.append("status of 409")
    permit = issued()
    filled(page, permit["qr"])
    batches = Batches(page)
    request = Held(page, "**/v1/endorsements")
    page.locator("button[type=submit]").click()
    request.wait()
    use_elsewhere(site, permit)
    write_another(page)
    page.evaluate(ONLINE)
    other = other_window(site, page)
    other.evaluate(ONLINE)
    assert eventually(lambda: page.wait_for_timeout(20) is None and bool(batches.events))
    page.wait_for_timeout(500)
    assert {event["kind"] for event in batches.events} == {"undo"}
    # otherwise the endorsement would count as late
    assert all(body.get("more") for body in batches.bodies if body["events"])
    request.let()
    expect(page.locator("#word")).to_have_text("Not endorsed")
    assert results(site, permit) == ["osh-airport accepted"]
    page.evaluate(ONLINE)
    page.wait_for_timeout(500)
    assert {event["kind"] for event in batches.events} == {"undo"}
    assert [each["state"] for each in kept(page) if each["event"]["kind"] == "endorsement"] == ["rejected"]


def test_scan_with_pending_request_is_not_in_a_batch(site: Site, page: Page) -> None:
    batches = Batches(page)
    request = hold(page, "**/v1/scans")
    wedge(page, issued()["qr"])
    asked(page, request)
    other = other_window(site, page)
    other.evaluate(ONLINE)
    page.evaluate(ONLINE)
    page.wait_for_timeout(500)
    assert batches.events == []
    request.pop().continue_()
    sent(page)
    assert [each["state"] for each in kept(page)] == ["stored"]
    assert batches.events == []


def test_event_of_closed_window_is_sent_by_another_window(site: Site, page: Page) -> None:
    permit = issued()
    other = other_window(site, page)
    batches = Batches(page)
    filled(page, permit["qr"])
    request = Held(page, "**/v1/endorsements")
    page.locator("button[type=submit]").click()
    request.wait()
    page.close()
    other.evaluate(ONLINE)
    assert eventually(lambda: other.wait_for_timeout(20) is None and bool(batches.events))
    sent(other)
    assert [event.get("unheard") for event in batches.events] == [True]
    assert results(site, permit) == ["manas-airport accepted"]


def test_endorsement_without_answer_is_queued_after_time_limit(site: Site, page: Page) -> None:
    permit = issued()
    filled(page, permit["qr"])
    page.evaluate(
        "() => { const limit = AbortSignal.timeout; AbortSignal.timeout = (ms) => limit.call(AbortSignal, ms / 20); }"
    )
    batches = Batches(page)
    hold(page, "**/v1/endorsements")
    page.locator("button[type=submit]").click()
    page.locator(".written").wait_for()
    sent(page)
    expect(page.get_by_text("The register has it.")).to_be_visible()
    assert [event.get("unheard") for event in batches.events] == [True]
    assert results(site, permit) == ["manas-airport accepted"]
    assert ["unheard" in each["event"] for each in kept(page)] == [False, False]  # it has an answer now


def test_refusal_with_lost_answer_is_stored_as_conflict(site: Site, page: Page, watched: Watched) -> None:
    watched.expected.append("Failed to load resource")
    permit = issued()
    filled(page, permit["qr"])
    use_elsewhere(site, permit)

    def lose(route: Route) -> None:
        assert route.fetch().status == 409
        route.abort()

    page.route("**/v1/endorsements", lose)
    batch = hold(page, "**/v1/sync")
    page.locator("button[type=submit]").click()
    expect(page.get_by_text("Kept on this device until the register has it.")).to_be_visible()
    asked(page, batch)
    batch.pop().continue_()
    expect(page.locator("#word")).to_have_text("Kept as a second use")
    expect(page.locator(".headline")).to_contain_text("another officer of this post takes this endorsement back")
    assert results(site, permit) == ["manas-airport conflict", "osh-airport accepted"]
    page.get_by_role("navigation", name="Screens").get_by_role("button", name="Done here", exact=True).click()
    expect(page.locator(".done li", has_text="Endorsement")).to_contain_text("contradicts an earlier use")


@pytest.mark.parametrize("status", [200, 409])
def test_stored_conflict_is_never_shown_as_endorsed(page: Page, watched: Watched, status: int) -> None:
    """Status 200 is the answer of the previous release."""
    watched.expected.append("status of 409")
    filled(page, issued()["qr"])
    problem = {"type": "https://tamga.kg/problems/kept-as-conflict", "title": "Kept as a second use", "status": 409}
    answer = {"result": "conflict", "kind": "export"} if status == 200 else problem
    page.route("**/v1/endorsements", lambda route: route.fulfill(status=status, json=answer))
    page.locator("button[type=submit]").click()
    expect(page.locator("#word")).to_have_text("Kept as a second use")
    assert [each["state"] for each in kept(page) if each["event"]["kind"] == "endorsement"] == ["conflict"]


def test_batch_with_lost_answer_keeps_its_conflict(site: Site, page: Page, watched: Watched) -> None:
    """The repeated batch is a `duplicate`. Its receipt states the result of the use."""
    watched.expected.append("Failed to load resource")
    permit = issued()
    filled(page, permit["qr"])
    use_elsewhere(site, permit)
    page.route("**/v1/endorsements", lambda route: route.abort())

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/v1/sync", lose)
    page.locator("button[type=submit]").click()
    expect(page.locator(".sending")).to_contain_text("No connection")
    page.unroute("**/v1/sync")
    page.locator("#send").click()
    sent(page)
    assert [each["state"] for each in kept(page) if each["event"]["kind"] == "endorsement"] == ["conflict"]


def test_state_of_an_event_never_goes_back(page: Page) -> None:
    """Order: first by the restore for which the event was sent again (`retold`), then by state."""
    steps = ["waiting 0", "stored 0", "rejected 0", "waiting 0", "conflict 0", "stored 0", "waiting 7", "conflict 0",
             "stored 7", "waiting 7"]  # fmt: skip
    states = page.evaluate(
        """async ([load, steps]) => { const { keepEvent, events } = await (eval(load))("store.js");
          const id = crypto.randomUUID(), event = { kind: "case", event_id: id, officer: "u" };
          const rest = { id, event, at: Date.now() / 1000, outcome: "", issuer: "", number: "", answer: {}, sentAt: 0 };
          const found = [], word = ({ state, retold }) => `${state} ${retold}`;
          for (const [state, retold] of steps.map((each) => each.split(" ")))
            found.push(word(await keepEvent({ ...rest, state, retold: Number(retold) })));
          return [...found, ...(await events()).filter((each) => each.id === id).map(word)]; }""",
        [MODULE, steps],
    )
    assert states == ["waiting 0", *["stored 0"] * 3, *["conflict 0"] * 2, *["waiting 7"] * 2, *["stored 7"] * 3]
