"""What endorsements do to a permit: its use is a function of the SET of uses, never of their order of arrival.

A use counts unless it was withdrawn or still waits for a second person; uploads that arrive twice or in another
order change only which event is called `accepted`. Export documents cover one consignment (Art. VI(5)); documents
for many crossings are never used up.

Whether the lines of one endorsement are in order, before it is asked whether there may be one more
(uses/single_use.py)."""

from __future__ import annotations

import unicodedata
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from chalicelib.kernel.days import DAY, HOUR
from chalicelib.kernel.document_kinds import KINDS
from chalicelib.kernel.errors import AlreadyUsed, FieldError, Invalid, NotUsable, QuantityExceeded
from chalicelib.kernel.quantity import QUANTITY
from chalicelib.people.model import Posts
from chalicelib.uses.use import PermittedAmount, Use, UsedLine

DIRECTIONS = ("export", "import", "transit", "return")

DUPLICATE_WINDOW = 12 * HOUR  # one use seen by two officers, each offline

PARTS_WINDOW = 30 * DAY  # parts of one consignment still arriving

WEIGHT_TOLERANCE = Decimal("1.05")  # drying, packing, another scale

WEIGHTS = frozenset({"KGM", "GRM", "MGM"})


def document_key(transport_document: str) -> str:
    """What transport documents are compared by: letters and digits in upper case. "": no document."""
    text = unicodedata.normalize("NFKC", transport_document).upper()
    return "".join(char for char in text if unicodedata.category(char)[0] in "LN")


def same_document(one: Use, other: Use) -> bool:
    """Whether both name one transport document. No document is not the same document."""
    return document_key(one.transport_document) == document_key(other.transport_document) != ""


def linked(posts: Posts, one: str, other: str) -> bool:
    """Two posts of one journey (an inland clearance and its exit): symmetric, not transitive."""
    return (one in posts and other in posts[one].links) or (other in posts and one in posts[other].links)


def distinct_uses(uses: Iterable[Use], direction: str, posts: Posts) -> tuple[Use, ...]:
    """The different uses in one direction, first to last; a duplicate stands for the use that it repeats."""
    kept: list[Use] = []
    for use in sorted((u for u in uses if u.kind == direction and u.counts), key=lambda u: (u.at, u.event_id)):
        if not any(same_use(earlier, use, posts) for earlier in kept):
            kept.append(use)
    return tuple(kept)


def same_use(one: Use, other: Use, posts: Posts) -> bool:
    """Same or linked post, same lines and transport document within 12 h: two officers saw one crossing.

    An import permit's own endorsement and its uses with each foreign document are different uses.
    """
    return (
        one.kind == other.kind
        and one.foreign_document == other.foreign_document
        and (one.post == other.post or linked(posts, one.post, other.post))
        and abs(one.at - other.at) <= DUPLICATE_WINDOW
        and same_document(one, other)
        and sorted((x.line, x.quantity) for x in one.lines) == sorted((x.line, x.quantity) for x in other.lines)
    )


def unconfirmed(uses: Sequence[Use], directions: Container[str], posts: Posts) -> tuple[Use, ...]:
    """The uses in these directions that wait for a second officer, first to last, without those that repeat one that
    counts."""
    waiting = (use for use in uses if use.waits and use.kind in directions)
    found = (use for use in waiting if not any(other.counts and same_use(other, use, posts) for other in uses))
    return tuple(sorted(found, key=lambda use: (use.at, use.event_id)))


def unconfirmed_beside(kind: str, uses: Iterable[Use], use: Use, posts: Posts) -> tuple[Use, ...]:
    """The exports or imports that wait for a second officer and are another use than this one, which counts."""
    if not use.counts or use.kind not in {"export", "import"} or KINDS[kind].many_crossings:
        return ()
    others = (each for each in uses if each.event_id != use.event_id)
    return unconfirmed((*others, use), {use.kind}, posts)


def use_of(kind: str, uses: Iterable[Use]) -> str:
    """unused | exported | imported. Documents for many crossings stay `unused`; an import permit skips `exported`."""
    if KINDS[kind].many_crossings:
        return "unused"
    directions = {use.kind for use in uses if use.counts}
    if "import" in directions:
        return "imported"
    return "exported" if "export" in directions and kind != "I" else "unused"


def why_not_counted(uses: Iterable[Use]) -> str | None:
    """waiting: an endorsement waits for its second person; else withdrawn: one was undone; None: all count."""
    kept = [use for use in uses if not use.counts]
    if any(use.waits for use in kept):
        return "waiting"
    return "withdrawn" if kept else None


def first_use(uses: Iterable[Use], *directions: str) -> Use | None:
    """The smallest (at, event_id) among the uses that count in these directions."""
    return min((u for u in uses if u.counts and u.kind in directions), key=lambda u: (u.at, u.event_id), default=None)


def amounts(uses: Iterable[Use]) -> dict[str, Decimal]:
    """Line letter -> total quantity of these uses."""
    totals: dict[str, Decimal] = {}
    for use in uses:
        for line in use.lines:
            totals[line.line] = totals.get(line.line, Decimal(0)) + Decimal(line.quantity)
    return totals


def arrived_amounts(uses: Sequence[Use]) -> dict[str, Decimal]:
    """Line letter -> what these imports brought.

    An import permit's own endorsement and its uses with foreign documents tell of the same goods: the larger counts.
    """
    own = amounts(use for use in uses if use.foreign_document is None)
    beside = amounts(use for use in uses if use.foreign_document is not None)
    return {letter: max(own.get(letter, Decimal(0)), beside.get(letter, Decimal(0))) for letter in {*own, *beside}}


def parts(uses: Iterable[Use], posts: Posts) -> tuple[Use, ...]:
    """The first import, and those of its consignment: under the same transport document, within 30 days of it."""
    first_part, *later = distinct_uses(uses, "import", posts) or (None,)
    if first_part is None:
        return ()
    same = (u for u in later if same_document(u, first_part) and u.at - first_part.at <= PARTS_WINDOW)
    return (first_part, *same)


def arrivals(uses: Sequence[Use], posts: Posts) -> list[Use]:
    """Every import that counts, one that conflicts too; one crossing that two officers saw is one."""
    taken = _taken(uses, posts)
    repeats = (use for use in uses if not any(same_use(use, each, posts) for each in taken))  # of what was taken back
    return [*taken, *distinct_uses((use for use in repeats if use.result == "duplicate"), "import", posts)]


def arriving(uses: Sequence[Use], allowed: Mapping[str, PermittedAmount], posts: Posts, now: int) -> Use | None:
    """The first part of a consignment that is still arriving under one transport document, or None.

    Less has arrived than left (than was permitted, where no export was seen), the first part within 30 days.
    """
    arrived = distinct_uses(uses, "import", posts)
    if not arrived or now - arrived[0].at > PARTS_WINDOW:
        return None
    left = distinct_uses(uses, "export", posts)
    if not all(same_document(u, arrived[0]) for u in (*arrived, *left[:1])):
        return None
    sent = _sent(left, allowed)
    come = arrived_amounts(arrived)
    return arrived[0] if any(come.get(letter, Decimal(0)) < quantity for letter, quantity in sent.items()) else None


def surplus(uses: Sequence[Use], allowed: Mapping[str, PermittedAmount], posts: Posts) -> tuple[str, ...]:
    """Letters of lines of which more arrived than left, or than was permitted where nothing was seen to leave.

    5 % more is no more, for a weight.
    """
    left, arrived = distinct_uses(uses, "export", posts), distinct_uses(uses, "import", posts)
    sent, come = _sent(left, allowed), arrived_amounts(arrived)
    return tuple(letter for letter, moved in sorted(come.items()) if _more(moved, sent.get(letter), letter, allowed))


def excess(use: Use, allowed: Mapping[str, PermittedAmount]) -> tuple[str, ...]:
    """Letters of lines of which this one use moved more than is permitted; with the same tolerance."""
    permitted = _permitted(allowed)
    known = ((line.line, Decimal(line.quantity)) for line in use.lines if line.line in permitted)
    return tuple(letter for letter, moved in sorted(known) if _more(moved, permitted[letter], letter, allowed))


def check_use(
    kind: str, uses: Sequence[Use], new: Use, allowed: Mapping[str, PermittedAmount], posts: Posts, now: int
) -> None:
    """Whether one more use is in order; raises `AlreadyUsed` (with `first_use`) or `NotUsable`.

    1 documents for many crossings: always   2 an import permit: only at import   3 export: only while unused
    4 import: once, or what is missing under one transport document; an import permit's uses with foreign documents of
    the same consignment do not count against it   5 transit and return: always, they use nothing
    """
    if KINDS[kind].many_crossings:  # 1
        return
    if kind == "I" and new.kind != "import":  # 2
        raise NotUsable("An import permit is endorsed at import only; look at the export document.")
    earlier: Use | None = None
    if new.kind == "export":  # 3
        earlier = first_use(uses, "export", "import")
    elif new.kind == "import":  # 4
        own = [use for use in uses if use.foreign_document is None]
        part_of = arriving(own, allowed, posts, now)
        if part_of is None or not same_document(part_of, new) or not _missing(own, new, allowed, posts):
            earlier = first_use(own, "import")
        earlier = earlier or _other_consignment([use for use in uses if use.foreign_document is not None], new)
    if earlier is not None:  # 5 falls through
        raise AlreadyUsed("This permit has been used.", first_use=earlier)


def check_paired_use(uses: Sequence[Use], new: Use, allowed: Mapping[str, PermittedAmount], posts: Posts) -> None:
    """Whether an import permit covers goods that come with a foreign document; raises `AlreadyUsed` (with `first_use`)
    or `QuantityExceeded`.

    1 every import so far is of this consignment: one transport document, within 30 days   2 its uses with foreign
    documents and this one bring no more than is permitted, with the tolerance for weights; equal parts at one post are
    as many parts
    """
    if (earlier := _other_consignment(uses, new)) is not None:  # 1
        raise AlreadyUsed("The import permit was used for another consignment.", first_use=earlier)
    beside = [use for use in uses if use.foreign_document is not None]
    come = amounts(_taken([*beside, replace(new, result="accepted")], posts))  # 2
    over = [
        letter for letter, amount in come.items() if _more(amount, _permitted(allowed).get(letter), letter, allowed)
    ]
    if over:
        raise QuantityExceeded(f"More arrives than the import permit allows in line {', '.join(over)}.", lines=over)


def classify_offline_use(
    kind: str, uses: Sequence[Use], new: Use, allowed: Mapping[str, PermittedAmount], posts: Posts
) -> str:
    """What to call an event that has already happened: accepted, duplicate or conflict. All are kept.

    More than permitted at export, or outside its time window, is a conflict: it happened all the same.
    """
    if any(use.counts and same_use(use, new, posts) for use in uses):
        return "duplicate"
    permitted = _permitted(allowed)
    if new.late or (new.kind == "export" and any(Decimal(x.quantity) > permitted.get(x.line, 0) for x in new.lines)):
        return "conflict"
    try:
        check_use(kind, uses, new, allowed, posts, new.at)
    except (AlreadyUsed, NotUsable):
        return "conflict"
    return "accepted"


def _missing(uses: Sequence[Use], new: Use, allowed: Mapping[str, PermittedAmount], posts: Posts) -> bool:
    """Whether less has arrived than left of every line that comes now."""
    sent = _sent(distinct_uses(uses, "export", posts), allowed)
    come = arrived_amounts(_taken(uses, posts))
    moving = [each.line for each in new.lines if Decimal(each.quantity)]
    return all(come.get(line, Decimal(0)) < sent.get(line, Decimal(0)) for line in moving)


def _other_consignment(uses: Iterable[Use], new: Use) -> Use | None:
    """The first import that counts, if one is under another transport document or more than 30 days away."""
    imports = [use for use in uses if use.counts and use.kind == "import"]
    one = all(same_document(use, new) and abs(new.at - use.at) <= PARTS_WINDOW for use in imports)
    return None if one else first_use(imports, "import")


def _taken(uses: Sequence[Use], posts: Posts) -> list[Use]:
    """The imports, each of one post by itself: equal parts of one day are one use to a judge (`distinct`), and here
    they would let in any number. Once more at a linked post is the same goods."""
    kept: list[tuple[Use, set[str]]] = []
    came = (use for use in uses if use.kind == "import" and use.counts and use.result != "duplicate")
    for use in sorted(came, key=lambda use: (use.at, use.event_id)):
        seen = next((at for one, at in kept if use.post not in at and same_use(one, use, posts)), None)
        if seen is None:
            kept.append((use, {use.post}))
        else:
            seen.add(use.post)
    return [use for use, _ in kept]


def _sent(left: Sequence[Use], allowed: Mapping[str, PermittedAmount]) -> dict[str, Decimal]:
    """What the first export took with it, of these; where none was seen, what is permitted."""
    return amounts(left[:1]) if left else _permitted(allowed)


def _permitted(allowed: Mapping[str, PermittedAmount]) -> dict[str, Decimal]:
    return {letter: Decimal(allowance.quantity) for letter, allowance in allowed.items()}


def _more(moved: Decimal, bound: Decimal | None, letter: str, allowed: Mapping[str, PermittedAmount]) -> bool:
    weighed = letter in allowed and allowed[letter].unit in WEIGHTS
    return moved > (bound or Decimal(0)) * (WEIGHT_TOLERANCE if weighed else 1)


def check_lines(lines: Sequence[UsedLine], allowed: Mapping[str, PermittedAmount], direction: str) -> None:
    """Every line of every page named once, in the wire's spelling of quantities, no more than permitted at export.

    Raises `Invalid` (field `lines[i]...`) or `QuantityExceeded`. At import more may be recorded (U2 says so).
    """
    errors: list[FieldError] = []
    seen: set[str] = set()
    for i, line in enumerate(lines):
        where = f"lines[{i}]"
        if line.line not in allowed:
            errors.append(FieldError(f"{where}.line", "unknown_line", "The permit has no such line."))
            continue
        if line.line in seen:
            errors.append(FieldError(f"{where}.line", "twice", "Each line is named once."))
        seen.add(line.line)
        whole = not allowed[line.line].unit
        for name, text in (("quantity", line.quantity), ("dead_on_arrival", line.dead_on_arrival)):
            if text is not None and (not QUANTITY.fullmatch(text) or (whole and "." in text)):
                detail = "A whole number of specimens, like 2." if whole else "A number like 12 or 0.5."
                errors.append(FieldError(f"{where}.{name}", "quantity", f"Block 14: {detail}"))
    missing = [letter for letter in allowed if letter not in seen]
    if missing:
        errors.append(
            FieldError("lines", "missing_lines", f"Block 14 names every line; missing: {', '.join(missing)}.")
        )
    if errors:
        raise Invalid(*errors)
    if all(Decimal(line.quantity) == 0 for line in lines):
        raise Invalid(FieldError("lines", "nothing_moved", "Block 14: at least one line has a quantity above 0."))
    for i, line in enumerate(lines):
        if line.dead_on_arrival and Decimal(line.dead_on_arrival) > Decimal(line.quantity):
            raise Invalid(FieldError(f"lines[{i}].dead_on_arrival", "quantity", "No more dead than arrived."))
    if direction == "import":
        return
    over = [line.line for line in lines if Decimal(line.quantity) > Decimal(allowed[line.line].quantity)]
    if over:
        raise QuantityExceeded(
            f"More than the permit allows in line {', '.join(over)}.",
            lines=[{"line": letter, "permitted": allowed[letter].quantity} for letter in over],
        )
