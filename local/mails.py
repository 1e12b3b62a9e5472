"""`make mails`: print the mails that the running stage sent. The local engine keeps every mail and delivers none."""

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


def sent_mails(endpoint: str) -> list[dict[str, Any]]:
    """All mails since the engine started, unordered: Source, To, Subject, BodyText, Timestamp."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{endpoint}/_ministack/ses/messages", timeout=10) as answer:
        accounts = json.loads(answer.read())["messages"]
    return [mail for mails in accounts.values() for mail in mails]


def format_mails(mails: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Format each mail as text, the newest last, then their number."""
    ordered = sorted(mails, key=lambda mail: float(mail["Timestamp"]))
    for mail in ordered:
        at = datetime.fromtimestamp(float(mail["Timestamp"]), ZONE)
        yield f"{'-' * 72}\n{at:%Y-%m-%d %H:%M:%S UTC%:z}  {mail['Source']} -> {', '.join(mail['To'])}"
        yield f"{mail['Subject']}\n\n{mail['BodyText']}"
    yield f"{len(ordered)} mails since the engine started, the newest last"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m local.mails", description=__doc__)
    parser.add_argument("--port", type=int, help="port of the service; default: the practice register of this folder")
    asked = parser.parse_args(arguments)
    try:
        mails = sent_mails(running(here(), asked.port)["env"]["TAMGA_ENDPOINT"])
    except (NotRunning, urllib.error.URLError) as error:
        print(error, file=sys.stderr)
        return 2
    try:
        for text in format_mails(mails):
            print(text)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader closed the pipe, as head does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else the flush at exit raises it again
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
