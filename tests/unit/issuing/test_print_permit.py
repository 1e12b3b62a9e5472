"""issuing/services/print_permit.py: a print that would look different is another print."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from life import issued
from office import MemoryOffice

from chalicelib.issuing.services.print_permit import FORM_VERSIONS, all_keys, print_key
from chalicelib.uses.use import Use, UsedLine

LEFT = Use("e", "export", "manas-airport", 1_795_600_000, "o", (UsedLine("A", "2"),), "AWB 1", number="26KG000001/E")


def test_a_replacement_that_learns_when_the_goods_left_is_printed_anew() -> None:
    permit = replace(issued(MemoryOffice()), replaces="old")
    used, later = replace(permit, uses=(LEFT,)), replace(permit, uses=(replace(LEFT, at=LEFT.at + 86400),))
    assert len({print_key(each, frozenset()) for each in (permit, used, later)}) == 3
    assert print_key(used, frozenset()) == print_key(used, frozenset())


def test_an_endorsement_of_its_own_changes_no_print() -> None:
    permit = issued(MemoryOffice())
    assert print_key(replace(permit, uses=(LEFT,)), frozenset()) == print_key(permit, frozenset())


def test_the_restore_knows_the_prints_of_every_form_version() -> None:
    """The keys of the form of 0.2.0 are written out: what is under them stays, whatever is printed since."""
    office = MemoryOffice()
    permit = issued(office)
    marks = {"PRACTICE"} if office.stage.practice else set()
    parts = [("cites_v1", permit.digest or "", *permit.tokens, *sorted(marks | more), "")
             for more in (set(), {"VOID"}, {"COPY"})]  # fmt: skip
    former = {f"prints/{sha256(chr(10).join(each).encode()).hexdigest()}.pdf" for each in parts}
    keys = all_keys(permit, office.stage)
    assert former < keys
    assert {print_key(permit, frozenset(marks | more)) for more in (set(), {"VOID"}, {"COPY"})} == keys - former
    assert len(keys) == 3 * len(FORM_VERSIONS)
