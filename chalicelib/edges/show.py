"""How verdicts and what they speak of look in JSON: plain data for answers, nothing that its reader may not know.

A stranger reads days; hours, officers and posts' names are for signed-in officers; addresses, attachments and history
leave by no verdict. Only a `Verdict`'s verified fields are read, never a request's text. Of a permit on paper from
before Tamga, whose number is no secret, a stranger reads what comparing the paper takes, and nobody's name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import asdict, dataclass
from typing import Any

from chalicelib import tables, verdict_words, words
from chalicelib.core.document import DocumentFindings
from chalicelib.core.hit import CHECKS, Hit
from chalicelib.core.ledger import Posts, Use, use_of
from chalicelib.core.permit import APPENDIX_NAMES, LEGACY, Permit, TokenLine, TokenSource, line_letter
from chalicelib.core.stage import Stage
from chalicelib.core.verdict import Verdict
from chalicelib.edges.times import day, to_text


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a verdict. `officer`: signed in as one; `names`: an officer's id -> what to call them;
    `persons`: whose endorsements are theirs."""

    language: str
    stage: Stage
    posts: Posts
    officer: bool = False
    direction: str = "none"
    names: Callable[[str], str] = str
    persons: Set[str] = frozenset()

    @property
    def for_words(self) -> verdict_words.Reader:
        zone, duty = self.stage.zone, words.whole(self.stage.duty_number)
        return verdict_words.Reader(self.language, zone, self.officer, duty, self.post_names)

    @property
    def post_names(self) -> Mapping[str, str]:
        named = tables.post_names(self.language, self.stage.issuer)
        return {**{post.id: post.name for post in self.posts.values()}, **named}


def verdict(found: Verdict, reader: Reader) -> dict[str, Any]:
    """The contract's Verdict; `words` and `steps` are what a screen says above the codes."""
    for_words = reader.for_words
    return {
        "outcome": found.outcome,
        "words": verdict_words.headline(found, for_words, reader.direction),
        "steps": list(verdict_words.steps(found, for_words)),
        "codes": [_code(hit, verdict_words.hit_text(hit, for_words, reader.direction)) for hit in found.hits],
        "checks": [
            {"n": n, "name": name, "words": words.check_name(n, reader.language), "result": found.results[n]}
            for n, name in CHECKS.items()
        ],
        "permit": _permit(found, reader),
        "register": _register(found, reader),
        "checked_at": to_text(found.checked_at),
        "data_as_of": to_text(found.data_as_of),
    }


def document(found: DocumentFindings) -> dict[str, Any]:
    """What a file is, beside the verdict on it."""
    return {"kind": found.kind, "pages": found.pages, "codes": len(found.codes)}


def _code(hit: Hit, text: str) -> dict[str, Any]:
    shown: dict[str, Any] = {"code": hit.code, "check": hit.check, "text": text}
    if hit.cleared:
        shown["cleared"] = True
    if hit.code == "F5":
        # `printed` is what the sender's own file says: unverified, cut and stripped, shown beside what was signed.
        shown["differences"] = [dict(difference) for difference in hit.facts.get("differences", ())]
    return shown


def _permit(found: Verdict, reader: Reader) -> dict[str, Any] | None:
    if found.permit is None:
        return None
    shown = permit(found.permit, found.pages, found.zone)
    if found.register is None or not found.register.legacy:
        return shown
    shown["form"] = LEGACY
    return shown if reader.officer else _without_secrets(shown)


def _without_secrets(shown: dict[str, Any]) -> dict[str, Any]:
    """Kind, number, days, countries, species and quantities: no name, no mark, no paper of another country."""
    kept = {name: shown[name] for name in ("form", "issuer", "document_type", "number", "issued_at", "valid_until")}
    for side in ("exporter", "importer"):
        kept[side] = {"country": shown[side]["country"]}
    members = ("line", "scientific_name", "appendix", "term", "quantity", "unit")
    kept["lines"] = [{name: line[name] for name in members if name in line} for line in shown["lines"]]
    return kept


def permit(signed: Permit, pages: Sequence[Permit], zone: str) -> dict[str, Any]:
    """The signed fields under the request's names, of every page that was verified.

    `zone`: the issuing Party's, in which its days are meant.
    """
    shown: dict[str, Any] = {
        "issuer": signed.issuer,
        "document_type": signed.kind,
        "number": signed.number,
        "issued_at": to_text(signed.issued_at),
        "valid_until": day(signed.expires_at - 1, zone),
        "exporter": asdict(signed.exporter),
        "importer": asdict(signed.importer),
        "purpose": signed.purpose,
        "lines": [_line(letter, line) for letter, line in _lettered(pages)],
    }
    if signed.stamp is not None:
        shown["stamp_number"] = signed.stamp
    if signed.page is not None:
        shown["pages"] = {"of": signed.page[1], "seen": sorted(page.page[0] for page in pages if page.page)}
    return shown


def _lettered(pages: Sequence[Permit]) -> list[tuple[str | None, TokenLine]]:
    """Lines with their letters, which run on through the pages; None behind a page that was not seen."""
    lettered: list[tuple[str | None, TokenLine]] = []
    known = True
    for expected, page in enumerate(sorted(pages, key=lambda p: p.page or (1, 1)), start=1):
        known = known and (page.page is None or page.page[0] == expected)
        for line in page.lines:
            lettered.append((line_letter(len(lettered)) if known else None, line))
    return lettered


def _line(letter: str | None, line: TokenLine) -> dict[str, Any]:
    shown: dict[str, Any] = {
        **({"line": letter} if letter else {}),
        "scientific_name": line.taxon,
        "appendix": APPENDIX_NAMES[line.appendix],
        "source": line.source,
        "term": line.term,
        "quantity": line.quantity,
    }
    if line.unit is not None:
        shown["unit"] = line.unit
    if isinstance(line.marks, str):
        shown["marks"] = line.marks
    elif line.marks is not None:
        shown["marks_digest"] = {"count": line.marks.count, "digest": line.marks.digest.hex()}
    for name, document, source in (
        ("origin", "permit", line.origin),
        ("last_reexport", "certificate", line.last_reexport),
    ):
        if source is not None:
            shown[name] = _source(source, document)
    if line.operation is not None:
        shown["operation_or_acquisition"] = line.operation
    return shown


def _source(source: TokenSource, document: str) -> dict[str, str]:
    members = {"country": source.country, document: source.document, "date": source.date}
    return {name: text for name, text in members.items() if text is not None}


def _register(found: Verdict, reader: Reader) -> dict[str, Any] | None:
    if found.register is None or found.permit is None:
        return None
    return {
        "state": found.register.state,
        "use": use_of(found.register.kind, found.register.uses),
        "uses": [_use(item, found.register.legacy, reader) for item in found.uses],
        "replaced_by": found.register.replaced_by,
    }


def _use(item: Use, legacy: bool, reader: Reader) -> dict[str, Any]:
    shown = use(item, reader)
    return {**shown, "transport_document": ""} if legacy and not reader.officer else shown


def use(item: Use, reader: Reader) -> dict[str, Any]:
    """One endorsement; with its hour, officer and the post's name for officers only."""
    shown: dict[str, Any] = {
        "kind": item.kind,
        "day": day(item.at, reader.stage.zone),
        "post": item.post,
        "lines": [{name: text for name, text in asdict(line).items() if text is not None} for line in item.lines],
        "transport_document": item.transport_document,
    }
    if item.result != "accepted":
        shown["result"] = item.result
    if item.withdrawn:
        shown["withdrawn"] = True
    if reader.officer:
        shown |= {
            "event_id": item.event_id,
            "at": to_text(item.at),
            "post_name": reader.post_names.get(item.post, item.post),
            "officer": reader.names(item.officer),
            "recorded": item.recorded,
            "offline": item.offline,
        }
        if item.hands & reader.persons:
            shown["yours"] = True
        if item.foreign_document:
            shown["foreign_document"] = item.foreign_document
        if item.on_behalf_of:
            shown["on_behalf_of"] = item.on_behalf_of
        if item.customs_document:
            shown["customs_document"] = item.customs_document
        if item.brought_by:
            shown |= {"brought_by": reader.names(item.brought_by), "received_at": to_text(item.received_at)}
    return shown
