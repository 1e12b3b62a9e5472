"""Copies of other Parties' status lists: genuine newer lists are kept, anything else from their hosts is refused."""

from __future__ import annotations

import json
import logging
from hashlib import sha256

import pytest
from office import MemoryOffice
from staff import staffed
from two_countries import befriended, fetching, kyrgyzstan, uzbekistan

from chalicelib.adapters.in_process.memory import MemoryLists
from chalicelib.adapters.in_process.signer import FileSigner
from chalicelib.kernel.days import SKEW
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.rows import Conflict, Key
from chalicelib.kernel.stage import Stage
from chalicelib.offline.services import bundle
from chalicelib.token import cose
from chalicelib.trust.model.status_list import CAP, REVOKED, encode_status_list, status_list_header
from chalicelib.trust.services import party_lists, publish_status_lists, publish_trust_list
from chalicelib.trust.services.party_lists import FetchCounts

HERE = "s/UZ/27q1"
URI = "https://cites.example.uz/s/27q1"
HOUR = 3600


class Two:
    """Our register and a neighbour's that publishes given bytes."""

    def __init__(self) -> None:
        self.ours, self.theirs = kyrgyzstan(), uzbekistan()
        befriended(self.ours, self.theirs)

    def publishes(self, data: bytes, path: str = "s/27q1") -> None:
        held = self.theirs.static.read(path)
        self.theirs.static.write(path, data, content_type="", etag=held[1] if held else None)

    def made(self, at: int, *, uri: str = URI, key: FileSigner | None = None, revoked: int = 7) -> bytes:
        signer = key or self.theirs.status_keys[0]
        protected, payload = status_list_header(signer.kid), encode_status_list(uri, {revoked: REVOKED}, at)
        digest = sha256(cose.to_be_signed(protected, payload)).digest()
        return cose.encode_sign1(protected, payload, cose.raw_signature(signer.sign_digest(digest)))

    def turn(self) -> FetchCounts:
        return fetching(self.ours, self.theirs)

    @property
    def kept(self) -> bytes | None:
        held = self.ours.static.read(HERE)
        return held[0] if held else None


def altered(data: bytes) -> bytes:
    """Flip one bit of the signature."""
    return data[:-1] + bytes([data[-1] ^ 1])


@pytest.fixture
def two() -> Two:
    return Two()


def test_list_is_kept_unchanged_and_replaced_by_newer(two: Two) -> None:
    now = two.ours.now
    first, second = two.made(now - HOUR), two.made(now - 60)
    two.publishes(first)
    assert two.turn() == FetchCounts(1, 0, HOUR)
    assert two.kept == first
    assert two.turn() == FetchCounts(0, 0, HOUR)
    two.publishes(second)
    assert two.turn() == FetchCounts(1, 0, 60)
    assert two.kept == second
    listed = party_lists.kept_list_or_none("UZ", URI, two.ours)
    assert listed is not None
    assert (listed.issuer, listed.uri, listed.value(7), listed.value(8)) == ("UZ", URI, REVOKED, 0)


def test_older_list_does_not_replace_newer(two: Two) -> None:
    newer = two.made(two.ours.now - 60)
    two.publishes(newer)
    two.turn()
    two.publishes(two.made(two.ours.now - 61))
    assert two.turn() == FetchCounts(0, 1, 60)
    assert two.kept == newer


@pytest.mark.parametrize(
    "bent",
    [
        lambda two, now: two.made(now, key=two.ours.status_keys[0]),
        lambda two, now: two.made(now, key=two.theirs.permit_keys[0]),
        lambda two, now: two.made(now, key=FileSigner.generate()),
        lambda two, now: two.made(now, uri="https://cites.example.kg/s/27q1", key=two.ours.status_keys[0]),
        lambda two, now: two.made(now, uri="https://cites.example.uz/s/27q2"),
        lambda two, now: two.made(now + SKEW + 1),
        lambda two, now: altered(two.made(now)),
        lambda two, now: two.made(now)[:-1],
        lambda two, now: two.made(now) + b"\0",
        lambda two, now: b"<html>moved</html>",
        lambda two, now: b"",
        lambda two, now: bytes(CAP + 1),
    ],
    ids=[
        "our key", "their permit key", "nobody's key", "our own list", "of another quarter", "ahead of time",
        "signed otherwise", "cut off", "longer", "a page", "empty", "too large",
    ],
)  # fmt: skip
def test_list_that_is_not_theirs_replaces_nothing(two: Two, bent: object) -> None:
    now = two.ours.now
    good, other = two.made(now - HOUR), two.made(now - HOUR, uri="https://cites.example.uz/s/27q2")
    two.publishes(bent(two, now))  # type: ignore[operator]
    two.publishes(other, "s/27q2")
    assert two.turn() == FetchCounts(1, 1, HOUR)  # the next quarter's list is fetched all the same
    assert two.kept is None
    two.publishes(good)
    assert two.turn().kept == 1
    two.publishes(bent(two, now))  # type: ignore[operator]
    assert two.turn() == FetchCounts(0, 1, HOUR)
    assert two.kept == good


@pytest.mark.parametrize("another_quarters", [False, True])
def test_foreign_bytes_in_our_store_are_refused_and_replaced(two: Two, another_quarters: bool) -> None:
    good, other = two.made(two.ours.now - 60), two.made(two.ours.now, uri="https://cites.example.uz/s/27q2")
    two.ours.static.write(HERE, other if another_quarters else b"x", content_type="", etag=None)
    assert two.ours.checker().listed("UZ", URI) is None
    two.publishes(good)
    assert two.turn() == FetchCounts(1, 0, 60)
    assert two.kept == good


def test_silent_host_is_logged_and_stops_no_other(two: Two, caplog: pytest.LogCaptureFixture) -> None:
    third = staffed(Stage("KZ", "cites.example.kz", zone="Asia/Almaty", practice=False))
    befriended(two.ours, third)
    two.publishes(two.made(two.ours.now - 60))
    asked: list[str] = []

    class Half(MemoryLists):
        def fetch(self, url: str, *, cap: int) -> bytes | None:
            asked.append(url)
            return super().fetch(url, cap=cap)

    two.ours.published_lists = Half({"cites.example.uz": two.theirs.static})
    with caplog.at_level(logging.INFO, "tamga"):
        assert two.ours.fetch_lists() == FetchCounts(1, 1, 60)
    (line,) = (json.loads(record.message) for record in caplog.records)
    assert (line["event"], line["country"], line["where"]) == ("party", "KZ", "fetch_lists")
    assert len([url for url in asked if "example.kz" in url]) == 1  # a silent host is asked once a turn


def test_bug_in_one_turn_is_logged_as_fault_and_stops_no_other(two: Two, caplog: pytest.LogCaptureFixture) -> None:
    third = staffed(Stage("KZ", "cites.example.kz", zone="Asia/Almaty", practice=False))
    befriended(two.ours, third)
    two.publishes(two.made(two.ours.now - 60))

    class Broken(MemoryLists):
        def fetch(self, url: str, *, cap: int) -> bytes | None:
            if "example.kz" in url:
                raise KeyError("a bug")
            return super().fetch(url, cap=cap)

    two.ours.published_lists = Broken({"cites.example.uz": two.theirs.static})
    with caplog.at_level(logging.INFO, "tamga"):
        assert two.ours.fetch_lists() == FetchCounts(1, 1, 60)
    assert {json.loads(record.message)["event"] for record in caplog.records} == {"fault"}


def test_only_partys_own_host_is_asked_for_current_quarters(two: Two) -> None:
    asked: list[str] = []

    class Listening(MemoryLists):
        def fetch(self, url: str, *, cap: int) -> bytes | None:
            asked.append(url)
            return None

    two.ours.published_lists = Listening({})
    two.ours.fetch_lists()
    assert asked == list(publish_status_lists.uris(two.theirs.stage, two.ours.now))
    assert all(url.startswith("https://cites.example.uz/s/") for url in asked)


def test_host_without_lists_is_logged_until_one_is_kept(two: Two, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "tamga"):
        assert two.turn() == FetchCounts(failed=1)
    (line,) = (json.loads(record.message) for record in caplog.records)
    assert (line["event"], line["country"], line["why"][:20]) == ("party", "UZ", "The host serves none")
    two.publishes(two.made(two.ours.now - 60))
    assert two.turn() == FetchCounts(1, 0, 60)
    two.ours.published_lists = MemoryLists({"cites.example.uz": kyrgyzstan().static})
    assert two.ours.fetch_lists() == FetchCounts(0, 0, 60)  # from now on the age of the kept list is reported


def test_write_conflict_after_lost_answer_counts_as_kept(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    """A concurrent writer, or our own write whose answer was lost, stored the list already."""

    def lost(path: str, data: bytes, **_: object) -> None:
        write(path, data, content_type="", etag=None)
        raise Conflict([Key("static", path)])

    two.publishes(two.made(two.ours.now - 60))
    write = two.ours.static.write
    monkeypatch.setattr(two.ours.static, "write", lost)
    assert two.turn().failed == 0
    assert two.kept is not None


@pytest.mark.parametrize("path", [publish_trust_list.BUNDLE_PATH, HERE])
def test_unavailable_store_raises_instead_of_empty_bundle(two: Two, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    def busy(asked: str) -> tuple[bytes, str] | None:
        if asked == path:
            raise Unavailable
        return read(asked)

    two.publishes(two.made(two.ours.now - 60))
    two.turn()
    read, ours = two.ours.static.read, two.ours
    assert len(party_lists.kept_lists(ours)) == 1
    monkeypatch.setattr(ours.static, "read", busy)
    with pytest.raises(Unavailable):
        party_lists.kept_lists(ours)


def test_register_without_neighbours_fetches_nothing() -> None:
    alone = kyrgyzstan()
    assert fetching(alone) == FetchCounts()
    alone.static._objects.clear()
    with pytest.raises(Unavailable):
        alone.fetch_lists()


def test_party_lists_too_large_for_devices_are_left_out_and_logged(
    two: Two, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    small = two.made(two.ours.now - 60)
    two.publishes(small)
    two.turn()
    bundled = two.ours.bundle()[0]["party_status_lists"]["UZ"]
    assert set(bundled) == {URI}
    monkeypatch.setattr(bundle, "PARTY_LISTS_AT_MOST", len(bundled[URI]))
    two.publishes(two.made(two.ours.now - 30, uri="https://cites.example.uz/s/27q2", revoked=123_456), "s/27q2")
    two.turn()
    two.ours.later(60)
    assert caplog.records == []
    with caplog.at_level(logging.INFO, "tamga"):
        assert len(two.ours.bundle()[0]["party_status_lists"]["UZ"]) == 1
    (line,) = (json.loads(record.message) for record in caplog.records)
    assert (line["event"], line["country"], line["where"], line["why"]) == (
        "party", "UZ", "bundle", "Lists too large for devices: 1.",
    )  # fmt: skip
    monkeypatch.undo()
    two.ours.later(60)
    assert len(two.ours.bundle()[0]["party_status_lists"]["UZ"]) == 2


def test_each_party_has_its_own_list_of_a_shared_address(two: Two) -> None:
    held: MemoryOffice = two.ours
    own = publish_status_lists.uris(held.stage, held.now)[4]
    held.static.write(publish_status_lists.path_of(own), b"ours", content_type="", etag=None)
    made, _ = bundle.bundle(
        held,
        offline_limits={},
        parts={},
        party_lists=[("UZ", own, b"theirs"), ("KZ", own, b"a third's")],
        tell=lambda *_: None,
    )
    assert made["party_status_lists"] == {
        "KG": {own: "b3Vycw=="}, "UZ": {own: "dGhlaXJz"}, "KZ": {own: "YSB0aGlyZCdz"},
    }  # fmt: skip
