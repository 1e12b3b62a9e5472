"""Scanners set up by an earlier release: device, shift, waiting events and photographs work with today's pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from browsing import Site
from playwright.sync_api import Page, expect
from released import RELEASES, ReleasedOffice, load
from scanning import kept, sent, unlock

# JavaScript: create the database of a release's store.js with the content of its fixture
RESTORE = """async ({ name, version, stores, localStorage: notes }) => {
  const bytes = (text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
  const whole = async (value) => {
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return Promise.all(value.map(whole));
    if ("$undefined" in value) return undefined;
    if ("$bytes" in value) return bytes(value.$bytes);
    if ("$buffer" in value) return bytes(value.$buffer).buffer;
    if ("$blob" in value) return new Blob([bytes(value.$blob[1])], { type: value.$blob[0] });
    if ("$key" in value) return crypto.subtle.importKey("jwk", { ...value.$key, ext: false },
      { name: "ECDSA", namedCurve: "P-256" }, false, value.$key.key_ops);
    const made = {};
    for (const [key, each] of Object.entries(value)) made[key] = await whole(each);
    return made;
  };
  const rows = {};
  for (const [store, held] of Object.entries(stores)) {
    rows[store] = [];
    for (const [key, value] of held.rows) rows[store].push([key, await whole(value)]);
  }
  const open = await new Promise((done, fail) => {
    const asked = indexedDB.open(name, version);
    asked.onupgradeneeded = () => {
      for (const [store, { keyPath }] of Object.entries(stores)) {
        asked.result.createObjectStore(store, keyPath ? { keyPath } : undefined);
      }
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
  for (const [store, { keyPath }] of Object.entries(stores)) {
    const writing = open.transaction(store, "readwrite");
    for (const [key, value] of rows[store]) {
      if (keyPath) writing.objectStore(store).put(value); else writing.objectStore(store).put(value, key);
    }
    await new Promise((done, fail) => { writing.oncomplete = done; writing.onabort = () => fail(writing.error); });
  }
  open.close();
  for (const [key, value] of Object.entries(notes)) localStorage.setItem(key, value);
}"""


@pytest.fixture(params=RELEASES)
def ministry(request: pytest.FixtureRequest) -> ReleasedOffice:
    return ReleasedOffice(str(request.param))


def test_device_of_earlier_release_unlocks_and_sends_waiting_events(
    open_page: Callable[..., Page], site: Site, ministry: ReleasedOffice
) -> None:
    held = load(ministry.release, "scanner")
    waiting = [key for key, each in held["stores"]["events"]["rows"] if each["state"] == "waiting"]
    assert len(waiting) == 4
    page = open_page("/v1/health")
    page.evaluate(RESTORE, held)
    page.goto(f"{site.address}/scan/")
    unlock(page)
    page.locator("#camera").wait_for()
    sent(page)
    states = {each["id"]: each["state"] for each in kept(page)}
    assert set(states) == {key for key, _ in held["stores"]["events"]["rows"]}
    assert set(states.values()) == {"stored"}
    expect(page.locator(".sending")).not_to_contain_text("lost")
    photos = kept(page, "photos")
    assert len(photos) == len(held["stores"]["photos"]["rows"])
    assert any(each["sent"] for each in photos)
