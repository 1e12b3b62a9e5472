"""The command line: registers the commands of `commands/` and does nothing else."""

from __future__ import annotations

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
    species,
    trust,
    verify,
)
from chalicelib.commands.shared import Commands

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

if __name__ == "__main__":
    app()
