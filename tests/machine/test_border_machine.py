"""Random sequences of steps at the border: each ends as the verdict tables say, on both registers.

Hypothesis draws the steps. After each one the rulebook's prediction and the invariants must hold (border_play.py).
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
from border_play import NUMBERS, PlainOffice, Play, Step
from crashing import Wrapped
from engine_office import EngineOffice
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from office import NOW
from proof import FULL, SEED, found, size
from stores import on_aws

from chalicelib.kernel.rows import Key, Put
from chalicelib.offline.services import devices
from chalicelib.uses import single_use
from chalicelib.verdict import border_rules
from local.engine import PYTHON, REGION, Engine

PERMITS = st.integers(0, 7)
OFFICERS = st.sampled_from(["u-aizada", "u-bekzat", "u-chinara"])
POSTS = st.sampled_from(["manas-airport", "manas-airport", "bishkek-clearance", "osh-airport", "torugart"])
DIRECTIONS = st.sampled_from(["export", "export", "import", "import", "transit", "return"])
QUANTITIES = st.sampled_from([1, 1, 2, 3])
WAYBILLS = st.sampled_from(["AWB 1", "AWB 1", "AWB 2"])
SAID = st.sampled_from([None, None, True, False])
BACK = st.sampled_from([0, 60, 1200, 3600, 11 * 3600, 13 * 3600, 3 * 86400, 13 * 86400, 15 * 86400])
EVENT = st.one_of(
    st.tuples(PERMITS, OFFICERS, DIRECTIONS, QUANTITIES, WAYBILLS, BACK),
    st.tuples(st.just("again"), st.integers(0, 9)),
)
CLOCK = st.sampled_from([1, 599, 900, 1801, 3600, 12 * 3600, 86400, 72 * 3600, 73 * 3600, 8 * 86400])
SOON = 55 * 86400  # the other Party's trust list expires after sixty days


REACHED = {
    "endorse: accepted", "endorse: AlreadyUsed", "endorse: NotUsable", "endorse: QuantityExceeded", "endorse: pending",
    "confirm: accepted", "confirm: conflict", "confirm: TwoPeople", "undo: undone", "undo: TwoPeople",
    "undo: NotUsable", "undo: Forbidden", "replace: replaced", "clear: cleared", "clear: TwoPeople", "state: revoked",
    "state: issued", "state: lost", "state: suspended", "state: WrongState", "again: accepted", "again: AlreadyUsed",
}  # fmt: skip


class BorderMachine(RuleBasedStateMachine):
    """One run. `kept`: the steps of every run, for the other register."""

    kept: ClassVar[list[list[Step]] | None] = None
    steps_done: ClassVar[Counter[str]] = Counter()
    office: ClassVar[Callable[[], PlainOffice]] = PlainOffice

    def __init__(self) -> None:
        super().__init__()
        self.play, self.steps = Play(type(self).office()), []
        if self.kept is not None:
            self.kept.append(self.steps)

    def step(self, name: str, **drawn: Any) -> None:
        self.steps.append((name, drawn))
        told, foretold = self.play.do((name, drawn))
        assert told == foretold, (name, drawn)
        if told is not None:
            self.steps_done[f"{name}: {told}" if isinstance(told, str) else name] += 1

    @initialize(n=PERMITS | st.none(), direction=st.sampled_from(["export", "import"]))
    def stamp(self, n: int | None, direction: str) -> None:
        """Begin many runs with a waiting stamp.

        Otherwise a confirmation beside other uses is rare.
        """
        if n is not None:
            self.step("endorse", n=n, officer="u-aizada", direction=direction, post="manas-airport", quantity=1,
                      waybill="AWB 1", back=1)  # fmt: skip

    @rule(seconds=CLOCK)
    def clock(self, seconds: int) -> None:
        if self.play.office.now + seconds < NOW + SOON:
            self.step("clock", seconds=seconds)

    @rule(n=PERMITS, direction=DIRECTIONS | st.just("none"), post=POSTS | st.none(), same=SAID)
    def look(self, **drawn: Any) -> None:
        self.step("look", **drawn)

    @rule(n=PERMITS, officer=OFFICERS, direction=DIRECTIONS, post=POSTS, same=SAID)
    def scan(self, **drawn: Any) -> None:
        self.step("scan", **drawn)

    @rule(n=PERMITS, direction=DIRECTIONS, post=POSTS)
    def no_answer(self, **drawn: Any) -> None:
        self.step("no_answer", **drawn)

    @rule(n=PERMITS, officer=OFFICERS, direction=DIRECTIONS, post=POSTS, quantity=QUANTITIES, waybill=WAYBILLS,
          back=st.sampled_from([0, 0, 0, 1, 20]))  # fmt: skip
    def endorse(self, **drawn: Any) -> None:
        self.step("endorse", **drawn)

    @rule(k=st.integers(0, 9))
    def again(self, k: int) -> None:
        self.step("again", k=k)

    @rule(which=st.integers(0, 2), batch=st.lists(EVENT, min_size=1, max_size=4), twice=st.booleans())
    def sync(self, which: int, batch: list[Step], twice: bool) -> None:
        self.step("sync", which=which, batch=tuple(batch), twice=twice)

    @rule(k=st.integers(0, 9), officer=OFFICERS | st.just("u-appr"))
    def undo(self, k: int, officer: str) -> None:
        self.step("undo", k=k, officer=officer)

    @rule(k=st.integers(0, 9), officer=OFFICERS)
    def confirm(self, k: int, officer: str) -> None:
        self.step("confirm", k=k, officer=officer)

    @rule(n=PERMITS, verb=st.sampled_from(["suspend", "reinstate", "reinstate", "revoke", "lost"]), flag=st.booleans())
    def state(self, **drawn: Any) -> None:
        self.step("state", **drawn)

    @rule(n=PERMITS)
    def replace(self, n: int) -> None:
        if len(self.play.seen) < 8:
            self.step("replace", n=n)

    @rule(n=PERMITS, code=st.sampled_from(["U1", "U4", "U4", "L2", "S6"]), officer=OFFICERS, direction=DIRECTIONS,
          post=POSTS)  # fmt: skip
    def clear(self, **drawn: Any) -> None:
        self.step("clear", **drawn)

    @invariant()
    def holds(self) -> None:
        self.play.check()


def runs(machine: type[BorderMachine], examples: int, steps: int, **more: Any) -> None:
    settled = settings(
        max_examples=examples, stateful_step_count=steps, database=None, print_blob=False,
        report_multiple_bugs=False, suppress_health_check=list(HealthCheck), **more,
    )  # fmt: skip
    run_state_machine_as_test(seed(SEED)(machine), settings=settled)


def test_random_steps_at_border_match_the_rulebook() -> None:
    class Machine(BorderMachine):
        steps_done: ClassVar[Counter[str]] = Counter()

    examples = size(20, 4000)
    runs(Machine, examples, 30)
    done = Machine.steps_done
    for name, n in sorted(done.items()):
        print(f"  {n} {name}")
    assert {"look", "scan", "sync", "no_answer"} <= set(done)
    assert any(name.endswith(": accepted") for name in done)  # at once, or on retry after a lost response
    assert not FULL or set(done) >= REACHED  # the runs reach these results
    found("state machine", runs=examples, steps=done.total())


@pytest.mark.engine
def test_same_steps_give_same_results_on_engine(engine: Engine) -> None:
    class Machine(BorderMachine):
        kept: ClassVar[list[list[Step]] | None] = []

    runs(Machine, size(4, 300), 20, phases=[Phase.generate])
    assert Machine.kept
    longest = sorted(Machine.kept, key=len, reverse=True)[: size(4, 300)]
    for steps in longest:
        office = PlainOffice()
        begin = office.on(office.register)
        here = Play(begin)
        store = EngineOffice(engine.endpoint, now=NOW)
        there = Play(office.on(store.register))
        for step in steps:
            assert here.do(step) == there.do(step)
            there.check()
        assert here.audit() == there.audit()
    found("state machine", runs_on_the_engine=len(longest), steps_on_the_engine=sum(map(len, longest)))


# The engine with its deletion of expired rows every tenth of a second, not every minute.
QUICK_ENGINE = f"""#!{PYTHON}
import runpy, sys, time
sys.argv = sys.argv[:1]
sleep = time.sleep
time.sleep = lambda seconds: sleep(0.1 if seconds == 60 else seconds)
runpy.run_module("ministack", run_name="__main__", alter_sys=True)
"""


@pytest.mark.engine
def test_engine_office_keeps_rows_that_expired_by_engine_clock(aws_credentials: None, tmp_path: Path) -> None:
    """Otherwise the engine, whose clock is ahead of the tests' time, would delete rows with an expiry."""
    quick, row = tmp_path / "python", Put(Key("expired"), {"n": 1}, expires=1)
    quick.write_text(QUICK_ENGINE)
    quick.chmod(0o700)
    with Engine(region=REGION, python=quick) as engine:
        office = EngineOffice(engine.endpoint, now=NOW)
        office.register.commit(row)
        deleting = on_aws("engine", engine.endpoint).register
        deleting.commit(row)  # later: when this row is gone, the engine has looked at the first one too
        end = time.monotonic() + 60
        while deleting.get(row.key) is not None:
            assert time.monotonic() < end, "the engine deletes no expired rows"
            time.sleep(0.1)
        kept = office.register.get(row.key)
    assert kept is not None
    assert kept.data == row.data


@pytest.mark.parametrize("n", [NUMBERS.index("I"), NUMBERS.index("F")])
def test_equal_part_after_full_quantity_arrived_is_refused(n: int) -> None:
    part = {"n": n, "officer": "u-aizada", "direction": "import", "post": "manas-airport", "quantity": 1,
            "waybill": "AWB 1", "back": 0}  # fmt: skip
    play = Play(PlainOffice())
    answers = [play.do(("endorse", part)) for _ in range(3)]
    assert answers == [("accepted", "accepted"), ("accepted", "accepted"), ("AlreadyUsed", "AlreadyUsed")]


# Seeded faults: the machine must find each one, otherwise it proves nothing.


def without_guard() -> PlainOffice:
    """An office where the next endorsement does not see the earlier uses."""
    office = PlainOffice()
    inner = office.register

    def forgetful(puts: Any) -> Any:
        return [
            replace(put, data={**put.data, "uses": put.data["uses"][-1:]}, expected_version=None)
            if put.key.sort == "DOSSIER" and put.data.get("uses") else put
            for put in puts
        ]  # fmt: skip

    office.register = Wrapped(inner, change=forgetful)  # type: ignore[assignment]
    return office


def mutate(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    changed: dict[str, tuple[Any, str, Any]] = {
        "a use is admitted again": (single_use, "check_use", lambda *args: None),
        "no posts are linked": (border_rules, "are_linked", lambda posts, one, other: False),
        "no duplicate is known": (single_use, "same_use", lambda one, other, posts: False),
        "a late event is in time": (devices.Device, "late", lambda *args: False),
    }  # fmt: skip
    module, attribute, fault = changed[name]
    monkeypatch.setattr(module, attribute, fault)


FAULTS = (
    "a use is admitted again", "earlier uses are forgotten", "no duplicate is known", "a late event is in time",
    "no posts are linked",
)  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS[: size(2, len(FAULTS))])
def test_machine_finds_seeded_fault(monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    class Machine(BorderMachine):
        pass

    if fault == "earlier uses are forgotten":
        Machine.office = staticmethod(without_guard)  # type: ignore[assignment]
    else:
        mutate(monkeypatch, fault)
    with pytest.raises(AssertionError):
        runs(Machine, 2000, 30, phases=[Phase.generate])  # it ends at the first fault found
