"""`make mails`: what the running stage has mailed; the local engine catches every mail and lets none out."""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request
from datetime import datetime
from typing import Any

from local.place import here
from local.seed import ZONE
from local.token import NotRunning, running


def caught(endpoint: str) -> list[dict[str, Any]]:
    """First to last: Source, To, Subject, BodyText, Timestamp, as the engine keeps them until it stops."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{endpoint}/_ministack/ses/messages", timeout=10) as answer:
        accounts = json.loads(answer.read())["messages"]
    return sorted((mail for mails in accounts.values() for mail in mails), key=lambda mail: float(mail["Timestamp"]))


def main() -> int:
    try:
        mails = caught(running(here(), None)["env"]["TAMGA_ENDPOINT"])
    except (NotRunning, urllib.error.URLError) as error:
        print(error, file=sys.stderr)
        return 2
    for mail in mails:
        at = datetime.fromtimestamp(mail["Timestamp"], ZONE)
        print(f"{'-' * 72}\n{at:%H:%M:%S}  {mail['Source']} -> {', '.join(mail['To'])}\n{mail['Subject']}\n")
        print(mail["BodyText"])
    print(f"{len(mails)} mails since the engine started")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
