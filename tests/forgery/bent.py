"""Forgeries without a key: tokens altered from outside, cut together, mixed; and the type `Forgery`."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from forgery.genuine import LINES, Genuine, known, other_pages, permits, text
from vectors import craft
from vectors.craft import DAY, ORDER, Raw

from chalicelib.trust.model.status_list import StatusList
from chalicelib.trust.model.trust import Trust


@dataclass(frozen=True, slots=True)
class Forgery:
    """The code and context given to a verifier. `pages`: the other codes shown with it."""

    code: str
    trust: Trust = field(default_factory=known)
    status: dict[str, StatusList] = field(default_factory=dict)
    pages: tuple[str, ...] = ()
    online: bool = True


Maker = Callable[[random.Random, Genuine], Forgery]
TRUST = known()


def shown(token: bytes, of: Genuine, **more: Any) -> Forgery:
    return Forgery(text(token, of.host), more.pop("trust", TRUST), pages=more.pop("pages", other_pages(of)), **more)


def message(protected: bytes, payload: Any, signature: bytes, unprotected: Any = None, tag: bytes = b"\xd2") -> bytes:
    return tag + craft.cbor([protected, {} if unprotected is None else unprotected, payload, signature])


def plain(by: str) -> bytes:
    return craft.cbor({1: -7, 4: craft.kid(by)})


def signed(by: str, protected: bytes, payload: bytes) -> bytes:
    return craft.signature(by, craft.cbor(["Signature1", protected, b"", payload]))


def changed(of: Genuine, rng: random.Random, **fields: Any) -> dict[Any, Any]:
    """Claims with other goods, another name or another day. `fields` as in `craft.claims`."""
    claims = copy.deepcopy(of.claims)
    body = claims[-65537]
    what = rng.randrange(5)
    if what == 0:
        body[5] = [[*line[:4], str(rng.randrange(100, 999)), *line[5:]] for line in body[5]]
    elif what == 1:
        body[5] = [*body[5][:3], LINES[rng.randrange(4)]]
    elif what == 2:
        body[3 if body[0] != "I" else 2] = [f"Trader {rng.randrange(10**6)}", "AE"]
    elif what == 3:
        claims[4] += rng.randrange(1, 900) * DAY
    claims[7] = rng.randbytes(16)
    for name, value in fields.items():
        if name[0] == "p":
            body[int(name[1:])] = value
        else:
            claims[{"iss": 1, "exp": 4, "iat": 6}[name]] = value
    return claims


def by_key(name: str, **fields: Any) -> Maker:
    """A whole new token by this key, in the right form."""

    def make(rng: random.Random, of: Genuine) -> Forgery:
        given = {key: value(rng, of) if callable(value) else value for key, value in fields.items()}
        return shown(craft.sign1(name, craft.cbor(changed(of, rng, **given))), of)

    return make


def header(fields: Callable[[random.Random, bytes], dict[Any, Any]]) -> Maker:
    """The right key and payload under another protected header."""

    def make(rng: random.Random, of: Genuine) -> Forgery:
        protected = craft.cbor(fields(rng, craft.kid(of.by)))
        return shown(message(protected, of.payload, signed(of.by, protected, of.payload)), of)

    return make


def form(change: Callable[[random.Random, Genuine], bytes]) -> Maker:
    """The bytes of a token altered from outside."""
    return lambda rng, of: shown(change(rng, of), of)


def payload(change: Callable[[random.Random, Genuine], bytes]) -> Maker:
    """A payload outside the schema, signed by the active permit key."""
    return lambda rng, of: shown(craft.sign1(of.by, change(rng, of)), of)


def new_number(rng: random.Random, of: Genuine) -> str:
    return f"27KG9{rng.randrange(10**5):05d}/{of.number[-1]}"


# --- possible with a printer and scissors ----------------------------------------------------------------------------


def spliced_lines(rng: random.Random, of: Genuine) -> Forgery:
    claims = copy.deepcopy(of.claims)
    other = rng.choice([each for each in permits() if each.claims[-65537][5] != of.claims[-65537][5]])
    claims[-65537][5] = other.claims[-65537][5]
    return shown(message(plain(of.by), craft.cbor(claims), of.token[-64:]), of)


def spliced_signature(rng: random.Random, of: Genuine) -> Forgery:
    other = rng.choice([each for each in permits() if each is not of])
    return shown(message(plain(of.by), of.payload, other.token[-64:]), of)


def spliced_text(rng: random.Random, of: Genuine) -> Forgery:
    """Half the digits of one code and half of another's."""
    other = rng.choice([each for each in permits() if each.payload != of.payload and len(each.token) == len(of.token)]
                       or [each for each in permits() if each is not of])  # fmt: skip
    at = of.text.index("#") + 1 + 17 * rng.randrange(8, 20)
    return Forgery(of.text[:at] + other.text[other.text.index("#") + 1 :][at - of.text.index("#") - 1 :], TRUST)


def another_signature(rng: random.Random, of: Genuine) -> bytes:
    r, s = of.token[-64:-32], of.token[-32:]
    zero, order, most = bytes(32), ORDER.to_bytes(32), b"\xff" * 32
    odd = [
        zero + s, r + zero, zero + zero, order + s, r + order, most + most, s + r, r[::-1] + s, r + r,
        (1).to_bytes(32) + s, rng.randbytes(64), (ORDER - int.from_bytes(r)).to_bytes(32) + s,
        (ORDER - 1).to_bytes(32) * 2,
    ]  # fmt: skip
    return message(plain(of.by), of.payload, rng.choice(odd))


def signature_of_another_size(rng: random.Random, of: Genuine) -> bytes:
    right = of.token[-64:]
    der = craft.private(of.by).sign(of.payload, ec.ECDSA(hashes.SHA256()))
    negative = b"\x30\x46\x02\x20" + bytes([right[0] | 0x80]) + right[1:32] + b"\x02\x22\x00\x00" + right[32:]
    odd = [
        der,
        negative,
        right[:-1],
        right + b"\0",
        b"",
        right[:32],
        b"\0" + right[:32] + b"\0" + right[32:],
        right * 2,
    ]
    return message(plain(of.by), of.payload, rng.choice(odd))


def other_digest(rng: random.Random, of: Genuine) -> bytes:
    """A signature by the right key over something other than Sig_structure with SHA-256."""
    protected, body = plain(of.by), of.payload
    structures = [
        (["Signature", protected, b"", body], hashes.SHA256()),
        (["Signature1", protected, rng.randbytes(8), body], hashes.SHA256()),
        (["Signature1", b"", b"", body], hashes.SHA256()),
        (["CounterSignature", protected, b"", body], hashes.SHA256()),
        (["Signature1", protected, b"", body], hashes.SHA384()),
        (["Signature1", protected, b"", body], hashes.SHA3_256()),
        ([protected, body], hashes.SHA256()),
    ]
    structure, digest = rng.choice(structures)
    r, s = decode_dss_signature(craft.private(of.by).sign(craft.cbor(structure), ec.ECDSA(digest)))
    return message(protected, body, r.to_bytes(32) + s.to_bytes(32))


def long_heads(rng: random.Random, of: Genuine) -> bytes:
    """The same values in a longer or indefinite encoding, which CBOR allows and the format does not."""
    protected, body, signature = plain(of.by), of.payload, of.token[-64:]
    as_long = b"\x59\x00" + bytes([len(protected)]) + protected
    wide = b"\x5a\x00\x00" + len(body).to_bytes(2) + body
    open_body = b"\x5f" + craft.cbor(body[:100]) + craft.cbor(body[100:]) + b"\xff"
    parts = [craft.cbor(protected), b"\xa0", craft.cbor(body), craft.cbor(signature)]
    which = rng.randrange(8)
    if which < 4:
        parts[(0, 2, 2, 1)[which]] = (as_long, wide, open_body, b"\xbf\xff")[which]
        return b"\xd2\x84" + b"".join(parts)
    around = [(b"\xd2\x9f", b"\xff"), (b"\xd2\x98\x04", b""), (b"\xd8\x12\x84", b""), (b"\xd9\x00\x12\x84", b"")]
    begin, end = around[which - 4]
    return begin + b"".join(parts) + end


def around(rng: random.Random, of: Genuine) -> bytes:
    """Something before or after the token, a part of it, or another tag."""
    token = of.token
    odd = [
        token + rng.randbytes(rng.randrange(1, 9)), rng.randbytes(rng.randrange(1, 9)) + token,
        token[: rng.randrange(len(token))], b"\xd8\x3d" + token, b"\xd1" + token[1:], b"\xd8\x62" + token[1:],
        token[1:], b"\xd2" + token, craft.cbor([token]), b"\xd2" + craft.cbor([plain(of.by), {}, of.payload]),
        b"\xd2" + craft.cbor([plain(of.by), {}, of.payload, of.token[-64:], b""]),
        message(plain(of.by), Raw(b"\xf6"), token[-64:]), message(plain(of.by), of.claims, token[-64:]),
        b"\xd2\x84" + craft.cbor({1: -7, 4: craft.kid(of.by)}) + b"\xa0" + craft.cbor(of.payload) + token[-66:],
    ]  # fmt: skip
    return rng.choice(odd)


def bent_text(rng: random.Random, of: Genuine) -> Forgery:
    code = of.text
    at = rng.randrange(code.index("#") + 1, len(code))
    odd = [
        code[:at] + rng.choice("0123456789") + code[at:], code[:at] + code[at + 1 :], code + "0", code + "\n",
        code[:at] + rng.choice("-_ +.aO٠") + code[at + 1 :], code[: code.index("#") + 1],
        code[: code.index("#") + 1] + "9" * 17 + code[code.index("#") + 1 :], code + "0" * 5000,
    ]  # fmt: skip
    return Forgery(rng.choice(odd), TRUST)


def not_our_form(rng: random.Random, of: Genuine) -> Forgery:
    host = of.host
    odd = [
        (host, f"{host}:443"), (host, f"{host}@evil.kg"), (host, f"evil.kg@{host}"), ("https", "http"),
        ("https", "HTTPS"), ("/1#", "/2#"), ("/1#", "/1?a#"), ("/1#", "/01#"), ("https://", " https://"),
        ("https://", "https:/"), (host, host.replace("a", "а")), ("/1#", "#"),
    ]  # fmt: skip
    return Forgery(of.text.replace(*rng.choice(odd)), TRUST)


def strange_host(rng: random.Random, of: Genuine) -> Forgery:
    """A page of the forger under a similar name, with our genuine token or a forged one."""
    names = [
        f"{of.host}.",
        f"www.{of.host}",
        "tarnga.kg",
        f"{of.host}.evil.kg",
        f"x{rng.randrange(999)}.kg",
        "xn--tmga-53d.kg",
    ]
    token = rng.choice([of.token, craft.sign1("forger", of.payload)])
    return Forgery(text(token, rng.choice(names)), TRUST)


def altered_page(rng: random.Random, of: Genuine) -> Forgery:
    """A genuine first page, and a second one whose text was changed."""
    first, second = permits()[18:]
    claims = changed(second, rng)
    bent = message(plain(second.by), craft.cbor(claims), second.token[-64:])
    return Forgery(first.text, TRUST, pages=(text(bent),))


def mixed_pages(rng: random.Random, of: Genuine) -> Forgery:
    """Genuine pages of two permits, shown as one."""
    first, second = permits()[18:]
    other = rng.choice(permits()[:18])
    return Forgery(*rng.choice([(first.text, TRUST), (second.text, TRUST)]), pages=(other.text,))


def stolen_page(rng: random.Random, of: Genuine) -> Forgery:
    """A second page for a genuine first one, by the active permit key."""
    first, second = permits()[18:]
    claims = changed(second, rng, p7=first.claims[-65537][7])
    return Forgery(first.text, TRUST, pages=(text(craft.sign1("KG permit", craft.cbor(claims))),))
