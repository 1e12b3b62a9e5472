"""Each bit of 20 tokens and 20,000 structured forgeries, with an honest register: none is accepted, each has codes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import cbor2
import proof
import pytest
from forgery import classes
from forgery.genuine import judged, known, other_pages, permits, text
from vectors import craft

from chalicelib.kernel import errors
from chalicelib.token import claims, cose
from chalicelib.trust.model import status_list, trust, trust_list
from chalicelib.verdict import token_checks, verdict

GREEN = {"accept", "accept_offline"}
FLIPPED = {"F1", "F2", "T3"}  # a head, a kid, any other signed byte


def test_genuine_permits_are_accepted() -> None:
    for one in permits():
        found = judged(one.text, known(), pages=other_pages(one))
        assert (found.outcome, found.codes) == ("accept", ()), one.number
    assert len({one.text for one in permits()}) == 20
    assert {one.claims[-65537][0] for one in permits()} == set(craft.KINDS)


def bits(count: int) -> Iterator[tuple[int, int]]:
    """(token, bit): all of them, or `count` of each token."""
    rng = proof.rng("bits")
    for number, one in enumerate(permits()):
        every = range(8 * len(one.token))
        yield from ((number, bit) for bit in (every if count >= len(every) else rng.sample(every, count)))


def test_every_flipped_bit_is_detected() -> None:
    known_, said, tried = known(), Counter[str](), 0
    tokens = [one.token for one in permits()]
    for number, bit in bits(proof.size(60, 1 << 20)):
        one, bent = permits()[number], bytearray(tokens[number])
        bent[bit >> 3] ^= 1 << (bit & 7)
        found = judged(text(bytes(bent), one.host), known_)
        assert found.outcome not in GREEN, (number, bit)
        assert set(found.codes) <= FLIPPED, (number, bit, found.codes)
        assert found.permit is None
        said.update(found.codes)
        tried += 1
    assert set(said) == FLIPPED
    proof.found(
        "forgery", bits_flipped=tried, bits_accepted=0, **{f"bits_{code}": n for code, n in sorted(said.items())}
    )


def wrongly_judged(count: int, names: tuple[str, ...] = tuple(classes.CLASSES)) -> tuple[list[str], Counter[str]]:
    """Wrong verdicts on the forgeries, and the number of each code. Every class occurs, on every permit."""
    wrong, said = [], Counter[str]()
    for number in range(count):
        name = names[number % len(names)]
        rng = proof.rng(f"forgery {number}")
        made = classes.make(name, rng, permits()[rng.randrange(20)])
        found = judged(made.code, made.trust, status=made.status, pages=made.pages, online=made.online)
        expected = classes.CLASSES[name][1]
        why = f"{number} {name}: {found.outcome} {found.codes}"
        if found.outcome in GREEN:
            wrong.append(f"green {why}")
        elif not set(found.codes) <= expected or not set(found.codes) & classes.NEEDED:
            wrong.append(why)
        elif found.permit is not None and not made.pages and "fail" in [found.checks[n] for n in range(1, 7)]:
            wrong.append(f"shown {why}")
        said.update(found.codes)
    return wrong, said


def test_forgeries_are_never_accepted_and_have_expected_codes() -> None:
    count = proof.size(700, 20_000)
    wrong, said = wrongly_judged(count)
    assert wrong == []
    assert {"F1", "F2", "F3", "F4", "F6", "T3", "T4", "T6"} <= set(said)
    proof.found(
        "forgery", structured=count, classes=len(classes.CLASSES), structured_accepted=0,
        **{f"structured_{code}": n for code, n in sorted(said.items())},
    )  # fmt: skip


def lenient(data: bytes, *, cap: int, depth: int) -> Any:
    try:
        return cbor2.loads(data)
    except Exception:
        raise errors.CborError from None


# check -> its owner, its name, its stub, the class of forgeries that it alone detects
SWITCHED_OFF: dict[str, tuple[Any, str, Callable[..., Any], str]] = {
    "signature": (cose, "verify", lambda *_: True, "lines of another permit"),
    "signature of lists": (cose, "verify", lambda *_: True, "a bent status list"),
    "key against claims": (token_checks, "_speaks_for", lambda *_: True, "retired key"),
    "register": (verdict, "register_results", lambda *_: [], "the real key, a new number"),
    "claims in one spelling": (claims.cbor, "decode", lenient, "the real key, CBOR outside the format"),
    "purpose of a key": (trust.Trust, "find_key", lambda self, kid, issuer=None: next(
        ((each, trust_list.TrustKey(key.kid, key.public_key, "permit", tuple(craft.KINDS), 0))
         for each in self.lists for key in each.keys if key.kid == kid), None), "status key"),
    "age of status lists": (status_list, "_claims", lambda payload, old=status_list._claims: (
        (found := old(payload))[0], craft.T, found[2]), "an older status list"),
    "pages": (verdict, "read_other_pages", lambda *_: ([], []), "a changed second page"),
}  # fmt: skip


@pytest.mark.parametrize("check", SWITCHED_OFF)
def test_forgeries_pass_with_one_check_switched_off(check: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests can fail. They detect each missing check."""
    owner, name, stub, caught_by = SWITCHED_OFF[check]
    assert wrongly_judged(40, (caught_by,))[0] == []
    monkeypatch.setattr(owner, name, stub)
    assert wrongly_judged(40, (caught_by,))[0] != []
