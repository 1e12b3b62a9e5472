"""Check of our import permit that another Party's document names (Art. III(3)(a)), and the lines that the goods use.

1 our register has issued that number
2 it is an import permit
3 it was valid when the goods came; a change of its state after it was endorsed beside this document is no fault
4 enough of it is left for this consignment
5 it names the goods that need it
6 the goods could be matched with its lines
7 its importer is the one that the document names (block 3)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from chalicelib.kernel.codes import NUMBER
from chalicelib.kernel.document_kinds import DocumentKind
from chalicelib.kernel.enums import Outcome, State, UseResult
from chalicelib.kernel.errors import AlreadyUsed, FieldError, Invalid, QuantityExceeded
from chalicelib.kernel.quantity import spelled
from chalicelib.people.model import Posts
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.model.lifecycle import ISSUED_ONCE
from chalicelib.record.block_texts import SHORTENED
from chalicelib.record.permit import Application, Line, from_record, line_letter
from chalicelib.species.model.listing import Listing
from chalicelib.species.model.name_resolution import taxa_named
from chalicelib.uses import single_use
from chalicelib.uses.single_use import open_consignment, same_document
from chalicelib.uses.use import Use, UsedLine
from chalicelib.verdict.border_rules import SAME_POST_WINDOW, Place, codes_of_uses
from chalicelib.verification.model.foreign_permit import ForeignPermit, needs_import_permit

SUFFIX = ".import-permit"  # suffix of the event id of an import permit's use with a foreign document

USE_ID = re.compile(re.escape(SUFFIX) + r"(-[1-9][0-9]*)?\Z", re.ASCII)

SHORTENED_AT_LEAST = 12  # letters and digits of a shortened name; fewer fit too many importers

CHOICE = "import_permit_lines"


@dataclass(frozen=True, slots=True)
class ArrivingGoods:
    """Goods that come with another Party's document. `at`: time of its endorsement, else of its recording.

    `issuer`, `number`: of that document. `importer`: the name in its block 3, "" if it is not known.
    """

    event_id: str
    issuer: str
    number: str
    goods: Application
    post: str
    at: int
    use: Use | None
    importer: str


def of_paper(paper: ForeignPermit) -> ArrivingGoods:
    goods = from_record(paper.record)
    importer = goods.importer.name or ""
    return ArrivingGoods(paper.id, paper.issuer, paper.number, goods, paper.post, paper.arrived_at, paper.use, importer)


def use_id(event_id: str, number: int = 1) -> str:
    """The event id of the use of an import permit by the endorsement `event_id` of a foreign document.

    `number`: 2, 3, ... if a paper is endorsed again after an undo, so that the withdrawn use stays on file.
    """
    return f"{event_id}{SUFFIX}" if number == 1 else f"{event_id}{SUFFIX}-{number}"


def endorsement_of(event_id: str) -> str:
    """The event id of the endorsement that belongs to such an id. Any other id is returned unchanged."""
    return USE_ID.sub("", event_id)


def valid_at(permit: Dossier, at: int) -> bool:
    return permit.state == State.ISSUED and permit.issued.issued_at <= at < permit.issued.expires_at


def faults(arrival: ArrivingGoods, held: Dossier | None, listing: Listing, posts: Posts) -> Iterator[str]:
    """Faults as names of `foreign_permit.REMARKS`.

    `held`: the dossier in our register under the named number, with the use that the endorsement of this document made.
    """
    if held is None or held.state not in ISSUED_ONCE:  # 1
        yield "import_permit_unknown"
        return
    if held.kind != DocumentKind.IMPORT:  # 2
        yield "import_permit_other_kind"
        return
    own = next((use for use in held.uses if use.withdrawn is None and _used_by(use, arrival.event_id)), None)
    used = own is not None and own.result in {UseResult.ACCEPTED, UseResult.DUPLICATE}
    if not valid_at(held, arrival.at) and not used and not _endorsed_beside(arrival, held, posts):  # 3
        yield "import_permit_not_valid"
    yield from _room(arrival, own, held, posts)  # 4
    ours = from_record(held.record)
    lines = ours.lines
    covered = {name for line in lines for name in taxa_named(line.scientific_name, listing)}
    needing = (line for line in arrival.goods.lines if needs_import_permit(arrival.goods, line, listing))
    if any(not taxa_named(line.scientific_name, listing) <= covered for line in needing):  # 5
        yield "import_permit_other_goods"
    elif own is not None and own.result == UseResult.CONFLICT and _unmatched(arrival, own, held, listing):  # 6
        yield CHOICE
    if ours.importer.name and not same_importer(arrival.importer, ours.importer.name):  # 7
        yield "import_permit_other_importer"


def same_importer(shown: str, ours: str) -> bool:
    """True if two names of an importer have the same letters and digits (NFKC), apart from case.

    Spaces, punctuation and the quotation marks of a firm's name do not count. A name in another script, with another
    legal form or with the words in another order is another name, and the officer compares the two. "" is no name.
    A name that a code shortens (FORMAT.md 1) is the same if ours begins with it.
    """
    plain, known = _plain_name(shown), _plain_name(ours)
    if shown.endswith(SHORTENED) and len(plain) >= SHORTENED_AT_LEAST:
        return known.startswith(plain)
    return bool(plain) and plain == known


def _plain_name(name: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKC", name).casefold() if letter.isalnum())


def _used_by(use: Use, event_id: str) -> bool:
    """True if the endorsement `event_id` of a foreign document made this use."""
    return endorsement_of(use.event_id) == event_id != use.event_id


def _endorsed_beside(arrival: ArrivingGoods, held: Dossier, posts: Posts) -> bool:
    """True if the import permit itself was endorsed for these goods at the same post and about the same time (U5)."""
    itself = [use for use in _until(held.uses, arrival.at + SAME_POST_WINDOW) if use.foreign_document is None]
    results = codes_of_uses("I", Place("import", post=arrival.post), itself, held.allowed, posts, arrival.at)
    return any(result.code == "U5" for result in results)


def _room(arrival: ArrivingGoods, own: Use | None, held: Dossier, posts: Posts) -> Iterator[str]:
    """The faults that the import permit was used before, or that too little of it is left.

    Only earlier uses count, because a later use is a fault of the later document. If this use has the result
    `conflict`, later uses count too.
    """
    if own is not None and own.result == UseResult.DUPLICATE:
        return
    if own is not None:
        others = [use for use in held.uses if use.counts and use.event_id != own.event_id]
        before = [use for use in others if own.result == UseResult.CONFLICT or use.at < own.at]
        yield from shortfall(before, own, held, posts)
        return
    uses = [
        use for use in held.uses if use.at <= arrival.at + (SAME_POST_WINDOW if use.foreign_document is None else 0)
    ]
    part_of = open_consignment(uses, held.allowed, posts, arrival.at)
    in_parts = part_of is not None and (arrival.use is None or same_document(part_of, arrival.use))
    results = codes_of_uses("I", Place("import", post=arrival.post), uses, held.allowed, posts, arrival.at)
    spent = any(use.counts and use.foreign_document is not None for use in uses)
    if not in_parts and (spent or any(result.outcome == Outcome.HOLD or result.code == "U2" for result in results)):
        yield "import_permit_used"


def shortfall(uses: Sequence[Use], new: Use, held: Dossier, posts: Posts) -> Iterator[str]:
    """Faults that keep the import permit from covering this use beside the others (`single_use.check_paired_use`)."""
    try:
        single_use.check_paired_use(uses, new, held.allowed, posts)
    except AlreadyUsed:
        yield "import_permit_used"
    except QuantityExceeded:
        yield "import_permit_exceeded"


def _until(uses: Sequence[Use], at: int) -> list[Use]:
    return [use for use in uses if use.at <= at]


def lines_used(
    arrival: ArrivingGoods, permit: Dossier, choice: Sequence[tuple[str, str]], listing: Listing
) -> tuple[UsedLine, ...]:
    """Every line of the import permit with the quantity that the goods use. It is empty if they use nothing.

    `choice`: (line, quantity) as the officer chose. Raises `Invalid` in two cases. Without a choice, goods that must
    match a line (`_matched`) do not match exactly one. With a choice, it is not valid for the permit, or is less than
    the matching quantity.
    """
    totals, complete = _matched(arrival, permit, listing)
    if choice:
        chosen = tuple(UsedLine(letter, quantity) for letter, quantity in choice)
        try:
            single_use.check_lines(chosen, permit.allowed, "import")
        except Invalid as error:
            raise Invalid(*(_of_choice(fault) for fault in error.errors)) from None
        short = [line.line for line in chosen if Decimal(line.quantity) < totals.get(line.line, 0)]
        if short:
            words = (
                f"Too little for line {', '.join(short)} of the import permit: enter at least "
                "the quantity of the foreign document."
            )
            raise Invalid(FieldError(CHOICE, "less", words))
        return chosen
    if not complete:
        words = "By species and unit, the goods match no line of the import permit or more than one. Choose its lines."
        raise Invalid(FieldError(CHOICE, "choose", words))
    if not any(totals.values()):
        return ()
    return tuple(UsedLine(letter, spelled(totals.get(letter, Decimal(0)))) for letter in permit.allowed)


def whole(permit: Dossier) -> tuple[UsedLine, ...]:
    """All that it permits, as the use to count if the lines are unknown."""
    return tuple(UsedLine(letter, allowance.quantity) for letter, allowance in permit.allowed.items())


def _of_choice(fault: FieldError) -> FieldError:
    return FieldError(fault.field.replace("lines", CHOICE, 1), fault.code, fault.detail)


def _unmatched(arrival: ArrivingGoods, own: Use, held: Dossier, listing: Listing) -> bool:
    return own.lines == whole(held) and not _matched(arrival, held, listing)[1]


def _matched(arrival: ArrivingGoods, permit: Dossier, listing: Listing) -> tuple[Mapping[str, Decimal], bool]:
    """Line of the import permit -> quantity that the goods use of it, and True if all that must match did.

    Goods match a line by taxon and unit, and among several lines by term too. Goods must match one line if they need an
    import permit, or if several lines are possible.
    """
    lines = from_record(permit.record).lines
    taxa = [taxa_named(line.scientific_name, listing) for line in lines]
    moved = single_use.moved_amounts([arrival.use] if arrival.use else [])
    totals: dict[str, Decimal] = {}
    complete = True
    for index, line in enumerate(arrival.goods.lines):
        quantity = moved.get(line_letter(index), Decimal(0))
        names = taxa_named(line.scientific_name, listing)
        alike = [n for n, other in enumerate(lines) if names and names <= taxa[n] and _unit(line) == _unit(other)]
        found = [n for n in alike if lines[n].term == line.term] if len(alike) > 1 else alike
        if not quantity:
            continue
        if len(found) == 1:
            letter = line_letter(found[0])
            totals[letter] = totals.get(letter, Decimal(0)) + quantity
        elif alike or needs_import_permit(arrival.goods, line, listing):
            complete = False
    return totals, complete


def _unit(line: Line) -> str:
    return line.unit or NUMBER
