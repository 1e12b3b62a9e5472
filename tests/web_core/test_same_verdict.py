"""Python and JavaScript give the same answers to random scenes, texts, bytes and lists."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import proof
import pytest
from fuzz.seeds import signed_lists
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from vectors import craft, read, scenes
from vectors.craft import T
from web_core import drawn
from web_core.asking import Node, agree, needs_node, python

from chalicelib.verdict import check_results

pytestmark = [needs_node, pytest.mark.slow]
EDGES = [0, 23, 24, 255, 256, 65535, 65536, (1 << 32) - 1, 1 << 32, (1 << 53) - 1, 1 << 53, -(1 << 53), -(1 << 53) - 1]
PINS = [craft.pin("KG"), craft.pin("KZ")]
UNDER = scenes.trust(craft.trust_list(), craft.trust_list("KZ"), pins=PINS)


def examples(small: int, full: int) -> Callable[[Any], Any]:
    """Return settings with this number of examples. The same TAMGA_SEED gives the same examples."""
    how = settings(
        max_examples=proof.size(small, full), database=None, suppress_health_check=list(HealthCheck),
        print_blob=False,
    )  # fmt: skip
    return lambda test: seed(proof.SEED)(how(test))


def test_random_scene_gets_same_verdict_in_both_languages(node: Node) -> None:
    said, outcomes = Counter[str](), Counter[str]()

    @examples(1000, 20_000)
    @given(drawn.whole_scenes())
    def one(scene: Any) -> None:
        [answer] = agree(node, {"ask": "judge", "given": scene})
        if "is" in answer:
            outcomes[answer["is"]["outcome"]] += 1
            said.update(found["code"] for found in answer["is"]["check_results"])

    one()
    assert set(outcomes) == set(check_results.OUTCOMES)
    # the rarest codes may be missing by chance
    assert len(set(check_results.CHECK_OF) - {"D1", "F5"} - set(said)) <= proof.size(6, 2)
    proof.found("web core", scenes=sum(outcomes.values()), different=0, **dict(sorted(outcomes.items())))


def test_random_uses_get_same_codes_in_both_languages(node: Node) -> None:
    """Few random scenes reach a used permit at a post that may judge it, so these are drawn separately."""
    said, rng = Counter[str](), proof.rng("borders")
    for _ in range(proof.size(12, 500)):
        asked = [{"ask": "judge", "given": drawn.used_permit(rng)} for _ in range(100)]
        for answer in agree(node, *asked):
            said.update(f"{found['code']} {found['outcome']}" for found in answer["is"]["check_results"])
    tables = {"U1 hold", "U2 check", "U3 hold", "U4 hold", "U5 check", "U6 check", "U7 check", "U8 check", "U9 check",
              "L2 check"}  # fmt: skip
    assert tables | {"S1 not_valid", "S1 check", "P1 not_valid", "P4 check", "U1 check"} <= set(said), said


def test_each_status_value_gets_same_verdict_in_both_languages(node: Node) -> None:
    """All values 0 to 15 in every direction, for each of the three direction tables."""
    ends = {"I": {"p2": ["Barn", "AE"], "p3": ["Sunkar", "KG"]}}
    texts = {kind: craft.text(p0=kind, **ends.get(kind, {})) for kind in ("E", "I", "OT")}
    for value in range(16):
        base = {"trust": scenes.trust(), "status": [drawn.status_list(value, T)], "register": "not_asked",
                "own_uses": [], "document": None, "now": T}  # fmt: skip
        answers = agree(
            node,
            *(
                {"ask": "judge", "given": {**base, "text": text, "context": scenes.context(direction, "airport")}}
                for text in texts.values()
                for direction in ("none", "export", "import", "transit", "return")
            ),
        )
        assert all(answer["is"]["permit"] for answer in answers)


def test_damaged_lists_are_accepted_by_both_languages_or_neither(node: Node) -> None:
    """Randomly damaged bytes, both unsigned and signed with the right key."""
    believed = [craft.trust_list(), craft.cbor(craft.list_claims()), craft.status_list({4711: 3})]
    believed += [craft.cbor(craft.status_claims({4711: 3})), craft.cbor([craft.trust_list(), craft.trust_list("KZ")])]
    seeds = [*believed * 10, *sorted(set(signed_lists()))]
    said = Counter[str]()

    @examples(400, 4_000)
    @given(st.data(), st.sampled_from(seeds), st.integers(0, 2))
    def one(data: st.DataObject, found: bytes, times: int) -> None:
        for _ in range(times):
            found = data.draw(drawn.bent(found))
        bundle = {"ask": "bundle", "pins": PINS, "newest_seq": {"KG": craft.T - 2 * craft.DAY}, "now": craft.T}
        root, status = (craft.sign1(by, found, typ=typ) for by, typ in
                        (("KG root", craft.TRUST_LIST), ("KG status", craft.STATUS_LIST)))  # fmt: skip
        questions = [
            *({"ask": "trust_list", "data": each.hex(), "pins": PINS} for each in (found, root)),
            *(bundle | {"data": each.hex()} for each in (found, craft.cbor([found, root, root]), craft.cbor([found]))),
            *({"ask": "status_list", "data": each.hex(), "trust": UNDER} for each in (found, status)),
        ]
        for question, answer in zip(questions, agree(node, *questions), strict=True):
            said[f"{question['ask']} {'believed' if 'is' in answer else answer['code']}"] += 1

    one()
    for name in ("trust_list", "bundle", "status_list"):
        assert said[f"{name} believed"] > 8, said
        assert said[f"{name} T1"] > 8, said


def test_random_bytes_are_decoded_by_both_languages_or_neither(node: Node) -> None:
    """CBOR of every kind, valid or almost valid, COSE messages and claims, with their decoded content."""
    said = Counter[str]()
    good = [craft.token(), craft.payload(), craft.cbor(craft.list_claims()), craft.payload(p5=[*drawn.LINES[:4]])]
    whole = good * 20 + good[:2] * 60  # most changes make a message or claims invalid
    whole += [bytes.fromhex(row["input"]["payload"]) for row in read.vectors("claims")]
    whole += [bytes.fromhex(row["input"]["cbor"]) for row in read.vectors("cbor")]
    scalars = st.one_of(
        st.integers(-(1 << 64), (1 << 64) - 1), st.sampled_from(EDGES), st.binary(max_size=30), st.text(max_size=30),
        st.booleans(),
    )  # fmt: skip
    keys = st.one_of(st.integers(-300, 300), st.text(max_size=8))
    values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4))

    @examples(600, 15_000)
    @given(
        st.data(), st.one_of(st.sampled_from(whole), values.map(craft.cbor), st.binary(max_size=80)), st.integers(0, 2)
    )
    def one(data: st.DataObject, found: bytes, times: int) -> None:
        for _ in range(times):
            found = data.draw(drawn.bent(found))
        sizes = {"cap": data.draw(st.sampled_from([2048, 64, len(found)])), "depth": data.draw(st.integers(1, 7))}
        asked = {"data": found.hex()}
        questions = [{"ask": "cbor", **asked, **sizes}, {"ask": "sign1", **asked}, {"ask": "claims", **asked}]
        for question, answer in zip(questions, agree(node, *questions), strict=True):
            said[f"{question['ask']} {'read' if 'is' in answer else answer['refused']}"] += 1

    one()
    for name in ("cbor", "sign1", "claims"):
        assert said[f"{name} read"] > 4, said
        assert said[f"{name} not-genuine"] > 4, said


def test_random_texts_get_same_answer_in_both_languages(node: Node) -> None:
    """QR texts, numbers of the paper register, check codes, white space and records that a device signs."""
    anything = st.text(st.characters(codec=None), max_size=60)
    numbers = [row["input"]["number"] for row in read.vectors("numbers")]
    texts = [row["input"]["text"] for row in read.vectors("texts")]
    scalars = st.text(max_size=20) | st.booleans() | st.none() | st.integers(-(1 << 53) + 1, (1 << 53) - 1)
    plain = st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
        max_leaves=12,
    )

    @examples(200, 15_000)
    @given(st.data(), anything, st.dictionaries(st.text(max_size=9), plain, max_size=5))
    def one(data: st.DataObject, free: str, record: Any) -> None:
        number = data.draw(drawn.spelled(data.draw(st.sampled_from(numbers))))
        typed = data.draw(drawn.spelled("RWB2-8J92"))
        text = data.draw(drawn.spelled(data.draw(st.sampled_from(texts))))
        agree(
            node,
            *({"ask": "text", "text": each} for each in (free, text)),
            *({"ask": "number", "number": each} for each in (free, number)),
            *({"ask": "typed", "typed": each} for each in (free, typed)),
            {"ask": "texts", "texts": [free, number, text]},
            {"ask": "record", "record": record},
        )

    one()


def test_endorsed_lines_are_accepted_by_both_languages_or_neither(node: Node) -> None:
    quantities = st.sampled_from(
        ("0", "1", "2", "0.5", "01", "1.0", "1e3", "-1", "", "12.500001", "999999999.999999", "١")
    )
    letters = st.sampled_from(("A", "B", "C", "__proto__", "constructor"))
    lines = st.lists(
        st.fixed_dictionaries({"line": letters, "quantity": quantities, "dead_on_arrival": st.none() | quantities}),
        max_size=4,
    )
    units = st.sampled_from((None, "KGM", "MTR"))
    amounts = st.sampled_from(("1", "2", "0.5", "12.5"))
    allowed = st.dictionaries(
        st.sampled_from(("A", "B", "constructor")),
        st.fixed_dictionaries({"quantity": amounts, "unit": units}),
        max_size=3,
    )
    directions = st.sampled_from(("export", "import"))

    @examples(200, 10_000)
    @given(st.data(), lines, allowed, directions)
    def one(data: st.DataObject, said: Any, permitted: Any, direction: str) -> None:
        known, kind = data.draw(drawn.uses()), data.draw(st.sampled_from(craft.KINDS))
        added = data.draw(drawn.uses(1)) or [scenes.use("new", craft.T)]
        agree(
            node,
            {"ask": "lines", "lines": said, "allowed": permitted, "direction": direction},
            {"ask": "check_use", "kind": kind, "uses": known, "added": added[0], "allowed": permitted,
             "posts": scenes.POSTS, "now": craft.T},
        )  # fmt: skip

    one()


def test_changed_clock_in_one_language_is_detected(node: Node) -> None:
    """Test of the harness. Node gets a clock 400 days later, and every answer must differ."""
    rows = random.Random(proof.SEED).sample(read.vectors("verdicts"), 20)
    ours = [row["input"] for row in rows]
    theirs = [scene | {"now": scene["now"] + 400 * craft.DAY} for scene in ours]
    asked = [{"ask": "judge", "given": scene} for scene in ours]
    answers = node.ask(*({"ask": "judge", "given": scene} for scene in theirs))
    assert all(python(question) != answer for question, answer in zip(asked, answers, strict=True))
