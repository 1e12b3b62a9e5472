"""Commands of `tamga bulk` after `prepare`: findings, approval, issue, prints."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from chalicelib.bulk.batch import (
    address,
    confirm_digest,
    each_of,
    fetch_permits,
    missing_findings,
    of_whom,
    open_batch,
    refusal_of,
    reported,
    step_each,
)
from chalicelib.cli.output import AsJson, Token, err, out, replace_file, usage
from chalicelib.cli.service_client import Server
from chalicelib.cli.tables import Refusal, Report, finish
from chalicelib.kernel.enums import FindingResult, State
from chalicelib.kernel.roles import FINDING_ROLES
from chalicelib.kernel.text import count_of

Batch = Annotated[Path, typer.Argument(help="The table, or the .batch.json file that `bulk prepare` wrote beside it.")]

Confirm = Annotated[
    str, typer.Option(help="First 16 or more hex digits of the digest shown before. Confirms without a question.")
]

PDF = "application/pdf"


def find(  # noqa: PLR0913 - one parameter an option of the command
    batch: Batch,
    server: Server,
    token: Token,
    kind: Annotated[str, typer.Option(help=f"Kind of finding (and role): {of_whom(FINDING_ROLES)}.")],
    note: Annotated[str, typer.Option(help="What you examined; stored with every finding.")],
    result: Annotated[FindingResult, typer.Option(help="Result of the finding.")] = FindingResult.POSITIVE,
    confirm: Confirm = "",
    report: Report = None,
    as_json: AsJson = False,
) -> None:
    """Show the applications that lack one kind of finding, then record it on all of them.

    Needs the role of that finding.
    """
    if kind not in FINDING_ROLES:
        raise usage(f"--kind: give one of {', '.join(sorted(FINDING_ROLES))}")
    desk, held = open_batch(batch, server, token)
    refused: list[Refusal] = []
    with reported(refused, report):
        permits = fetch_permits(desk, held, refused)
        waiting = [
            (item, permit)
            for item, permit in permits
            if permit["state"] == State.SUBMITTED and kind in missing_findings(permit)
        ]
        if not waiting:
            err.print(f"No submitted application of this table lacks the finding {escape(kind)}.")
            finish(0, refused, report, as_json, "0 findings recorded")
        body = {"kind": kind, "result": result, "note": note}
        confirm_digest(waiting, f"Record {of_whom([kind])}: {result} on", confirm, as_json)
        done = step_each(
            waiting, "finding", lambda item, permit: desk.post(address(item, "findings"), body), held, refused
        )
    finish(done, refused, report, as_json, f"{count_of(done, 'finding')} recorded")


def approve(  # noqa: PLR0913 - one parameter an option of the command
    batch: Batch, server: Server, token: Token, confirm: Confirm = "", report: Report = None, as_json: AsJson = False
) -> None:
    """Show every submitted application with its digest, as the service has it, then approve exactly these.

    Needs a second person with the role of an approver. The service refuses an application that this person created,
    edited, submitted or made a finding on, and one with missing findings.
    """
    desk, held = open_batch(batch, server, token)
    refused: list[Refusal] = []
    with reported(refused, report):
        waiting = [
            (item, permit) for item, permit in fetch_permits(desk, held, refused) if permit["state"] == State.SUBMITTED
        ]
        if not waiting:
            err.print("No application of this table waits for an approval.")
            finish(0, refused, report, as_json, "0 approved")
        lacking = sum(1 for _, permit in waiting if missing_findings(permit))
        confirm_digest(waiting, "Approve", confirm, as_json, lacking)
        done = step_each(
            waiting,
            "approving",
            lambda item, permit: desk.post(address(item, "approve"), {"digest": permit["digest"]}),
            held,
            refused,
        )
    finish(done, refused, report, as_json, f"{done} approved")


def issue(batch: Batch, server: Server, token: Token, report: Report = None, as_json: AsJson = False) -> None:
    """Issue the approved permits, with number, signature and check code. Permits issued before stay as they are."""
    desk, held = open_batch(batch, server, token)
    refused: list[Refusal] = []
    with reported(refused, report):
        permits = fetch_permits(desk, held, refused)
        waiting = [
            (item, permit) for item, permit in permits if permit["number"] is None or permit["state"] == State.SIGNING
        ]
        done = len(permits) - len(waiting)
        done += step_each(waiting, "issuing", lambda item, permit: desk.post(address(item, "issue")), held, refused)
    numbers = {item.ref: item.number for item in held.items.values() if item.number}
    if not as_json:
        for ref, number in numbers.items():
            out.print(f"{escape(ref)}  {number}")
    finish(done, refused, report, as_json, f"{done} issued", numbers=numbers)


def print_(  # noqa: PLR0913 - one parameter an option of the command
    batch: Batch,
    server: Server,
    token: Token,
    to: Annotated[
        Path, typer.Option("--to", help="Folder for the PDF files; created if it is missing.", file_okay=False)
    ],
    original: Annotated[
        bool, typer.Option("--original", help="Download the originals, for stamp and signature in ink.")
    ] = False,
    report: Report = None,
    as_json: AsJson = False,
) -> None:
    """Download the PDF of every issued permit into a folder, named by its number.

    An existing file is not downloaded again.
    """
    desk, held = open_batch(batch, server, token)
    refused: list[Refusal] = []
    try:
        to.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise usage(f"--to: {to}: {error.strerror}") from None
    files: dict[str, str] = {}
    with reported(refused, report):
        for item in each_of(list(held.items.values()), "printing"):
            if item.number is None:
                refused.append(refusal_of(item, "wrong-state", "Not issued yet: run `bulk issue` first."))
                continue
            name = re.sub("[^0-9A-Z]", "-", item.number) + ("-original" if original else "") + ".pdf"
            if (to / name).exists():
                files[item.ref] = str(to / name)
                continue
            answer = desk.get(address(item, "pdf") + ("?original=true" if original else ""), Accept=PDF)
            if not answer.good or not answer.body.startswith(b"%PDF-"):
                refused += [refusal_of(item, code, detail) for _, code, detail in answer.faults()]
                continue
            _save(to / name, answer.body)
            files[item.ref] = str(to / name)
    if not as_json:
        for ref, path in files.items():
            out.print(f"{escape(ref)}  {escape(path)}", soft_wrap=True)
    finish(
        len(files),
        refused,
        report,
        as_json,
        f"{count_of(len(files), 'PDF file')} in the folder",
        folder=str(to),
        files=files,
    )


def _save(path: Path, data: bytes) -> None:
    try:
        replace_file(path, data)
    except OSError as error:
        raise usage(f"{path}: {error.strerror}") from None
