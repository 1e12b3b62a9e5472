"""Which source codes count as wild, and as which code a source counts: the one definition for every rule.

Restrictions, quotas of some sources, findings, the rules for Appendix I and the patterns all ask here.
"""

from __future__ import annotations

from collections.abc import Collection

# Traded as from the wild (Conf. 12.3; Conf. 10.16); Y is not artificially propagated, so Art. VII(4), (5) leave it to
# Art. III (Conf. 11.11).
WILD = frozenset("WRFUXY")
SEIZED = "I"  # exempts nothing, and stands with another code (Conf. 12.3): `IC` is seized and bred in captivity
_AS_WILD = frozenset({SEIZED, "U"})  # seized alone, or unknown


def counted_source(source: str | None) -> str:
    """The code whose rules apply: of a seized specimen its other code, W where none is known; empty without a source.

    Of several other codes one from the wild counts first.
    """
    others = [code for code in source or "" if code.isalpha() and code != SEIZED]
    code = next((each for each in others if each in WILD), others[0] if others else (source or "")[:1])
    return "W" if code in _AS_WILD else code


def is_wild(source: str | None) -> bool:
    """Whether the rules for specimens from the wild apply."""
    return counted_source(source) in WILD


def among(source: str | None, sources: Collection[str]) -> bool:
    """Whether a rule or a quota for these sources applies: to the code itself or to what it counts as."""
    return source in sources or counted_source(source) in sources
