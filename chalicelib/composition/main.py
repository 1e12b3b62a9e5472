"""Command line `tamga`: registers the commands of all rooms and sets the functions that they may not import.

These functions import their modules at the first call, because `verify` and the root's machine run without the
container and AWS. `tamga sweep` and `tamga publish` do by hand what the schedule does every few minutes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from chalicelib import __version__
from chalicelib.bulk import cli as bulk_cli
from chalicelib.cases import cli as cases_cli
from chalicelib.cli.output import AsJson, Commands, Configured, out, print_json, progress, refusals
from chalicelib.diagnostics import cli as diagnostics_cli
from chalicelib.exchange import cli as exchange_cli
from chalicelib.expert_questions import cli as expert_questions_cli
from chalicelib.identification import cli as identification_cli
from chalicelib.kernel.text import count_of
from chalicelib.legacy_register import cli as legacy_register_cli
from chalicelib.quotas import cli as quotas_cli
from chalicelib.reports import cli as reports_cli
from chalicelib.requirements import cli as requirements_cli
from chalicelib.restore import cli as restore_cli
from chalicelib.species import cli as species_cli
from chalicelib.suspicions import cli as suspicions_cli
from chalicelib.trust.cli import keys, root_machine, trust_lists
from chalicelib.verification import cli as verification_cli

if TYPE_CHECKING:
    from chalicelib.adapters.in_process.signer import FileSigner
    from chalicelib.adapters.outside.species_plus import SpeciesPlusApi
    from chalicelib.composition.container import Container
    from chalicelib.verdict.file_findings import FileFindings


container: Configured[Container] = Configured()

HELP_NOW = (
    "Publish every changed list at once, also one published less than a minute ago. With TAMGA_STATUS_FUNCTION set, "
    "this is always so."
)


def sweep(as_json: AsJson = False) -> None:
    """Run the sweep now, as the schedule does every five minutes.

    It voids the numbers of interrupted signings, returns the quota parts of permits that expired unused, and looks for
    suspicious patterns. It escalates unanswered alerts and flags, and unconfirmed hand-stamped endorsements. It
    compares each dossier with its status row, status list and history.
    """
    from chalicelib.composition import functions

    with refusals():
        done = functions.sweep(container())
    if as_json:
        counts = asdict(done)
        del counts["flags"]  # `tamga patterns look`
        print_json(counts)
        return
    for number in done.lapsed:
        out.print(f"expired unused: {escape(number)}; its part of the quota is free again")
    if done.escalated:
        out.print(f"{count_of(done.escalated, 'alert')} not answered in time: sent to the next duty desk.")
    if done.flags_escalated:
        out.print(f"{count_of(done.flags_escalated, 'flag')} not answered in time: passed on to the next role.")
    if done.stamps_escalated:
        words = count_of(done.stamps_escalated, "hand-stamped endorsement")
        out.print(f"{words} not confirmed in time: sent to the ministry's duty desk.")
    if done.differences:
        words = count_of(done.differences, "difference")
        out.print(
            f"{words} between dossier, status row, list and history: check 15 of `tamga doctor` names each permit."
        )
    for number in done.voided:
        out.print(f"void: {escape(number)}; issue its permit again, under a new number")
    out.print(
        f"{count_of(len(done.voided), 'interrupted signing')} ended." if done.voided else "No signing was interrupted."
    )


def publish(
    now: Annotated[bool, typer.Option("--now", help=HELP_NOW)] = False,
    as_json: AsJson = False,
) -> None:
    """Publish the status lists that are due: changed, or older than three hours."""
    from chalicelib.composition import functions

    deps = container()
    done: list[str] = []
    with refusals():
        if now or deps.config.status_function:  # only the status function may use the status key
            from chalicelib.trust.services.publish_status_lists import path_of, uris

            def etag(uri: str) -> str | None:
                held = deps.static.read(path_of(uri))
                return held[1] if held else None

            with progress() as bar:
                for uri in bar.track(uris(deps.stage, deps.now), description="publishing"):
                    before = etag(uri)
                    if deps.config.status_function:
                        deps.publisher.publish(uri)
                    else:
                        functions.publish_status(uri, container())  # each list at its own time
                    done += [uri] if etag(uri) != before else []
        else:
            done = functions.publish_due(deps)
    if as_json:
        print_json({"published": done})
        return
    for uri in done:
        out.print(f"published: {escape(uri)}")
    if not done:
        out.print("No status list was due; nothing was published.")


app = typer.Typer(cls=Commands, no_args_is_help=True, add_completion=True)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"tamga {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Tamga: CITES permits that are signed, carried in a QR code and used exactly once."""


app.command()(verification_cli.verify)

app.add_typer(keys.app, name="keys")

app.add_typer(trust_lists.app, name="trust")

app.add_typer(restore_cli.app, name="restore")

app.add_typer(bulk_cli.app, name="bulk")

app.add_typer(cases_cli.app, name="cases")

app.add_typer(diagnostics_cli.app, name="country")

app.add_typer(expert_questions_cli.app, name="questions")

app.add_typer(legacy_register_cli.app, name="legacy")

app.add_typer(exchange_cli.app, name="exchange")

app.add_typer(species_cli.app, name="species")

app.add_typer(quotas_cli.app, name="quotas")

app.add_typer(reports_cli.app, name="reports")

app.add_typer(suspicions_cli.app, name="patterns")

app.command()(requirements_cli.requirements)

app.command()(identification_cli.identify)

app.command()(sweep)

app.command()(publish)

app.command()(diagnostics_cli.doctor)


def _container() -> Container:
    from chalicelib.composition import container

    return container.deps()


def _read_document(data: bytes, content_type: str) -> FileFindings:
    from chalicelib.adapters.in_process.reader import ProcessReader

    return ProcessReader(spare=False).read(data, content_type)


def _new_key(path: Path, pass_phrase: str | None) -> FileSigner:
    from chalicelib.adapters.in_process.signer import FileSigner

    return FileSigner.generate(path, pass_phrase)


def _key_in(path: Path, pass_phrase: Callable[[], str]) -> FileSigner:
    from chalicelib.adapters.in_process.signer import FileSigner, NeedsPassPhrase

    try:
        return FileSigner(path)
    except NeedsPassPhrase:
        return FileSigner(path, pass_phrase())


def _species_plus_api(token: str, folder: Path) -> SpeciesPlusApi:
    from chalicelib.adapters.outside.species_plus import SpeciesPlusApi, fetcher

    return SpeciesPlusApi(fetcher(token), folder)


reports_cli.container.set(_container)

cases_cli.container.set(_container)

diagnostics_cli.container.set(_container)

container.set(_container)

keys.container.set(_container)

legacy_register_cli.container.set(_container)

suspicions_cli.container.set(_container)

expert_questions_cli.container.set(_container)

quotas_cli.container.set(_container)

restore_cli.container.set(_container)

trust_lists.container.set(_container)

verification_cli.read_document.set(_read_document)

root_machine.new_key.set(_new_key)

root_machine.key_in.set(_key_in)

species_cli.species_plus_api.set(_species_plus_api)

if __name__ == "__main__":
    app()
