"""Fixtures and helpers of all page tests: a real browser, the real gateway, a ministry in memory.

`site`: the service on a free port, with its office. `open_page`: a page in any language and size. A test fails on a
policy violation, a request to a foreign host, a script error or a console message of its page.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pytest
from desk import ok
from http_client import call
from office import MemoryOffice
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright
from staff import staffed

from app import app
from chalicelib.adapters.in_process.memory import MemoryReader
from chalicelib.composition import container
from chalicelib.kernel.days import to_text
from chalicelib.reading.read_document import read
from local import server
from local.browser import CHROMIUM
from local.door import WEB

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 640}  # WCAG 1.4.10
ZOOMED = {"width": 640, "height": 450}  # 1280 x 900 at 200 %
A_HAND = 100  # ms between two keys: faster input counts as a barcode scanner (web/scan/wedge.js)
AXE = WEB / "node_modules/axe-core/axe.min.js"
VIEWER = ("chrome", "chrome-extension")  # schemes of Chromium's built-in PDF viewer
NOBODY_ELSE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
NO_PAGE = "/v1/health"  # an address of the same origin without any script
SHIFT_AT_MOST = 0.02
PATIENCE = 90_000  # ms; only failing waits last this long, so a slow machine causes no failure
WATCH = """
window.__violations = []; window.__shifts = [];
addEventListener('securitypolicyviolation',
  (e) => __violations.push(`${e.effectiveDirective} ${e.blockedURI} ${e.sample}`));
new PerformanceObserver((list) => { for (const e of list.getEntries()) if (!e.hadRecentInput)
  __shifts.push(`${e.value} ` + e.sources.map((s) => s.node?.outerHTML?.slice(0, 80) ?? s.node?.textContent)); })
  .observe({ type: 'layout-shift', buffered: true });
"""

expect.set_options(timeout=PATIENCE)


@dataclass(frozen=True)
class Site:
    """The service as `make run` serves it.

    `office.now` is its clock, and that of the browser when a page is opened.
    """

    office: MemoryOffice
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def link(self, qr: str) -> str:
        """Return the address that a telephone's camera would open, with this port instead of the stage's host."""
        return f"{self.address}/1#{qr.partition('#')[2]}"


@dataclass
class Watched:
    """Events that fail a test: requests to foreign hosts and unexpected console messages."""

    foreign: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)  # parts of console messages that a test provokes


_running = ExitStack()


@cache
def _playwright() -> Playwright:
    return _running.enter_context(sync_playwright())


@cache
def _browser() -> Browser:
    launched = _playwright().chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", NOBODY_ELSE])
    return _running.enter_context(launched)


def stop_browser() -> None:
    """Stop the browser, because nothing else in this process may start an asyncio loop while Playwright runs.

    Sealing a print starts one.
    """
    _browser.cache_clear()
    _playwright.cache_clear()
    _running.close()


@pytest.fixture
def playwright() -> Playwright:
    return _playwright()


@pytest.fixture
def browser() -> Browser:
    return _browser()


@pytest.fixture
def ministry() -> MemoryOffice:
    """The ministry behind the pages. A file may override this fixture with another ministry."""
    return staffed()


@pytest.fixture
def office(ministry: MemoryOffice) -> Iterator[MemoryOffice]:
    # in this process, so that no page test waits for a reader process, which may take ten seconds
    ministry.reader = MemoryReader(read)
    container.replace_deps(ministry)
    yield ministry
    container.replace_deps(None)


@pytest.fixture
def site(office: MemoryOffice) -> Iterator[Site]:
    running = server.create(app, 0)
    threading.Thread(target=running.run, daemon=True).start()
    yield Site(office, int(running.effective_port))
    running.task_dispatcher.shutdown(cancel_pending=True, timeout=5)


@pytest.fixture
def watched() -> Watched:
    return Watched()


@pytest.fixture
def open_page(browser: Browser, site: Site, watched: Watched) -> Iterator[Callable[..., Page]]:
    """Factory of pages: `open_page(address, language="ky", size=PHONE, token="", **context options)`.

    `address` is a complete address or a path. `token` signs in its user before the page opens, so that tests need not
    reload.
    """
    contexts: list[BrowserContext] = []

    def opened(address: str, *, language: str = "en", size: Any = PHONE, token: str = "", **options: Any) -> Page:
        context = browser.new_context(locale=language, viewport=size, timezone_id="Europe/Paris", **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        context.add_init_script(WATCH)
        site.office.publish_due()  # as the scheduled job does each minute
        page = context.new_page()
        watch(page, watched)
        page.clock.set_fixed_time(site.office.now)
        if token:
            page.goto(site.address + NO_PAGE)
            page.evaluate("(token) => sessionStorage.setItem('tamga.token', token)", token)
        page.goto(site.address + address if address.startswith("/") else address)
        return page

    yield opened
    for context in contexts:
        for page in context.pages:
            assert page.evaluate("window.__violations") == []
        context.close()
    assert watched.foreign == []
    said = [text for text in watched.said if not any(part in text for part in watched.expected)]
    assert not said, said


def watch(page: Page, watched: Watched) -> None:
    page.on("pageerror", lambda error: watched.said.append(f"error: {error}"))
    page.on("console", lambda message: watched.said.append(f"{message.type}: {message.text} {message.location}"))

    def seen(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"blob", "data", *VIEWER} and parts.hostname != "127.0.0.1":
            watched.foreign.append(url)

    page.on("requestfailed", lambda request: seen(request.url))  # requests to foreign hosts fail: NOBODY_ELSE


def cut(page: Page, watched: Watched) -> None:
    """Switch off the network of a page."""
    watched.expected += ["ERR_INTERNET_DISCONNECTED", "Failed to load resource"]
    page.context.set_offline(True)


def outcome(page: Page) -> str:
    """Return the outcome of the card, after the register has answered or failed."""
    card = page.locator('.verdict:not([data-outcome="pending"])')
    card.wait_for()
    return str(card.get_attribute("data-outcome"))


def endorse(
    permit: Any, office: MemoryOffice, direction: str = "export", *, quantity: str = "2", **changes: Any
) -> None:
    """Endorse line A at Manas Airport, at the current time."""
    event = {
        "event_id": str(uuid.uuid4()), "qr": permit["qr"], "post": "manas-airport", "direction": direction,
        "endorsed_at": to_text(office.now), "lines": [{"line": "A", "quantity": quantity}],
        "transport_document": "AWB 176-1", **changes,
    }  # fmt: skip
    ok(call("POST", "/v1/endorsements", event, token="aizada"), 201)


def pdf(permit: Any) -> bytes:
    """Return the print that the exporter downloads.

    It is made in a separate thread, because Playwright's thread has an event loop.
    """
    path = f"/v1/permits/{permit['id']}/pdf"
    with ThreadPoolExecutor(1) as alone:
        answer = alone.submit(call, "GET", path, token="preparer", ACCEPT="application/pdf").result()
    assert answer.status == 200, answer.body[:300]
    return answer.body


def axe(page: Page) -> list[str]:
    """Return the violations found by axe-core for WCAG 2.2 AA and best practice, one a line."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8") + "; 0")
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found: list[str] = page.evaluate(
        """async (tags) => (await axe.run(document, { runOnly: tags, resultTypes: ["violations"] })).violations.flatMap(
          ({ id, nodes }) => nodes.map((each) =>
            `${id}: ${each.html.slice(0, 160)} ${each.failureSummary.slice(0, 300)}`))""",
        tags,
    )
    return found


def shifts(page: Page) -> list[str]:
    """Return the layout shifts so far, except those just after a key or a tap: size and moved elements."""
    found: list[str] = page.evaluate("window.__shifts")
    return found


def moved(page: Page) -> list[str]:
    """Return the layout shifts since the last call, if their sum exceeds SHIFT_AT_MOST. Web guidelines allow 0.1."""
    found = shifts(page)
    page.evaluate("window.__shifts = []")
    return found if sum(float(each.split()[0]) for each in found) > SHIFT_AT_MOST else []


def beyond(page: Page) -> list[str]:
    """Return the elements that extend past the right edge or are wider than their container."""
    found: list[str] = page.evaluate(
        """() => [
          ...[document.documentElement.scrollWidth].filter((each) => each > innerWidth).map((each) => `page ${each}`),
          ...[...document.querySelectorAll("body *")].filter((each) => each.checkVisibility() &&
            !each.closest(".scroll, svg, .unseen, .file, input, textarea") &&
            each.getBoundingClientRect().right > innerWidth + 0.5).map((each) => each.outerHTML.slice(0, 90))]"""
    )
    return found


def tab_to(page: Page, selector: str) -> None:
    """Move the focus to this element with Tab alone, as a user without a mouse."""
    for _ in range(80):
        if page.locator(selector).first.evaluate("(each) => each === document.activeElement"):
            page.wait_for_timeout(A_HAND)
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard never gets to {selector}")
