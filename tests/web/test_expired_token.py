"""Every kind of request renews an expired access token, and ends if no answer comes."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from at_desk import Open, desk
from browsing import Site, endorse
from desk import found, issued, ok, submitted
from enforcing import found as case
from http_client import call, post
from PIL import Image
from playwright.sync_api import Page, expect
from scanning import begin, eventually, hold, sent

pytestmark = pytest.mark.usefixtures("refusals")

RAN_OUT = "ran-out"


def run_out(page: Page, who: str) -> list[str]:
    """Let the access token expire and the user pool issue another, and return the renewal requests."""
    asked: list[str] = []

    def renew(route: Any) -> None:
        asked.append(route.request.post_data)
        route.fulfill(json={"access_token": who})

    page.route("**/oauth2/token", renew)
    page.evaluate("(token) => sessionStorage.setItem('tamga.token', token)", RAN_OUT)
    page.evaluate("sessionStorage.setItem('tamga.refresh', 'long')")
    return asked


def renewed(page: Page, asked: list[str]) -> None:
    assert len(asked) == 1
    assert page.evaluate("sessionStorage.getItem('tamga.token')") != RAN_OUT
    expect(page.get_by_role("heading", name="Sign in")).to_have_count(0)


def test_preview_renews_an_expired_token(open_page: Open) -> None:
    page = desk(open_page, "preparer", f"#/permit/{found(submitted())['id']}")
    page.get_by_role("button", name="Preview the form").wait_for()
    asked = run_out(page, "preparer")
    page.get_by_role("button", name="Preview the form").click()
    expect(page.get_by_title("The form as it would print")).to_have_attribute("src", re.compile("^blob:"))
    renewed(page, asked)


@pytest.mark.parametrize(
    ("who", "at", "name", "file"),
    [
        ("a-auditor", "#/reports", "Download the draft (CSV)", "KG-2026-export-actual-DRAFT.csv"),
        ("a-auditor", "#/reports", "Download (XLSX)", "KG-2026-illegal-trade.xlsx"),
        ("approver", "#/cases", "Save the table", "cases.csv"),
    ],
)
def test_table_renews_an_expired_token(
    site: Site, open_page: Open, tmp_path: Path, who: str, at: str, name: str, file: str
) -> None:
    endorse(issued(), site.office)
    ok(post("/v1/cases", case(), token="aizada"), 201)
    page = desk(open_page, who, at)
    button = page.get_by_role("button", name=name).first
    button.wait_for()
    asked = run_out(page, who)
    with page.expect_download() as coming:
        button.click()
    assert coming.value.suggested_filename == file
    renewed(page, asked)


def test_picture_renews_an_expired_token(open_page: Open) -> None:
    made = ok(post("/v1/cases", case(), token="aizada"), 201)
    picture = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(picture, "PNG")
    path = f"/v1/cases/{made['id']}/photos"
    ok(call("POST", path, data=picture.getvalue(), content_type="image/png", token="aizada"), 201)
    page = desk(open_page, "approver", f"#/cases/{made['id']}")
    show = page.get_by_role("button", name="Show the photographs")
    show.wait_for()
    asked = run_out(page, "approver")
    show.click()
    expect(page.get_by_alt_text("Photograph 1")).to_have_js_property("naturalWidth", 60)
    renewed(page, asked)


def test_parts_of_the_bundle_renew_an_expired_token(open_page: Open) -> None:
    page = open_page("/scan/", token="bekzat")
    begin(page)
    sent(page)
    asked = run_out(page, "bekzat")
    with page.expect_response(lambda answer: answer.url.endswith("/v1/bundle/species") and answer.ok):
        page.evaluate(
            """async () => { const root = document.querySelector("script[type=module]").src.replace("main.js", "");
              await (await import(root + "parts.js")).refreshParts({ species: "another" }); }"""
        )
    renewed(page, asked)


def test_late_refusals_share_the_renewal_that_ended(open_page: Open) -> None:
    page = desk(open_page, "preparer", "#/permits")
    page.wait_for_load_state("networkidle")
    asked = run_out(page, "preparer")
    page.route("**/v1/alerts", lambda route: late.append((route, route.fetch())))
    late: list[tuple[Any, Any]] = []
    page.evaluate(
        """async () => { const root = document.querySelector("script[type=module]").src.replace(/desk\\/.*/, "");
          const { askAs } = await import(root + "shared/session.js");
          window.late = askAs("/v1/alerts"); await askAs("/v1/me"); }"""
    )
    route, answer = late.pop()
    page.unroute("**/v1/alerts")
    route.fulfill(response=answer)
    assert "items" in page.evaluate("async () => (await window.late).body")
    renewed(page, asked)


@pytest.mark.parametrize(
    ("prepare", "path", "name"),
    [
        (lambda: f"#/permit/{found(submitted())['id']}", "**/preview", "Preview the form"),
        (lambda: f"#/permit/{issued()['id']}", "**/pdf", "Preview the print"),
        (lambda: "#/cases", "**/v1/cases/table?*", "Save the table"),
    ],
    ids=["preview", "print", "table"],
)
def test_request_without_an_answer_ends(open_page: Open, prepare: Callable[[], str], path: str, name: str) -> None:
    page = desk(open_page, "approver", prepare())
    button = page.get_by_role("button", name=name).first
    button.wait_for()
    page.evaluate(
        "() => { const limit = AbortSignal.timeout; AbortSignal.timeout = (ms) => limit.call(AbortSignal, ms / 100); }"
    )
    held = hold(page, path)
    button.click()
    assert eventually(lambda: page.wait_for_timeout(20) is None and bool(held))
    expect(page.get_by_role("alert").first).to_contain_text("The service does not answer")
