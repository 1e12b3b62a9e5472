"""`make workshop`: make the pack for a training of officers, through a practice service, local or deployed.

    sheets/NN.pdf   twenty practice permits: genuine, copied, altered, used, ended, foreign
    goods.pdf       cards of the goods beside each sheet, four to a page
    key.pdf         the right decision for each, and why: for the trainer

All files are in .local/workshop/. Print the sheets single-sided. Sheet 15 ends on the day the pack is made, because no
register issues an expired permit, so use it from the next day on. A pack belongs to one service, so only devices of its
practice register know the sheets.

    make workshop                                              the service of `make run`
    make workshop ADDRESS=https://... TOKENS=tokens.json       a deployed practice stage, for telephones to scan

tokens.json: role -> access token of a person there, for applicant, preparer, scientist, approver and customs. These are
five people. Tell them what their names are used for.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import uuid
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from local import people
from local.client import Client, Refused
from local.desk import ZONE, Desk, default_person
from local.place import Place, here
from local.token import NotRunning, running, token
from local.workshop import cards
from local.workshop.papers import ENDS, PAPERS, POST, Paper


def make(client: Client, folder: Path, now: datetime, pack: str) -> dict[int, Any]:
    """Write the pack and return the permits by sheet. Raises `NotPractice`.

    The same `pack` again gives the same permits.
    """
    if b'data-practice="yes"' not in client.page("/desk/"):
        raise NotPractice(f"ADDRESS: {client.address} is not a practice register; a workshop needs one.")
    (folder / "sheets").mkdir(parents=True, exist_ok=True)
    desk, made, today = Desk(client, lambda: now), {}, now.astimezone(ZONE).date()
    for number, paper in PAPERS.items():
        permit = made[number] = _permit(desk, paper, f"workshop {pack} {number}", today)
        pdf = client.pdf(default_person("preparer"), f"/v1/permits/{permit['id']}/pdf?original=true")
        _become(desk, paper, permit)
        printed = paper.printed(pdf, permit)
        sheet = folder / "sheets" / f"{number:02d}.pdf"
        if b"/ByteRange" in printed:  # a sealed original must keep its bytes: its number is on a slip
            sheet.write_bytes(printed)
            sheet.with_stem(f"{number:02d}-slip").write_bytes(cards.slip(number, str(permit["number"])))
        else:
            sheet.write_bytes(_with_number(printed, number))
    rows, said = cards.sheets(), cards.catalogue()
    (folder / "goods.pdf").write_bytes(cards.goods_cards(rows, said))
    numbers = {number: PAPERS[number].numbered(str(permit["number"])) for number, permit in made.items()}
    (folder / "key.pdf").write_bytes(cards.key(rows, said, numbers))
    return made


def _permit(desk: Desk, paper: Paper, name: str, today: date) -> Any:
    return desk.issued(name, paper.applicant, paper.fields(today))


def _become(desk: Desk, paper: Paper, permit: Any) -> None:
    match paper.then:
        case "export":
            desk.endorse(permit, "export", POST)
        case "export_part":
            desk.endorse(permit, "export", POST, share=2)
        case "replaced":
            desk.replace(permit, "The importer's name was misspelled.")
        case ended:
            desk.end(permit, paper.applicant, ended, "Made for a workshop.")


def _with_number(pdf: bytes, number: int) -> bytes:
    """Add the sheet's number to the upper left corner of each page."""
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as sheet:
        for page in sheet.pages:
            box = page.mediabox
            size = (float(box[2]) - float(box[0]), float(box[3]) - float(box[1]))
            with pikepdf.open(io.BytesIO(cards.numbered(number, size))) as over:
                page.add_overlay(over.pages[0], pikepdf.Rectangle(box))
        out = io.BytesIO()
        sheet.save(out)
        return out.getvalue()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make workshop", description=__doc__.partition("\n")[0])
    parser.add_argument("--address", default="", help="address of a practice stage; default: the service of make run")
    parser.add_argument("--tokens", type=Path, help="JSON file of access tokens for that stage: role -> token")
    asked = parser.parse_args(arguments)
    if bool(asked.address) != bool(asked.tokens):
        parser.error("ADDRESS and TOKENS: give both or neither")
    place = here()
    try:
        client = _elsewhere(asked.address, asked.tokens) if asked.address else _here(place)
        folder = place.folder / "workshop"
        made = make(client, folder, datetime.now(ZONE), str(uuid.uuid4()))
    except (NotRunning, NotPractice, Refused) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"Made {len(made)} sheets, goods.pdf and key.pdf in {folder}")
    print(f"Sheet {ENDS} expires today: a scanner accepts it until midnight. Use it from tomorrow on.")
    return 0


class NotPractice(ValueError):
    """Raised for a register that is no practice register, and for tokens that are unreadable or missing."""


def _here(place: Place) -> Client:
    """Client of the running service. Raises `NotRunning`."""
    about = running(place, None)
    pool = people.Pool(**about["pool"])

    @cache
    def of(name: str, role: str) -> str:
        return token(pool, about["table"], name, [role])

    return Client(f"http://127.0.0.1:{about['port']}", of)


def _elsewhere(address: str, tokens: Path) -> Client:
    """Client of a deployed stage. Raises `NotPractice` for tokens that cannot be read or are missing."""
    try:
        held = {str(role): str(each) for role, each in json.loads(tokens.read_text("utf-8")).items()}
    except (OSError, ValueError, AttributeError) as error:
        raise NotPractice(f"TOKENS: {tokens}: expected a JSON object, role -> token ({error})") from None
    if missing := {"applicant", "preparer", "scientist", "approver", "customs"} - held.keys():
        raise NotPractice(f"TOKENS: {tokens}: add a token for {', '.join(sorted(missing))}")
    return Client(address.rstrip("/"), lambda name, role: held[role])


if __name__ == "__main__":
    raise SystemExit(main())
