"""JavaScript rejects each flipped bit of a token and each invalid signature (tests/forgery, Wycheproof)."""

from __future__ import annotations

from collections import Counter
from itertools import batched

import proof
from forgery.genuine import FETCHED, PINS, kg_list, kz_list, permits, text
from unit.token import test_wycheproof as wycheproof
from vectors import scenes
from web_core.asking import Node, agree, needs_node

from chalicelib.token import cose

pytestmark = needs_node
GREEN = {"accept", "accept_offline"}
FLIPPED = {"F1", "F2", "T3"}  # any signed content, a kid, a header


def scene() -> dict[str, object]:
    """Return a device that has the trust lists of both Parties."""
    trust = scenes.trust(kg_list(), kz_list(), pins=PINS, fetched_at=FETCHED)
    return {
        "trust": trust, "status": [], "register": "not_asked", "own_uses": [], "context": scenes.context(),
        "document": None, "now": scenes.T,
    }  # fmt: skip


def test_genuine_permits_are_accepted(node: Node) -> None:
    asked = {"ask": "outcomes", "given": scene(), "texts": [one.text for one in permits()]}
    [answer] = agree(node, asked)
    assert all(not hidden for _, _, hidden in answer["is"])
    assert not {code for _, codes, _ in answer["is"] for code in codes} & (FLIPPED | {"T4"})


def test_every_flipped_bit_of_token_is_rejected(node: Node) -> None:
    said = Counter[str]()
    for one in permits()[:: proof.size(7, 1)]:  # three permits, or all twenty
        token = one.token
        flipped = []
        for bit in range(8 * len(token)):
            bent = bytearray(token)
            bent[bit >> 3] ^= 1 << (bit & 7)
            flipped.append(text(bytes(bent), one.host))
        for texts in batched(flipped, 500, strict=False):
            [answer] = node.ask({"ask": "outcomes", "given": scene(), "texts": texts})
            assert len(answer["is"]) == len(texts)
            for outcome, codes, hidden in answer["is"]:
                assert outcome not in GREEN
                assert hidden
                assert set(codes) <= FLIPPED
                said.update(codes)
    assert set(said) == FLIPPED
    proof.found("web core", bits_flipped=said.total(), bits_accepted=0)


def test_wycheproof_signatures_give_expected_result(node: Node) -> None:
    """Raw COSE signatures.

    r and s are 0, n or larger; signatures have 63 bytes or swapped halves; edge cases of the curve.
    """
    rows = [(group, each) for group in wycheproof.groups("_p1363") for each in group["tests"]]
    asked = []
    for group, each in rows:
        x, y = cose.coordinates(wycheproof.key(group))
        asked.append({"ask": "verified", "message": each["msg"], "signature": each["sig"], "x": x.hex(), "y": y.hex()})
    answers = node.ask(*asked)
    wrong = [
        each["tcId"]
        for (_, each), answer in zip(rows, answers, strict=True)
        if each["result"] != "acceptable" and answer != {"is": each["result"] == "valid"}
    ]
    assert wrong == []
    assert len(rows) > 250


def test_key_off_curve_is_rejected(node: Node) -> None:
    p = 2**256 - 2**224 + 2**192 + 2**96 - 1
    x, y = (int.from_bytes(part) for part in cose.coordinates(wycheproof.key(wycheproof.groups("_p1363")[0])))
    points = [(x, y), (x, p - y), (x, y ^ 1), (y, x), (0, 0), (x + p, y), (p, y), (0, 1)]
    asked = [{"ask": "point", "x": (a % 2**256).to_bytes(32).hex(), "y": b.to_bytes(32).hex()} for a, b in points]
    asked += [{"ask": "point", "x": "00" * 31, "y": "00" * 32}]
    answers = agree(node, *asked)
    assert ["is" in answer for answer in answers] == [True, True] + [False] * (len(asked) - 2)
