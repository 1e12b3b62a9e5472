"""Single use of another Party's permit, on paper or by its code, on every register."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from border import with_kazakhstan
from crashing import Wrapped
from foreign_play import Presented
from office import MemoryOffice

from chalicelib.kernel.errors import AlreadyUsed
from chalicelib.kernel.rows import Put
from chalicelib.platform.deps import PermitRegister
from chalicelib.verification.services.foreign_numbers import number_of

Way = Callable[[Presented, str], object]


@pytest.fixture
def presented(register: PermitRegister) -> Presented:
    office = MemoryOffice()
    return Presented(register, office, with_kazakhstan(office))


def code(permit: Presented, post: str) -> object:
    return permit.by_code(post)


def paper(permit: Presented, post: str) -> object:
    return permit.as_paper(post)


def respelled(permit: Presented, post: str) -> object:
    return permit.as_paper(post, number=permit.number.lower().replace("kz", "кz-").replace("/", " "))


ORDERS = [(code, paper), (paper, code), (code, respelled), (respelled, code)]


@pytest.mark.parametrize(("first", "second"), ORDERS)
def test_second_use_at_any_post_is_refused_with_first_use(presented: Presented, first: Way, second: Way) -> None:
    first(presented, "dostuk")
    for post in ("dostuk", "torugart"):
        with pytest.raises(AlreadyUsed) as refused:
            second(presented, post)
        assert refused.value.extra["first_use"] == {
            "at": presented.office.now, "post": "dostuk", "lines": [{"line": "A", "quantity": "2"}]
        }  # fmt: skip
    assert [use.post for use in number_of("KZ", presented.number, presented.register).against()] == ["dostuk"]


@pytest.mark.parametrize(("first", "second"), ORDERS)
def test_use_committed_between_read_and_write_wins(presented: Presented, first: Way, second: Way) -> None:
    """A use in the other form is committed after the read.

    The version check refuses the write, and the retry finds the accepted use.
    """
    plain, came = presented.register, []

    def meanwhile(_: Sequence[Put]) -> None:
        if not came:
            came.append(True)
            presented.register = plain
            first(presented, "dostuk")

    presented.register = Wrapped(plain, before=meanwhile)  # type: ignore[assignment]
    with pytest.raises(AlreadyUsed) as refused:
        second(presented, "torugart")
    assert refused.value.extra["first_use"]["post"] == "dostuk"
    assert len(number_of("KZ", presented.number, plain).against()) == 1
