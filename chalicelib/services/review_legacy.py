"""What the second person was shown of a batch of the old register: chosen when it is shown, kept, asked for to confirm.

LEGACY#<batch>       SEEN#<actor>   seed of the sample, when it was shown first, whether every row was
LEGACY-LIKE#<iss>    <identity>     what a paper that was taken over is compared by (core/legacy_review.py)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from chalicelib.core import legacy_review
from chalicelib.core.counting import count_of
from chalicelib.core.errors import FieldError, Invalid, WrongState
from chalicelib.core.legacy_number import identity
from chalicelib.core.legacy_review import Likeness, likeness
from chalicelib.core.roles import Actor
from chalicelib.core.stage import Stage
from chalicelib.ports import Conflict, Key, PermitRegister, Put
from chalicelib.services import legacy_batches
from chalicelib.services.legacy_batches import Batch, one_of_both, rows_of


@dataclass(frozen=True, slots=True)
class Shown:
    """`row`: from 1; `why`: Appendix I, quantity, expires last, resembles, sample; `like`: numbers of other papers."""

    row: int
    why: tuple[str, ...]
    like: tuple[str, ...]
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Review:
    """`similar`: how many rows resemble another paper; whoever confirms the batch confirms that number too."""

    batch: Batch
    rows: tuple[Shown, ...]
    similar: int


def review(
    batch_id: str, actor: Actor, *, register: PermitRegister, stage: Stage, random_bytes: Callable[[int], bytes],
    now: int, whole: bool = False,
) -> Review:  # fmt: skip
    """Everything that stands out or resembles, and a sample, the same for one person; `whole`: every row. Notes it.

    Raises `Forbidden`, `NoMatch`, `DigestMismatch`.
    """
    one_of_both(actor, register)
    held = legacy_batches.load(batch_id, register=register)
    rows = rows_of(held, register)
    seen = _note(held, actor, random_bytes, now, whole, register)
    why = {at: list(words) for at, words in legacy_review.outliers(rows).items()}
    alike = resembling(rows, register=register, stage=stage)
    for at in alike:
        why.setdefault(at, []).append("resembles")
    for at in range(len(rows)) if whole else legacy_review.sample(len(rows), bytes.fromhex(seen["seed"])):
        why.setdefault(at, ["sample"])
    shown = (Shown(at + 1, tuple(why[at]), alike.get(at, ()), rows[at]) for at in sorted(why))
    return Review(held, tuple(shown), len(alike))


def resembling(
    rows: Sequence[Mapping[str, Any]], *, register: PermitRegister, stage: Stage
) -> dict[int, tuple[str, ...]]:
    """Rows that may be a paper that is held, or another of the same batch, once more."""
    held = [Likeness(**{name: _tupled(value) for name, value in row.data.items()})
            for row in register.query(_likes(stage))]  # fmt: skip
    return legacy_review.resembling([_of(row) for row in rows], held)


def need_read(
    held: Batch, rows: Sequence[Mapping[str, Any]], actor: Actor, similar: int, *, register: PermitRegister,
    stage: Stage,
) -> dict[str, Any]:  # fmt: skip
    """What is kept with the confirmation. Raises `WrongState` for who was not shown the batch, `Invalid` for another
    number of rows that resemble than was confirmed.
    """
    seen = register.get(_seen_key(held.id, actor))
    if seen is None:
        raise WrongState("Nobody confirms what was not shown to them: show the batch first.", state=held.state)
    alike = resembling(rows, register=register, stage=stage)
    if similar != len(alike):
        rows_alike = count_of(len(alike), "row resembles", "rows resemble")
        words = f"{rows_alike} another paper: compare, then confirm that number."
        raise Invalid(FieldError("similar", "unconfirmed", words))
    drawn = [] if seen.data["whole"] else legacy_review.sample(len(rows), bytes.fromhex(seen.data["seed"]))
    return {**seen.data, "sample": [at + 1 for at in drawn], "similar": similar}


def like_put(row: Mapping[str, Any], stage: Stage) -> Put:
    """For the transaction that takes a row over: later ones are compared with it."""
    made = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(_of(row)).items()}
    return Put(Key(_likes(stage), identity(str(row["number"]))), made)


def _of(row: Mapping[str, Any]) -> Likeness:
    return likeness(str(row["number"]), str(row["issued_on"]), row["record"])


def _note(
    held: Batch, actor: Actor, random_bytes: Callable[[int], bytes], now: int, whole: bool, register: PermitRegister
) -> Mapping[str, Any]:
    key = _seen_key(held.id, actor)
    while True:
        row = register.get(key)
        if row is not None and (row.data["whole"] or not whole):
            return row.data
        fresh = {"seed": random_bytes(16).hex(), "at": now}
        made = {**(row.data if row else fresh), "whole": whole}
        try:
            register.commit(Put(key, made, expect=row.version if row else 0))
        except Conflict:
            continue
        return made


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list | tuple) else value


def _likes(stage: Stage) -> str:
    return f"LEGACY-LIKE#{stage.issuer}"


def _seen_key(batch_id: str, actor: Actor) -> Key:
    return Key(f"LEGACY#{batch_id}", f"SEEN#{actor.id}")
