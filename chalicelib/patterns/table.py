"""Table of the rules: name, severity, role that answers, hours to answer, and the function that finds the pattern.

Source of the catalogue: grounds for asking about a permit (50 CFR 23; Res. Conf. 11.3 on enforcement, Conf. 12.3 on
documents that are used twice, Conf. 10.16 and 12.10 on what is bred) and what audits of permit systems look for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from chalicelib.patterns import deaths, goods, insiders, routes, splits, uses
from chalicelib.patterns.window import Flag, Window

type Severity = Literal["high", "medium", "low"]

HIGH: Final = "high"

MEDIUM: Final = "medium"

LOW: Final = "low"

type Owner = Literal["enforcement", "auditor"]  # role that answers

# Role that answers, then the role that answers if the first one did not. Each checks the other, and neither issues,
# endorses or approves.
LADDER: Mapping[Owner, tuple[Owner, ...]] = MappingProxyType(
    {"enforcement": ("enforcement", "auditor"), "auditor": ("auditor", "enforcement")}
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule.

    `owner`: the role that answers first. `insider` rules are about staff. Only auditors see their flags until the time
    to answer has passed.
    """

    code: str
    severity: Severity
    hours: int
    find: Callable[[Window], Iterable[Flag]]
    owner: Owner = "enforcement"

    @property
    def insider(self) -> bool:
        return self.owner == "auditor"


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        rule.code: rule
        for rule in (
            Rule("used_twice", HIGH, 24, uses.used_twice),
            Rule("too_fast", HIGH, 24, uses.too_fast),
            Rule("too_much", HIGH, 48, uses.too_much),
            Rule("not_left", HIGH, 72, uses.not_left),
            Rule("quota_passed", MEDIUM, 120, uses.quota_passed),
            Rule("same_mark", HIGH, 72, goods.same_mark),
            Rule("bred_by_nobody", HIGH, 120, goods.bred_by_nobody),
            Rule("bred_too_many", HIGH, 120, goods.bred_too_many),
            Rule("origin_not_a_number", MEDIUM, 120, goods.origin_not_a_number),
            Rule("origin_unknown", HIGH, 72, goods.origin_unknown),
            Rule("origin_later", MEDIUM, 120, goods.origin_later),
            Rule("origin_used_up", HIGH, 72, goods.origin_used_up),
            Rule("new_lane", LOW, 240, routes.new_lane),
            Rule("burst", MEDIUM, 120, routes.burst),
            Rule("personal_again", MEDIUM, 240, routes.personal_again),
            Rule("split_allowance", MEDIUM, 120, splits.split_allowance),
            Rule("split_quota", MEDIUM, 120, splits.split_quota),
            Rule("dead_of_exporter", MEDIUM, 120, deaths.dead_of_exporter),
            Rule("dead_with_carrier", MEDIUM, 120, deaths.dead_with_carrier),
            Rule("never_went_there", HIGH, 72, routes.never_went_there),
            Rule("transit_in_circle", LOW, 240, routes.transit_in_circle),
            Rule("round_the_rules", HIGH, 24, insiders.round_the_rules, "auditor"),
            Rule("one_pair", MEDIUM, 240, insiders.one_pair, "auditor"),
            Rule("off_hours", LOW, 240, insiders.off_hours, "auditor"),
            Rule("many_overrides", MEDIUM, 120, insiders.many_overrides, "auditor"),
            Rule("many_undone", MEDIUM, 120, insiders.many_undone, "auditor"),
            Rule("far_less", MEDIUM, 120, insiders.far_less, "auditor"),
            Rule("missing_serials", HIGH, 72, insiders.missing_serials, "auditor"),
            Rule("many_voids", MEDIUM, 120, insiders.many_voids, "auditor"),
            Rule("many_stamps_spoiled", MEDIUM, 120, insiders.many_stamps_spoiled, "auditor"),
            Rule("desk_changed", HIGH, 24, insiders.desk_changed, "auditor"),
            Rule("quota_raised", MEDIUM, 120, insiders.quota_raised, "auditor"),
        )
    }
)


def find(window: Window, rules: Iterable[Rule] = tuple(RULES.values())) -> tuple[Flag, ...]:
    """The flags of all rules in this window, each once."""
    return tuple({flag.id: flag for rule in rules for flag in rule.find(window)}.values())
