"""`make run`: the whole service on 127.0.0.1 with a seeded ministry, until Ctrl-C.

1. Lock this folder.
2. Start the engine.
3. Prepare the stage (local/setup.py).
4. Serve the application.
5. Start the jobs, and the port for other Parties.
6. Write running.json, for `make token`.
7. Create the seed and its prints, once.
8. Print addresses, and commands to type.

On the way out the server takes no new request and finishes those that run. Then the engine writes its state.
"""

from __future__ import annotations

import argparse
import errno
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from chalicelib.kernel.countries import COUNTRIES
from chalicelib.kernel.stage import Stage
from local import elsewhere, other_registers, parties, people, samples, seed, setup, token, tour
from local.client import Client
from local.country import Country, IncompleteCountry, load_country
from local.engine import CREDENTIALS, ROOT, Engine, EngineError
from local.place import HOME, REAL, InUse, Place, here, log_to, write_json

if TYPE_CHECKING:
    from chalicelib.composition.container import Container

FINISH_SECONDS = 30  # time limit for running requests when the server stops
POSTS = ("manas-airport", "osh-airport")  # of the tour
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m local.run", description="The whole service on 127.0.0.1.")
    parser.add_argument("--port", type=int, default=8000, help="port of the service; 0: a free port")
    parser.add_argument("--workers", type=int, default=1, help="number of processes that serve; 1: this process alone")
    parser.add_argument(
        "--real", action="store_true", help="run a real register beside the practice register of this folder"
    )
    parser.add_argument(
        "--country", default=HOME, help="country code (ISO 3166-1) of the practice register, which runs beside ours"
    )
    asked = parser.parse_args(arguments)
    if asked.country not in COUNTRIES or (asked.real and asked.country != HOME):
        parser.error("--country: give a country code (ISO 3166-1, two letters), without --real")
    port = asked.port
    began = time.monotonic()
    place = here().real if asked.real else here().of(asked.country)
    hide_aws_accounts()
    for each in SIGNALS:
        signal.signal(each, _stop)
    try:
        abroad = None if asked.country == HOME else load_country(asked.country)
        with place.locked(), _check_port_free(port), Engine(place.engine) as engine:  # 1, 2
            place.running.unlink(missing_ok=True)  # left by a run that was killed
            log_to(place.folder / "service.log")
            ready = _prepared(place, engine, asked.real, abroad)  # 3
            os.environ.update(ready.env)
            with _serving(place, port, asked.workers, ready) as served:  # 4
                _serve_until_stopped(place, ready, served, began, abroad)
    except KeyboardInterrupt:
        print("Stopped; all data are saved. The same command starts it again.", flush=True)
    except (InUse, EngineError, IncompleteCountry, other_registers.NoPractice) as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        print(f"Port {port} is in use by another program. Choose another port: make run PORT=...", file=sys.stderr)
        return 1
    return 0


@contextmanager
def _check_port_free(port: int) -> Iterator[None]:
    """Check that the port is free before anything is made, so that a taken port is reported at once. Raises OSError."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # the port may be in TIME_WAIT after the last run
        probe.bind(("127.0.0.1", port))
    yield


def _prepared(place: Place, engine: Engine, real: bool, abroad: Country | None) -> setup.PreparedStage:
    if real:
        return setup.prepare(place, engine, setup.REAL, other_registers.roots(here()))
    if abroad is None:
        return setup.prepare(place, engine, other_roots=other_registers.pinned_roots(here(), HOME))
    stage = Stage(abroad.code, setup.practice_host(abroad.code), zone=abroad.zone, duty_number=abroad.duty_number)
    ready = setup.prepare(place, engine, stage, other_roots=other_registers.pinned_roots(here(), abroad.code))
    return replace(ready, env={**ready.env, "TAMGA_PLACE": abroad.place})


def _serve_until_stopped(
    place: Place, ready: setup.PreparedStage, port: int, began: float, abroad: Country | None
) -> None:
    """Run everything that needs the service to respond (steps 5 to 8), then wait for Ctrl-C."""
    from chalicelib.composition import container
    from local.jobs import Jobs

    address = f"http://127.0.0.1:{port}"
    os.environ["TAMGA_EXPORTER_PAGE"] = f"{address}/exporter/"  # for mails of the jobs, with the container made below
    container.replace_deps(None)
    tokens: dict[tuple[str, str], str] = {}

    def of(part: str, role: str) -> str:
        name = people.local_counterpart(part, role, ready.pool.country)
        if (name, role) not in tokens:
            tokens[name, role] = token.token(ready.pool, ready.table, name, [role])
        return tokens[name, role]

    client = Client(address, of)
    seeder = seed.Seed(client, place, play=elsewhere.seed_plan(abroad) if abroad else None)
    ports = container.deps().ports
    if ports.stage.practice:
        ports.published_lists = other_registers.Published(here())
    host = nullcontext(0) if abroad else parties.host(place, port + 1, int(time.time()))
    with Jobs(container.deps), host as exchange:  # 5
        if seeder.missing_stories:
            _fill(seeder, client, container.deps(), place.samples, address)  # 7
        if not abroad:
            parties.ensure(client, place, exchange, seeder.made)
        place.samples.mkdir(parents=True, exist_ok=True)
        permit = seeder.tour_permit()
        about = {"port": port, "pid": os.getpid(), "table": ready.table, "pool": asdict(ready.pool)}
        write_json(place.running, {**about, "env": dict(ready.env)})
        try:
            _print_addresses(place, address, port, exchange, time.monotonic() - began, abroad)  # 6, 8
            posts = abroad.posts if abroad else POSTS
            print("\n".join(tour.lines(address, permit, _short(place.samples), port=port, posts=posts)), flush=True)
            print(flush=True)
            while True:
                signal.pause()
        finally:
            place.running.unlink(missing_ok=True)


def _fill(seeder: seed.Seed, client: Client, deps: Container, folder: Path, address: str) -> None:
    """Create the example data and print the progress. The pages respond meanwhile."""
    from chalicelib.suspicions.services.pattern_search import find_patterns

    stories = seeder.play.stories
    whole = len(stories) + samples.printed(stories)
    there = len(stories) - len(seeder.missing_stories)

    def say(what: str) -> None:
        nonlocal there
        print(f"  example data: {100 * there // whole:2} %, now {what}", flush=True)
        there += 1

    print(f"The pages answer at {address}; the example data are still being created.", flush=True)
    seeder.ensure(say)
    find_patterns(deps, at_once=True)  # fmt: skip
    samples.write(client, stories, seeder.made, folder, lambda name: say(f"the print of {name}"))


def _print_addresses(
    place: Place, address: str, port: int, exchange: int, seconds: float, abroad: Country | None
) -> None:
    keys = _short(place.folder / "exchange")
    kind, other = _kind(place, port, abroad)
    who = abroad.cast if abroad else people.KYRGYZ
    prepares, science, approves, customs, applies = (
        who.of(role) for role in ("preparer", "scientist", "approver", "customs", "applicant")
    )
    epix = f"""https://localhost:{exchange}/v1/epix   EPIX for other Parties, by client certificate: curl --cert
                                   {keys}/germany.pem --cacert {keys}/servers.pem ... (docs/EXCHANGE.md)"""
    print(f"""
Tamga, {kind}: {address}   (ready after {seconds:.1f} s; Ctrl-C stops it and saves all data)

  {address}/v1/docs      documentation of the API        {address}/v1/health
  {address}/1            the page that a QR code opens   {address}/trust-list
  {address}/which/       which document is needed        {address}/training/   films and practice
  {address}/desk/        the ministry's desk: sign in as {prepares[0]} (prepares), {science[0]} (Scientific
                                   Authority), {approves[0]} (approves), {customs[0]} (customs, duty desk) or another
  {address}/scan/        the officers' scanner: sign in as {" or ".join(customs)}; works without a network
  {address}/exporter/    for exporters: sign in as {applies[0]}; make mails PORT={port} prints the mails sent to it
  {other}
  {"no EPIX in this register; it is in ours (make run)" if abroad else epix}
  {_short(place.samples)}/   prints of the example permits: a PDF, and a picture of each page
  make token ROLE=customs [NAME=...] PORT={port}   prints an access token for a role
  eval "$(.venv/bin/python -m local.env --port {port})"   sets up bin/tamga (keys list, doctor ...) for this register
  {_short(place.folder / "service.log")}   one line for each request

A tour, to type or paste in another terminal, in this folder:
""")


def _kind(place: Place, port: int, abroad: Country | None) -> tuple[str, str]:
    """Name this register, and describe in a line how to run another one."""
    if abroad:
        return (
            f"practice register of {abroad.name}",
            "make run   starts ours beside it; how each trusts the other: docs/NEW_COUNTRY.md, See it run",
        )
    if place.folder.name == REAL:
        return (
            "real register (made up)",
            "practice mode of the scanner: Shift, then Practise; make its sheets with make workshop",
        )
    return (
        "practice register",
        f"make run REAL=yes PORT={port + 10}   starts a real register beside it; its scanner has a practice mode",
    )


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


@contextmanager
def _serving(place: Place, port: int, workers: int, ready: setup.PreparedStage) -> Iterator[int]:
    """Serve the application with waitress, in a thread or in several processes. On exit, finish running requests."""
    if workers > 1:
        from local.workers import Workers

        with Workers(port, workers, place.folder / "service.log", place.running) as several:
            yield several.port
        return
    from app import app
    from local import server, sign_in

    published = partial(other_registers.respond, here()) if "TAMGA_PRACTICE_PINS" in ready.env else None
    practice = ready.env["TAMGA_PRACTICE"] == "yes"
    page = sign_in.page_of(ready.pool, ready.table, place.running.exists, practice=practice)
    made = server.create(app, port, sign_in=page, beside=published, ready=place.running.exists)
    threading.Thread(target=made.run, name="server", daemon=True).start()
    try:
        yield int(made.effective_port)
    finally:
        made.task_dispatcher.shutdown(cancel_pending=False, timeout=FINISH_SECONDS)


def _stop(number: int, frame: object) -> None:
    """Handle the first signal. Ignore the ones that follow, which must not interrupt saving, and stop."""
    for each in SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    print("\nStopping: finishing requests, then saving; please wait ...", flush=True)
    raise KeyboardInterrupt


def hide_aws_accounts() -> None:
    """Hide every AWS account that this machine is signed in to from this process."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "TAMGA_")) and name != "TAMGA_LOCAL"]:
        del os.environ[name]
    nowhere = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    os.environ.update(CREDENTIALS | nowhere | {"AWS_EC2_METADATA_DISABLED": "true"})


if __name__ == "__main__":
    raise SystemExit(main())
