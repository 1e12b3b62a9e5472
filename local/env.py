"""`python -m local.env`: print the running stage's configuration as `export` lines, to `eval` before `bin/tamga`."""

from __future__ import annotations

import argparse
import os
import shlex
import sys

from local.engine import CREDENTIALS
from local.place import here
from local.token import NotRunning, running

# Hides every AWS account that this machine is signed in to from the commands of that shell.
NOWHERE = {
    "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_PROFILE": "", "AWS_SESSION_TOKEN": "",
}  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m local.env", description=__doc__)
    parser.add_argument("--port", type=int, help="port of the service; default: the practice register of this folder")
    try:
        about = running(here(), parser.parse_args(arguments).port)
    except NotRunning as error:
        print(error, file=sys.stderr)
        return 2
    server = {"TAMGA_SERVER": f"http://127.0.0.1:{about['port']}"}  # for `tamga bulk`, which calls the service by HTTP
    for name, value in {**about["env"], **server, **CREDENTIALS, **NOWHERE}.items():
        print(f"export {name}={shlex.quote(value)}" if value else f"unset {name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
