"""`python -m local.token ROLE [--name NAME] [--port PORT]`: print an access token of the running service.

Nothing else is printed.
"""

from __future__ import annotations

import argparse
import os
import sys
import urllib.error
from collections.abc import Collection
from typing import Any

from local import people
from local.engine import CREDENTIALS, READ_SECONDS
from local.place import Place, here, read_json


class NotRunning(RuntimeError):
    """Raised when no service runs here."""


def running(place: Place, port: int | None) -> dict[str, Any]:
    """Read running.json of the service of this clone.

    It is our practice register's, unless `port` is that of another register: the real one or another country's. Raises
    `NotRunning`.
    """
    places = (*place.countries.values(), place.real) if port is not None else (place,)
    found = [about for each in places if (about := read_json(each.running)) is not None]
    if not found:
        raise NotRunning("The service is not running. Start it with: make run")
    for about in found:
        if port in {None, about["port"]}:
            return dict(about)
    ports = " and ".join(str(about["port"]) for about in found)
    raise NotRunning(f"PORT: no service of this folder runs on port {port}; it runs on port {ports}.")


def token(pool: people.Pool, table: str, name: str, roles: Collection[str]) -> str:
    """Return an access token. A person who does not have exactly these roles is added to the pool with them first.

    Raises `people.Unknown` if the person has chosen a password or must still choose one.
    """
    held = people.sign_in(pool, name)
    if held is None or people.groups_in(held) != frozenset(roles):
        ensure_registered(pool, table, name, roles)
        held = people.sign_in(pool, name)
    if held is None:
        raise people.Unknown(f"NAME: {name} has chosen a password or must still choose one; sign in on a page instead.")
    return held


def ensure_registered(pool: people.Pool, table: str, name: str, roles: Collection[str]) -> str:
    """Add the person to the pool and to the register, at every post; return their `sub`."""
    from chalicelib.adapters.aws.client import make_client
    from chalicelib.adapters.aws.register import DynamoRegister
    from chalicelib.kernel.rows import Put
    from chalicelib.people.services import PERSONS, person_key

    os.environ.update(CREDENTIALS)
    cognito = make_client("cognito-idp", region=pool.region, endpoint=pool.endpoint, read_seconds=READ_SECONDS)
    subject = people.ensure_person(cognito, pool, name, roles)
    register = DynamoRegister(table, region=pool.region, endpoint=pool.endpoint)
    row = register.get(person_key(subject))
    before = row.data["roles"] if row else []
    data = {"name": people.full_name(name, pool.country), "roles": sorted({*before, *roles}), "posts": ["*"]}
    register.commit(Put(person_key(subject), data, expected_version=None, index={"shelf": PERSONS}))
    return subject


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m local.token", description=__doc__)
    parser.add_argument("role", metavar="ROLE", help="role, or several separated by commas")
    parser.add_argument(
        "--name", default="", help="sign-in name of the person; default: the first person with the role"
    )
    parser.add_argument("--port", type=int, help="port of the service; default: the practice register of this folder")
    asked = parser.parse_args(arguments)
    try:
        roles = people.roles_of(asked.role)
        about = running(here(), asked.port)
        pool = people.Pool(**about["pool"])
        print(token(pool, about["table"], people.name_of(asked.name, roles, pool.country), roles))
    except (people.Unknown, NotRunning) as error:
        print(error, file=sys.stderr)
        return 2
    except urllib.error.URLError:
        print("The service does not answer. Start it again with: make run", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
