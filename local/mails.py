"""`make mails`: what the running stage has mailed; the local engine catches every mail and lets none out."""

from __future__ import annotations

import argparse
import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from local.desk import ZONE
from local.place import here
from local.token import NotRunning, running


def caught(endpoint: str) -> list[dict[str, Any]]:
    """In no order: Source, To, Subject, BodyText, Timestamp, as the engine keeps them until it stops."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{endpoint}/_ministack/ses/messages", timeout=10) as answer:
        accounts = json.loads(answer.read())["messages"]
    return [mail for mails in accounts.values() for mail in mails]


def told(mails: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Each mail in words, the newest last, and how many they are."""
    ordered = sorted(mails, key=lambda mail: float(mail["Timestamp"]))
    for mail in ordered:
        at = datetime.fromtimestamp(float(mail["Timestamp"]), ZONE)
        yield f"{'-' * 72}\n{at:%Y-%m-%d %H:%M:%S UTC%:z}  {mail['Source']} -> {', '.join(mail['To'])}"
        yield f"{mail['Subject']}\n\n{mail['BodyText']}"
    yield f"{len(ordered)} mails since the engine started, the newest last"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m local.mails", description=__doc__)
    parser.add_argument("--port", type=int, help="of the service, if it matters")
    asked = parser.parse_args(arguments)
    try:
        mails = caught(running(here(), asked.port)["env"]["TAMGA_ENDPOINT"])
    except (NotRunning, urllib.error.URLError) as error:
        print(error, file=sys.stderr)
        return 2
    try:
        for text in told(mails):
            print(text)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever reads has seen enough, as head does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else the last flush says it again
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
