"""Findings that an application needs before it can be approved, with the role that makes each and its legal basis.

A dated table. The Articles are those of the Convention. A certificate of origin needs none (Art. V.3).
"""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.kernel.codes import WILD, applies_to_source
from chalicelib.kernel.roles import FINDING_ROLES
from chalicelib.record.permit import Application, Line

LIVE = "LIV"


@dataclass(frozen=True, slots=True)
class Rule:
    """A finding and the lines that require it.

    `kinds`, `appendices`, `sources`, `terms`: conditions on a line. An empty set accepts every line.
    """

    finding: str
    why: str
    kinds: frozenset[str]
    appendices: frozenset[int] = frozenset()
    sources: frozenset[str] = frozenset()
    terms: frozenset[str] = frozenset()

    def asks(self, kind: str | None, line: Line) -> bool:
        return (
            kind in self.kinds
            and (not self.appendices or line.appendix in self.appendices)
            and (not self.sources or applies_to_source(line.source, self.sources))
            and (not self.terms or line.term in self.terms)
        )


@dataclass(frozen=True, slots=True)
class FindingNeeded:
    """A required finding. `role` makes the finding `kind` for `lines` (indexes from 0). `why`: the Article that
    requires it.
    """

    kind: str
    role: str
    lines: tuple[int, ...]
    why: str


_EXPORT, _REEXPORT, _IMPORT = frozenset({"E"}), frozenset({"R"}), frozenset({"I"})

# Goods bred or propagated here. For a re-export or an import the country of origin made this finding.
_BRED_HERE = frozenset({"E", "OC", "OA", "OT", "OW", "OM", "OS", "OY"})

RULES: tuple[Rule, ...] = (
    Rule("non_detriment", "Art. III(2)(a), IV(2)(a)", _EXPORT, frozenset({1, 2}), WILD),
    Rule("legal_acquisition", "Art. III(2)(b), IV(2)(b), V(2)(a)", _EXPORT),
    Rule("lawful_import", "Art. III(4)(a), IV(5)(a)", _REEXPORT),
    Rule("bred_or_propagated", "Art. VII(4), VII(5); Conf. 10.16", _BRED_HERE, sources=frozenset({"C", "A", "D"})),
    Rule("live_transport", "Art. III, IV, V: risk of injury", _EXPORT | _REEXPORT, terms=frozenset({LIVE})),
    Rule("import_not_detrimental", "Art. III(3)(a)", _IMPORT, frozenset({1})),
    Rule("suitably_equipped", "Art. III(3)(b)", _IMPORT, frozenset({1}), terms=frozenset({LIVE})),
    Rule("not_primarily_commercial", "Art. III(3)(c)", _IMPORT, frozenset({1})),
)


def required_findings(application: Application) -> tuple[FindingNeeded, ...]:
    """The findings that at least one line requires, one entry each, in the order of the table.

    Expects each line's Appendix as `applications.rules.check.complete` fills it in.
    """
    needed = []
    for rule in RULES:
        lines = tuple(i for i, line in enumerate(application.lines) if rule.asks(application.document_type, line))
        if lines:
            needed.append(FindingNeeded(rule.finding, FINDING_ROLES[rule.finding], lines, rule.why))
    return tuple(needed)
