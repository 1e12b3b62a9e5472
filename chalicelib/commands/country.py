"""`tamga country`: the folder of a country, laid out with every question marked, and what of it is still missing."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.markup import escape

from chalicelib import tables, words
from chalicelib.commands.shared import REFUSED, AsJson, out, print_json, stop, usage
from chalicelib.core import country_folder
from chalicelib.core.codes import COUNTRIES
from chalicelib.core.counting import count_of

app = typer.Typer(no_args_is_help=True, help=__doc__)
Country = Annotated[str, typer.Argument(help="ISO 3166-1 alpha-2, as KZ.")]
Languages = Annotated[
    list[str], typer.Option("--language", help="A language of the country, as kk; again for each, in the form's order.")
]


@app.command()
def new(country: Country, languages: Languages) -> None:
    """Lay out the folder of a country. Changes nothing that is there."""
    if country not in COUNTRIES:
        raise usage(f"{country}: no country's code (ISO 3166-1 alpha-2, capital letters)")
    for language in languages:
        if not country_folder.LANGUAGE.fullmatch(language) or language == "en":
            raise usage(f"--language {language}: two letters of ISO 639-1; English is there without asking")
    folder = tables.COUNTRIES / country
    try:
        folder.mkdir()
    except FileExistsError:
        raise stop(f"{folder} is there already: `tamga country check {country}` says what it lacks", REFUSED) from None
    for name, content in country_folder.blank(country, languages).items():
        (folder / name).write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")
    out.print(f"{escape(str(folder))}: put an answer for each ?, then `tamga country check {country}`", soft_wrap=True)


@app.command()
def check(country: Country, as_json: AsJson = False) -> None:
    """Say everything that the folder of a country still lacks. Exit code: 0 it can be used, 1 it cannot."""
    faults = tables.country_faults(country)
    silent = [] if faults else [each for each in tables.languages(country) if each not in words.LANGUAGES]
    if as_json:
        print_json({"country": country, "faults": faults, "languages_without_words": silent})
    else:
        for fault in faults:
            out.print(escape(fault), soft_wrap=True)
        out.print(f"{country}: {count_of(len(faults), 'fault')}" if faults else f"{country}: whole", soft_wrap=True)
        for language in silent:
            out.print(f"{language}: pages and form have no words in it yet (docs/NEW_COUNTRY.md, at the end)",
                      soft_wrap=True)  # fmt: skip
    raise typer.Exit(REFUSED if faults else 0)
