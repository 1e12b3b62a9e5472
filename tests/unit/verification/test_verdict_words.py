"""Text of a verdict: all facts for officers, neither hour nor post for the public."""

from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from chalicelib.people.readers import VerdictReader
from chalicelib.record.permit import Permit
from chalicelib.uses.use import Use, UsedLine
from chalicelib.verdict.check_results import CheckResult
from chalicelib.verdict.verdict import Verdict
from chalicelib.verification.public_view import headline, result_text, steps
from local import catalogues

AT = 1_783_600_000  # 2026-07-09T12:26:40Z, 18:26 in Bishkek
PUBLIC = VerdictReader("en", "Asia/Bishkek", duty="+996 312 00 00 00")
OFFICER = replace(PUBLIC, officer=True, post_names={"manas-airport": "Manas Airport"})
USED = {"at": AT, "post": "manas-airport", "kind": "export", "lines": (("A", "2"), ("B", "0.5")),
        "transport_document": "AWB 1"}  # fmt: skip
LEFT = Use("e1", "export", "manas-airport", AT, "o1", (UsedLine("A", "2"),), "AWB 1")


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    assert catalogues.main([]) == 0


def verdict(outcome: str, *hits: CheckResult, kind: str = "E", uses: tuple[Use, ...] = ()) -> Verdict:
    permit = cast(Permit, SimpleNamespace(kind=kind))
    return Verdict(outcome, hits, {}, permit, (permit,), None, uses, AT, AT)


def test_officer_reads_post_hour_quantity_and_waybill() -> None:
    assert result_text(CheckResult("U1", "hold", USED), OFFICER) == (
        "Used already: Manas Airport, 9 July 2026, 18:26 (UTC+6), A 2, B 0.5, AWB 1. "
        "The document covers one consignment only: hold and ask."
    )


def test_public_reads_the_day_only() -> None:
    said = result_text(CheckResult("U1", "hold", USED), PUBLIC)
    assert said.startswith("Used already: 9 July 2026. ")
    for secret in ("Manas", "manas", "18:26", "AWB"):
        assert secret not in said


@pytest.mark.parametrize(
    ("result", "direction", "said"),
    [
        (CheckResult("U5", "check", USED), "export", "Endorsed for export: 9 July 2026. Are these the same goods?"),
        (CheckResult("T4", "cannot_tell"), "none",
         "Not the code of a Tamga permit: perhaps a waybill, another certificate or "
         "another country's permit."),
        (CheckResult("T4", "cannot_tell", {"no_code": True}), "none",
         "No square code was found in this picture or file. "
         "Nearer, flat, with more light."),
        (CheckResult("U5", "check", USED), "import",
         "Endorsed already: 9 July 2026. Right for the consignment that left then, "
         "wrong for any other."),
        (CheckResult("U5", "check", {**USED, "kind": "import"}), "import",
         "Endorsed for import: 9 July 2026. Is this the same consignment?"),
        (CheckResult("U5", "check", {"telephone": True}), "export",
         "Endorsed already, and the details cannot be read without "
         "a network: telephone first: +996 312 00 00 00."),
        (CheckResult("S1", "not_valid", {"at": 1_777_572_000}), "none", "Expired: 30 April 2026 was its last day."),
        (CheckResult("T1", "check", {"at": AT}, at=8), "none",
         "The status list is of 9 July 2026, 18:26 (UTC+6): whether "
         "revoked, suspended or used since is not known."),
        (CheckResult("D2", "check", {"pages": (2, 3), "of": 3}), "none",
         "A permit of 3 pages; not seen yet: page 2, 3. Scan the code of each page."),
        (CheckResult("S4", "not_valid", {"number": "26KG000124/E"}), "none",
         "Replaced by 26KG000124/E: ask for that document."),
        (CheckResult("P1", "not_valid"), "import", "Not for import here: block 3 names another country."),
        (CheckResult("U2", "check", {"lines": ("A",)}), "import",
         "More arrives than left. It is recorded; count again, check the unit and the net weight."),
        (CheckResult("U1", "check", cleared=True), "export",
         "Looked into by an officer and settled: Used already. Is this the same consignment?"),
    ],
)  # fmt: skip
def test_sentence_of_each_code(result: CheckResult, direction: str, said: str) -> None:
    assert result_text(result, PUBLIC, direction) == said


@pytest.mark.parametrize(
    ("found", "direction", "said"),
    [
        (verdict("accept"), "export", "Document in order and unused: now compare the goods."),
        (verdict("accept"), "none", "Document in order, not endorsed for export yet: right before the goods leave, "
         "wrong on arrival. Now compare the goods."),
        (verdict("accept", kind="I"), "none", "Document in order and unused: now compare the goods."),
        (verdict("accept", uses=(replace(LEFT, result="pending"),)), "none", "Document in order; a stamp from the "
         "border waits for confirmation. Look at block 14 and compare the goods."),
        (verdict("accept", kind="OW", uses=(LEFT,)), "import",
         "Document in order, made for many crossings: now compare the goods."),
        (verdict("accept", uses=(LEFT,)), "import", "Left Manas Airport on 9 July 2026, 18:26 (UTC+6) "
         "with AWB 1 (A 2): now compare the goods."),
        (verdict("accept_offline"), "import",
         "Genuine; whether used elsewhere since 9 July 2026, 18:26 (UTC+6) is not known."),
        (verdict("check", CheckResult("U0", ""), CheckResult("U6", "check")), "import",
         "Compare or ask: No export endorsement is "
         "recorded. Look at block 14: stamped by hand, note it; empty, ask."),
        (verdict("hold", CheckResult("F1", "hold")), "none", "Hold goods and paper, ask +996 312 00 00 00."),
    ],
)  # fmt: skip
def test_headline_of_each_outcome(found: Verdict, direction: str, said: str) -> None:
    assert headline(found, OFFICER, direction) == said


def test_public_headline_names_no_post() -> None:
    assert headline(verdict("accept", uses=(LEFT,)), PUBLIC, "import") == "Left on 9 July 2026: now compare the goods."


@pytest.mark.parametrize("outcome", ["accept", "accept_offline", "check", "not_valid", "hold", "cannot_tell"])
def test_public_gets_no_steps_for_officers(outcome: Any) -> None:
    said = " ".join(steps(verdict(outcome), PUBLIC))
    assert not re.search(r"Endorse|Open a case|Tell the holder|Send the scan|write nothing", said)


def test_steps_name_the_duty_desk() -> None:
    assert steps(verdict("hold"), PUBLIC)[-1] == "Call the duty desk: +996 312 00 00 00."


def test_practice_sheet_leads_to_practice_shift_not_to_another_scan() -> None:
    sheet = verdict("cannot_tell", CheckResult("T7", "cannot_tell"))
    first, second = steps(sheet, OFFICER)
    assert (first.startswith("To practise with it, choose Shift"), second.startswith("The goods do not pass")) == (1, 1)
    assert steps(sheet, PUBLIC) == (second,)
    assert "once more" in steps(verdict("cannot_tell", CheckResult("T3", "cannot_tell")), OFFICER)[0]


@pytest.mark.parametrize("facts", [{}, {"at": 0}, {"post": "nowhere"}, {"lines": ()}])
def test_code_with_few_facts_has_a_sentence(facts: dict[str, Any]) -> None:
    assert (
        result_text(CheckResult("U7", "check", facts), OFFICER)
        == "An endorsement was withdrawn. Compare with block 14."
    )
