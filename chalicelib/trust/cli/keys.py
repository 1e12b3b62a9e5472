"""Commands `tamga keys`: list the signing keys and due tasks, and propose to admit, rotate, retire or strike a key.

No command here publishes. A proposal makes the next trust list and records it for a second person (`tamga trust`). The
state of a key comes from our trust list, and from KMS, which has the private key.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypedDict

import typer
from rich.markup import escape
from rich.table import Table

from chalicelib.cli.output import (
    REFUSED,
    AsJson,
    Configured,
    Token,
    err,
    is_aws_error,
    moment,
    new_file,
    out,
    print_json,
    progress,
    refusals,
    stop,
    usage,
)
from chalicelib.kernel.days import DAY
from chalicelib.kernel.enums import KeyPurpose
from chalicelib.kernel.errors import Unavailable
from chalicelib.platform.config import KID
from chalicelib.trust.cli import proposals
from chalicelib.trust.cli.proposals import KeyDescription
from chalicelib.trust.model import key_rotation
from chalicelib.trust.model.trust_list import TrustKey, TrustList, thumbprint

if TYPE_CHECKING:
    from chalicelib.trust.services.ports import TrustDeps


def state_of(trust_list: TrustList, key: TrustKey, now: int) -> str:
    """Return a key's state: `signing`, `signing until ...`, `spare until ...`, `spare 1`, `retired` or `compromised`.

    `spare 1 from ...`: it may not sign yet. A permit key is `signing` if it signs at least one of its kinds now. The
    number of a spare is its place among the spares that share a kind with it.
    """
    from chalicelib.kernel.days import to_text

    if key.compromised:
        return "compromised"
    if key.retired_at is not None and key.retired_at <= now:
        return "retired"
    signs = key_rotation.signing(trust_list, key.purpose, now)
    if key in signs.values() or key.retired_at is not None:
        ends = "" if key.retired_at is None else f" until {to_text(key.retired_at)}"
        return ("signing" if key in signs.values() else "spare") + ends
    waiting = [
        each
        for each in key_rotation.keys_in_turn(trust_list, key.purpose)
        if each not in signs.values() and (each == key or set(each.kinds) & set(key.kinds) or not key.kinds)
    ]
    starts = "" if key.not_before <= now else f" from {to_text(key.not_before)}"
    return f"spare {waiting.index(key) + 1}{starts}"


def compare_with_kms(deps: TrustDeps, key: TrustKey) -> str:
    """Compare a key with KMS.

    Returns `same`, `another key`, `not configured: ...`, `unfit: ...`, `no answer` or `refused: ...`.
    """
    try:
        return "same" if deps.signer(key.kid).public_key == key.public_key else "another key"
    except Unavailable as error:
        return "no answer" if key.kid.hex() in deps.config.keys else f"not configured: {error.detail}"
    except ValueError as error:
        return f"unfit: {error}"
    except Exception as error:
        if not is_aws_error(error):
            raise
        return f"refused: {error}"


container: Configured[TrustDeps] = Configured()

app = typer.Typer(
    no_args_is_help=True,
    help="Signing keys: list them; propose to admit, rotate or retire one, or to strike a compromised one.",
)

Alias = Annotated[str, typer.Argument(help="KMS key: alias, id or ARN.")]

Kid = Annotated[str, typer.Argument(help="Key id (kid) in the trust list: 16 hex digits.")]

PurposeOf = Annotated[str, typer.Option("--purpose", help="Purpose of the key: permit, status or pdf.")]

Kinds = Annotated[
    str,
    typer.Option(
        help="For a permit key: kinds of document, such as E,I,R. Without it: the kinds of the listed permit keys."
    ),
]

Certificate = Annotated[Path | None, typer.Option(help="For a pdf key: file of its certificate, DER.", dir_okay=False)]

At = Annotated[
    str,
    typer.Option(
        help="End of its signing, UTC, such as 2027-01-01T00:00:00Z; publish at least 5 min before. Default: in 24 h."
    ),
]


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List every key of our trust list with purpose, state, dates and KMS key, then the tasks that are due."""
    deps = container()
    trust_list, now = proposals.current(deps), deps.now
    with progress() as bar:
        rows = [_row(deps, trust_list, key, now) for key in bar.track(trust_list.keys, description="asking KMS")]
    asked = key_rotation.due(trust_list, now)
    if as_json:
        print_json({"expires_at": _text(trust_list.expires_at), "keys": rows, "due": asked})
        return
    table = Table("kid", "purpose", "state", "signs (UTC)", "KMS key", box=None, padding=(0, 1, 0, 0))
    for column in table.columns[:-1]:
        column.no_wrap = True  # users copy these into other commands, so they stay whole on a narrow screen
    table.columns[-1].overflow = "fold"
    for row in rows:
        table.add_row(*map(escape, _cells(row)))
    out.print(table)
    out.print(f"The list expires {_text(trust_list.expires_at)}.")
    for words in asked.values():
        out.print(f"[yellow]due:[/yellow] {escape(words)}")


@app.command()
def kid(
    aliases: Annotated[list[str], typer.Argument(help="KMS keys: alias, id or ARN.")],
    certificate: Annotated[
        Path | None,
        typer.Option(
            help="New file for the certificate of this one pdf key; the key must be in TAMGA_KEYS.", dir_okay=False
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print KMS keys as `kid=alias`, for TAMGA_KEYS. With --certificate, also make the certificate of a pdf key."""
    deps = container()
    if certificate is not None and len(aliases) != 1:
        raise usage("--certificate: give one key only")
    found: list[dict[str, str]] = []
    for alias in aliases:
        key = proposals.key_of(KeyDescription(alias, KeyPurpose.STATUS), None, deps, not_before=0)
        found.append({"kid": key.kid.hex(), "key": alias, "thumbprint": thumbprint(key.public_key).hex()})
    made = _certificate(deps, found[0]["kid"], certificate) if certificate is not None else {}
    line = ",".join(f"{each['kid']}={each['key']}" for each in found)
    if as_json:
        print_json({"TAMGA_KEYS": line, "keys": found, **made})
        return
    for each in found:
        err.print(f"{escape(each['key'])}: thumbprint {each['thumbprint']}", soft_wrap=True)
    typer.echo(f"TAMGA_KEYS={line}")
    for variable, value in made.items():
        typer.echo(f"{variable}={value}")


@app.command()
def admit(
    alias: Alias,
    purpose: PurposeOf,
    kinds: Kinds = "",
    certificate: Certificate = None,
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Propose a new key as the last spare. It may sign when every trust list without it has expired."""
    deps, key = container(), KeyDescription(alias, proposals.purpose_of(purpose), kinds, certificate)

    def make(old: TrustList | None, now: int) -> TrustList:
        known = proposals.require_list(old)
        return key_rotation.admit(known, _new_key(key, known, deps), now)

    proposals.propose(deps, token, f"keys admit: {key.purpose} key {alias}", as_json, make)


@app.command()
def rotate(
    alias: Alias,
    purpose: PurposeOf,
    kinds: Kinds = "",
    certificate: Certificate = None,
    at: At = "",
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Propose to retire the key that signs now. The first spare then signs. This new key joins as the last spare."""
    deps, key = container(), KeyDescription(alias, proposals.purpose_of(purpose), kinds, certificate)
    end = _retirement_time(deps, at)

    def make(old: TrustList | None, now: int) -> TrustList:
        known = proposals.require_list(old)
        return key_rotation.rotate(known, _new_key(key, known, deps), now, end)

    proposals.propose(deps, token, f"keys rotate: {key.purpose} key {alias} joins", as_json, make)


@app.command()
def retire(
    kid: Kid,
    at: At = "",
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Propose that a key stops signing. Its earlier signatures stay valid."""
    deps, key = container(), _kid(kid)
    end = _retirement_time(deps, at)

    def make(old: TrustList | None, now: int) -> TrustList:
        return key_rotation.retire(proposals.require_list(old), key, end, now)

    proposals.propose(deps, token, f"keys retire: {kid}", as_json, make)


@app.command()
def compromised(
    kid: Kid,
    since: Annotated[
        str,
        typer.Option(
            help="Time since which it is known or feared, UTC, such as 2027-01-01T00:00:00Z. For the record only."
        ),
    ] = "",
    spare: Annotated[
        str, typer.Option(help="New KMS key that the same list admits as the last spare: alias, id or ARN.")
    ] = "",
    certificate: Certificate = None,
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Propose to strike a compromised key: its signatures no longer count by themselves. This cannot be undone.

    Its permits are `check` if the register holds them. Its status lists and seals do not count.
    """
    deps, key = container(), _kid(kid)
    if since:
        moment(since, "--since")
    if certificate is not None and not spare:
        raise usage("--certificate: give --spare too; the certificate belongs to that pdf key")

    def make(old: TrustList | None, now: int) -> TrustList:
        known = proposals.require_list(old)
        lost = next((each for each in known.keys if each.kid == key), None)
        fresh = None
        if spare and lost:
            fresh = _new_key(KeyDescription(spare, lost.purpose, certificate=certificate), known, deps)
        return key_rotation.compromise(known, key, now, spare=fresh)

    why = f"keys compromised: {kid}" + (f", known or feared since {since}" if since else "")
    proposals.propose(deps, token, why, as_json, make)


class KeyRow(TypedDict):
    """A key as the command shows it. `kms_key` is its name in the configuration, and `kms` is of `compare_with_kms`."""

    kid: str
    purpose: KeyPurpose
    kinds: list[str]
    state: str
    signs_from: str
    until: str | None
    thumbprint: str
    certificate: str | None
    kms_key: str | None
    kms: str


def _row(deps: TrustDeps, trust_list: TrustList, key: TrustKey, now: int) -> KeyRow:
    return {
        "kid": key.kid.hex(),
        "purpose": key.purpose,
        "kinds": list(key.kinds),
        "state": state_of(trust_list, key, now),
        "signs_from": _text(key.not_before),
        "until": _text(key.retired_at) if key.retired_at is not None else None,
        "thumbprint": thumbprint(key.public_key).hex(),
        "certificate": key.fingerprint.hex() if key.fingerprint else None,
        "kms_key": deps.config.keys.get(key.kid.hex()),
        "kms": compare_with_kms(deps, key),
    }


def _cells(row: KeyRow) -> tuple[str, ...]:
    """Return one row of the table, for 80 columns.

    It has one time (the end of the key's signing, else its begin), and the answer of KMS only if it is not `same`.
    """
    at = f"until {row['until']}" if row["until"] else f"from {row['signs_from']}"
    held = (row["kms_key"] or "").removeprefix("alias/")
    answer = ""
    if row["kms"] != "same":
        answer = f": {row['kms']}" if held else row["kms"]
    state = row["state"].partition(" until")[0].partition(" from")[0]
    return row["kid"], row["purpose"], state, at[:-4].replace("T", " "), held + answer


def _new_key(key: KeyDescription, known: TrustList, deps: TrustDeps) -> TrustKey:
    made = proposals.key_of(key, known, deps, not_before=known.expires_at)
    if any(each.kid == made.kid for each in known.keys):
        raise usage(f"ALIAS: {key.alias} ({made.kid.hex()}) is in the trust list already; give a new key")
    return made


def _certificate(deps: TrustDeps, kid: str, path: Path) -> dict[str, str]:
    """Make a pdf key's certificate in a new file.

    Never replaces a file, because a new certificate has another fingerprint.
    """
    import base64

    if path.exists():
        raise stop(
            f"--certificate: {path} exists. A key gets one certificate only: use it, or give another key a new file",
            REFUSED,
        )
    with new_file(path, "--certificate") as keep:
        with refusals():
            made = deps.make_certificate(bytes.fromhex(kid))
        keep(made)
    return {"TAMGA_PDF_CERTIFICATE": base64.b64encode(made).decode()}


def _retirement_time(deps: TrustDeps, at: str) -> int:
    """Return the time from which a key signs no more: `--at`, else one day from now."""
    return moment(at, "--at") if at else deps.clock() + DAY  # leaves the second person time to publish


def _kid(text: str) -> bytes:
    if not KID.fullmatch(text):
        raise usage("KID: give the 16 hex digits that `tamga keys list` shows")
    return bytes.fromhex(text)


def _text(at: int) -> str:
    from chalicelib.kernel.days import to_text

    return to_text(at)
