"""The command line: registers the commands of `commands/` and provides what they may not import themselves.

What it provides is imported when a command asks for it: `verify` and the root's machine run without wiring and AWS.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from chalicelib.commands import (
    annual,
    bulk,
    cases,
    country,
    doctor,
    exchange,
    identify,
    jobs,
    keys,
    legacy,
    patterns,
    questions,
    quotas,
    requirements,
    restore,
    root_machine,
    species,
    taking,
    trust,
    verify,
)
from chalicelib.commands.shared import Commands

if TYPE_CHECKING:
    from chalicelib.adapters.file_signer import FileSigner
    from chalicelib.adapters.species_plus_api import SpeciesPlusApi
    from chalicelib.core.document import DocumentFindings
    from chalicelib.wiring import Office

app = typer.Typer(cls=Commands, no_args_is_help=True, add_completion=True)


@app.callback()
def main() -> None:
    """Tamga: CITES permits that are signed, carried in a QR code and used exactly once."""


app.command()(verify.verify)
app.add_typer(keys.app, name="keys")
app.add_typer(trust.app, name="trust")
app.add_typer(restore.app, name="restore")
app.add_typer(bulk.app, name="bulk")
app.add_typer(cases.app, name="cases")
app.add_typer(country.app, name="country")
app.add_typer(questions.app, name="questions")
app.add_typer(legacy.app, name="legacy")
app.add_typer(exchange.app, name="exchange")
app.add_typer(species.app, name="species")
app.add_typer(quotas.app, name="quotas")
app.add_typer(annual.app, name="reports")
app.add_typer(patterns.app, name="patterns")
app.command()(requirements.requirements)
app.command()(identify.identify)
app.command()(jobs.sweep)
app.command()(jobs.publish)
app.command()(doctor.doctor)


def _office() -> Office:
    from chalicelib import wiring

    return wiring.office()


def _read_document(data: bytes, content_type: str) -> DocumentFindings:
    from chalicelib.adapters.process_reader import ProcessReader

    return ProcessReader(spare=False).read(data, content_type)


def _new_key(path: Path, pass_phrase: str | None) -> FileSigner:
    from chalicelib.adapters.file_signer import FileSigner

    return FileSigner.generate(path, pass_phrase)


def _key_in(path: Path, pass_phrase: Callable[[], str]) -> FileSigner:
    from chalicelib.adapters.file_signer import FileSigner, NeedsPassPhrase

    try:
        return FileSigner(path)
    except NeedsPassPhrase:
        return FileSigner(path, pass_phrase())


def _species_plus_api(token: str, folder: Path) -> SpeciesPlusApi:
    from chalicelib.adapters.species_plus_api import SpeciesPlusApi, fetcher

    return SpeciesPlusApi(fetcher(token), folder)


annual.office.set(_office)
cases.office.set(_office)
doctor.office.set(_office)
jobs.office.set(_office)
keys.office.set(_office)
legacy.office.set(_office)
patterns.office.set(_office)
questions.office.set(_office)
quotas.office.set(_office)
restore.office.set(_office)
taking.office.set(_office)
trust.office.set(_office)
verify.read_document.set(_read_document)
root_machine.new_key.set(_new_key)
root_machine.key_in.set(_key_in)
species.species_plus_api.set(_species_plus_api)

if __name__ == "__main__":
    app()
