"""How much of a few goods a person may carry without any document (Conf. 13.7): one dated table.

As of 2026-11, after Conf. 13.7 (Rev. CoP17) as national guidance repeats it; a country may have stricter rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from chalicelib.core.codes import NUMBER, UNITS


@dataclass(frozen=True, slots=True)
class Allowance:
    """`most` of `unit` ("NAR": pieces) for one person; `groups`: genera, families or orders; `terms`: of block 9."""

    code: str
    groups: frozenset[str]
    terms: frozenset[str]
    most: str
    unit: str = NUMBER

    def holds(self, quantity: str | None, unit: str | None) -> bool:
        """Whether this quantity is within it; None: nothing was said, and the allowance is what is told."""
        if quantity is None:
            return True
        given, limit = UNITS.get(unit or NUMBER), UNITS[self.unit]
        if given is None or given.base != limit.base:
            return False
        return Decimal(quantity) * given.factor <= Decimal(self.most) * limit.factor


def _row(code: str, groups: str, terms: str, most: str, unit: str = NUMBER) -> Allowance:
    return Allowance(code, frozenset(groups.split()), frozenset(terms.split()), most, unit)


ALLOWANCES = (
    _row("caviar", "Acipenseriformes", "CAV EGG", "125", "GRM"),
    _row("rainstick", "Cactaceae", "CAR DER STE LOG", "3"),
    _row("crocodilian", "Crocodylia", "LPS LPL SKP GAR SKI SKU TEE CLA", "4"),
    _row("queen_conch", "Strombus Lobatus Aliger", "SHE", "3"),
    _row("seahorse", "Hippocampus", "BOD DER", "4"),
    _row("giant_clam", "Tridacnidae Tridacna Hippopus", "SHE", "3"),  # and together no more than 3 kg
    _row("agarwood_chips", "Aquilaria Gyrinops", "CHP TIM POW", "1", "KGM"),
    _row("agarwood_oil", "Aquilaria Gyrinops", "OIL EXT", "24", "MLT"),
    _row("agarwood_beads", "Aquilaria Gyrinops", "CAR JWL", "2"),
)


def allowance(groups: frozenset[str], term: str | None) -> Allowance | None:
    """The allowance for a taxon (its genus, family, order) and term, or None."""
    return next((each for each in ALLOWANCES if each.groups & groups and term in each.terms), None)
