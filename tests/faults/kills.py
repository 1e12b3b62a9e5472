"""Kill child processes at every AWS call of a permit's life and report the result. It runs in its own process.

A child is forked from this process, which has no threads. It does one step over the real connection (DynamoDB, KMS, S3
of the local engine). It ends itself with SIGKILL before or after its n-th call. Then the step is repeated or swept, and
the invariants are checked. Each signature that KMS makes, for a child or for this process, is written to a file when
the response arrives.

    python tests/faults/kills.py ENDPOINT '{"points": [0, 3, ...], "swept": true, "broken": false}'
"""

from __future__ import annotations

import base64
import json
import os
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from aws_office import AwsOffice
from crashing import check_invariants, rows
from office import NOW
from verbs import SIGNING, Life

from chalicelib.issuing.services import sign
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.rows import Key
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import store

DIED = -signal.SIGKILL


class Killer:
    """Counter of the points in a child's life. Two for each call, before the request and after the response."""

    def __init__(self, office: AwsOffice, at: int) -> None:
        self.at, self.seen = at, 0
        for client in office.clients.values():
            client._endpoint.http_session._manager.clear()  # close inherited connections: they belong to the parent
            client.meta.events.register("before-send", self._point)
            client.meta.events.register("response-received", self._point)

    def _point(self, **_: Any) -> None:
        if self.seen == self.at:
            os.kill(os.getpid(), signal.SIGKILL)
        self.seen += 1


class Notary:
    """Record of each digest that KMS signed, with its key, before other code gets the response."""

    def __init__(self, kms: Any, notes: Path) -> None:
        self.notes, self.asked = notes, ("", "")
        kms.meta.events.register("before-send.kms.Sign", self._before)
        kms.meta.events.register("response-received.kms.Sign", self._after)

    def _before(self, request: Any, **_: Any) -> None:
        asked = json.loads(request.body)
        self.asked = asked["KeyId"], asked["Message"]

    def _after(self, **_: Any) -> None:
        with self.notes.open("a") as file:
            file.write(" ".join(self.asked) + "\n")


class Kills(Life):
    """Lives of one table under kills. `swept`: no step is repeated before the sweep."""

    def __init__(self, endpoint: str, *, swept: bool) -> None:
        super().__init__(AwsOffice(endpoint, now=NOW))
        self.at = 0
        self.notes = Path(tempfile.mkstemp(prefix="tamga-kills-")[1])
        Notary(self.office.clients["kms"], self.notes)
        self.swept = swept
        self.kills: Counter[str] = Counter()
        self.points: dict[str, int] = {}

    def child(self, work: Callable[[], Any], at: int) -> int:
        """Run the work in a child; return DIED, 0, or 1 if it raised Unavailable.

        The child sends the number of points through a pipe.
        """
        read, write = os.pipe()
        pid = os.fork()
        if pid == 0:  # run nothing of the parent's in here: no finally, no atexit
            code = 3
            with suppress(BaseException):
                killer = Killer(self.office, at)
                try:
                    work()
                    code = 0
                except Unavailable:
                    code = 1
                os.write(write, b"\0" * min(killer.seen, 60_000))
            os._exit(code)
        os.close(write)
        _, status = os.waitpid(pid, 0)
        with os.fdopen(read, "rb") as pipe:
            self.seen = len(pipe.read())
        code = os.waitstatus_to_exitcode(status)
        assert code in {DIED, 0, 1}, code
        return code

    def verb(self, name: str, work: Callable[[], Any]) -> None:
        """Kill the step at this point, if it is long enough. Then repeat it (or sweep and repeat) until it is done."""
        code = self.child(work, self.at)
        if code == 0:
            self.points[name] = max(self.points.get(name, 0), self.seen)
            return
        self.kills[name] += code == DIED  # else "Try again shortly": the engine was slow, and the step may be half done
        if name in SIGNING:
            if not self.swept:
                with suppress(Unavailable):
                    work()
            self.office.later(sign.SIGNING_TIMEOUT)
            sign.give_up_signings(self.office)
        for _ in range(4):
            with suppress(Unavailable):
                work()
                return
        work()

    def end(self) -> dict[str, Any]:
        """Check the whole table: I1, I2, I5, and each signature of KMS is recorded or declared void."""
        office = self.office
        keys = {office.key_ids[signer.kid] for signer in office.permit_keys}
        noted = [line.split() for line in self.notes.read_text().splitlines()]
        office.signed = [base64.b64decode(digest) for key, digest in noted if key in keys]  # type: ignore[attr-defined]
        table = rows(office.register)
        last = max(int(key.sort[4:10]) for key in table if key.partition == "NUMBER#KG")
        check_invariants(office, serials=last)
        void = sum(1 for key, data in table.items() if key.partition == "NUMBER#KG" and data.get("void"))
        for key in [key for key in table if key.partition.startswith("EVENT#")]:
            days = [Key(other.partition, other.sort) for other in table
                    if other.partition.startswith("USES#") and other.sort == key.partition[6:]]  # fmt: skip
            assert len(days) <= 1
        self.notes.unlink()
        return {
            "kills": dict(self.kills), "points": self.points, "signatures": len(office.signed),
            "numbers": last, "void": void, "permits": len(self.permits),
        }  # fmt: skip


def twice_signed() -> None:
    """Break the guard. An attempt may then be taken several times, so each retry signs again.

    The harness must detect this.
    """
    from chalicelib.permits.model.lifecycle import ISSUED_ONCE

    def taken(permit_id: str, deps: Any) -> Dossier:
        dossier = store.load(deps.register, permit_id)
        assert dossier.state not in ISSUED_ONCE
        return dossier

    sign._claim_attempt = taken  # type: ignore[assignment]


def main() -> None:
    endpoint, asked = sys.argv[1], json.loads(sys.argv[2])
    if asked.get("broken"):
        twice_signed()
    kills = Kills(endpoint, swept=asked["swept"])
    for at in asked["points"]:
        kills.at = at
        kills.life()
    print("FOUND " + json.dumps(kills.end()))


if __name__ == "__main__":
    main()
