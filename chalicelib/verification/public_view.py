"""JSON form of verdicts, limited to what the reader may see, with the words of each code.

A stranger sees days. Hours, officers and names of posts are for signed-in officers (the contract, "Public"). Addresses,
attachments and history are in no verdict. Only verified fields of a `Verdict` are used, never the text of a request.

The number of a permit on paper from before Tamga is no secret. So a stranger sees of it only what is needed to compare
the paper, and no names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from chalicelib.i18n import words as i18n_words
from chalicelib.i18n.words import translate
from chalicelib.kernel.codes import APPENDIX_NAMES
from chalicelib.kernel.days import local_day, to_text
from chalicelib.kernel.document_kinds import KINDS, DocumentKind
from chalicelib.kernel.enums import NO_DIRECTION, Direction, Outcome
from chalicelib.people.readers import Reader, VerdictReader
from chalicelib.permits import schemas as permits_schemas
from chalicelib.record.permit import LEGACY, Permit, TokenLine, TokenSource, line_letter
from chalicelib.uses.single_use import use_state, why_not_counted
from chalicelib.uses.use import Use
from chalicelib.verdict import sentences
from chalicelib.verdict.check_results import CHECKS, CheckResult
from chalicelib.verdict.file_findings import FileFindings
from chalicelib.verdict.verdict import Verdict

if TYPE_CHECKING:
    from chalicelib.verification import schemas


def text(code: str, language: str, *cases: str, cleared: bool = False, **facts: object) -> str:
    """The sentence of verdict code `code` (F1 .. L2).

    `cases`: in any order, the outcome that the code asks for (`"check"`), the direction (`"export"`), and special cases
    (`"offline"`). The first case with words of its own is used. `cleared`: a person has looked into it, and the
    sentence mentions it. `facts` (None or "": not known): when, post, quantity, waybill, number, replaced_by, duty,
    arrived, other_post, other_when, other_number, blocks, country, pages, missing. Raises KeyError for an unknown code,
    WordsMissing.
    """
    words = translate(_case(sentences.CODES, code, cases), language, facts)
    return translate(sentences.CLEARED, language, {"text": words}) if cleared else words


def outcome(name: str, language: str, *cases: str, **facts: object) -> str:
    """The headline of an outcome.

    `cases` for `accept`:

    - `left`: endorsed for export, seen at import or transit (facts: post, when, waybill, quantity)
    - `crossing`: a document for many crossings
    - `before`: the public page, not endorsed for export yet
    - `waiting`: a hand-stamped endorsement is not confirmed yet

    `facts`: when (accept_offline: the age of the lists), duty (hold), reason (check, not_valid, cannot_tell: the
    text of the first code). Raises KeyError for an unknown outcome, WordsMissing.
    """
    return translate(_case(sentences.OUTCOMES, name, cases), language, facts)


def next_steps(name: str, language: str, *cases: str, officer: bool = True, **facts: object) -> tuple[str, ...]:
    """The steps to take under an outcome, in order.

    `officer`: the reader is one of our officers. `cases`: the codes of the verdict. `facts`: duty. Raises KeyError,
    WordsMissing.
    """
    table = sentences.STEPS if officer else sentences.PUBLIC_STEPS
    return tuple(translate(variants, language, facts) for variants in _case(table, name, cases))


def check_name(number: int, language: str) -> str:
    """The name of check 1 .. 12 of FORMAT.md 5. Raises KeyError, WordsMissing."""
    return translate((sentences.CHECKS[number],), language, {})


def _case[T](table: Mapping[str, T], name: str, cases: Iterable[str]) -> T:
    return next((table[key] for case in cases if (key := f"{name} {case}") in table), None) or table[name]


def result_text(result: CheckResult, reader: VerdictReader, direction: str = "none") -> str:
    """The sentence of one result of a verdict, at this direction."""
    cases = _cases(result, direction)
    return text(result.code, reader.language, *cases, cleared=result.cleared, **_facts(result, reader))


def headline(verdict: Verdict, reader: VerdictReader, direction: str = "none") -> str:
    """The words of the outcome, and for check, not_valid and cannot_tell with the first code that asks for it."""
    reason = next(
        (
            result_text(result, reader, direction)
            for result in verdict.check_results
            if result.outcome == verdict.outcome
        ),
        "",
    )
    case, facts = "", {"duty": reader.duty, "reason": reason}
    if verdict.outcome == Outcome.ACCEPT:
        case, facts = _accepted(verdict, reader, direction)
    if verdict.outcome == Outcome.ACCEPT_OFFLINE:
        facts["when"] = i18n_words.moment(verdict.data_as_of, reader.zone, reader.language, hours=True)
    return outcome(verdict.outcome, reader.language, case, **facts)


def steps(verdict: Verdict, reader: VerdictReader) -> tuple[str, ...]:
    """The next steps, in order."""
    return next_steps(verdict.outcome, reader.language, *verdict.codes, officer=reader.officer, duty=reader.duty)


def _cases(result: CheckResult, direction: str) -> tuple[str, ...]:
    """The cases of `sentences` that apply to this result, the most specific first."""
    use = result.facts.get("kind")
    if result.code == "U5":
        return (
            "offline" if result.facts.get("telephone") else "",
            "imported" if use == Direction.IMPORT else "",
            direction if use == direction == Direction.EXPORT else "",
        )
    if result.code == "P3":
        return ("all" if direction == Direction.EXPORT and result.facts.get("whole") else "",)
    return ("no_code" if result.facts.get("no_code") else "", result.outcome, direction)


def _facts(result: CheckResult, reader: VerdictReader) -> dict[str, str]:
    """The facts as plain text, under the names that `text` takes."""
    facts = result.facts
    if result.code == "D2":
        return {"pages": str(facts["of"]), "missing": ", ".join(str(page) for page in facts["pages"])}
    if result.code == "F5":
        changed = {difference["block"] for difference in facts.get("differences", ())}
        return {"blocks": ", ".join(sorted(changed | set(facts.get("overlaid", ()))))}
    if result.code == "D1" and facts.get("overlaid"):
        return {"blocks": ", ".join(sorted(facts["overlaid"]))}
    known = {"duty": reader.duty}
    if number := facts.get("number"):
        known |= {"number": str(number), "replaced_by": str(number)}
    if at := facts.get("at"):
        last = at - 1 if result.code == "S1" else at  # S1 has `exp`, the first second after the last valid day
        hours = result.code == "T1" or (reader.officer and result.code != "S1")
        known["when"] = i18n_words.moment(last, facts.get("zone", reader.zone), reader.language, hours=hours)
    if reader.officer and (post := facts.get("post")):
        known["post"] = reader.post_names.get(post, post)
    if reader.officer and (document := facts.get("transport_document")):
        known |= {"waybill": document, "quantity": _quantities(facts["lines"])}
    return known


def _quantities(lines: Iterable[tuple[str, str]]) -> str:
    """Line letters and quantities as in block 14: `A 2, B 0.5`."""
    return ", ".join(f"{line} {quantity}" for line, quantity in lines)


def _accepted(verdict: Verdict, reader: VerdictReader, direction: str) -> tuple[str, dict[str, str]]:
    """The case of `accept` and its facts.

    Cases: for many crossings; left and arriving; hand-stamped but not confirmed; not endorsed yet; unused.
    """
    kind = verdict.permit.kind if verdict.permit else "I"
    if KINDS[kind].many_crossings:
        return "crossing", {}
    left = [use for use in verdict.uses if use.counts and use.kind == Direction.EXPORT]
    if not left and why_not_counted(verdict.uses) == "waiting":
        return "waiting", {}
    if not left:
        return ("before" if direction == NO_DIRECTION and kind != DocumentKind.IMPORT else ""), {}
    use = min(left, key=lambda use: (use.at, use.event_id))
    lines = [(line.line, line.quantity) for line in use.lines]
    facts = {"at": use.at, "post": use.post, "transport_document": use.transport_document, "lines": lines}
    return "left", _facts(CheckResult("U5", "", facts), reader)


def verdict(found: Verdict, reader: Reader) -> schemas.Verdict:
    """The contract's Verdict. A screen shows `words` and `steps` above the codes."""
    for_words = reader.for_words
    return {
        "outcome": found.outcome,
        "words": headline(found, for_words, reader.direction),
        "steps": list(steps(found, for_words)),
        "codes": [_code(result, result_text(result, for_words, reader.direction)) for result in found.check_results],
        "checks": [
            {"n": n, "name": name, "words": check_name(n, reader.language), "result": found.checks[n]}
            for n, name in CHECKS.items()
        ],
        "permit": _permit(found, reader),
        "register": _register(found, reader),
        "checked_at": to_text(found.checked_at),
        "data_as_of": to_text(found.data_as_of),
    }


def document(found: FileFindings) -> schemas.VerifiedFile:
    """Kind, pages and number of codes of a file, beside its verdict."""
    return {"kind": found.kind, "pages": found.pages, "codes": len(found.codes)}


def _code(result: CheckResult, text: str) -> schemas.VerdictCode:
    shown: schemas.VerdictCode = {"code": result.code, "check": result.check, "text": text}
    if result.cleared:
        shown["cleared"] = True
    if result.code == "F5":
        # `printed` is text of the file that was sent: unverified, cut and stripped, shown beside the signed text.
        shown["differences"] = [
            {"block": each["block"], "signed": each["signed"], "printed": each["printed"]}
            for each in result.facts.get("differences", ())
        ]
    return shown


def _permit(found: Verdict, reader: Reader) -> schemas.SignedPermit | schemas.PaperPermit | None:
    if found.permit is None:
        return None
    shown = permit(found.permit, found.pages, found.zone)
    if found.register is None or not found.register.legacy:
        return shown
    shown["form"] = LEGACY
    return shown if reader.officer else _without_secrets(shown)


def _without_secrets(shown: schemas.SignedPermit) -> schemas.PaperPermit:
    """Kind, number, days, countries, species and quantities, but no name, no mark, no document of another country."""
    return {
        "form": LEGACY,
        "issuer": shown["issuer"],
        "document_type": shown["document_type"],
        "number": shown["number"],
        "issued_at": shown["issued_at"],
        "valid_until": shown["valid_until"],
        "exporter": {"country": shown["exporter"]["country"]},
        "importer": {"country": shown["importer"]["country"]},
        "lines": [_paper_line(line) for line in shown["lines"]],
    }


def _paper_line(line: schemas.SignedLine) -> schemas.PaperLine:
    shown: schemas.PaperLine = {
        "scientific_name": line["scientific_name"],
        "appendix": line["appendix"],
        "term": line["term"],
        "quantity": line["quantity"],
    }
    if "line" in line:
        shown["line"] = line["line"]
    if "unit" in line:
        shown["unit"] = line["unit"]
    return shown


def permit(signed: Permit, pages: Sequence[Permit], zone: str) -> schemas.SignedPermit:
    """The signed fields of every verified page, under the names of a request.

    `zone`: zone of the issuing Party, in which its days are meant.
    """
    shown: schemas.SignedPermit = {
        "issuer": signed.issuer,
        "document_type": signed.kind,
        "number": signed.number,
        "issued_at": to_text(signed.issued_at),
        "valid_until": local_day(signed.expires_at - 1, zone),
        "exporter": {"name": signed.exporter.name, "country": signed.exporter.country},
        "importer": {"name": signed.importer.name, "country": signed.importer.country},
        "purpose": signed.purpose,
        "lines": [_line(letter, line) for letter, line in _lettered(pages)],
    }
    if signed.stamp is not None:
        shown["stamp_number"] = signed.stamp
    if signed.page is not None:
        shown["pages"] = {"of": signed.page[1], "seen": sorted(page.page[0] for page in pages if page.page)}
    return shown


def _lettered(pages: Sequence[Permit]) -> list[tuple[str | None, TokenLine]]:
    """Lines with their letters, which run on through the pages, or None after a page that was not seen."""
    lettered: list[tuple[str | None, TokenLine]] = []
    known = True
    for expected, page in enumerate(sorted(pages, key=lambda p: p.page or (1, 1)), start=1):
        known = known and (page.page is None or page.page[0] == expected)
        for line in page.lines:
            lettered.append((line_letter(len(lettered)) if known else None, line))
    return lettered


def _line(letter: str | None, line: TokenLine) -> schemas.SignedLine:
    shown: schemas.SignedLine = {
        "scientific_name": line.taxon,
        "appendix": APPENDIX_NAMES[line.appendix],
        "source": line.source,
        "term": line.term,
        "quantity": line.quantity,
    }
    if letter:
        shown["line"] = letter
    if line.unit is not None:
        shown["unit"] = line.unit
    if isinstance(line.marks, str):
        shown["marks"] = line.marks
    elif line.marks is not None:
        shown["marks_digest"] = {"count": line.marks.count, "digest": line.marks.digest.hex()}
    if line.origin is not None:
        shown["origin"] = _source(line.origin, "permit")
    if line.last_reexport is not None:
        shown["last_reexport"] = _source(line.last_reexport, "certificate")
    if line.operation is not None:
        shown["operation_or_acquisition"] = line.operation
    return shown


def _source(source: TokenSource, document: Literal["permit", "certificate"]) -> schemas.SourceOfLine:
    shown: schemas.SourceOfLine = {"country": source.country}
    if source.document is not None:
        shown[document] = source.document
    if source.date is not None:
        shown["date"] = source.date
    return shown


def _register(found: Verdict, reader: Reader) -> schemas.RegisterSays | None:
    if found.register is None or found.permit is None:
        return None
    return {
        "state": found.register.state,
        "use": use_state(found.register.kind, found.register.uses),
        "uses": [_use(item, found.register.legacy, reader) for item in found.uses],
        "replaced_by": found.register.replaced_by,
    }


def _use(item: Use, legacy: bool, reader: Reader) -> permits_schemas.Use:
    shown = permits_schemas.use(item, reader)
    return {**shown, "transport_document": ""} if legacy and not reader.officer else shown
