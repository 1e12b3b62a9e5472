"""Transactions: a version conflict is decided and tried again up to a limit, any other error is not repeated."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chalicelib.kernel.errors import Restored, Unavailable, WrongState
from chalicelib.kernel.rows import Conflict, Key
from chalicelib.platform.transact import TRIES, transact

LOST = Conflict([Key("PERMIT#1", "CURRENT")])


class Attempts:
    """Calls that raise these errors in turn, then return the number of the call."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = errors
        self.calls = 0

    def __call__(self) -> int:
        self.calls += 1
        if self.calls <= len(self.errors):
            raise self.errors[self.calls - 1]
        return self.calls


def test_first_attempt_without_conflict_is_the_only_one() -> None:
    attempts = Attempts()
    assert (transact(attempts, "busy"), attempts.calls) == (1, 1)


def test_two_conflicts_then_success_return_the_third_result() -> None:
    attempts = Attempts(LOST, LOST)
    assert (transact(attempts, "busy"), attempts.calls) == (3, 3)


def test_success_at_the_last_try_is_returned() -> None:
    assert transact(Attempts(*[LOST] * (TRIES - 1)), "busy") == TRIES


def test_conflict_at_the_last_try_raises_unavailable_with_given_text() -> None:
    attempts = Attempts(*[LOST] * (TRIES + 1))
    with pytest.raises(Unavailable, match=r"^Others are changing this permit\.$"):
        transact(attempts, "Others are changing this permit.")
    assert (attempts.calls, TRIES) == (TRIES, 64)


def test_fewer_tries_end_earlier() -> None:
    attempts = Attempts(*[LOST] * TRIES)
    with pytest.raises(Unavailable):
        transact(attempts, "busy", tries=4)
    assert attempts.calls == 4


@pytest.mark.parametrize(
    "error",
    [Unavailable("The answer was lost."), Restored(), WrongState("Over."), ValueError("a fault")],
    ids=lambda error: type(error).__name__,
)
def test_other_error_is_raised_at_once(error: Exception) -> None:
    """After a lost answer too. The client repeats the request with the same event id and so finds the result."""
    attempts = Attempts(LOST, error)
    with pytest.raises(type(error)) as raised:
        transact(attempts, "busy")
    assert raised.value is error
    assert attempts.calls == 2


def test_none_is_a_result() -> None:
    calls: list[int] = []
    attempt: Callable[[], None] = lambda: calls.append(1)  # noqa: E731
    transact(attempt, "busy")
    assert calls == [1]
