"""What a reader may have found in a print of a code: every block as it should be, but for a few; or odd JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Protocol

from hypothesis import strategies as st
from vectors import craft

from chalicelib.core import claims, permit, printed_form, stage
from chalicelib.core.errors import DecodeError

ISSUED = craft.ISSUED
LINE = craft.RECORD["lines"][0]
RECORD = craft.RECORD | {
    "transport_document": "AWB 1", "retrospective": {"reason": "late"},
    "lines": [
        LINE | {"common_name": f"Saker {n}", "description": "live, one male, " * n, "source": "CIO"[: n % 4]}
        for n in range(1, 7)
    ],
}  # fmt: skip
DIGEST = craft.record_digest(RECORD)[:16]
WAYS = ("{}.", "", " {} ", "{}[continued]", "{:.14}[continued]", "{:.3}[continued]", "\u202e{}", "№ {}", "{}\u0085\x1c",
        "ﬁ{}", "{}…", "{:.4}…", "a\ufeff{}")  # fmt: skip


class Odd(Protocol):
    draw: st.DrawFn

    def any(self, *values: Any) -> Any: ...


def spelled(record: Any) -> str:
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def document(odd: Odd, found: dict[Any, Any], text: str) -> dict[str, Any] | None:
    """Of a print of the permit that these claims make; None if they make none."""
    try:
        page = claims.decode_claims(craft.cbor(found)).claims
    except DecodeError:
        return None
    zone = stage.zone_named("Asia/Bishkek")
    first = odd.any(0, 1) if page.page and page.page[0] == 2 else 0
    whole = printed_form.page_blocks(page, permit.from_record(RECORD), first, zone) | {"number": page.number}
    sheets = [bent(odd, whole) for _ in range(odd.any(1, 1, 2))]

    def mostly(usual: Any, *others: Any) -> Any:
        return odd.any(*[usual] * 20, *others)

    seal = {
        "intact": mostly(True, False), "whole_file": mostly(True, False), "certified": mostly(True, False),
        "fingerprint": mostly(craft.sha256(b"KG pdf").hexdigest(), "00" * 32),
        "public_key": mostly(craft.spki("KG pdf").hex(), craft.spki("KG permit").hex()),
        "signed_at": mostly(ISSUED, ISSUED - 600, ISSUED - 601, 0),
    }  # fmt: skip
    return {
        "kind": mostly("pdf", "image"), "codes": mostly([text], [text, "176"]), "pages": len(sheets),
        "revisions": mostly(1, 2), "record": mostly(spelled(RECORD), None, "{}", spelled(RECORD) + " "),
        "tokens": mostly([text], []), "has_text": True, "trouble": mostly(None, "encrypted"),
        "form_codes": [mostly(text, "", craft.text(cti=bytes(16))), mostly("", text)][: len(sheets)],
        "blocks": {name: [sheet[name] for sheet in sheets] for name in whole}, "overlaid": mostly([], ["9"]),
        "altered": mostly([], ["9"]),
        "seals": mostly([seal], [], [seal, seal]),
    }  # fmt: skip


def bent(odd: Odd, whole: dict[str, str]) -> dict[str, str]:
    """The same sheet with a few blocks otherwise."""
    names = odd.draw(st.lists(st.sampled_from(sorted(whole)), max_size=2))
    return whole | {name: odd.any(*WAYS).format(whole[name]) for name in names}


@st.composite
def findings(draw: st.DrawFn) -> Any:
    """JSON of a reader, a member or two of which may have been taken over."""
    seal = {
        "intact": True,
        "whole_file": True,
        "fingerprint": "00",
        "public_key": "00",
        "certified": True,
        "signed_at": 1,
    }
    data: dict[str, Any] = {
        "kind": "pdf", "codes": ["x"], "pages": 1, "seals": [seal], "revisions": 1, "record": None, "tokens": [],
        "has_text": True, "form_codes": ["x"], "blocks": {"1": ["x"], "__proto__": []}, "overlaid": [],
        "altered": [], "trouble": None,
    }  # fmt: skip
    odd = st.sampled_from([None, True, 0, -1, 1.5, "", "image", "broken", [], [1], ["x"], {}, {"1": "x"}, {"1": [1]}])
    changes: list[Callable[[dict[str, Any]], Any]] = [
        lambda into: into.update({draw(st.sampled_from(sorted(into))): draw(odd)}),
        lambda into: into.pop(draw(st.sampled_from(sorted(into)))),
        lambda into: into.update({draw(st.sampled_from(["__proto__", "more"])): draw(odd)}),
    ]
    for into in draw(st.lists(st.sampled_from([data, seal]), max_size=2)):
        draw(st.sampled_from(changes))(into)
    return data
