"""The commands `tamga species`: update the species list from Species+, and check that a list is sound.

    import FILE... | --api   show what would change; with --write also write it into the base, `data/cites/`
    check                    check whether the list is sound, how old it is and what it lacks
    show NAME                print what the list has for a name, on a day

The base and the overlay are files of the release (ADR 0028). Review, commit and deploy a change of them like code.
`--list` names another list: a folder like the base, or one CSV file with all columns of the list.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Protocol

import typer
from rich.markup import escape

from chalicelib.cli.output import (
    REFUSED,
    AsJson,
    err,
    out,
    print_json,
    progress,
    read_file,
    refusals,
    replace_file,
    usage,
)
from chalicelib.kernel import days
from chalicelib.kernel import text as kernel_text
from chalicelib.kernel.codes import APPENDIX_NAMES, PLANT
from chalicelib.kernel.errors import FieldError
from chalicelib.kernel.text import count_of, escape_cell
from chalicelib.platform import country_folder
from chalicelib.platform.deps import Provided
from chalicelib.species import schemas as species_schemas
from chalicelib.species.model import list_changes, species_plus
from chalicelib.species.model.base_rows import base_files
from chalicelib.species.model.list_changes import Merged
from chalicelib.species.model.list_rows import COLUMNS, OLD_COLUMNS, Row, csv_text, faults_of
from chalicelib.species.model.listing import Listing, Taxon
from chalicelib.species.model.name_resolution import resolve_name
from chalicelib.species.model.species_plus import Concept
from chalicelib.species.services import list_in_use

app = typer.Typer(no_args_is_help=True, help="Species list: update it from Species+, and check it.")

OURS = country_folder.DATA / list_in_use.BASE

TOKEN = "SPECIESPLUS_TOKEN"  # noqa: S105 - of a variable: the name that ropensci/rcites gave it

FILE_AT_MOST = 256 * 1024 * 1024  # bytes

SHOWN = 20

NEAR_AT_MOST = 5  # names that an unknown name may mean

OLD = 400  # days

WORDS = {
    "added": "new",
    "removed": "removed",
    "appendix": "in another Appendix",
    "listed_by": "listed by another country (Appendix III)",
    "renamed": "renamed",
    "symbol": "with another annotation symbol",
    "except": "with other exceptions",
    "synonyms_added": "with a new synonym",
    "synonyms_removed": "with a synonym less",
    "kingdom": "in another kingdom",
    "class": "in another class",
    "order": "in another order",
    "family": "in another family",
    "rank": "with another rank",
    "open": "with other open points",
    "decided": "with another decision made here",
    "since": "in force since another day",
    "range_states": "with another range",
    "range_sure": "with a range that is certain or no longer certain",
    "annotation": "with another note",
    "names": "with other common names",
    "kept": "kept as decided here, although Species+ differs",
    "choice": "with an Appendix that depends on the population: decide each in the list",
    "unlisted_by": "in Appendix III without a country",
    "ambiguous": "synonyms of more than one taxon: left out",
    "older": "older in the download than here: left out",
}


class SpeciesPlus(Protocol):
    """Port to the API of Species+ that keeps the answers in a folder (`adapters/outside/species_plus.py`)."""

    def read(self) -> Iterator[tuple[int, int, Mapping[str, Any]]]: ...

    def legislation(self, taxon: str) -> Mapping[str, Any]: ...


species_plus_api: Provided[[str, Path], SpeciesPlus] = Provided()  # arguments: the token, the folder for answers

List = Annotated[Path, typer.Option("--list", help="Folder of the base, or file of a species list.")]


@app.command("import")
def import_(
    files: Annotated[
        list[Path] | None, typer.Argument(help="CSV files of Species+: listings, the index of the Checklist, or both.")
    ] = None,
    api: Annotated[
        Path | None, typer.Option(help="Folder: read the API of Species+ instead of files, and keep its pages there.")
    ] = None,
    token_file: Annotated[
        Path | None, typer.Option(help=f"File with the API token. Without it: the variable {TOKEN}.", dir_okay=False)
    ] = None,
    as_of: Annotated[
        str,
        typer.Option(help="Date of the data, YYYY-MM-DD. Without it: the date in the file's name; with --api, today."),
    ] = "",
    replace: Annotated[
        bool, typer.Option(help="Remove taxa that Species+ does not have, unless they were decided here.")
    ] = False,
    in_force: Annotated[
        str, typer.Option(help="Day from which its Appendices are in force, YYYY-MM-DD, if it is another one than now.")
    ] = "",
    write: Annotated[bool, typer.Option("--write", help="Write the list. Without it: print the changes only.")] = False,
    report: Annotated[Path | None, typer.Option(help="File for every change, .csv.", dir_okay=False)] = None,
    where: List = OURS,
    as_json: AsJson = False,
) -> None:
    """Update the species list from Species+ and print every change.

    Give CSV files of Species+, or --api with a folder. Without --write the list is not changed. One wrong row
    stops the whole import. Each fault names file, row and column.
    """
    if bool(files) == (api is not None):
        raise usage("FILE or --api: give one of the two")
    faults: list[FieldError] = []
    if api is not None:
        day, read = _day(as_of or date.today().isoformat()), _from_api(api, token_file, faults)
    else:
        day, read = _day(as_of or _in_names(files or [])), _from_files(files or [], faults)
    since = _day(in_force, "--in-force") if in_force else ""
    if since > day:
        raise usage(f"--in-force: {since}: it must not be after the date of the data, {day}")
    with refusals():
        concepts = species_plus.together(read, faults)
    if faults or not concepts:
        _refuse(
            faults or [FieldError("rows", "empty", "No taxon is listed in it: give a download of CITES listings.")],
            report,
            as_json,
        )
    ours = _rows(where)
    merged = list_changes.merge(ours, concepts, as_of=day, replace=replace, populations=list_in_use.populations())
    unsound = list(_faults(merged.rows, where, date.today()))
    if write and unsound:
        _refuse(unsound, report, as_json)
    _report(report, [(each.what, each.name, each.before, each.after) for each in merged.changes])
    if write and where.is_dir():
        _write_base(where, merged.rows, checked=day, in_force=since)
    elif write:
        _write(where, merged.rows)
    _tell(merged, len(ours), where if write else None, as_json)


@app.command()
def check(
    where: Annotated[
        Path | None, typer.Option("--list", help="Folder of a base or file of a list. Without it: the release.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check the species list for faults, and print its days and what it lacks.

    Exit code: 0 no fault, 1 faults.
    """
    rows = list(list_in_use.release_rows()) if where is None else _rows(where)
    faults = list(_faults([row for row in rows if not row.get("unlisted")], where or OURS))
    if faults:
        _refuse(faults, None, as_json)
    listing = list_in_use.listing() if where is None else list_in_use.listing_of(rows)
    grouped = [row for row in rows if row["group"]]
    nameless = [row["scientific_name"] for row in grouped if not row["ky"]]
    sources = list_in_use.kyrgyz_sources()
    unsourced = [
        f"{row['scientific_name']}: {name}"
        for row in rows
        for name in kernel_text.split_cell(row["ky"])
        if not sources.get((row["scientific_name"], name))
    ]
    undecided = [
        each.scientific_name
        for each in listing.taxa
        if each.may_be
        and not each.decided
        and not (each.population and each.population.settles({each.appendix, *each.may_be}))
    ]
    opened = Counter(reason.value for each in listing.taxa for reason in sorted(each.open))
    version, oldest = list_in_use.version_of() if where is None else "", min(row["as_of"] for row in rows)
    if as_json:
        print_json(
            {
                "list": str(where or OURS),
                "version": version,
                "taxa": len(rows),
                "as_of": listing.as_of,
                "in_force": listing.in_force,
                "checked": listing.checked,
                "oldest": oldest,
                "on_devices": len(grouped),
                "without_kyrgyz": nameless,
                "kyrgyz_unsourced": unsourced,
                "undecided": undecided,
                "open": opened,
                "not_in_it": _lacks(listing),
            }
        )
        return
    out.print(f"{count_of(len(rows), 'taxon', 'taxa')}, version {version or '-'}")
    out.print(f"{listing.dates} (oldest row {oldest})")
    age = (date.today() - date.fromisoformat(listing.checked)).days
    if age > OLD:
        err.print(f"Last compared with Species+ {count_of(age, 'day')} ago: run `tamga species import` again")
    out.print(f"{len(grouped)} taxa on devices, {len(nameless)} of them without a Kyrgyz name")
    out.print(f"{len(unsourced)} Kyrgyz names without a source (add it to kyrgyz_names.csv)")
    out.print(f"{len(undecided)} taxa with an Appendix that depends on the population, not decided yet")
    reasons = ", ".join(f"{name} {number}" for name, number in sorted(opened.items()))
    out.print(f"{sum(1 for each in listing.taxa if each.open)} taxa that are not certain ({reasons or 'none'})")
    out.print(f"Not in it: {'; '.join(_lacks(listing))}")


def _lacks(listing: Listing) -> list[str]:
    """What the list does not have: changes and names after the oldest day of its rows, and what no source has."""
    third = [each.checked for each in listing.taxa if each.appendix == 3 and each.checked]
    plants = [each.as_of for each in listing.taxa if each.kingdom == PLANT and each.appendix]
    return [
        *(f"changes of Appendix III after {min(third)}" for _ in third[:1]),
        *(f"names of plants after {min(plants)}" for _ in plants[:1]),
        "reservations",
        "quotas and suspensions of other countries",
    ]


def _from_files(files: Sequence[Path], faults: list[FieldError]) -> Iterator[Concept]:
    for file in files:
        data = read_file(file, "FILE")
        if len(data) > FILE_AT_MOST:
            raise usage(f"FILE: {file}: {len(data)} bytes, but at most {FILE_AT_MOST} are read")
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            row = data[: error.start].count(b"\n") + 1
            words = f"Byte {error.start} is not UTF-8: the file was saved in another encoding. Download it again."
            faults.append(FieldError(f"{file.name} row {row}", "encoding", words))
            continue
        header = text.partition("\n")[0]
        separator = ";" if header.count(";") > header.count(",") else ","
        cells = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        with progress() as bar:
            try:
                yield from species_plus.from_csv(file.name, bar.track(cells, description=file.name), faults)
            except csv.Error as error:
                faults.append(FieldError(f"{file.name} row {cells.line_num}", "half", f"The file is cut off: {error}."))


def _from_api(folder: Path, token_file: Path | None, faults: list[FieldError]) -> Iterator[Concept]:
    token = read_file(token_file, "--token-file").decode().strip() if token_file else os.environ.get(TOKEN, "")
    if not re.fullmatch("[A-Za-z0-9._-]{8,200}", token):
        raise usage(f"--token-file or {TOKEN}: give the token of your account at api.speciesplus.net")
    api = species_plus_api(token, folder)
    with progress() as bar:
        task = bar.add_task("pages", total=None)
        for number, pages, answer in api.read():
            bar.update(task, completed=number, total=pages)
            for each in species_plus.from_answer(answer, f"page {number}", faults):
                if 3 in each.listing and not each.parties:  # this answer does not name the Party of Appendix III
                    yield dataclasses.replace(each, parties=species_plus.parties_of(api.legislation(each.id)))
                else:
                    yield each


def _day(text: str, option: str = "--as-of") -> str:
    found = days.day(text)
    if found is None:
        raise usage(f"{option}: give the date of the data, YYYY-MM-DD")
    if found > date.today():
        raise usage(f"{option}: {text}: it must not be in the future")
    return text


def _in_names(files: Sequence[Path]) -> str:
    """The oldest date in the file names, "" if there is none.

    Species+ writes the date into the name: cites_listings_2026-11-20 10-30_comma_separated.csv.
    """
    return min(
        (found[0] for file in files for found in [re.search(r"\d{4}-\d\d-\d\d", file.name)] if found), default=""
    )


def _rows(where: Path) -> list[Row]:
    if where.is_dir():
        return list(list_in_use.base_rows_of(where))
    try:
        text = read_file(where, "--list").decode("utf-8")
    except UnicodeDecodeError as error:
        raise usage(f"--list: {where}: byte {error.start} is not UTF-8") from None
    rows: list[Row] = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    if not rows or tuple(rows[0]) not in {COLUMNS, OLD_COLUMNS}:
        raise usage(f"--list: {where}: expected the columns {', '.join(COLUMNS)}")
    return [{**dict.fromkeys(COLUMNS, ""), **row} for row in rows]


def _faults(rows: Sequence[Row], where: Path, today: date = date.max) -> Iterator[FieldError]:
    """Faults of the list by row and column, or if the rows have none, names that two entries claim.

    `where`: the base, or the file of a list. `today`: no day of a row may be after it.
    """
    sound, basis = True, list_in_use.base_tables(where if where.is_dir() else OURS).basis
    for number, row in enumerate(rows, 2):
        for column, code, words in faults_of(row, today, basis):
            sound = False
            yield FieldError(f"{row['scientific_name'] or f'row {number}'}, {column}", code, words)
    if sound:
        try:
            list_in_use.listing_of(rows)
        except ValueError as error:
            yield FieldError("rows", "contradicts", f"{error}.")


def _write(where: Path, rows: Sequence[Row]) -> None:
    try:
        replace_file(where, csv_text(rows).encode())
    except OSError as error:
        raise usage(f"--list: {where}: {error.strerror}") from None


def _write_base(where: Path, rows: Sequence[Row], *, checked: str, in_force: str) -> None:
    """Write the tables of the base in the order of `base_files`, then its days.

    `edition.json` keeps what else it has.
    """
    try:
        for name, lines in base_files(rows, list_in_use.base_tables(where)).items():
            text = io.StringIO(newline="")
            csv.writer(text, lineterminator="\n").writerows(lines)
            replace_file(where / name, text.getvalue().encode())
        edition = json.loads((where / "edition.json").read_text("utf-8"))
        edition |= {"checked": max(edition["checked"], checked), "in_force": in_force or edition["in_force"]}
        replace_file(where / "edition.json", f"{json.dumps(edition, indent=2)}\n".encode())
    except OSError as error:
        raise usage(f"--list: {where}: {error.strerror}") from None
    finally:
        list_in_use.base_tables.cache_clear()
        list_in_use.edition.cache_clear()


def _report(where: Path | None, rows: Sequence[Sequence[str]]) -> None:
    if where is None:
        return
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("what", "name", "before", "after"))
    writer.writerows([escape_cell(cell) for cell in row] for row in rows)
    try:
        replace_file(where, text.getvalue().encode("utf-8-sig"))
    except OSError as error:
        raise usage(f"--report: {where}: {error.strerror}") from None


def _refuse(faults: Sequence[FieldError], report: Path | None, as_json: bool) -> None:
    _report(report, [("refused", each.field, each.code, each.detail) for each in faults])
    if as_json:
        print_json({"refused": [{"field": each.field, "code": each.code, "detail": each.detail} for each in faults]})
    else:
        for each in faults[:SHOWN]:
            err.print(escape(f"{each.field}: {each.detail}"), soft_wrap=True)
        err.print(f"{count_of(len(faults), 'fault')} to correct; nothing was written")
    raise typer.Exit(REFUSED)


def _tell(merged: Merged, before: int, written: Path | None, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "before": before,
                "after": len(merged.rows),
                "counts": dict(merged.counts),
                "written": str(written) if written else None,
                "changes": [[each.what, each.name, each.before, each.after] for each in merged.changes],
            }
        )
        return
    for what, words in WORDS.items():
        found = [each for each in merged.changes if each.what == what]
        if not found:
            continue
        out.print(f"{len(found)} {words}")
        for each in found[:SHOWN] if what not in {"added", "ambiguous", "choice"} else ():
            step = " -> ".join(part for part in (each.before, each.after) if part)
            out.print(escape(f"    {each.name}: {step}" if step else f"    {each.name}"), soft_wrap=True)
    out.print(
        f"{before} taxa before, {len(merged.rows)} now"
        + (f": {escape(str(written))}" if written else "; not written: repeat it with --write")
    )


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="Scientific name, or a common name that the list has.")],
    on: Annotated[str, typer.Option(help="Day whose list answers, YYYY-MM-DD. Without it: today.")] = "",
    as_json: AsJson = False,
) -> None:
    """Print the entry of a name: Appendix, days, source, doubts and coming changes.

    Exit code: 0 found, 1 not found or not known as a whole.
    """
    at = days.day(on) if on else date.today()
    if at is None:
        raise usage(f"--on: {on}: expected a day, YYYY-MM-DD")
    listing = list_in_use.listing().on(at)
    goods = resolve_name(name, listing)
    taxon = goods.strictest
    near = [each.taxon for each in listing.search(name, NEAR_AT_MOST)]
    if taxon is None and near and name.casefold() in {each.casefold() for each in near[0].names.values()}:
        taxon, goods = near[0], resolve_name(near[0].scientific_name, listing)
    names = list(dict.fromkeys(each.scientific_name for each in (*goods.near, *near)))[:NEAR_AT_MOST]
    if as_json:
        entry = species_schemas.taxon_json(taxon, listing) if taxon else None
        known = {"known": goods.whole, "broad": goods.broad}
        print_json({"day": at.isoformat(), **known, "near": [] if goods.whole else names, "entry": entry})
    else:
        for line in _described(taxon, listing):
            out.print(escape(line), soft_wrap=True)
        if goods.broad:
            out.print("The members of this group are in several Appendices: name the species")
        if not goods.whole:
            err.print(escape(f"The list does not know all of {name}. It may mean: {', '.join(names) or 'none'}"))
    if not goods.whole:
        raise typer.Exit(REFUSED)


def _described(taxon: Taxon | None, listing: Listing) -> Iterator[str]:
    if taxon is None:
        return
    listed = f"Appendix {APPENDIX_NAMES[taxon.appendix]}" if taxon.appendix else "not listed"
    yield f"{taxon.scientific_name}: {listed}"
    if taxon.unlisted:
        yield f"    {taxon.unlisted.reason.replace('_', ' ')} {taxon.unlisted.note}".rstrip()
    if taxon.may_be:
        others = ", ".join(APPENDIX_NAMES[each] for each in sorted(taxon.may_be))
        yield f"    populations or subspecies of it are in Appendix {others}"
    checked = f"checked on {taxon.checked}" if taxon.checked else "not checked against a second source"
    in_force = f"Appendix in force on {taxon.since or taxon.as_of}, " if taxon.appendix or taxon.may_be else ""
    yield f"    {in_force}{checked}: {taxon.source}"
    if taxon.open:
        yield f"    not certain: {', '.join(sorted(taxon.open))}"
    if taxon.coming and taxon.coming.after is not None:
        yield f"    from {taxon.coming.day}: Appendix {APPENDIX_NAMES[taxon.coming.after]}"
    for rule in listing.restricted(taxon):
        yield f"    {rule.effect}, since {rule.since}: {rule.reason} ({rule.source})"
