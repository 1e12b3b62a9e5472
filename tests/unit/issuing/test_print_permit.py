"""Keys of stored prints: a print that would look different has another key."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from life import issued
from office import MemoryOffice

from chalicelib.issuing.services.print_permit import FORM_VERSIONS, all_keys, print_key
from chalicelib.uses.use import Use, UsedLine

LEFT = Use("e", "export", "manas-airport", 1_795_600_000, "o", (UsedLine("A", "2"),), "AWB 1", number="26KG000001/E")


def test_replacement_with_an_export_of_the_replaced_permit_has_new_key() -> None:
    permit = replace(issued(MemoryOffice()), replaces="old")
    used, later = replace(permit, uses=(LEFT,)), replace(permit, uses=(replace(LEFT, at=LEFT.at + 86400),))
    assert len({print_key(each, frozenset()) for each in (permit, used, later)}) == 3
    assert print_key(used, frozenset()) == print_key(used, frozenset())


def test_own_endorsement_does_not_change_the_key() -> None:
    permit = issued(MemoryOffice())
    assert print_key(replace(permit, uses=(LEFT,)), frozenset()) == print_key(permit, frozenset())


def test_all_keys_include_every_form_version() -> None:
    """The keys of the form of 0.2.0 are fixed, because prints under them stay after the form changes."""
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
