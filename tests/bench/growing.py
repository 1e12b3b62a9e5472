"""Time of the same calls with a thousand, a hundred thousand and a million permits in the register.

There is one server process and the engine; `filling.py` adds copies of a permit between the measurements. Default:
SIZES=1000,100000. A million permits take some ten minutes and 10 GB of memory in the engine.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from filling import fill
from generator import Call, Generator
from life import approved, issued
from measure import QUICK, Figure, Section, Spread
from served import Served

from chalicelib.adapters.aws.client import make_client
from chalicelib.adapters.in_process.memory import MemoryStatic
from chalicelib.kernel.days import to_text
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import store
from chalicelib.trust.services import publish_status_lists

SIZES = [int(size) for size in os.environ.get("SIZES", "1000,10000" if QUICK else "1000,100000").split(",")]
PERMITS = 20 if QUICK else 60
PARTS = 4
LEAST = 1.25  # least noise assumed; more if two runs of the same size differed by more
ANEW = "a status list counted anew (once a day)"


def answer() -> Section:
    with Served(workers=1) as served, Generator(served.port, connections=1) as generator:
        _no_reaper(served)
        first = issued(served.office)  # type: ignore[arg-type]
        served.office.publish_due()
        _measured(served, generator)  # warm-up, results discarded
        found: list[dict[str, Spread]] = []
        filled, notes, noise = 0, [], 1.0
        for size in SIZES:
            began = time.perf_counter()
            fill(served.engine.endpoint, served.ready.table, first, filled, size)
            notes.append(f"{size - filled:,} permits added in {time.perf_counter() - began:.0f} s")
            filled = size
            one, two = (_measured(served, generator) for _ in range(2))
            found.append({name: min(one[name], two[name], key=lambda spread: spread.median) for name in one})
            noise = max(noise, *(_apart(one[name], two[name]) for name in one))
        notes.append(f"the engine then held {served.engine_memory() / 1e9:.1f} GB")
    rows, worst = [], ("", 0.0)
    for name in found[0]:
        grown = found[-1][name].median / found[0][name].median
        if name != ANEW:
            worst = max(worst, (name, grown), key=lambda pair: pair[1])
        rows.append([name, *(each[name].text(1000, 1) for each in found), f"{grown:.2f}"])
    return Section(
        "The same with more permits in the register",
        "Wall time in ms, one call after another, the better of two runs of each size; noise is how far the two were "
        "apart at most. Copies have the rows that reading a permit touches. The engine keeps "
        "everything in memory and is no DynamoDB: what is shown is that no call of ours reads more when there is more.",
        ("what", *(f"{size:,} permits: median (quartiles)" for size in SIZES), "last / first"),
        rows,
        notes="; ".join(notes) + ".",
        figures=[
            Figure(
                f"growth from {SIZES[0]:,} to {SIZES[-1]:,} permits", f"within noise ({max(noise, LEAST):.2f})",
                f"{worst[1]:.2f} at most ({worst[0]})", worst[1] <= max(noise, LEAST),
            )
        ],
    )  # fmt: skip


def _measured(served: Served, generator: Generator) -> dict[str, Spread]:
    office = served.office
    waiting = [approved(office) for _ in range(PERMITS)]  # type: ignore[arg-type]
    approver, customs = served.token("approver"), served.token("customs")
    calls = [Call.post(f"/v1/permits/{permit.id}/issue", token=approver) for permit in waiting]
    found = {"issue": _spread(generator, calls)}
    permits: list[Dossier] = [_held(served, permit.id) for permit in waiting]
    found["verify by code"] = _spread(generator, [Call.post("/v1/verify", {"qr": p.tokens[0]}) for p in permits])
    found["verify by number"] = _spread(
        generator, [Call.make("GET", f"/v1/verify/number?number={p.number}&code={p.check_code}") for p in permits]
    )
    uri = permits[0].status_uri or ""

    def publish(**how: Any) -> None:
        publish_status_lists.publish(uri, office, recorded=partial(store.recorded_value, office.register), **how)

    endorsed, published = [], []
    for part in range(PARTS):
        body = [_endorsement(office, permit) for permit in permits[part::PARTS]]
        endorsed += _times(generator, [Call.post("/v1/endorsements", each, token=customs) for each in body], 201)
        published.append(_wall(lambda: publish(at_once=True)))
    found["endorse"] = Spread.of(endorsed)
    found[f"publishing what {PERMITS // PARTS} endorsements changed"] = Spread.of(published)
    found["the minute's job, nothing changed"] = Spread.of([_wall(office.publish_due) for _ in range(3 + PERMITS // 6)])
    found[ANEW] = Spread.of([_wall(lambda: publish(static=MemoryStatic())) for _ in range(3)])
    return found


def _apart(one: Spread, two: Spread) -> float:
    return max(one.median, two.median) / min(one.median, two.median)


def _held(served: Served, permit_id: str) -> Dossier:
    return store.load(served.office.register, permit_id)


def _endorsement(office: Any, permit: Dossier) -> dict[str, Any]:
    return {
        "event_id": str(uuid.uuid4()), "qr": permit.tokens[0], "post": "manas-airport", "direction": "export",
        "endorsed_at": to_text(office.now), "transport_document": "AWB 1",
        "lines": [{"line": letter, "quantity": each.quantity} for letter, each in permit.allowed.items()],
    }  # fmt: skip


def _spread(generator: Generator, calls: list[Call]) -> Spread:
    return Spread.of(_times(generator, calls, 200))


def _times(generator: Generator, calls: list[Call], status: int) -> list[float]:
    answers = generator.send(calls)
    assert {each.status for each in answers} == {status}, answers[0]
    return [each.seconds * 1e6 for each in answers]


def _wall(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1e6


def _no_reaper(served: Served) -> None:
    """Switch off the engine's search for expired rows, which reads the whole table each minute.

    In DynamoDB, expiry costs nothing.
    """
    make_client("dynamodb", region=served.engine.region, endpoint=served.engine.endpoint).update_time_to_live(
        TableName=served.ready.table, TimeToLiveSpecification={"Enabled": False, "AttributeName": "expires"}
    )
