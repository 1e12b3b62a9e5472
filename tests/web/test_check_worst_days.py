"""The public check under failure or attack: forgery, look-alike host, no register, no lists, wrong clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from browsing import Site, Watched, axe, outcome, shifts
from desk import issued
from playwright.sync_api import Page, Route, expect

from chalicelib.kernel.errors import Unavailable

Open = Callable[..., Page]
GREEN = "accept"


def flipped(qr: str) -> str:
    """Return the same code with one bit of its signature flipped, while form and size stay valid."""
    from chalicelib.token.qr_text import decode_qr, encode_qr

    host, token = decode_qr(qr)
    return encode_qr(host, token[:-1] + bytes([token[-1] ^ 1]))


def refuse(page: Page, watched: Watched, *paths: str) -> None:
    """Abort the requests to these paths."""
    watched.expected.append("net::ERR")
    for path in paths:
        page.route(path, lambda route: route.abort())


def fresh(page: Page, link: str) -> None:
    """Open the link in a new page, as a camera does, and not as a new fragment of this page."""
    page.goto("about:blank")
    page.goto(link)


def test_forged_code_gives_hold_on_device_and_by_register(site: Site, open_page: Open) -> None:
    permit = issued()
    page = open_page("/1")
    held: list[Route] = []
    page.route("**/v1/verify", lambda route: held.append(route))  # noqa: PLW0108
    fresh(page, site.link(flipped(permit["qr"])))
    card = page.locator(".verdict")
    expect(card).to_have_attribute("data-outcome", "hold")  # before the register has answered
    expect(card).to_contain_text("Hold goods and paper")
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    expect(page.locator(".stages").first).to_contain_text("Service of the ministry: checked on")
    expect(card).to_have_attribute("data-outcome", "hold")
    shown = page.locator("body").inner_text()
    assert "The signature does not match the data." in shown
    for unverified in (permit["number"], "Altyn", "KG-0117"):
        assert unverified not in shown
    assert axe(page) == []
    assert shifts(page) == []


@pytest.mark.parametrize("host", [
    "practice.tamga.kg.example.org", "practice-tamga.kg", "tamga.kg", "practice.tamga.kg.", "xn--prctice-6fg.tamga.kg",
    "practice.tamga.kg:8443", "practice.tamga.kg@evil.example", "www.practice.tamga.kg", "practice.tamga.co",
])  # fmt: skip
def test_look_alike_host_is_never_opened(site: Site, open_page: Open, host: str) -> None:
    permit = issued()
    page = open_page("/1")
    page.get_by_label("Number of the permit").focus()
    page.keyboard.insert_text(permit["qr"].replace("practice.tamga.kg", host))
    page.keyboard.press("Enter")
    assert outcome(page) in {"hold", "cannot_tell"}
    assert page.url == f"{site.address}/1"
    assert permit["number"] not in page.locator("body").inner_text()


def test_unrelated_code_gives_cannot_tell(site: Site, open_page: Open) -> None:
    page = open_page("/1")
    page.get_by_label("Number of the permit").fill("https://www.gov.example/waybill?id=4")
    page.keyboard.press("Enter")
    assert outcome(page) == "cannot_tell"
    expect(page.locator(".verdict")).to_contain_text("Not the code of a Tamga permit")


def test_valid_code_without_service_gives_accept_offline(site: Site, open_page: Open, watched: Watched) -> None:
    permit = issued()
    page = open_page("/1")
    refuse(page, watched, "**/v1/**")
    fresh(page, site.link(permit["qr"]))
    assert outcome(page) == "accept_offline"
    card = page.locator(".verdict")
    expect(card).to_contain_text("Genuine; whether used elsewhere since 25 November 2026, 15:46 (UTC+6) is not known.")
    expect(page.locator(".stages").first).to_contain_text("Register: no answer.")
    expect(page.get_by_role("heading", name="In the register")).to_have_count(0)
    expect(page.locator("body")).to_contain_text(permit["number"])  # signed data, so it may be shown
    assert axe(page) == []
    page.unroute("**/v1/**")
    page.get_by_role("button", name="Ask again").click()
    expect(card).to_have_attribute("data-outcome", GREEN)


def test_failing_register_gives_cannot_tell(site: Site, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    permit = issued()
    page = open_page("/1")

    def down(*key: Any) -> None:
        raise Unavailable("down")

    monkeypatch.setattr(site.office.register, "get", down)
    fresh(page, site.link(permit["qr"]))
    assert outcome(page) == "cannot_tell"
    expect(page.locator(".verdict")).to_contain_text("The service did not answer")
    assert axe(page) == []


@pytest.mark.parametrize("status", [500, 502, 503])
def test_service_error_gives_accept_offline(site: Site, open_page: Open, watched: Watched, status: int) -> None:
    watched.expected.append(str(status))
    permit = issued()
    page = open_page("/1")
    page.route("**/v1/verify", lambda route: route.fulfill(status=status, body="<h1>broken</h1>"))
    fresh(page, site.link(permit["qr"]))
    assert outcome(page) == "accept_offline"
    expect(page.locator(".stages").first).to_contain_text("the service does not answer")


def test_no_network_and_no_lists_show_no_signed_data(site: Site, open_page: Open, watched: Watched) -> None:
    permit = issued()
    page = open_page("/1")
    refuse(page, watched, "**/v1/**", "**/trust-list", "**/s/**")
    fresh(page, site.link(permit["qr"]))
    assert outcome(page) == "cannot_tell"
    assert permit["number"] not in page.locator("body").inner_text()


def test_missing_status_list_offline_gives_check(site: Site, open_page: Open, watched: Watched) -> None:
    permit = issued()
    page = open_page("/1")
    refuse(page, watched, "**/v1/**", "**/s/**")
    fresh(page, site.link(permit["qr"]))
    assert outcome(page) == "check"
    expect(page.locator(".verdict")).to_contain_text("There is no fresh status list")


def test_trust_list_of_another_root_gives_cannot_tell(site: Site, open_page: Open, watched: Watched) -> None:
    """Attack: a complete and validly signed list of another root. The page has pinned our root."""
    from office import MemoryOffice

    permit = issued()
    other = MemoryOffice().static.read("trust-list")
    page = open_page("/1")
    refuse(page, watched, "**/v1/**")
    page.route("**/trust-list", lambda route: route.fulfill(body=other[0], content_type="application/cbor"))
    fresh(page, site.link(permit["qr"]))
    assert outcome(page) == "cannot_tell"


def test_wrong_device_clock_leaves_verdict_to_register(site: Site, open_page: Open, watched: Watched) -> None:
    permit = issued()
    page = open_page("/1")
    page.clock.set_fixed_time(site.office.now - 365 * 86400)
    fresh(page, site.link(permit["qr"]))
    assert outcome(page) == GREEN
    expect(page.locator(".stages").first).to_contain_text("The clock of this device is wrong")
    refuse(page, watched, "**/v1/**")
    fresh(page, site.link(permit["qr"]))
    assert outcome(page) == "cannot_tell"


def test_program_fault_leaves_verdict_to_register(site: Site, open_page: Open, watched: Watched) -> None:
    """Without the register there is no verdict, so the outcome is `cannot_tell`."""
    watched.expected += ["broken on purpose", "net::ERR"]
    permit = issued()
    page = open_page("/1")
    page.route("**/core/verdict.js", lambda route: route.fulfill(
        body="export const NO_CONTEXT = {};"
        "export const judge = async () => { throw new Error('broken on purpose'); };",
        content_type="text/javascript",
    ))  # fmt: skip
    fresh(page, site.link(permit["qr"]))
    assert outcome(page) == GREEN
    expect(page.locator(".stages").first).to_contain_text("On this device: it could not be checked.")
    page.route("**/v1/**", lambda route: route.abort())
    fresh(page, site.link(permit["qr"]))
    assert outcome(page) == "cannot_tell"
    assert axe(page) == []


def test_camera_without_decoder_download_shows_a_message(open_page: Open, watched: Watched) -> None:
    page = open_page("/1")
    refuse(page, watched, "**/node_modules/barcode-detector/**")
    page.get_by_role("button", name="Scan the square code").click()
    expect(page.get_by_role("alert").filter(has_text="could not be loaded")).to_be_visible()


def test_graver_outcome_of_device_and_service_is_shown(open_page: Open) -> None:
    page = open_page("/1")
    stands = page.evaluate(
        """async () => {
          const root = document.querySelector("script[type=module]").src.replace("check/main.js", "");
          const { both } = await import(root + "shared/both.js");
          const of = (outcome, permit) => ({ outcome, permit, codes: [] });
          const [held, green, bad] = [of("hold", null), of("accept", {}), of("hold", {})];
          const pairs = [
            [held, green], [held, bad], [of("accept_offline", {}), green], [of("cannot_tell", null), green],
            [of("check", {}), bad], [of("accept_offline", {}), of("cannot_tell", null)], [held, null], [null, green],
          ];
          return [...pairs, [of("check", {}), green, true]].map((each) => both(...each).outcome);
        }"""
    )
    assert stands == ["hold", "hold", "accept", "accept", "hold", "cannot_tell", "hold", "accept", "check"]


def test_answer_to_older_request_is_ignored(site: Site, open_page: Open) -> None:
    permit = issued()
    page = open_page(site.link(permit["qr"]))
    outcome(page)
    held: list[Route] = []
    page.route("**/v1/verify", lambda route: route.continue_() if held else held.append(route))
    page.get_by_role("button", name="They have arrived").click()
    expect(page.get_by_role("button", name="They are leaving")).to_have_count(0)  # so that nothing is pressed twice
    while not held:
        page.wait_for_timeout(20)
    page.evaluate("(digits) => { location.hash = digits; }", permit["qr"].partition("#")[2])
    assert outcome(page) == GREEN
    held[0].fulfill(json={"outcome": "hold", "words": "late", "steps": [], "codes": [], "checks": [], "permit": None,
                          "register": None, "checked_at": "2026-11-25T10:00:00Z",
                          "data_as_of": "2026-11-25T10:00:00Z"})  # fmt: skip
    page.wait_for_timeout(200)
    assert outcome(page) == GREEN


@pytest.mark.parametrize("broken", ["scripts off", "no program"])
def test_plain_form_works_without_script(site: Site, open_page: Open, watched: Watched, broken: str) -> None:
    permit = issued()
    if broken == "scripts off":
        page = open_page("/1", java_script_enabled=False)
    else:
        watched.expected.append("net::ERR")
        page = open_page("about:blank")
        page.route("**/check/main.js", lambda route: route.abort())
        page.goto(f"{site.address}/1")
        expect(page.locator("#plain")).to_be_hidden()  # a slow line gets time to load first
        page.context.new_cdp_session(page).send("Animation.enable")
        page.context.new_cdp_session(page).send("Animation.setPlaybackRate", {"playbackRate": 1000})
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("#plain")).to_contain_text(f"https://{site.office.stage.host}/1")
    page.locator("#plain-number").fill(permit["number"])
    page.locator("#plain-code").fill(permit["check_code"])
    page.locator("#plain button").click()
    expect(page.locator("body")).to_contain_text('"outcome":"accept"')
