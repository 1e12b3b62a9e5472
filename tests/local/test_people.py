"""Roles and names for `make token`."""

from __future__ import annotations

import pytest

from chalicelib.kernel.roles import ROLES
from local.people import DEFAULT_NAMES, ROLE_WORDS, Unknown, full_name, name_of, roles_of
from local.token import main


def test_every_role_has_one_default_person() -> None:
    assert set(DEFAULT_NAMES) == set(ROLES)
    assert len(set(DEFAULT_NAMES.values())) == len(ROLES)
    assert set(ROLE_WORDS) == set(ROLES)


def test_role_alone_selects_default_person() -> None:
    assert name_of("", roles_of("customs")) == "aizada"
    assert name_of(" Bekzat ", roles_of("customs")) == "bekzat"


def test_one_person_may_have_several_roles() -> None:
    assert roles_of("preparer, approver,preparer") == ("preparer", "approver")


@pytest.mark.parametrize("text", ["", ",", "minister", "customs,minister", "Customs"])
def test_unknown_role_is_refused(text: str) -> None:
    with pytest.raises(Unknown, match="ROLE: give one of applicant, preparer"):
        roles_of(text)


@pytest.mark.parametrize("name", ["7", "a b", "айзада", "x" * 41, "a/b"])
def test_invalid_name_is_refused(name: str) -> None:
    with pytest.raises(Unknown, match="NAME"):
        name_of(name, ("customs",))


def test_name_on_paper_includes_office() -> None:
    assert full_name("bakyt") == "Bakyt Isakov, Head of CITES Department"
    assert full_name("somebody") == "Somebody"


def test_token_without_running_service_prints_error(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TAMGA_LOCAL", str(tmp_path))
    assert main(["customs"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "The service is not running. Start it with: make run\n"
