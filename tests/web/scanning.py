"""Steps of the scanner tests: an officer at a post with a device."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from browsing import Site, axe
from playwright.sync_api import Page, expect

# JavaScript: the ETag of a bundle part stored on the device
KEPT = """(name) => new Promise((done) => { const asked = indexedDB.open('tamga-scan'); asked.onsuccess = () => {
  const one = asked.result.transaction('kept').objectStore('kept').get('part:' + name);
  one.onsuccess = () => { asked.result.close(); done(one.result?.etag ?? ''); } } })"""
PIN = "4711"
POST = "manas-airport"


def begin(page: Page, token: str = "bekzat", post: str = POST) -> None:
    """Set up the device: sign in, choose the post and a PIN, wait until everything is installed.

    A token of these tests is a name. The page may have been opened with it already.
    """
    page.locator("html[data-ready]").wait_for(state="attached")
    # Without an earlier route, Chromium intercepts no request of a page that a worker took over, in one of five runs.
    page.route("**/nothing", lambda route: route.abort())
    if page.evaluate("sessionStorage.getItem('tamga.token')") != token:
        page.evaluate("(token) => sessionStorage.setItem('tamga.token', token)", token)
        page.reload()
    page.locator("#post").wait_for()
    page.locator("#post").select_option(post)
    page.locator("#device-name").fill("hall 2, phone 3")
    page.locator("button[type=submit]").click()
    choose_pin(page)
    # `ready` alone may resolve while the worker is still activating
    page.wait_for_function("navigator.serviceWorker.controller")
    page.evaluate("window.__shifts = []")  # the first download fills the status line once, which is no fault


def choose_pin(page: Page, pin: str = PIN) -> None:
    page.locator("#again").fill(pin)
    page.locator("#pin").fill(pin)
    page.locator("button[type=submit]").click()
    page.locator("#camera").wait_for()


def unlock(page: Page, pin: str = PIN) -> None:
    page.locator("#pin").fill(pin)
    page.locator("button[type=submit]").click()


def lock(page: Page) -> None:
    page.get_by_role("button", name="Shift", exact=True).click()
    page.get_by_role("button", name="Lock", exact=True).click()
    page.locator("#pin").wait_for()


def wedge(page: Page, text: str, *, pause: int = 0) -> None:
    """Type as a keyboard-wedge scanner: all keys at once, then Enter, independent of the machine's load.

    `pause`: ms of silence in the middle, as in a radio scanner.
    """
    page.evaluate(
        """([text, pause]) => { const now = performance.now(); [...text, 'Enter'].forEach((key, at) => {
          const value = now + (2 * at < text.length ? 0 : pause);
          const pressed = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
          document.body.dispatchEvent(Object.defineProperty(pressed, 'timeStamp', { value })); }); }""",
        [text, pause],
    )


def scanned(page: Page, text: str, *, asked: bool = True) -> str:
    """Scan a code and return the outcome, or with `asked`, after the register has answered."""
    before = len(kept(page))
    wedge(page, text)
    assert eventually(lambda: len(kept(page)) > before)  # until then the verdict on the paper before is shown
    expect(page.locator(".verdict .asked")).not_to_contain_text("asking" if asked else "nothing")
    return str(page.locator(".verdict").get_attribute("data-outcome"))


def codes(page: Page) -> list[str]:
    return [each.strip() for each in page.locator(".codes .code").all_inner_texts()]


def endorse(page: Page, transport: str = "AWB 065-7719") -> None:
    page.locator("#endorse").click()
    page.get_by_role("button", name="All of it").click()
    page.locator("#transport").fill(transport)
    page.locator("button[type=submit]").click()
    page.locator(".written").wait_for()


def kept(page: Page, table: str = "events") -> list[dict[str, Any]]:
    """Return all rows of this device's list of events, or of another of its tables, oldest first."""
    found: list[dict[str, Any]] = page.evaluate(
        """(table) => new Promise((done) => { const asked = indexedDB.open('tamga-scan'); asked.onsuccess = () => {
          const all = asked.result.transaction(table).objectStore(table).getAll();
          all.onsuccess = () => { asked.result.close(); done(all.result.sort((a, b) => a.at - b.at)); } } })""",
        table,
    )
    return found


def sent(page: Page) -> None:
    """Expect that all waiting events have been sent."""
    expect(page.locator("#send")).to_have_text("Update")


def photographed(page: Page, data: bytes) -> None:
    """Attach a photograph to the open form."""
    page.locator("main input[type=file]").set_input_files({"name": "it.png", "mimeType": "image/png", "buffer": data})
    expect(page.get_by_text("Photographs kept: 1")).to_be_visible()


def written_down(page: Page) -> None:
    """Submit the form offline, expect it to be stored, go online and send it to the register."""
    assert axe(page) == []
    page.locator("button[type=submit]").click()
    expect(page.get_by_text("Kept on this device")).to_be_visible()
    page.context.set_offline(False)
    page.locator("#send").click()
    sent(page)
    expect(page.get_by_text("The register has it.")).to_be_visible()


def hold(page: Page, path: str) -> list[Any]:
    """Intercept the requests for `path`, and each waits until the test continues it."""
    held: list[Any] = []
    page.route(path, lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks what it is given
    return held


def asked(page: Page, held: list[Any]) -> None:
    assert eventually(lambda: page.wait_for_timeout(20) is None and bool(held))


def later(page: Page, moment: int) -> None:
    """Set the device's clock and stop its timers.

    A timer of 15 s locks a device that nobody touched, so it could come between two steps of a test.
    """
    page.evaluate("for (let id = setInterval(() => {}, 1e9), n = 0; n < 10_000; n += 1) clearInterval(id - n)")
    page.clock.set_fixed_time(moment)


def uses(site: Site, permit: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the endorsements of a permit in the register."""
    return [row.data["use"] for row in site.office.register.query(f"USES#{site.office.now // 86400}", limit=99)
            if row.data["number"] == permit["number"]]  # fmt: skip


def eventually(holds: Callable[[], bool], seconds: float = 90) -> bool:
    """Return True if the condition becomes true in this time.

    For changes that a page makes by itself, without an event to wait for.
    """
    end = time.monotonic() + seconds
    while not (met := holds()) and time.monotonic() < end:
        time.sleep(0.05)
    return met
