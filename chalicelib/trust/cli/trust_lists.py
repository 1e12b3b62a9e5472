"""Commands `tamga trust`: one person proposes a trust list, a second person reads it in words and publishes it.

`tamga trust take` proposes another Party's published list for our bundle. This also takes two people.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from chalicelib.cli.output import (
    AsJson,
    Configured,
    Token,
    new_file,
    out,
    person,
    print_json,
    read_file,
    refusals,
    usage,
)
from chalicelib.kernel.enums import KeyPurpose
from chalicelib.kernel.errors import TamgaError
from chalicelib.kernel.text import count_of
from chalicelib.trust.cli import proposals, root_machine
from chalicelib.trust.cli.proposals import KeyDescription
from chalicelib.trust.model import key_rotation
from chalicelib.trust.model.key_rotation import Change, changes, describe_list
from chalicelib.trust.model.trust_list import TrustList, signed_list, thumbprint

if TYPE_CHECKING:
    from chalicelib.trust.services.ports import TrustDeps


container: Configured[TrustDeps] = Configured()


def take(
    country: Annotated[str, typer.Argument(help="Party: two-letter country code (ISO 3166-1), pinned in TAMGA_PINS.")],
    file: Annotated[Path, typer.Argument(help="File downloaded from the Party's /trust-list address.", dir_okay=False)],
    out_file: Annotated[
        Path, typer.Option("--out", help="New file for its signed list; give it to the second person.", dir_okay=False)
    ],
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Propose another Party's trust list for our bundle, as person A.

    Person B then runs `tamga trust show`, and `tamga trust import` with the --out file.
    """
    from chalicelib.trust.services import publish_trust_list

    deps = container()
    actor, data, now = person(deps, token), read_file(file, "FILE"), deps.clock()
    with new_file(out_file, "--out") as keep, refusals():
        signed, wanted = signed_list(data, country, deps.pins)
        held = publish_trust_list.in_force(country, deps)
        old = held[1] if held else None
        publish_trust_list.check_next(wanted, old, pins=deps.pins, now=now)
        publish_trust_list.check_no_overlap(wanted, deps)
        proposal = publish_trust_list.propose(wanted, actor, deps, why=f"trust take: {country}")
        keep(signed)
    found = changes(old, wanted)
    if as_json:
        print_json({"proposal": proposal, "file": str(out_file), "changes": proposals.changes_json(found)})
        return
    proposals.show_changes(found)
    out.print(
        f"Proposal [bold]{proposal}[/bold]. Next, a second person runs: tamga trust show {proposal}, "
        f"then: tamga trust import {proposal} {escape(str(out_file))}",
        soft_wrap=True,
    )


app = typer.Typer(no_args_is_help=True, help="Trust list: make a root key; propose, show, sign and publish a list.")

app.command()(root_machine.root)

app.command()(root_machine.sign)

app.command()(take)

ProposalId = Annotated[str, typer.Argument(help="Id of the proposal, as the first person's command printed it.")]


@app.command()
def prepare(
    first: Annotated[bool, typer.Option("--first", help="Propose the first list; needs --root and keys.")] = False,
    add_host: Annotated[
        str, typer.Option(help="Host to add. Permits may carry it when every list without it has expired.")
    ] = "",
    root: Annotated[
        Path | None,
        typer.Option(
            help="File of a root's public key, PEM: for the first list, or to announce the next root.", dir_okay=False
        ),
    ] = None,
    permit: Annotated[
        list[str] | None,
        typer.Option(help="First list: a KMS key for permits. Repeat it, in the order in which the keys will sign."),
    ] = None,
    status: Annotated[
        list[str] | None, typer.Option(help="First list: a KMS key for status lists. Repeat it, in the same way.")
    ] = None,
    pdf: Annotated[
        list[str] | None,
        typer.Option(help="First list: a KMS key for seals, as KEY=CERTIFICATE-FILE. Repeat it, in the same way."),
    ] = None,
    kinds: Annotated[
        str, typer.Option(help="First list: kinds of document that the permit keys sign, such as E,I. Without it: all.")
    ] = "",
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Propose our next trust list, as person A: a renewal for 60 days, a new host or root, or the first list."""
    deps = container()
    public = _public(root) if root else None
    keys = [*(permit or ()), *(status or ()), *(pdf or ())]
    if first and (add_host or not public or not keys):
        raise usage("--first: give --root and keys (--permit, --status, --pdf), without --add-host")
    if not first and keys:
        raise usage("--permit, --status, --pdf: only with --first; add a later key with `tamga keys admit`")

    def make(old: TrustList | None, now: int) -> TrustList:
        if first:
            if old is not None:
                raise usage("--first: this Party has a trust list already; leave the option out")
            first_keys = _first_keys(permit or [], status or [], pdf or [], kinds)
            listed = [proposals.key_of(key, None, deps, not_before=now) for key in first_keys]
            return key_rotation.begin(deps.stage, listed, public or b"", now)
        known = proposals.require_list(old)
        following = (
            key_rotation.add_host(known, add_host, now) if add_host else key_rotation.renew(known, now, root=public)
        )
        return key_rotation.renew(following, now, root=public) if add_host and public else following

    why = f"add host {add_host}" if add_host else "renew"
    if first:
        why = "first list"
    proposals.propose(
        deps, token, f"trust prepare: {why}" + (", next root" if public and not first else ""), as_json, make
    )


@app.command()
def show(
    proposal: ProposalId,
    whole: Annotated[bool, typer.Option("--whole", help="Also print the whole list.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show every change of a proposal against the list in force. Compare the changes with the minutes."""
    from chalicelib.trust.services import publish_trust_list

    deps = container()
    with refusals():
        known = publish_trust_list.read(proposal, register=deps.register)
    _show(known, deps, whole, as_json)


@app.command()
def publish(
    proposal: ProposalId,
    root: root_machine.RootKey,
    yes: root_machine.Yes = False,
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Sign and publish a proposal, as person B, on a machine that has the root key.

    Shows the changes and asks before it signs. Everything is checked before the root signs.
    """
    from chalicelib.trust.services import publish_trust_list

    deps = container()
    actor = person(deps, token)
    read_file(root, "--root")  # a missing file is reported before the person is asked
    with refusals():
        known = publish_trust_list.review(proposal, actor, deps)
    root_machine.confirm_signing(
        _about(known), proposals.list_in_force(deps, known.wanted.issuer), known.wanted, deps.now, yes
    )
    signer = root_machine.read_root(root)
    with refusals():
        done = publish_trust_list.publish(proposal, actor, signer, container())  # judged when it is signed
    _published(done, as_json)


@app.command()
def export(
    proposal: ProposalId,
    out_file: Annotated[
        Path, typer.Option("--out", help="New file for the proposal; carry it to the root's machine.", dir_okay=False)
    ],
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Write a proposal to a file for the machine of the root, as person B.

    The file also has the list in force, for comparison.
    """
    from chalicelib.trust.services import publish_trust_list

    deps = container()
    actor = person(deps, token)
    with new_file(out_file, "--out") as keep:
        with refusals():
            known = publish_trust_list.review(proposal, actor, deps)
            held = publish_trust_list.in_force(known.wanted.issuer, deps)
        carried = {
            "format": root_machine.FORMAT,
            **_about(known),
            "payload": known.payload.hex(),
            "in_force": held[0].hex() if held else None,
        }
        keep(json.dumps(carried, ensure_ascii=False, indent=1).encode())
    if as_json:
        print_json({"proposal": proposal, "file": str(out_file)})
    else:
        out.print(
            f"Written: {escape(str(out_file))}. Carry it to the root's machine, then run: tamga trust sign",
            soft_wrap=True,
        )


@app.command("import")
def import_(
    proposal: ProposalId,
    file: Annotated[
        Path, typer.Argument(help="Signed list that `tamga trust sign` or `tamga trust take` wrote.", dir_okay=False)
    ],
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Publish a list that was signed offline, as person B. It must be the proposed list."""
    from chalicelib.trust.services import publish_trust_list

    deps = container()
    actor = person(deps, token)
    signed = read_file(file, "FILE")
    with refusals():
        done = publish_trust_list.publish_signed(proposal, actor, signed, deps)
    _published(done, as_json)


def _about(known: Any) -> dict[str, str | None]:
    from chalicelib.kernel.days import to_text

    return {
        "proposal": known.id,
        "proposed_by": known.by_name or known.by,
        "proposed_at": to_text(known.at),
        "why": known.why,
        "published_by": known.published_by,
    }


def _show(known: Any, deps: TrustDeps, whole: bool, as_json: bool) -> None:
    about, new, now = _about(known), known.wanted, deps.now
    old = proposals.list_in_force(deps, new.issuer)
    found = changes(old, new)
    if as_json:
        more = {"list": describe_list(new)} if whole else {}
        print_json({**about, "changes": proposals.changes_json(found), "due": key_rotation.due(new, now), **more})
        return
    for name, value in about.items():
        if value:
            out.print(f"{name.replace('_', ' ')}: {escape(value)}", soft_wrap=True)
    out.print(
        f"\n[bold]{count_of(len(found), 'change')} against the list in force[/bold]"
        if old
        else "\n[bold]The first list[/bold]"
    )
    proposals.show_changes(found)
    if whole and old:
        out.print("\n[bold]The whole list[/bold]")
        proposals.show_changes(tuple(Change(name, None, words) for name, words in describe_list(new).items()))
    for words in key_rotation.due(new, now).values():
        out.print(f"[yellow]still due:[/yellow] {escape(words)}", soft_wrap=True)


def _published(done: TrustList, as_json: bool) -> None:
    from chalicelib.kernel.days import to_text

    said = {"seq": done.seq, "expires_at": to_text(done.expires_at)}
    if as_json:
        print_json(said)
    else:
        out.print(f"Published: trust list {done.seq} of {done.issuer}, valid until {said['expires_at']}.")


def _public(path: Path) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

    data = read_file(path, "--root")
    try:
        key = load_pem_public_key(data)
        public = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        thumbprint(public)
    except (ValueError, TamgaError):
        raise usage(
            f"--root: {path}: not a P-256 public key in PEM; give the .pub file of `tamga trust root`"
        ) from None
    return public


def _first_keys(permit: list[str], status: list[str], pdf: list[str], kinds: str) -> list[KeyDescription]:
    keys = [KeyDescription(alias, KeyPurpose.PERMIT, kinds) for alias in permit]
    keys += [KeyDescription(alias, KeyPurpose.STATUS) for alias in status]
    for text in pdf:
        alias, equals, path = text.rpartition("=")
        if not equals:
            raise usage("--pdf: expected KEY=CERTIFICATE-FILE")
        keys.append(KeyDescription(alias, KeyPurpose.PDF, certificate=Path(path)))
    return keys
