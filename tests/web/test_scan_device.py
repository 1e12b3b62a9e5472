"""The scanner's use of device features: camera, light, zoom, wake lock, sound, vibration, storage.

The test browser replaces these features with recorders of the page's requests.
"""

from __future__ import annotations

from typing import Any

from at_desk import Open
from browsing import Site, Watched, cut
from browsing import endorse as leave
from desk import issued, ok, saker
from http_client import call
from playwright.sync_api import Page, expect
from scanning import begin, eventually, sent, uses, wedge

WAYBILL = "https://www.example.org/waybill/123456789"
DEVICE = """
window.device = { cameras: [], applied: [], locks: [], heard: [], felt: [], persist: 0 };
const put = (on, name, value) => Object.defineProperty(on, name, { value, configurable: true });
put(navigator.mediaDevices, "getUserMedia", async () => {
  const canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
  setInterval(() => pen.fillRect(0, 0, 1, 1), 50); // without a frame no video plays
  const stream = canvas.captureStream(20);
  const [track] = stream.getVideoTracks();
  put(track, "getCapabilities", () => ({ torch: true, zoom: { min: 1, max: 4, step: 0.5 } }));
  put(track, "applyConstraints", async ({ advanced }) => void device.applied.push(...advanced));
  device.cameras.push(track);
  return stream;
});
put(navigator, "wakeLock", { request: async (kind) => {
  const lock = { kind, released: false, release: async () => { lock.released = true; } };
  device.locks.push(lock);
  return lock;
} });
put(navigator, "vibrate", (beats) => device.felt.push(beats.join(" ")) > 0);
put(navigator.storage, "persisted", async () => false);
put(navigator.storage, "persist", async () => (device.persist += 1) > 0);
window.AudioContext = class {
  state = "running"; currentTime = 0; destination = {};
  async resume() {}
  createGain() { return { gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} }, connect() {} }; }
  createOscillator() {
    const frequency = {}, stop = () => {}, connect = (next) => next;
    return { frequency, stop, connect, start: (at) => device.heard.push(`${frequency.value} ${at}`) };
  }
};
"""


def at_work(site: Site, open_page: Open) -> Page:
    """Set up the scanner in a browser with these recorders."""
    opened = open_page("/v1/health", token="bekzat")
    opened.context.add_init_script(DEVICE)
    opened.goto(f"{site.address}/scan/")
    begin(opened)
    return opened


def device(page: Page, expression: str) -> Any:
    return page.evaluate(f"device.{expression}")


def test_camera_uses_light_zoom_wake_lock_and_persistent_storage(site: Site, open_page: Open) -> None:
    page = at_work(site, open_page)
    assert device(page, "persist") == 1  # request to the browser not to clear the storage
    page.locator("#camera").click()
    light = page.get_by_role("button", name="Light")
    light.click()
    expect(light).to_have_attribute("aria-pressed", "true")
    light.click()
    expect(light).to_have_attribute("aria-pressed", "false")
    zoom = page.get_by_label("Zoom")
    assert [zoom.get_attribute(name) for name in ("min", "max", "step")] == ["1", "4", "0.5"]
    zoom.fill("2.5")
    assert device(page, "applied") == [{"torch": True}, {"torch": False}, {"zoom": 2.5}]
    awake = "locks.map(({ kind, released }) => [kind, released])"
    assert eventually(lambda: device(page, awake) == [["screen", False]])
    page.get_by_role("button", name="Shift", exact=True).click()
    page.get_by_role("button", name="Lock", exact=True).click()
    page.locator("#pin").wait_for()
    assert device(page, awake) == [["screen", True]]
    assert device(page, "cameras[0].readyState") == "ended"


def test_stopped_camera_restarts_when_page_returns(site: Site, open_page: Open) -> None:
    page = at_work(site, open_page)
    page.locator("#camera").click()
    assert eventually(lambda: device(page, "locks.length") == 1)
    for times, back in enumerate(("dispatchEvent(new Event('pageshow'))", "dispatchEvent(new Event('focus'))"), 1):
        page.evaluate(back)
        page.wait_for_timeout(100)
        assert device(page, "cameras.length") == times  # a running camera is not restarted
        page.evaluate("device.cameras.at(-1).stop(), device.locks.at(-1).released = true, 0")  # as iOS does
        page.evaluate(back)
        assert eventually(lambda: device(page, "cameras.length") == times + 1)  # noqa: B023 - asked at once
        seen = "document.querySelector('tamga-camera video').srcObject?.getVideoTracks()[0] === device.cameras.at(-1)"
        assert eventually(lambda: page.evaluate(seen))  # noqa: B023 - asked at once
        assert device(page, "cameras.at(-1).readyState") == "live"
        assert eventually(lambda: device(page, "locks.at(-1).released") is False)


def test_each_outcome_has_its_own_sound_and_vibration(site: Site, open_page: Open, watched: Watched) -> None:
    good, used, held, ended = (issued() for _ in range(4))
    page = at_work(site, open_page)
    heard, felt = {}, {}

    def told(outcome: str, text: str) -> None:
        page.evaluate("device.heard = [], device.felt = [], 0")
        wedge(page, text)
        expect(page.locator(".verdict")).to_have_attribute("data-outcome", outcome)
        expect(page.locator(".verdict .asked")).not_to_contain_text("asking")
        heard[outcome], felt[outcome] = str(device(page, "heard")), device(page, "felt.at(-1)")

    cut(page, watched)
    told("accept_offline", good["qr"])
    page.context.set_offline(False)
    leave(used, site.office)
    for permit, verb, body in ((held, "suspend", {}), (ended, "revoke", {"for_cause": False})):
        ok(call("POST", f"/v1/permits/{permit['id']}/{verb}", {"reason": "r", **body}, token="approver"))
    for outcome, text in (
        ("accept", good["qr"]), ("check", used["qr"]), ("hold", held["qr"]), ("not_valid", ended["qr"]),
        ("cannot_tell", WAYBILL),
    ):  # fmt: skip
        told(outcome, text)
    assert len(set(heard.values())) == len(set(felt.values())) == 6
    assert "[]" not in heard.values()


def test_dead_on_arrival_is_recorded_only_on_import(site: Site, open_page: Open) -> None:
    page = at_work(site, open_page)
    wedge(page, issued()["qr"])
    page.locator("#endorse").click()
    expect(page.locator("#quantity-0")).to_be_visible()
    expect(page.locator("#dead-0")).to_have_count(0)  # on export, nothing arrives
    permit = issued(document_type="I", exporter=saker()["importer"], importer=saker()["exporter"])
    page.get_by_role("navigation", name="Screens").get_by_role("button", name="Scan").click()
    page.locator(".directions").get_by_role("button", name="They arrive").click()
    wedge(page, permit["qr"])
    page.locator("#endorse").click()
    page.get_by_role("button", name="All of it").click()
    page.locator("#transport").fill("AWB 065-7719")
    dead = page.get_by_label("Of these dead on arrival")
    dead.fill("3")
    page.get_by_role("button", name="Endorse", exact=True).click()
    expect(page.locator("#dead-0-wrong")).not_to_be_empty()
    dead.fill("1")
    page.get_by_role("button", name="Endorse", exact=True).click()
    page.locator(".written").wait_for()
    sent(page)
    assert [use["lines"] for use in uses(site, permit)] == [[{"line": "A", "quantity": "2", "dead_on_arrival": "1"}]]
