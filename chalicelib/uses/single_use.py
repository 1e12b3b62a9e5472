"""Single-use rule, which decides from a permit's uses whether one more use is allowed (FORMAT.md 6).

The state is a function of the set of uses, not of their order of arrival. A use counts unless it was withdrawn or
waits for a second officer. Uploads that arrive twice or in another order change only which event is `accepted`. An
export document covers one consignment (Art. VI(5)). A document for many crossings is never used up.

`check_lines` checks the lines of one endorsement. It runs before `check_use`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from chalicelib.kernel.days import DAY, HOUR
from chalicelib.kernel.document_kinds import KINDS, DocumentKind
from chalicelib.kernel.enums import Direction, UseResult, UseState
from chalicelib.kernel.errors import AlreadyUsed, FieldError, Invalid, NotUsable, QuantityExceeded
from chalicelib.kernel.quantity import QUANTITY
from chalicelib.people.model import Posts
from chalicelib.uses.use import PermittedAmount, Use, UsedLine

DIRECTIONS = tuple(Direction)

DUPLICATE_WINDOW = 12 * HOUR  # two officers may record one crossing, each offline

PARTS_WINDOW = 30 * DAY  # all parts of one consignment arrive within this time

WEIGHT_TOLERANCE = Decimal("1.05")  # for drying, packing, another scale

WEIGHTS = frozenset({"KGM", "GRM", "MGM"})


def document_key(transport_document: str) -> str:
    """Return the form in which transport documents are compared, with letters and digits in upper case.

    "" means no document.
    """
    text = unicodedata.normalize("NFKC", transport_document).upper()
    return "".join(char for char in text if unicodedata.category(char)[0] in "LN")


def same_document(one: Use, other: Use) -> bool:
    """Return True if both uses name the same transport document. No document is not the same document."""
    return document_key(one.transport_document) == document_key(other.transport_document) != ""


def are_linked(posts: Posts, one: str, other: str) -> bool:
    """Return True if the same goods pass both posts on one journey, such as an inland clearance and its exit.

    Links are symmetric and not transitive.
    """
    return (one in posts and other in posts[one].links) or (other in posts and one in posts[other].links)


def distinct_uses(uses: Iterable[Use], direction: str, posts: Posts) -> tuple[Use, ...]:
    """Return the different uses in one direction, in order of time, of those that count.

    A use that is the same as an earlier one in the result is dropped (`same_use`). If the accepted use was withdrawn,
    its duplicate takes its place.
    """
    kept: list[Use] = []
    for use in sorted((u for u in uses if u.kind == direction and u.counts), key=lambda u: (u.at, u.event_id)):
        if not any(same_use(earlier, use, posts) for earlier in kept):
            kept.append(use)
    return tuple(kept)


def same_use(one: Use, other: Use, posts: Posts) -> bool:
    """Return True if both uses are the same crossing, recorded by two officers.

    Both have the same direction, lines and transport document, and the same or a linked post. They are at most 12 h
    apart. An import permit's own endorsement and its uses with each foreign document are different uses.
    """
    return (
        one.kind == other.kind
        and one.foreign_document == other.foreign_document
        and (one.post == other.post or are_linked(posts, one.post, other.post))
        and abs(one.at - other.at) <= DUPLICATE_WINDOW
        and same_document(one, other)
        and sorted((x.line, x.quantity) for x in one.lines) == sorted((x.line, x.quantity) for x in other.lines)
    )


def unconfirmed(uses: Sequence[Use], directions: Container[str], posts: Posts) -> tuple[Use, ...]:
    """Return the uses in these directions that wait for a second officer, in order of time.

    Leaves out a use that is the same as one that counts.
    """
    waiting = (use for use in uses if use.is_unconfirmed and use.kind in directions)
    found = (use for use in waiting if not any(other.counts and same_use(other, use, posts) for other in uses))
    return tuple(sorted(found, key=lambda use: (use.at, use.event_id)))


def unconfirmed_beside(kind: str, uses: Iterable[Use], use: Use, posts: Posts) -> tuple[Use, ...]:
    """Return the waiting uses of the same direction that differ from `use`.

    Empty if `use` does not count or is no export or import, and for documents for many crossings.
    """
    if not use.counts or use.kind not in {Direction.EXPORT, Direction.IMPORT} or KINDS[kind].many_crossings:
        return ()
    others = (each for each in uses if each.event_id != use.event_id)
    return unconfirmed((*others, use), {use.kind}, posts)


def use_state(kind: str, uses: Iterable[Use]) -> UseState:
    """Return the state of use.

    A document for many crossings is always `unused`. An import permit is never `exported`.
    """
    if KINDS[kind].many_crossings:
        return UseState.UNUSED
    directions = {use.kind for use in uses if use.counts}
    if Direction.IMPORT in directions:
        return UseState.IMPORTED
    return UseState.EXPORTED if Direction.EXPORT in directions and kind != DocumentKind.IMPORT else UseState.UNUSED


Uncounted = Literal["waiting", "withdrawn"]


def why_not_counted(uses: Iterable[Use]) -> Uncounted | None:
    """Return why some uses do not count: `waiting` (for a second officer), else `withdrawn`. None if all count."""
    kept = [use for use in uses if not use.counts]
    if any(use.is_unconfirmed for use in kept):
        return "waiting"
    return "withdrawn" if kept else None


def first_use(uses: Iterable[Use], *directions: str) -> Use | None:
    """Return the use with the smallest (at, event_id) among those that count in these directions."""
    return min((u for u in uses if u.counts and u.kind in directions), key=lambda u: (u.at, u.event_id), default=None)


def moved_amounts(uses: Iterable[Use]) -> dict[str, Decimal]:
    """Return the total quantities of these uses: line letter -> quantity."""
    totals: dict[str, Decimal] = {}
    for use in uses:
        for line in use.lines:
            totals[line.line] = totals.get(line.line, Decimal(0)) + Decimal(line.quantity)
    return totals


def arrived_amounts(uses: Sequence[Use]) -> dict[str, Decimal]:
    """Return the quantities that arrived with these imports: line letter -> quantity.

    An import permit's own endorsement and its uses with foreign documents describe the same goods. Of each line the
    larger total counts.
    """
    own = moved_amounts(use for use in uses if use.foreign_document is None)
    beside = moved_amounts(use for use in uses if use.foreign_document is not None)
    return {letter: max(own.get(letter, Decimal(0)), beside.get(letter, Decimal(0))) for letter in {*own, *beside}}


def consignment_parts(uses: Iterable[Use], posts: Posts) -> tuple[Use, ...]:
    """Return the parts of the first consignment that arrived.

    These are the first import, and every import with the same transport document within 30 days of it.
    """
    first_part, *later = distinct_uses(uses, "import", posts) or (None,)
    if first_part is None:
        return ()
    same = (u for u in later if same_document(u, first_part) and u.at - first_part.at <= PARTS_WINDOW)
    return (first_part, *same)


def arrivals(uses: Sequence[Use], posts: Posts) -> list[Use]:
    """Return every import that counts, `conflict` included. A crossing that two officers recorded is returned once."""
    taken = _separate_imports(uses, posts)
    # a duplicate takes the place of its import if that was withdrawn
    repeats = (use for use in uses if not any(same_use(use, each, posts) for each in taken))
    return [*taken, *distinct_uses((use for use in repeats if use.result == UseResult.DUPLICATE), "import", posts)]


def open_consignment(uses: Sequence[Use], allowed: Mapping[str, PermittedAmount], posts: Posts, now: int) -> Use | None:
    """Return the first part of a consignment that is still arriving, else None.

    All imports and the first export name one transport document. The first part arrived at most 30 days ago. Of at
    least one line less has arrived than left, or if no export was recorded, less than is permitted.
    """
    arrived = distinct_uses(uses, "import", posts)
    if not arrived or now - arrived[0].at > PARTS_WINDOW:
        return None
    left = distinct_uses(uses, "export", posts)
    if not all(same_document(u, arrived[0]) for u in (*arrived, *left[:1])):
        return None
    sent = _exported_amounts(left, allowed)
    come = arrived_amounts(arrived)
    return arrived[0] if any(come.get(letter, Decimal(0)) < quantity for letter, quantity in sent.items()) else None


def lines_above_export(uses: Sequence[Use], allowed: Mapping[str, PermittedAmount], posts: Posts) -> tuple[str, ...]:
    """Return the letters of the lines where more arrived than left (U2).

    If no export was recorded, the limit is the permitted quantity. A weight may be 5 % above the limit.
    """
    left, arrived = distinct_uses(uses, "export", posts), distinct_uses(uses, "import", posts)
    sent, come = _exported_amounts(left, allowed), arrived_amounts(arrived)
    return tuple(letter for letter, moved in sorted(come.items()) if _exceeds(moved, sent.get(letter), letter, allowed))


def lines_above_permitted(use: Use, allowed: Mapping[str, PermittedAmount]) -> tuple[str, ...]:
    """Return the letters of the lines where this use moved more than is permitted. A weight may be 5 % above."""
    permitted = _permitted(allowed)
    known = ((line.line, Decimal(line.quantity)) for line in use.lines if line.line in permitted)
    return tuple(letter for letter, moved in sorted(known) if _exceeds(moved, permitted[letter], letter, allowed))


def check_use(  # noqa: PLR0913 - each fact that steps 1-5 test is named
    kind: str, uses: Sequence[Use], new: Use, allowed: Mapping[str, PermittedAmount], posts: Posts, now: int
) -> None:
    """Check that one more use is allowed.

    1 document for many crossings: always   2 import permit: only at import   3 export: only while unused
    4 import: once, or the missing part of a consignment under one transport document. An import permit's uses with
    foreign documents of the same consignment do not block its own endorsement.
    5 transit and return of other documents: always, because they use nothing

    Raises `AlreadyUsed` (with `first_use`) for a use that 3 or 4 refuses. Raises `NotUsable` for 2.
    """
    if KINDS[kind].many_crossings:  # 1
        return
    if kind == DocumentKind.IMPORT and new.kind != Direction.IMPORT:  # 2
        raise NotUsable("An import permit can be endorsed at import only. Endorse the export document instead.")
    earlier: Use | None = None
    if new.kind == Direction.EXPORT:  # 3
        earlier = first_use(uses, "export", "import")
    elif new.kind == Direction.IMPORT:  # 4
        own = [use for use in uses if use.foreign_document is None]
        part_of = open_consignment(own, allowed, posts, now)
        if part_of is None or not same_document(part_of, new) or not _missing(own, new, allowed, posts):
            earlier = first_use(own, "import")
        earlier = earlier or _other_consignment([use for use in uses if use.foreign_document is not None], new)
    if earlier is not None:  # stays None in 5
        raise AlreadyUsed("This permit has been used.", first_use=earlier)


def check_paired_use(uses: Sequence[Use], new: Use, allowed: Mapping[str, PermittedAmount], posts: Posts) -> None:
    """Check that an import permit covers goods that arrive with a foreign document.

    1 every import so far is of this consignment: one transport document, within 30 days
    2 its uses with foreign documents and this one bring no more than is permitted (5 % more for weights). Equal parts
    at one post are summed.

    Raises `AlreadyUsed` (with `first_use`) for 1. Raises `QuantityExceeded` for 2.
    """
    if (earlier := _other_consignment(uses, new)) is not None:  # 1
        raise AlreadyUsed("The import permit was used for another consignment.", first_use=earlier)
    beside = [use for use in uses if use.foreign_document is not None]
    come = moved_amounts(_separate_imports([*beside, replace(new, result=UseResult.ACCEPTED)], posts))  # 2
    over = [
        letter for letter, amount in come.items() if _exceeds(amount, _permitted(allowed).get(letter), letter, allowed)
    ]
    if over:
        raise QuantityExceeded(f"More arrives than the import permit allows in line {', '.join(over)}.", lines=over)


def classify_offline_use(
    kind: str, uses: Sequence[Use], new: Use, allowed: Mapping[str, PermittedAmount], posts: Posts
) -> UseResult:
    """Classify a use that was recorded offline, as accepted, duplicate or conflict. All are kept, because they
    happened.

    A conflict is more than permitted at export, outside the time window (L2), or refused by `check_use`.
    """
    if any(use.counts and same_use(use, new, posts) for use in uses):
        return UseResult.DUPLICATE
    permitted = _permitted(allowed)
    if new.late or (
        new.kind == Direction.EXPORT and any(Decimal(x.quantity) > permitted.get(x.line, 0) for x in new.lines)
    ):
        return UseResult.CONFLICT
    try:
        check_use(kind, uses, new, allowed, posts, new.at)
    except (AlreadyUsed, NotUsable):
        return UseResult.CONFLICT
    return UseResult.ACCEPTED


def _missing(uses: Sequence[Use], new: Use, allowed: Mapping[str, PermittedAmount], posts: Posts) -> bool:
    """Return True if less has arrived than left, of every line with a quantity in `new`.

    If no export was recorded, the permitted quantities count as left.
    """
    sent = _exported_amounts(distinct_uses(uses, "export", posts), allowed)
    come = arrived_amounts(_separate_imports(uses, posts))
    moving = [each.line for each in new.lines if Decimal(each.quantity)]
    return all(come.get(line, Decimal(0)) < sent.get(line, Decimal(0)) for line in moving)


def _other_consignment(uses: Iterable[Use], new: Use) -> Use | None:
    """Return the first import that counts, if the imports and `new` are not one consignment, else None.

    It is another consignment if some import has another transport document, or is more than 30 days away from `new`.
    """
    imports = [use for use in uses if use.counts and use.kind == Direction.IMPORT]
    one = all(same_document(use, new) and abs(new.at - use.at) <= PARTS_WINDOW for use in imports)
    return None if one else first_use(imports, "import")


def _separate_imports(uses: Sequence[Use], posts: Posts) -> list[Use]:
    """Return the imports that count, without duplicates. Equal imports at one post stay separate.

    `distinct_uses` makes one use of equal parts within 12 h. A limit on quantities would then let in any number of
    parts. The same import at a linked post is the same goods, and is dropped.
    """
    kept: list[tuple[Use, set[str]]] = []
    came = (use for use in uses if use.kind == Direction.IMPORT and use.counts and use.result != UseResult.DUPLICATE)
    for use in sorted(came, key=lambda use: (use.at, use.event_id)):
        seen = next((at for one, at in kept if use.post not in at and same_use(one, use, posts)), None)
        if seen is None:
            kept.append((use, {use.post}))
        else:
            seen.add(use.post)
    return [use for use, _ in kept]


def _exported_amounts(left: Sequence[Use], allowed: Mapping[str, PermittedAmount]) -> dict[str, Decimal]:
    """Return the quantities of the first of these exports, or the permitted quantities without an export."""
    return moved_amounts(left[:1]) if left else _permitted(allowed)


def _permitted(allowed: Mapping[str, PermittedAmount]) -> dict[str, Decimal]:
    return {letter: Decimal(allowance.quantity) for letter, allowance in allowed.items()}


def _exceeds(moved: Decimal, bound: Decimal | None, letter: str, allowed: Mapping[str, PermittedAmount]) -> bool:
    weighed = letter in allowed and allowed[letter].unit in WEIGHTS
    return moved > (bound or Decimal(0)) * (WEIGHT_TOLERANCE if weighed else 1)


def check_lines(lines: Sequence[UsedLine], allowed: Mapping[str, PermittedAmount], direction: str) -> None:
    """Check the lines of an endorsement: each line of each page once, quantities as in FORMAT.md 1.

    At least one quantity is above 0. The quantity dead on arrival is not above that of its line. Except at import, no
    quantity is more than permitted. At import more may be recorded, which U2 reports.

    Raises `Invalid` (field `lines[i]...` or `lines`) for a fault of form. Raises `QuantityExceeded` for more than
    permitted.
    """
    errors: list[FieldError] = []
    seen: set[str] = set()
    for i, line in enumerate(lines):
        where = f"lines[{i}]"
        if line.line not in allowed:
            errors.append(FieldError(f"{where}.line", "unknown_line", "The permit has no such line."))
            continue
        if line.line in seen:
            errors.append(FieldError(f"{where}.line", "twice", "This line is given twice. Give each line once."))
        seen.add(line.line)
        whole = not allowed[line.line].unit
        for name, text in (("quantity", line.quantity), ("dead_on_arrival", line.dead_on_arrival)):
            if text is not None and (not QUANTITY.fullmatch(text) or (whole and "." in text)):
                detail = (
                    "must be a whole number of specimens, such as 2."
                    if whole
                    else "must be a number such as 12 or 0.5."
                )
                errors.append(FieldError(f"{where}.{name}", "quantity", f"Block 14: {detail}"))
    missing = [letter for letter in allowed if letter not in seen]
    if missing:
        errors.append(
            FieldError(
                "lines", "missing_lines", f"Block 14: give every line of the permit; missing: {', '.join(missing)}."
            )
        )
    if errors:
        raise Invalid(*errors)
    if all(Decimal(line.quantity) == 0 for line in lines):
        raise Invalid(FieldError("lines", "nothing_moved", "Block 14: at least one line must have a quantity above 0."))
    for i, line in enumerate(lines):
        if line.dead_on_arrival and Decimal(line.dead_on_arrival) > Decimal(line.quantity):
            raise Invalid(
                FieldError(
                    f"lines[{i}].dead_on_arrival", "quantity", "Must not be more than the quantity that arrived."
                )
            )
    if direction == Direction.IMPORT:
        return
    over = [line.line for line in lines if Decimal(line.quantity) > Decimal(allowed[line.line].quantity)]
    if over:
        raise QuantityExceeded(
            f"More than the permit allows in line {', '.join(over)}.",
            lines=[{"line": letter, "permitted": allowed[letter].quantity} for letter in over],
        )
