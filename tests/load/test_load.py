"""Load test: the service keeps its response times, refuses excess load at once, and recovers completely.

1. Ten issues and sixty verifications a second.
2. Five times that, and many clients at once. Each gets 200, or 429 or 503 with Retry-After, in time.
3. The invariants hold, and every permit whose issue was refused is issued on retry.
4. The first load again.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from crashing import check_invariants
from generator import NO_ANSWER, Answer, Call, Generator, percentile
from life import approved, issued
from process import but
from proof import FULL, found, size
from served import Served

from chalicelib.issuing.services.sign import SIGNING_TIMEOUT, give_up_signings
from chalicelib.kernel.rows import Key
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import store

pytestmark = [pytest.mark.engine, pytest.mark.slow]

ISSUES, VERDICTS, TIMES = 10, 60, 5  # a second; and the factor of the overload
SECONDS = size(1, 60)
CROWD = 300  # clients at once: more than two workers let wait
SOON_ISSUED, SOON_VERIFIED = 1.0, 0.3  # seconds, of 99 in a hundred
PATIENCE = size(90, 10)  # seconds; no client waits longer
TOGETHER = 40  # copies in one transaction


class Load:
    """Permits to issue, codes to verify, and the client's token."""

    def __init__(self, served: Served, generator: Generator) -> None:
        self.served, self.generator = served, generator
        office = served.office
        self.codes = [issued(office).tokens[0] for _ in range(size(5, 50))]  # type: ignore[arg-type]
        self.pattern = approved(office)  # type: ignore[arg-type]
        self.token = served.token("approver")
        self.asked: list[str] = []

    def ready(self, count: int) -> list[str]:
        """Ids of `count` more approved permits: copies of one approved permit under new ids."""
        register, ids = self.served.office.register, [self.served.office.new_id() for _ in range(count)]
        for at in range(0, count, TOGETHER):
            copies = [replace(self.pattern, id=each, version=1) for each in ids[at : at + TOGETHER]]
            register.commit(*(store.dossier_put(copy, expected_version=0) for copy in copies))
        self.asked += ids
        return ids

    def issue(self, permit_id: str, due: float | None = None) -> Call:
        return Call.post(f"/v1/permits/{permit_id}/issue", token=self.token, due=due)

    def verify(self, n: int, due: float | None = None) -> Call:
        return Call.post("/v1/verify", {"qr": self.codes[n % len(self.codes)]}, due=due)

    def held(self, times: int, seconds: float) -> tuple[list[Answer], list[Answer]]:
        """Send the load, `times` as high, for so many seconds. Return responses of issues and of verifications."""
        ids = self.ready(int(ISSUES * times * seconds))
        calls = [self.issue(each, n / (ISSUES * times)) for n, each in enumerate(ids)]
        calls += [self.verify(n, n / (VERDICTS * times)) for n in range(int(VERDICTS * times * seconds))]
        answers = self.generator.send(calls)
        return answers[: len(ids)], answers[len(ids) :]


@pytest.fixture
def load() -> Iterator[Load]:
    with Served(workers=2) as served, Generator(served.port, connections=CROWD) as generator:
        made = Load(served, generator)
        warm = generator.send([made.verify(n) for n in range(40)] + [made.issue(each) for each in made.ready(4)])
        refused([each for each in warm if each.status != 200])
        yield made


@pytest.mark.timeout(1500)
def test_load_overload_and_recovery(load: Load) -> None:
    issues, verdicts = load.held(1, SECONDS)
    kept("load", issues, verdicts)  # 1
    too_much = load.held(TIMES, SECONDS)
    for each in too_much:
        refused([answer for answer in each if answer.status != 200])
    ids = load.ready(CROWD // 10)
    crowd = load.generator.send([load.issue(each) for each in ids] + [load.verify(n) for n in range(3 * CROWD)])
    refused([answer for answer in crowd if answer.status != 200])  # 2
    told = Counter(answer.status for answer in (*too_much[0], *too_much[1], *crowd))
    assert told[503] > 0
    whole(load)  # 3
    kept("after", *load.held(1, SECONDS))  # 4
    found(
        "load", issues=len(issues), verdicts=len(verdicts),
        issue_p99_ms=round(percentile(issues, 0.99) * 1000), verify_p99_ms=round(percentile(verdicts, 0.99) * 1000),
        overload_answers=sum(told.values()), refused=told[503] + told[429],
        overload_p99_ms=round(percentile([*too_much[0], *too_much[1]], 0.99) * 1000),
    )  # fmt: skip


def kept(when: str, issues: Sequence[Answer], verdicts: Sequence[Answer]) -> None:
    """Check normal load: correct responses, and within the promised times at full size, where nothing else runs."""
    assert Counter(answer.status for answer in (*issues, *verdicts)).keys() <= ({200} if FULL else {200, 503}), when
    refused([answer for answer in (*issues, *verdicts) if answer.status != 200])
    assert {answer.json["outcome"] for answer in verdicts if answer.status == 200} == {"accept"}
    if FULL:
        assert percentile(issues, 0.99) < SOON_ISSUED, when
        assert percentile(verdicts, 0.99) < SOON_VERIFIED, when


def refused(answers: Sequence[Answer]) -> None:
    """Check that each refusal is a problem, sent in time, with Retry-After."""
    assert Counter(answer.status for answer in answers).keys() <= {429, 503}, Counter(a.status for a in answers)
    for answer in answers:
        headers = answer.headers.lower()
        assert answer.status != NO_ANSWER
        assert answer.seconds < PATIENCE
        assert b"content-type: application/problem+json" in headers
        assert int(headers.partition(b"retry-after: ")[2].partition(b"\r\n")[0]) >= 1
        assert json.loads(answer.body)["status"] == answer.status


def whole(load: Load) -> None:
    """Check the end state: every permit is issued on retry, and nothing is half done."""
    office = load.served.office
    give_up_signings(but(office, now=office.now + SIGNING_TIMEOUT))
    left = [each for each in load.asked if store.load(office.register, each).state != "issued"]
    with Generator(load.served.port, connections=2) as politely:
        assert {answer.status for answer in politely.send([load.issue(each) for each in left])} <= {200}
    last = office.register.get(Key("COUNTER#KG", f"{office.stage.today(office.now).year % 100:02d}"))
    assert last is not None
    check_invariants(office, serials=int(last.data["last"]))  # type: ignore[arg-type]
    issued_: list[Dossier] = [store.load(office.register, each) for each in load.asked]
    assert len({each.number for each in issued_}) == len(issued_)
