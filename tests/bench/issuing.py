"""Time of each step of issuing a permit, with ports in memory and on the local engine."""

from __future__ import annotations

import time

from life import approved, issue
from measure import QUICK, Section, Spread, Stopwatch, spreads
from office import MemoryOffice
from served import Served

from chalicelib.adapters.aws.kms_signer import KmsSigner
from chalicelib.adapters.in_process.signer import FileSigner
from chalicelib.issuing.print import permit_pdf
from chalicelib.issuing.services import reserve, sign
from chalicelib.permits.model.dossier import Dossier

PERMITS = 12 if QUICK else 40
BARE = "a bare P-256 signature"
STEPS = (
    ("rules, findings, two people (each of the two times)", ""),
    ("intent: one transaction (rules included)", "2"),
    ("taking the attempt: one transaction", "4"),
    ("rebuilding and comparing every page (rules included)", "5"),
    ("signing: KMS, or a key in memory", "6"),
    ("signing and verifying, as any verifier would", "6, 7"),
    ("storing the tokens: one transaction", "8"),
    ("issue, whole", "1-8"),
    ("print: rendering", ""),
    ("print: sealing (PAdES)", ""),
    ("print, whole (stored)", ""),
)


def answer() -> Section:
    memory = MemoryOffice()
    digest = bytes(32)
    bare = spreads({BARE: (lambda: memory.permit_keys[0].sign_digest(digest), 100)}, clock=time.perf_counter_ns)[BARE]
    in_memory = _steps(memory, FileSigner)
    with Served(workers=0) as served:
        on_engine = _steps(served.office, KmsSigner)  # type: ignore[arg-type]
    rows = [[BARE, "", "1.0", bare.text(1000, 2), "", ""]]
    for step, number in STEPS:
        here, there = in_memory[step], on_engine[step]
        rows.append(
            [step, number, f"{here.median / bare.median:.1f}", here.text(1000, 2), f"{there.median / bare.median:.1f}",
             there.text(1000, 2)]
        )  # fmt: skip
    return Section(
        "An issue by its steps",
        "Ratios to signing one digest with a P-256 key in this process. Wall time, one after another, one permit of "
        "one line; the numbers are those of docs/ARCHITECTURE.md. On the engine a step's time is mostly the engine's "
        "and the AWS client's.",
        ("step", "no.", "memory: ratio", "ms: median (quartiles)", "engine: ratio", "ms: median (quartiles)"),
        rows,
    )


def _steps(office: MemoryOffice, signer: type) -> dict[str, Spread]:
    waiting = [approved(office) for _ in range(PERMITS + 2)]
    for each in waiting[:2]:  # warm-up: imports, clients, the trust list
        office.printer.make(issue(office, each).id)
    watch = Stopwatch()
    names = [step for step, _ in STEPS]
    for owner, name, step in (
        (reserve, "recheck", names[0]), (sign, "recheck", names[0]),
        (reserve, "_reserve", names[1]), (sign, "_claim_attempt", names[2]),
        (sign, "_checked_pages", names[3]), (signer, "sign_digest", names[4]),
        (sign, "_signed", names[5]), (sign, "_store", names[6]),
    ):  # fmt: skip
        watch.around(owner, name, step)
    try:
        made: list[Dossier] = [watch.timed(issue, names[7])(office, each) for each in waiting[2:]]
    finally:
        watch.restore()
    watch.around(permit_pdf, "render", names[8])
    watch.around(permit_pdf, "seal", names[9])
    try:
        for each in made:
            watch.timed(office.printer.make, names[10])(each.id)
    finally:
        watch.restore()
    return watch.spreads()
