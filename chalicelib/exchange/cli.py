"""Commands `tamga exchange`: ask other Parties' services, report arrivals, and keep the access list, from any desk.

Each command calls the service with the token of its user. Our client certificate never leaves the service.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlencode

import typer
from rich.markup import escape
from rich.table import Table

from chalicelib.cli.output import REFUSED, UNAVAILABLE, USAGE, AsJson, Token, out, print_json, read_file, stop, usage
from chalicelib.cli.service_client import Answer, NoAnswer, Server, ServiceClient
from chalicelib.exchange.model.operations import CONFIRM, FINAL, OPERATIONS

app = typer.Typer(
    no_args_is_help=True,
    help="Exchange with other Parties (EPIX): ask for a permit, report an arrival, and manage who may ask us.",
)

Country = Annotated[str, typer.Argument(help="Party: two-letter country code (ISO 3166-1).")]

Number = Annotated[str, typer.Argument(help="Number of the permit, as printed on it.")]

Code = Annotated[str, typer.Option("--code", help="Security code printed beside the number, if the permit has one.")]


@app.command()
def ask(
    country: Country,
    number: Number,
    server: Server,
    token: Token = "",
    code: Code = "",
    final: Annotated[bool, typer.Option("--final", help="Ask for the quantities that really left (block 14).")] = False,
    as_json: AsJson = False,
) -> None:
    """Ask a Party's service for one of its permits.

    Exit code: 0 the Party gave the permit, 1 it refused, 3 no answer.
    """
    body = {
        "country": country.upper(),
        "number": number,
        **({"token": code} if code else {}),
        **({"operation": FINAL} if final else {}),
    }
    _heard(_posted(server, token, "ask", body), as_json)


@app.command()
def confirm(
    country: Country,
    number: Number,
    server: Server,
    lines: Annotated[
        list[str] | None,
        typer.Argument(
            help="Quantity that arrived, by line of the permit: A=2 B=0.5. Without it: the quantities in our register."
        ),
    ] = None,
    token: Token = "",
    code: Code = "",
    as_json: AsJson = False,
) -> None:
    """Report to a Party what arrived, line by line.

    `--code` is the security code that the other Party printed on its permit. The service sends the report once, so
    telephone before you repeat it if no answer comes.
    """
    body: dict[str, Any] = {"country": country.upper(), "number": number, **({"token": code} if code else {})}
    if not lines:
        return _heard(_posted(server, token, "arrived", body), as_json)
    found = [{"line": line, "quantity": quantity} for line, _, quantity in (each.partition("=") for each in lines)]
    if not all(each["line"] and each["quantity"] for each in found):
        raise usage("LINES: expected LINE=QUANTITY for each, such as A=2 B=0.5")
    return _heard(_posted(server, token, "ask", {**body, "operation": CONFIRM, "lines": found}), as_json)


@app.command()
def parties(server: Server, token: Token = "", as_json: AsJson = False) -> None:
    """List the Parties that may ask this service, with their certificates."""
    items = _good(_get(server, token, "/v1/exchange/parties"))["items"]
    if as_json:
        return print_json(items)
    table = Table("Party", "may ask", "operations", "certificates (SHA-256)", "entered by")
    for each in items:
        prints = "\n".join(each["certificates"])
        table.add_row(
            each["country"], "yes" if each["active"] else "no", "\n".join(each["may"]), prints, each["by_name"]
        )
    return out.print(table)


@app.command()
def enter(
    country: Country,
    server: Server,
    token: Token = "",
    certificate: Annotated[
        list[Path] | None,
        typer.Option("--certificate", help="File of a client certificate of that Party, PEM. Repeat it for more."),
    ] = None,
    may: Annotated[
        list[str] | None,
        typer.Option(
            "--may", help=f"Operation that it may use: {', '.join(OPERATIONS)}. Repeat it for more. Without it: all."
        ),
    ] = None,
    note: Annotated[str, typer.Option(help="Note for the record.")] = "",
    closed: Annotated[bool, typer.Option("--closed", help="Refuse all requests of that Party.")] = False,
    as_json: AsJson = False,
) -> None:
    """Set what a Party may ask from now on. Needs the role of an admin. It replaces the Party's previous entry."""
    from chalicelib.exchange.model.party_certificate import read_certificate
    from chalicelib.kernel.errors import ExchangeRefused

    prints = []
    for path in certificate or ():
        try:
            found = read_certificate(read_file(path, "--certificate").decode("utf-8", "replace"))
        except ExchangeRefused as error:
            raise usage(f"--certificate: {path}: {error.detail}") from None
        if found.country != country.upper():
            raise usage(f"--certificate: {path}: its subject names {found.country}, not {country.upper()}")
        prints.append(found.thumbprint)
    operations = may or list(OPERATIONS)
    body = {"certificates": prints, "may": operations, "active": not closed, **({"note": note} if note else {})}
    try:
        made = _good(ServiceClient(server, token).put(f"/v1/exchange/parties/{quote(country.upper(), safe='')}", body))
    except NoAnswer as error:
        raise stop(str(error), UNAVAILABLE) from None
    if as_json:
        return print_json(made)
    return out.print(f"{made['country']}: {'may ask' if made['active'] else 'may not ask'}; {', '.join(made['may'])}")


@app.command()
def calls(country: Country, server: Server, token: Token = "", as_json: AsJson = False) -> None:
    """List the last requests between us and a Party, refused ones included."""
    items = _good(_get(server, token, f"/v1/exchange/parties/{quote(country.upper(), safe='')}/calls"))["items"]
    if as_json:
        return print_json(items)
    table = Table("time (UTC)", "side", "operation", "number", "outcome", "by")
    for each in items:
        texts = (each["at"], each["side"], each["operation"], each.get("number", ""), each["outcome"])
        table.add_row(*map(escape, texts), escape(each.get("by_name", "")))
    return out.print(table)


def _posted(server: str, token: str, what: str, body: dict[str, Any]) -> Any:
    """POST without a retry, because the service repeats a question itself and a report is never repeated."""
    try:
        return _good(ServiceClient(server, token, tries=1).post(f"/v1/exchange/{what}", body))
    except NoAnswer as error:
        raise stop(str(error), UNAVAILABLE) from None


def _get(server: str, token: str, path: str, **query: str) -> Answer:
    try:
        return ServiceClient(server, token).get(f"{path}?{urlencode(query)}" if query else path)
    except NoAnswer as error:
        raise stop(str(error), UNAVAILABLE) from None


def _good(answer: Answer) -> Any:
    if answer.good:
        return answer.json
    lines = [f"{field or code}: {detail}" for field, code, detail in answer.faults()]
    raise stop("\n".join(lines), USAGE if answer.status == 422 else REFUSED)


def _heard(heard: Any, as_json: bool) -> None:
    """Print the answer, and stop with an exit code that shows its outcome."""
    outcome = heard["call"]["outcome"]
    if as_json:
        print_json(heard)
    elif heard["permit"] is not None:
        out.print("\n".join(heard["words"]), markup=False)
        out.print(f"SHA-256 of the answer: {heard['call']['digest']}", style="dim")
    elif outcome == "answered":
        reported = " ".join(f"{each['line']}={each['quantity']}" for each in heard["call"].get("lines", ()))
        out.print(f"The Party accepted the report: {reported}", soft_wrap=True)
    if outcome != "answered":
        country = heard["call"]["country"]
        if outcome == "unavailable":
            raise stop(f"{country}: {outcome}: the Party's service does not answer; ask by telephone", UNAVAILABLE)
        reported = heard["call"]["operation"] == CONFIRM
        words = "the Party did not confirm the report" if reported else "the Party gave no permit"
        raise stop(f"{country}: {outcome}: {words}; docs/EXCHANGE.md explains the code", REFUSED)
