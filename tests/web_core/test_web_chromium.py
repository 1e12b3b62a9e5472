"""web/core gives the same answers in Chromium: WebCrypto, inflation and text, in another zone and language."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from playwright.sync_api import Page, Route, sync_playwright
from web_core import drawn
from web_core.asking import HERE, Answer, Question, agree, questions
from web_core.test_same_verdict import examples

from local.browser import CHROMIUM, MISSING

ROOT = HERE.parents[1]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason=MISSING),
]
ASK = """async (asked) => {
  const { answer } = await import("/tests/web_core/answers.mjs");
  const answers = [];
  for (const question of JSON.parse(asked)) answers.push(await answer(question));
  return JSON.stringify(answers);
}"""


class Chromium:
    """web/core in a page of Chromium."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def ask(self, *questions: Question) -> list[Answer]:
        answers: list[Answer] = json.loads(self._page.evaluate(ASK, json.dumps(questions)))
        return answers


def serve(route: Route) -> None:
    """Serve our modules and an empty page to the browser without a server."""
    path = urlsplit(route.request.url).path
    if path.startswith(("/web/core/", "/tests/web_core/")):
        route.fulfill(path=ROOT / path[1:], content_type="text/javascript")
    else:
        route.fulfill(body="", content_type="text/html")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    with (
        sync_playwright() as started,
        started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"]) as browser,
        browser.new_context(locale="ky-KG", timezone_id="Pacific/Kiritimati") as context,
    ):
        context.route("**/*", serve)
        page = context.new_page()
        page.goto("http://localhost/")
        yield Chromium(page)


def test_every_vector_gets_same_answer_as_python(chromium: Chromium) -> None:
    agree(chromium, *questions())


def test_random_scene_gets_same_verdict_as_python(chromium: Chromium) -> None:
    @examples(150, 2_000)
    @given(drawn.whole_scenes())
    def one(scene: object) -> None:
        agree(chromium, {"ask": "judge", "given": scene})

    one()


def test_signature_of_device_verifies_in_python(chromium: Chromium) -> None:
    """The device's private key cannot be exported from the browser."""
    [answer] = chromium.ask(
        {"ask": "signed", "signed": {"device_id": "д-1", "events": [{"b": True, "a": ["1", None]}]}}
    )
    x, y, message, signature = answer["is"]
    assert bytes.fromhex(message) == '{"device_id":"д-1","events":[{"a":["1",null],"b":true}]}'.encode()
    [verified] = agree(chromium, {"ask": "verified", "message": message, "signature": signature, "x": x, "y": y})
    assert verified == {"is": True}
