"""`make soak`: run every proof at full size, in at most three hours. The next run continues with the others.

    make soak                     all that have not passed yet at this commit with this seed
    make soak SEED=7 ONLY=race    others

Results are kept in .local/soak/<seed>/ with each proof's log, figures and commit. A proof that failed, or passed at
another commit, runs again. The table is written to docs/PROOF.md with the commit of each proof. Rows of proofs that did
not run here stay. The exit code is 1 while a proof has failed or has not run at this commit.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import proof
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
DOC = ROOT / "docs" / "PROOF.md"
LEAVING = 30  # seconds for the clean-up of a proof that exceeded its time


@dataclass(frozen=True)
class Proof:
    """One proof. `what` it shows, in a line; `tests`: pytest's names.

    `minutes`: its limit, twice its duration on a quiet machine of two cores.
    """

    name: str
    what: str
    tests: tuple[str, ...]
    minutes: int


PROOFS: tuple[Proof, ...] = (
    Proof(
        "race",
        "one permit, many officers in several processes: one winner each; issuing, undoing, ending, replacing at once",
        ("tests/race",),
        40,
    ),
    Proof(
        "kills",
        "SIGKILL before and after each AWS call of a permit's life, then the sweep or another try",
        ("tests/faults/test_killed.py",),
        35,
    ),
    Proof(
        "broken wire",
        "every AWS write of every verb: lost, late, cut, truncated, refused, throttled, conflicting",
        ("tests/faults/test_every_write.py", "tests/faults/test_broken_wire.py"),
        60,
    ),
    Proof(
        "restore",
        "the table goes back, everything shuts, is applied again and opened by two: no number twice",
        ("tests/faults/test_restore_drill.py",),
        20,
    ),
    Proof("api", "500 examples of each operation, by everybody and nobody", ("tests/app/test_fuzz.py",), 40),
    Proof("load", "10 issues and 60 verifications a second, five times that, a crowd, and after", ("tests/load",), 20),
    Proof(
        "machine", "any sequence at the border, offline phones in any order: the tables hold", ("tests/machine",), 60
    ),
    Proof("traffic", "a million honest scans, 50 posts, a fifth offline: false holds", ("tests/traffic",), 90),
    Proof(
        "forgery",
        "every bit of 20 tokens and 20,000 structured forgeries, with an honest register; Wycheproof's P-256 vectors",
        ("tests/forgery", "tests/unit/token/test_wycheproof.py"),
        15,
    ),
    Proof(
        "package",
        "the package of HEAD made twice the same, each function under Lambda's client, deployed and used locally",
        ("tests/package/whole.py",),
        20,
    ),
    Proof("interop", "all that is published is verified by python-cwt and @auth0/cose", ("tests/interop",), 5),
    Proof(
        "web core",
        "20,000 scenes and more bytes, texts and lists: the browser's core says of a code what the service's says",
        ("tests/web_core",),
        40,
    ),
    Proof("clocks", "keys that change and clocks that are wrong", ("tests/attacks/test_moved_clocks.py",), 10),
    Proof("altered", "85 altered files in fifteen classes", ("tests/altered",), 10),
    Proof("fuzz", "atheris and mutations at every door for strangers' bytes", ("tests/fuzz",), 60),
    Proof(
        "reading",
        "our code beside an EU-DCC-shaped one under damage",
        ("tests/unit/reading/test_reading_rates.py",),
        10,
    ),
    Proof(
        "mutation",
        "small changes of verdict, single use, cose, qr_text, claims that no test notices",
        ("tests/mutation",),
        40,
    ),
)


@dataclass
class Result:
    state: str = "not run"  # passed | failed | not run
    seconds: float = 0.0
    figures: str = ""
    commit: str = ""


def run(each: Proof, folder: Path, minutes: float, commit: str) -> Result:
    """Run one proof in its own pytest process."""
    environment = os.environ | {
        "TAMGA_SOAK": "full", "TAMGA_SEED": str(proof.SEED), "TAMGA_SOAK_FOUND": str(folder / each.name),
    }  # fmt: skip
    (folder / each.name).mkdir(exist_ok=True)
    began = time.monotonic()
    with (folder / f"{each.name}.log").open("w") as log:
        command = [sys.executable, "-m", "pytest", "-rA", "-p", "no:cacheprovider", *each.tests]
        running = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
        )  # fmt: skip
        try:
            state = "passed" if running.wait(timeout=minutes * 60) == 0 else "failed"
        except subprocess.TimeoutExpired:
            state = "failed"
            log.write(f"\nended after {minutes:.0f} minutes\n")
            _end(running)
    figures = [json.loads(path.read_text()) for path in sorted((folder / each.name).glob("*.json"))]
    words = "; ".join(f"{name.replace('_', ' ')} {value}" for found in figures for name, value in found.items())
    return Result(state, round(time.monotonic() - began, 1), words, commit)


def _end(running: subprocess.Popen[bytes]) -> None:
    """Interrupt the proof, so that it reports and stops its engine.

    Then kill its workers, which would slow the next proof.
    """
    for number in (signal.SIGINT, signal.SIGKILL):
        with suppress(ProcessLookupError, subprocess.TimeoutExpired):
            os.killpg(running.pid, number)
            running.wait(LEAVING)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--only", default="", help="names of proofs, separated by commas")
    parser.add_argument("--hours", type=float, default=3.0)
    asked = parser.parse_args()
    names = [name for name in asked.only.split(",") if name]
    unknown = set(names) - {each.name for each in PROOFS}
    if unknown:
        parser.error(f"no such proof: {', '.join(sorted(unknown))}; there are {', '.join(p.name for p in PROOFS)}")
    commit = _commit()
    folder = ROOT / ".local" / "soak" / str(proof.SEED)
    folder.mkdir(parents=True, exist_ok=True)
    print(f"seed {proof.SEED}, commit {commit}; logs in {folder.relative_to(ROOT)}/", flush=True)
    end = time.monotonic() + asked.hours * 3600
    earlier = earlier_results(DOC.read_text() if DOC.exists() else "")
    results = {each.name: _kept(folder / f"{each.name}.result") or earlier.get(each.name, Result()) for each in PROOFS}
    for each in PROOFS:
        minutes = min(each.minutes, (end - time.monotonic()) / 60)
        if (
            (results[each.name].state, results[each.name].commit) == ("passed", commit)
            or (names and each.name not in names)
            or minutes < 1
        ):
            continue
        print(f"{datetime.now(UTC):%H:%M} {each.name}: {each.what} ...", flush=True)
        results[each.name] = result = run(each, folder, minutes, commit)
        (folder / f"{each.name}.result").write_text(json.dumps(vars(result)))
        print(f"      {result.state} in {result.seconds:.0f} s. {result.figures}", flush=True)
    _show(results)
    DOC.write_text(document(results))
    return 0 if all((each.state, each.commit) == ("passed", commit) for each in results.values()) else 1


def _kept(path: Path) -> Result | None:
    return Result(**json.loads(path.read_text())) if path.exists() else None


def earlier_results(document: str) -> dict[str, Result]:
    """Results of this seed in docs/PROOF.md. Another machine may have run some of them."""
    found = {}
    for row in document.splitlines() if f"Seed {proof.SEED}," in document else ():
        cells = [cell.strip() for cell in row.strip("|").split(" | ")]
        if len(cells) == 6 and cells[0] in {each.name for each in PROOFS} and cells[2] != "not run":
            found[cells[0]] = Result(cells[2], float(cells[4].replace(",", "")), cells[5], cells[3])
    return found


def _commit() -> str:
    def git(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs")
    return git("rev-parse", "--short=12", "HEAD") + ("-changed" if changed else "")


def _show(results: dict[str, Result]) -> None:
    table = Table(title=f"make soak, seed {proof.SEED}", title_justify="left")
    for column in ("proof", "state", "seconds", "figures"):
        table.add_column(column)
    for name, result in results.items():
        table.add_row(name, result.state, f"{result.seconds:.0f}", result.figures)
    Console().print(table)


def document(results: dict[str, Result]) -> str:
    """Text of docs/PROOF.md. `earlier_results` parses it again."""
    what = {each.name: each.what for each in PROOFS}
    rows = [
        f"| {name} | {what[name]} | {result.state} | {result.commit} | {result.seconds:,.0f} | {result.figures} |"
        for name, result in results.items()
    ]
    return "\n".join(
        [
            "# Proof",
            "",
            "What must hold under faults, races, load and attack, as it was last shown at full size. Written by",
            "`make soak`, which runs what has not passed yet at the present commit; `make test` runs the same in a",
            f"small size. Seed {proof.SEED}, {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python",
            f"{platform.python_version()}. The register is the local engine or memory: an emulator is not AWS",
            "([SECURITY.md](SECURITY.md)). A commit that this repository does not have is of a history that was not",
            "kept; what it held came in whole with dac4d68.",
            "",
            "| proof | what it shows | state | commit | seconds | figures |",
            "|---|---|---|---|---:|---|",
            *rows,
            "",
        ]
    )


if __name__ == "__main__":
    raise SystemExit(main())
