"""Classes of forgery: the maker of each, and its permitted codes.

A maker takes (rng, genuine permit) and returns a `Forgery`. The means of the forger differ by class:

* a printer
* a neighbour's key
* a key of ours for another purpose
* a withdrawn key
* the active permit key
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace

from forgery.bent import (
    TRUST,
    Forgery,
    Maker,
    altered_page,
    another_signature,
    around,
    bent_text,
    by_key,
    changed,
    form,
    header,
    long_heads,
    message,
    mixed_pages,
    new_number,
    not_our_form,
    other_digest,
    payload,
    plain,
    shown,
    signature_of_another_size,
    spliced_lines,
    spliced_signature,
    spliced_text,
    stolen_page,
    strange_host,
)
from forgery.genuine import OLD_HOST, RETIRED_AT, Genuine, kg_list, kz_list, text
from forgery.thefts import (
    bent_status,
    bent_trust,
    forged_status,
    forged_trust,
    greedy_neighbour,
    kid_swap,
    neighbour_at_home,
    odd_cbor,
    odd_claims,
    our_key_at_the_neighbours,
    pointing_outside,
    revoked_offline,
    rolled_back_status,
    rolled_back_trust,
    swapped_quarter,
)
from vectors import craft
from vectors.craft import DAY, T

F1, F2, F3, F4, F6, T1, T3, T4, T6 = ({code} for code in ("F1", "F2", "F3", "F4", "F6", "T1", "T3", "T4", "T6"))
REGISTERED = {"F3", "F4", "D2", "D3"}  # the number may be unknown, or another permit's; the page may no longer belong
OFFLINE = {"T1", "L1", "D2", "D3", "S2", "S3", "S4", "S6", "S7"}
NEEDED = {"F1", "F2", "F3", "F4", "F6", "T1", "T3", "T4", "T6", "T7", "S2", "S3", "S4", "S6", "S7", "D3"}

CLASSES: Mapping[str, tuple[Maker, set[str]]] = {
    "algorithm": (header(lambda rng, kid: {1: rng.choice([-35, -36, -8, -37, -257, 5, 0, -47, 7]), 4: kid}), T3),
    "algorithm in words": (header(lambda rng, kid: {1: rng.choice(["ES256", "none", ""]), 4: kid}), T3),
    "no algorithm": (header(lambda rng, kid: rng.choice([{4: kid}, {1: -7}, {}])), T3),
    "critical header": (header(lambda rng, kid: {1: -7, 2: [rng.choice([1, 4, 100])], 4: kid}), T3),
    "more headers": (
        header(lambda rng, kid: {1: -7, 4: kid, rng.choice([3, 5, 7, 15, 33, 34, 99]): rng.randbytes(4)}), T3),
    "content type": (
        header(lambda rng, kid: {1: -7, 4: kid, rng.choice([3, 16]): rng.choice(
            [craft.STATUS_LIST, craft.TRUST_LIST])}), T3),
    "kid of another length": (
        header(lambda rng, kid: {1: -7, 4: kid[: rng.randrange(8)] + bytes(rng.choice([0, 9]))}), T3),
    "unprotected header": (form(lambda rng, of: message(plain(of.by), of.payload, of.token[-64:],
        rng.choice([{1: -7}, {4: craft.kid(of.by)}, {99: b""}, [], b""]))), T3),
    "longer or open CBOR": (form(long_heads), T3),
    "before, behind, too little": (form(around), T3),
    "digits": (bent_text, {"T3", "F1", "F2"}),
    "another form of text": (not_our_form, T4 | F6),
    "strange host": (strange_host, F6),
    "practice host": (lambda rng, of: Forgery(text(of.token, "practice.tamga.kg"), TRUST), {"T7"}),
    "lines of another permit": (spliced_lines, F1),
    "signature of another permit": (spliced_signature, F1),
    "two codes cut together": (spliced_text, {"F1", "T3", "F2"}),
    "signature out of range or mixed": (form(another_signature), F1),
    "signature of another size or form": (form(signature_of_another_size), T3),
    "signature over something else": (form(other_digest), F1),
    "a changed second page": (altered_page, F1 | {"D2"}),
    "pages of two permits": (mixed_pages, {"D2", "D3"}),
    "a forger's key": (by_key("forger"), F2),
    "another of our keys' name": (kid_swap(("KG spare", "KG late")), F1),
    "an unusable key's name": (kid_swap(("KG status", "KG pdf", "KG root", "KZ permit", "nobody")), F2),
    "another Party's key": (by_key("KZ permit"), F2),
    "another Party's key at home": (neighbour_at_home, F2),
    "our token at another Party's host": (our_key_at_the_neighbours, F2),
    "a Party that claims all of ours": (greedy_neighbour, F2),
    "status key": (by_key("KG status"), F2),
    "pdf key": (by_key("KG pdf"), F2),
    "root key": (by_key("KG root"), F2),
    "retired key": (by_key("KG retired", iat=lambda rng, of: RETIRED_AT + rng.randrange(3 * DAY)), F2),
    "retired key, back-dated": (
        by_key("KG retired", iat=lambda rng, of: RETIRED_AT - rng.randrange(1, 60 * DAY), p1=new_number), REGISTERED),
    "before the key's time": (by_key("KG late", iat=lambda rng, of: T - DAY - rng.randrange(1, 50 * DAY)), F2),
    "compromised key": (by_key("KG stolen", p1=new_number), REGISTERED),
    "compromised key, a known number": (by_key("KG stolen"), REGISTERED),
    "key of other kinds": (by_key("KG imports", p0="E", p2=["Sunkar", "KG"], p3=["Dhafra", "AE"]), F2),
    "another Party's name": (by_key("KG permit", iss=lambda rng, of: rng.choice(["KZ", "AE", "RU"])), F2),
    "another country's goods": (by_key("KG permit", p0="E", p2=["Sunkar", "KZ"]), F2),
    "host at another time": (lambda rng, of: Forgery(text(craft.sign1("KG permit", craft.cbor(
        changed(of, rng, iat=RETIRED_AT + rng.randrange(4 * DAY)))), OLD_HOST), TRUST), F2),
    "the real key, a new number": (by_key("KG permit", p1=new_number), F3 | {"D2", "D3"}),
    "the real key, a known number": (by_key("KG permit"), REGISTERED),
    "the real key, in the future": (
        by_key("KG permit", iat=lambda rng, of: T + rng.randrange(601, 80 * DAY), exp=T + 170 * DAY),
        REGISTERED | {"S5", "F2"}),
    "the real key, a page more": (stolen_page, REGISTERED),
    "the real key, claims outside the schema": (payload(odd_claims), T6),
    "the real key, CBOR outside the format": (payload(odd_cbor), T6),
    "the real key, no place in the list": (pointing_outside, {"F4", "T6", "D2", "D3", "L1"}),
    "a status list as a token": (lambda rng, of: shown(
        rng.choice([craft.status_list({}), kz_list(), kg_list()])[: rng.choice([2048, 9999999])], of), T3 | T4),
    "another quarter's status list": (swapped_quarter, OFFLINE),
    "an older status list": (rolled_back_status, OFFLINE),
    "another key's status list": (forged_status, OFFLINE),
    "a bent status list": (bent_status, OFFLINE | {"T6"}),
    "the right status list": (revoked_offline, OFFLINE),
    "an older trust list": (rolled_back_trust, T1),
    "another root's trust list": (forged_trust, T1),
    "a bent trust list": (bent_trust, T1),
}  # fmt: skip


def make(name: str, rng: random.Random, of: Genuine) -> Forgery:
    made = CLASSES[name][0](rng, of)
    return replace(made, pages=made.pages[:19])
