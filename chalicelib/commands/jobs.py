"""`tamga sweep` and `tamga publish`: by hand what the schedule does every few minutes."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from chalicelib.commands.shared import AsJson, Configured, out, print_json, progress, refusals
from chalicelib.core.counting import count_of

if TYPE_CHECKING:
    from chalicelib import wiring

office: Configured[wiring.Office] = Configured()

HELP_NOW = (
    "Each that has changed, even within a minute of the last time. Where TAMGA_STATUS_FUNCTION is set that is always "
    "so: the function, which alone has the key, publishes each list at once."
)


def sweep(as_json: AsJson = False) -> None:
    """Give up signings that were cut off; give back what permits that expired unused took of their quotas; look for
    suspicious patterns; pass on alerts and patterns that nobody has answered, and hand-stamped endorsements that nobody
    has confirmed; compare dossiers with status rows, lists and histories."""
    with refusals():
        done = office().sweep()
    if as_json:
        counts = asdict(done)
        del counts["flags"]  # `tamga patterns look`
        print_json(counts)
        return
    for number in done.lapsed:
        out.print(f"expired unused: {escape(number)}; its part of the quotas went back")
    if done.escalated:
        out.print(f"{count_of(done.escalated, 'alert')} passed on to the next duty desk.")
    if done.flags_escalated:
        out.print(f"{count_of(done.flags_escalated, 'flag')} passed on to the next who answers.")
    if done.stamps_escalated:
        words = count_of(done.stamps_escalated, "hand-stamped endorsement")
        out.print(f"{words} passed on to the ministry's duty desk.")
    if done.differences:
        words = count_of(done.differences, "difference")
        out.print(f"{words} of dossier, status row, list and history: `tamga doctor`, 15, names each.")
    for number in done.voided:
        out.print(f"void: {escape(number)}; its permit may be issued anew")
    out.print(f"{count_of(len(done.voided), 'signing')} given up." if done.voided else "Nothing was cut off.")


def publish(
    now: Annotated[bool, typer.Option("--now", help=HELP_NOW)] = False,
    as_json: AsJson = False,
) -> None:
    """Publish the status lists that are due: changed, or older than three hours."""
    where = office()
    done: list[str] = []
    with refusals():
        if now or where.config.status_function:  # only the status function may use its key
            from chalicelib.services.publish_status import path_of, uris

            def etag(uri: str) -> str | None:
                held = where.static.read(path_of(uri))
                return held[1] if held else None

            with progress() as bar:
                for uri in bar.track(uris(where.stage, where.clock()), description="publishing"):
                    before = etag(uri)
                    if where.config.status_function:
                        where.publisher.publish(uri)
                    else:
                        where.publish_here(uri)
                    done += [uri] if etag(uri) != before else []
        else:
            done = where.publish_due()
    if as_json:
        print_json({"published": done})
        return
    for uri in done:
        out.print(f"published: {escape(uri)}")
    if not done:
        out.print("No list was due.")
