"""Lay out and check the folder of a country (`tamga country`). Find problems of a stage (`tamga doctor`).

`tamga country new` marks every open question in the folder. `tamga country check` lists what is still missing.

`tamga doctor` runs check 1, the configuration, here and checks 2-15 of `diagnostics/services.py`. Exit code: 0 no
problem, 1 warnings, 2 problems.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from chalicelib.cli.output import (
    NO_REGISTER,
    REFUSED,
    AsJson,
    faults_in_words,
    is_aws_error,
    missing_variables,
    out,
    print_json,
    progress,
    stop,
    usage,
)
from chalicelib.kernel import codes
from chalicelib.kernel.countries import COUNTRIES
from chalicelib.kernel.stage import Stage
from chalicelib.kernel.text import count_of
from chalicelib.platform import country_folder
from chalicelib.platform.config import Config
from chalicelib.platform.deps import Provided
from chalicelib.trust.cli.keys import compare_with_kms
from chalicelib.trust.model.trust_list import TrustList

if TYPE_CHECKING:
    from chalicelib.diagnostics.services import CheckReport, DiagnosticsDeps


app = typer.Typer(
    no_args_is_help=True, help="Country folders: make the folder of a new country, and list what it lacks."
)

Country = Annotated[str, typer.Argument(help="Country code, two letters (ISO 3166-1 alpha-2), such as KZ.")]

Languages = Annotated[
    list[str],
    typer.Option(
        "--language", help="Language code, two letters (ISO 639-1), such as kk. Repeat it, in the order of the form."
    ),
]


@app.command()
def new(country: Country, languages: Languages) -> None:
    """Make the folder of a new country, with ? for every value to fill in. An existing folder stays unchanged."""
    if country not in COUNTRIES:
        raise usage(f"COUNTRY: {country} is not a country code; give two capital letters of ISO 3166-1")
    for language in languages:
        if not country_folder.LANGUAGE.fullmatch(language) or language == "en":
            raise usage(
                f"--language {language}: give two small letters of ISO 639-1, and not en: English is always included"
            )
    folder = country_folder.COUNTRY_FOLDERS / country
    try:
        folder.mkdir()
    except FileExistsError:
        raise stop(f"{folder} exists; run `tamga country check {country}` to see what it lacks", REFUSED) from None
    for name, content in country_folder.template(country, languages).items():
        (folder / name).write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")
    out.print(
        f"Made {escape(str(folder))}. Replace each ? by its value, then run: tamga country check {country}",
        soft_wrap=True,
    )


@app.command()
def check(country: Country, as_json: AsJson = False) -> None:
    """List everything that the folder of a country still lacks.

    Exit code: 0 the folder can be used, 1 it cannot.
    """
    faults = country_folder.country_faults(country)
    silent = [] if faults else [each for each in country_folder.languages(country) if each not in codes.LANGUAGES]
    if as_json:
        print_json({"country": country, "faults": faults, "languages_without_words": silent})
    else:
        for fault in faults:
            out.print(escape(fault), soft_wrap=True)
        out.print(
            f"{country}: {count_of(len(faults), 'fault')} to correct" if faults else f"{country}: complete",
            soft_wrap=True,
        )
        for language in silent:
            out.print(
                f"{language}: the pages and the form are not translated yet; see the end of docs/NEW_COUNTRY.md",
                soft_wrap=True,
            )
    raise typer.Exit(REFUSED if faults else 0)


container: Provided[[], DiagnosticsDeps] = Provided()

EXIT_CODES = {"ok": 0, "warning": 1, "problem": 2}

COLOURS = {"ok": "green", "warning": "yellow", "problem": "red"}

NEEDED = {
    "TAMGA_TABLE": "table",
    "TAMGA_FILES_BUCKET": "files_bucket",
    "TAMGA_STATIC_BUCKET": "static_bucket",
    "TAMGA_KEYS": "keys",
    "TAMGA_PDF_CERTIFICATE": "pdf_certificate",
    "TAMGA_PINS": "pins",
    "TAMGA_TOKEN_ISSUER": "token_issuer",
    "TAMGA_JWKS_URL": "jwks_url",
    "TAMGA_CLIENT_IDS": "client_ids",
}

FUNCTIONS = {
    "TAMGA_ISSUER_FUNCTION": "issuer_function",
    "TAMGA_PRINTER_FUNCTION": "printer_function",
    "TAMGA_READER_FUNCTION": "reader_function",
    "TAMGA_STATUS_FUNCTION": "status_function",
    "TAMGA_EXCHANGE_FUNCTION": "exchange_function",
}


def doctor(as_json: AsJson = False) -> None:
    """List the problems of this stage, each with its remedy. Changes nothing.

    Exit code: 0 no problem, 1 warnings, 2 problems.
    """
    from chalicelib.diagnostics.services import CHECKS, CheckReport

    found: list[CheckReport]
    faults_in_words()
    try:
        deps = container()
    except ValueError as error:
        variable, _, words = str(error).partition(": ")
        found = [CheckReport(1, variable, "problem", words, "correct the variable; the other checks did not run")]
    else:
        found = list(configuration(deps))
        empty = missing_variables(deps)
        if empty:
            found += [CheckReport(1, ", ".join(empty), "problem", NO_REGISTER, "set them; checks 2 to 15 did not run")]
        with progress() as bar:
            for number in bar.track(() if empty else range(2, len(CHECKS) + 1), description="checking"):
                found += _look(deps, number)
    worst = max((each.grade for each in found), key=lambda grade: EXIT_CODES[grade])
    if as_json:
        rows = [{**asdict(each), "name": CHECKS[each.check]} for each in found]
        print_json({"grade": worst, "findings": rows})
    else:
        _show(found)
    raise typer.Exit(EXIT_CODES[worst])


def configuration(deps: DiagnosticsDeps) -> Iterator[CheckReport]:
    """Check 1: all variables of a stage are set and agree, and the country's folder is complete."""
    pass
    from chalicelib.diagnostics.services import CheckReport

    config = deps.config
    for variable, name in NEEDED.items():
        given = bool(getattr(config, name))
        yield CheckReport(
            1, variable, "ok" if given else "problem", "set" if given else "not set", "" if given else f"set {variable}"
        )
    if (deps.stage.host in config.practice_hosts.values()) != deps.stage.practice:
        words = f"{deps.stage.host} and TAMGA_PRACTICE={'yes' if deps.stage.practice else 'no'} contradict each other"
        yield CheckReport(
            1,
            "TAMGA_HOST",
            "problem",
            words,
            "a practice register uses its host in TAMGA_PRACTICE_HOSTS, a real one any other host",
        )
    else:
        yield CheckReport(1, "TAMGA_HOST", "ok", deps.stage.host)
    own = deps.stage.issuer in config.pins
    words = f"pins a root of {deps.stage.issuer}" if own else f"pins no root of {deps.stage.issuer}"
    yield CheckReport(
        1,
        "TAMGA_PINS",
        "ok" if own else "problem",
        words,
        "" if own else "add the thumbprint of our own root; if this is another country's stage, set TAMGA_ISSUER",
    )
    unknown = ", ".join(country for country in config.pins if country not in config.practice_hosts)
    yield CheckReport(
        1,
        "TAMGA_PRACTICE_HOSTS",
        "warning" if unknown else "ok",
        f"no practice host for {unknown}" if unknown else "set",
        "add the host: without it, practice sheets of that country are shown as forged" if unknown else "",
    )
    faults = country_folder.country_faults(deps.stage.issuer)
    yield CheckReport(
        1,
        f"countries/{deps.stage.issuer}",
        "problem" if faults else "ok",
        "; ".join(faults) or country_folder.authority(deps.stage.issuer)["name"],
        "complete the country folder (docs/NEW_COUNTRY.md, 1)" if faults else "",
    )
    for variable, value, usual in (
        ("TAMGA_ZONE", deps.stage.zone, Stage().zone),
        ("TAMGA_PLACE", config.place, Config().place),
    ):
        anothers = deps.stage.issuer != Stage().issuer and value == usual
        words = f"{value} is the default of {Stage().issuer}, not of {deps.stage.issuer}" if anothers else value
        yield CheckReport(1, variable, "problem" if anothers else "ok", words, f"set {variable}" if anothers else "")
    duty = bool(deps.stage.duty_number)
    yield CheckReport(
        1,
        "TAMGA_DUTY_NUMBER",
        "ok" if duty else "warning",
        deps.stage.duty_number or "not set",
        "" if duty else "set the telephone number that the pages ask officers to call",
    )
    if config.endpoint:
        yield CheckReport(1, "TAMGA_ENDPOINT", "warning", "a local engine, not AWS", "on AWS, remove the variable")
    else:
        yield CheckReport(1, "TAMGA_ENDPOINT", "ok", "AWS")


def _look(deps: DiagnosticsDeps, check: int) -> list[CheckReport]:
    from chalicelib.diagnostics import services as diagnostics

    return diagnostics.guarded(check, lambda: list(_findings(deps, check)), is_aws_error)


def _findings(deps: DiagnosticsDeps, check: int) -> Iterable[CheckReport]:
    from chalicelib.diagnostics import services as diagnostics
    from chalicelib.kernel.errors import Unavailable
    from chalicelib.trust.services import publish_status_lists, publish_trust_list

    config, now, around, hosted = deps.config, deps.now, deps.surroundings, not deps.config.endpoint

    def listed() -> TrustList:
        held = publish_trust_list.in_force(deps.stage.issuer, deps)
        if held is None:
            raise Unavailable("There is no trust list to compare with; see check 4.")
        return held[1]

    match check:
        case 2:
            return diagnostics.register(config.table, around, hosted=hosted)
        case 3:
            return diagnostics.buckets(config.files_bucket, config.static_bucket, around, hosted=hosted)
        case 4:
            held = publish_trust_list.in_force(deps.stage.issuer, deps)
            roots = [root for pin in deps.pins if pin.country == deps.stage.issuer for root in pin.thumbprints]
            others = {
                pin.country: publish_trust_list.in_force(pin.country, deps)
                for pin in deps.pins
                if pin.country != deps.stage.issuer
            }
            return (
                *diagnostics.trust_list(held[1] if held else None, roots, deps),
                *diagnostics.other_lists({country: each and each[1] for country, each in others.items()}, now),
            )
        case 5:
            return diagnostics.keys(listed(), lambda key: compare_with_kms(deps, key), config.keys, now)
        case 6:
            given = [base64.b64decode(text) for text in config.pdf_certificate.split(",")]
            return diagnostics.certificates(listed(), given, now)
        case 7:
            uris = publish_status_lists.uris(deps.stage, now)
            return (
                *diagnostics.status_lists(uris, deps),
                *diagnostics.party_lists(deps),
            )
        case 8:
            return diagnostics.clock(around, deps.clock)
        case 9:
            return diagnostics.signings(deps)
        case 10:
            return diagnostics.user_pool(around, deps.token_keys, hosted=hosted)
        case 11:
            names = {variable: getattr(config, name) for variable, name in FUNCTIONS.items()}
            return diagnostics.functions(names, around)
        case 12:
            return diagnostics.restore_lock(deps.restore_lock.shut(at_once=True))
        case 13:
            today = deps.stage.today(now)
            return (
                *diagnostics.dated_tables(_dates(deps), today),
                *diagnostics.species_list(deps.listing, today, deps.register),
            )
        case 15:
            from chalicelib.permits.services import list_differences

            return diagnostics.statuses(
                list_differences.everything(register=deps.register, lists=lambda uri: deps.own_lists.at(uri, now))
            )
        case _:
            from chalicelib.quotas.services.recount import recount

            year = deps.stage.today(now).year
            return diagnostics.quotas(year, recount(year, register=deps.register))


def _dates(deps: DiagnosticsDeps) -> dict[str, str]:
    return {"species list": deps.listing.checked, "authority.json": country_folder.authority_as_of(deps.stage.issuer)}


def _show(found: list[CheckReport]) -> None:
    from chalicelib.diagnostics.services import CHECKS

    last = 0
    for each in found:
        if each.check != last:
            out.print(f"[bold]{each.check} {CHECKS[each.check]}[/bold]")
            last = each.check
        out.print(
            f"  [{COLOURS[each.grade]}]{each.grade:8}[/] {escape(each.subject)}: {escape(each.words)}", soft_wrap=True
        )
        if each.do and each.grade != "ok":
            out.print(f"           -> {escape(each.do)}", soft_wrap=True)
    number = Counter(each.grade for each in found)
    out.print(f"{number['ok']} ok, {count_of(number['warning'], 'warning')}, {count_of(number['problem'], 'problem')}")
