"""Forgeries with a key or a list.

Keys: another's, one for another purpose, a withdrawn one, the active permit key. Lists: forged, altered, swapped and
older ones.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from typing import Any

from forgery.bent import TRUST, Forgery, Maker, changed, message, plain, shown, signed
from forgery.genuine import FETCHED, KZ_HOST, LINES, OLD_HOST, PINS, Genuine, kg_list, known, text
from vectors import craft, read
from vectors.craft import DAY, HOUR, T

from chalicelib.kernel.errors import DecodeError
from chalicelib.trust.model.status_list import StatusList, open_status_list
from chalicelib.trust.model.trust import Trust
from chalicelib.trust.model.trust_list import encode_bundle, open_bundle

# --- other keys -------------------------------------------------------------------------------------------------------


def kid_swap(to: tuple[str, ...]) -> Maker:
    """Signed by one key under the kid of another."""

    def make(rng: random.Random, of: Genuine) -> Forgery:
        protected = plain(rng.choice(to))
        body = rng.choice([of.payload, craft.cbor(changed(of, rng))])
        return shown(message(protected, body, signed(rng.choice([of.by, "forger"]), protected, body)), of)

    return make


def neighbour_at_home(rng: random.Random, of: Genuine) -> Forgery:
    """A pinned Party signs a permit of ours, on its own host."""
    return Forgery(text(craft.sign1("KZ permit", craft.cbor(changed(of, rng))), KZ_HOST), TRUST)


def our_key_at_the_neighbours(rng: random.Random, of: Genuine) -> Forgery:
    return Forgery(text(of.token, KZ_HOST), TRUST)


def greedy_neighbour(rng: random.Random, of: Genuine) -> Forgery:
    """The neighbour's list claims our hosts, prefix and keys, and the neighbour signs as us."""
    hosts = [[KZ_HOST, T - 100 * DAY], [craft.HOST, T - 100 * DAY], [OLD_HOST, T - 100 * DAY]]
    keys = [craft.key("KZ permit"), craft.key("KG permit"), craft.key("KZ status", "status")]
    theirs = craft.trust_list("KZ", hosts=hosts, keys=keys, prefix=f"https://{rng.choice([KZ_HOST, craft.HOST])}/s/")
    pins = rng.choice([PINS, PINS[::-1]])
    lists = (theirs, kg_list()) if pins is not PINS else (kg_list(), theirs)
    return Forgery(text(craft.sign1("KZ permit", craft.cbor(changed(of, rng))), of.host), known(*lists, pins=pins))


# --- lists ------------------------------------------------------------------------------------------------------------


def opened(data: bytes, trust: Trust = TRUST, newest: int = 0) -> dict[str, StatusList]:
    """The status lists that a device stores from this data."""
    try:
        found = open_status_list(data, trust, newest_iat={craft.URI: newest})
    except DecodeError:
        return {}
    return {found.uri: found}


def index(of: Genuine) -> int:
    return int(of.claims[65535]["status_list"]["idx"])


def swapped_quarter(rng: random.Random, of: Genuine) -> Forgery:
    """A permit revoked in its own quarter's list, which is replaced by another quarter's genuine list."""
    other = craft.status_list({}, uri=f"https://tamga.kg/s/2{rng.randrange(6)}q{rng.randrange(1, 3)}")
    found = next(iter(opened(other).values()))
    return shown(of.token, of, status={craft.URI: found}, online=False)


def rolled_back_status(rng: random.Random, of: Genuine) -> Forgery:
    """The list from before the revocation."""
    old = craft.status_list({}, iat=T - rng.randrange(1, 71) * HOUR)
    return shown(of.token, of, status=opened(old, newest=T), online=False)


def forged_status(rng: random.Random, of: Genuine) -> Forgery:
    by = rng.choice(["KG permit", "KZ status", "KG pdf", "KG root", "forger", "KG old status", "KG retired"])
    return shown(of.token, of, status=opened(craft.status_list({}, by=by)), online=False)


def bent_status(rng: random.Random, of: Genuine) -> Forgery:
    """One bit changed in the list that revokes the permit, or its signature under a list that does not."""
    right = craft.status_list({index(of): 15})
    data = bytearray(craft.status_list({})[:-64] + right[-64:] if rng.random() < 0.5 else right)
    if data == right:
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return shown(of.token, of, status=opened(bytes(data)), online=False)


def revoked_offline(rng: random.Random, of: Genuine) -> Forgery:
    """The genuine list with the revocation, which the other four attacks try to replace."""
    value = rng.choice((1, 2, 13, 14, 15))
    return shown(of.token, of, status=opened(craft.status_list({index(of): value})), online=False)


def bundle(rng: random.Random, of: Genuine, data: bytes, newest: int = 0) -> Forgery:
    try:
        lists = open_bundle(encode_bundle([data]), read.pins(PINS), newest_seq={"KG": newest}, now=T)
    except DecodeError:
        lists = ()
    trust = Trust(lists, read.pins(PINS), FETCHED, T - HOUR)
    return Forgery(text(craft.sign1("KG stolen", craft.cbor(changed(of, rng))), of.host), trust)


def rolled_back_trust(rng: random.Random, of: Genuine) -> Forgery:
    """The list from before the key was withdrawn, put back."""
    keys = [craft.key("KG stolen"), craft.key("KG permit")]
    old = craft.trust_list(keys=keys, hosts=craft_hosts(), seq=T - rng.randrange(2, 59) * DAY)
    return bundle(rng, of, old, newest=T - DAY)


def forged_trust(rng: random.Random, of: Genuine) -> Forgery:
    """A list with the forger's key in it, signed by any key except our root."""
    by = rng.choice(["KZ root", "KG permit", "KG status", "KG pdf", "forger"])
    root = craft.cose_key(rng.choice([by, "KG root"]))
    return bundle(rng, of, craft.trust_list(by=by, keys=[craft.key("KG stolen")], hosts=craft_hosts(), root=root))


def bent_trust(rng: random.Random, of: Genuine) -> Forgery:
    data = bytearray(craft.trust_list(keys=[craft.key("KG stolen")], hosts=craft_hosts()))
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bundle(rng, of, bytes(data))


def craft_hosts() -> list[Any]:
    return [[craft.HOST, T - 100 * DAY], [OLD_HOST, T - 100 * DAY]]


# --- claims outside the schema, by the active permit key --------------------------------------------------------------


def odd_claims(rng: random.Random, of: Genuine) -> bytes:
    claims = copy.deepcopy(of.claims)
    body = claims[-65537]
    odd: list[Callable[[], object]] = [
        lambda: claims.update({2: "sub"}), lambda: claims.update({"x": 1}), lambda: body.update({9: "new"}),
        lambda: body.update({0: "X"}), lambda: body.update({1: "27KG000123"}), lambda: body.update({5: []}),
        lambda: body.update({5: [LINES[0]] * 5}), lambda: body.update({4: "BB"}), lambda: body.update({8: [2, 1]}),
        lambda: body.update({8: [1, 21]}), lambda: body.update({5: [[*LINES[0][:4], "0"]]}), lambda: claims.pop(7),
        lambda: body.update({5: [[*LINES[0][:4], "01"]]}), lambda: body.update({5: [[*LINES[0][:4], 1]]}),
        lambda: claims.update({4: -1}), lambda: claims.update({4: 1 << 53}), lambda: claims.update({6: True}),
        lambda: body.update({2: ["a\u202eb", "KG"]}), lambda: body.update({7: bytes(15)}), lambda: claims.pop(65535),
        lambda: body.update({5: [[*LINES[0][:5], {}]]}), lambda: body.update({5: [[*LINES[0][:5], {0: "NAR"}]]}),
        lambda: claims[65535]["status_list"].update({"ttl": 1}), lambda: body.update({2: ["", "KG"]}),
    ]  # fmt: skip
    rng.choice(odd)()
    return craft.cbor(claims)


def odd_cbor(rng: random.Random, of: Genuine) -> bytes:
    body = of.payload
    odd = [
        body + b"\0", body[:-1], b"\xbf" + body[1:] + b"\xff", b"\xa7" + body[1:] + b"\x01\x62KG",  # a duplicate key
        b"\xb8\x06" + body[1:], body.replace(b"\x01\x62KG", b"\x18\x01\x62KG", 1), b"\xd9\xd9\xf7" + body,
        body.replace(b"\x01\x62KG", b"\x01\x78\x02KG", 1), b"\xa7" + body[1:] + b"\x18\x63\xf6",
        b"\xa7" + body[1:] + b"\x18\x63\xf9\x3c\x00", b"\x81" * 30 + b"\0", b"", b"\xf6", craft.cbor([of.claims]),
        b"\xa6" + craft.cbor(4) + craft.cbor(of.claims[4]) + body[1:],  # out of order
    ]  # fmt: skip
    return rng.choice(odd)


def pointing_outside(rng: random.Random, of: Genuine) -> Forgery:
    claims = copy.deepcopy(of.claims)
    claims[65535]["status_list"]["idx"] = rng.randrange(1 << 17, 1 << 40)
    lists = opened(craft.status_list({}))
    return shown(craft.sign1(of.by, craft.cbor(claims)), of, status=lists, online=rng.random() < 0.5)
