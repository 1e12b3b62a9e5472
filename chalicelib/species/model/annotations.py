"""Annotations of the Appendices: whether the listing of a taxon covers goods of it.

`annotation_rules.py` has the rules. web/core/annotations.js computes the same. The vectors are annotations.json.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any, NamedTuple

from chalicelib.kernel.codes import NUMBER, TERMS, UNITS, applies_to_source
from chalicelib.kernel.countries import OF_NO_COUNTRY
from chalicelib.kernel.quantity import QUANTITY
from chalicelib.species.model.annotation_rules import (
    AS_OF,
    EXCEPTIONS,
    FORMS,
    NAMED,
    OTHER,
    RULES,
    AnnotationRule,
    Covered,
)
from chalicelib.species.model.wild_form import is_of_wild_animal

__all__ = ["AnnotatedGoods", "Coverage", "Covered", "covered", "deciding_terms", "form_needed", "symbol_for"]

# Facts that may be missing, in the order in which they are asked. Each is a `why` of a coverage that is `ask`.
MISSING = ("term", "form", "source", "origin", "weight")

KILOGRAM = "KGM"


class Coverage(NamedTuple):
    """The result for goods.

    `why`: code of the rule that decides, or the missing fact of `MISSING` that decides, or "" without a rule.
    """

    result: Covered
    why: str = ""


@dataclass(frozen=True, slots=True)
class AnnotatedGoods:
    """Goods of one taxon, as far as an annotation may depend on them. A fact that is not known is "" or None.

    `symbol`, `excepts`: of the entry (`Taxon`). `taxon`, `family`: scientific names. `form`: the state of the goods
    that an annotation names (`retail`, `fossil` ...).
    """

    symbol: str
    excepts: frozenset[str] = frozenset()
    taxon: str = ""
    family: str = ""
    term: str = ""
    form: str = ""
    origin: str = ""
    source: str = ""
    purpose: str = ""
    quantity: str | None = None
    unit: str | None = None


def symbol_for(appendix: int, symbol: str) -> str:
    """The symbol that applies in this Appendix: none in Appendix I (Art. I(b)(iii))."""
    return "" if appendix == 1 else symbol


def covered(goods: AnnotatedGoods, day: date) -> Coverage:
    """Whether the listing of the taxon covers these goods on this day.

    1. The first rule that matches decides.
    2. A rule may match or not, because a fact is missing. Then the rules below it are read too.
    3. If the results differ, the fact that is missing first has to be asked.
    """
    found = tuple(_outcomes(goods, day))
    *possible, (certain, _) = found
    if all(each.result == certain.result for each, _ in possible):
        return certain
    missing = {fact for each, facts in possible if each.result != certain.result for fact in facts}
    return Coverage(Covered.ASK, next(fact for fact in MISSING if fact in missing))


def form_needed(goods: AnnotatedGoods, day: date) -> tuple[str, ...]:
    """Forms that decide whether these goods are listed on this day, or none if no form decides."""
    other = set(_outcomes(replace(goods, form=OTHER), day))
    asked = {
        form
        for rule in _rules(goods)
        if not rule.assumed
        for form in rule.forms
        if _matches(rule, replace(goods, form=form), day) is not None
    }
    return tuple(form for form in FORMS if form in asked and set(_outcomes(replace(goods, form=form), day)) != other)


def deciding_terms(goods: AnnotatedGoods) -> tuple[str, ...]:
    """One term of each kind that the rules for these goods tell apart, for goods whose term is not known."""
    rules = tuple(_rules(goods))
    first: dict[tuple[bool, ...], str] = {}
    for term in TERMS:
        first.setdefault(tuple(term in rule.terms for rule in rules), term)
    return tuple(first.values()) if rules else ()


def for_devices() -> Mapping[str, Any]:
    """The rules as web/core/annotations.js reads them. A condition that accepts everything is left out."""
    return {
        "symbols": {symbol: [_json(rule) for rule in rules] for symbol, rules in RULES.items()},
        "exceptions": {code: [_json(rule) for rule in rules] for code, rules in EXCEPTIONS.items()},
        "named": {family: [_json(rule) for rule in rules] for family, rules in NAMED.items()},
        "forms": list(FORMS),
        "as_of": AS_OF,
    }


def _json(rule: AnnotationRule) -> dict[str, Any]:
    sets = {name: sorted(getattr(rule, name)) for name in ("terms", "forms", "sources", "origins", "families", "taxa")}
    days = {name: day.isoformat() for name, day in (("since", rule.since), ("until", rule.until)) if day}
    others = {"most": rule.most, "least": rule.least, "assumed": rule.assumed, "follows": rule.follows,
              "not_wild": rule.not_wild}  # fmt: skip
    found = {"result": rule.result.value, "why": rule.why, **sets, **days, **others}
    return {name: value for name, value in found.items() if value or name in {"result", "why"}}


def _rules(goods: AnnotatedGoods) -> Iterator[AnnotationRule]:
    """The rules that may be for goods of this entry, with those of the symbols that they follow."""
    excepted = chain.from_iterable(EXCEPTIONS.get(code, ()) for code in sorted(goods.excepts))
    for rule in (*excepted, *_own(goods)):
        if _of_taxon(rule, goods):
            yield from (each for each in RULES.get(rule.follows, (rule,)) if _of_taxon(each, goods))


def _own(goods: AnnotatedGoods) -> tuple[AnnotationRule, ...]:
    return RULES.get(goods.symbol, ()) if goods.symbol else NAMED.get(goods.family, ())


def _outcomes(goods: AnnotatedGoods, day: date) -> Iterator[tuple[Coverage, frozenset[str]]]:
    """Each possible result with the facts that are missing for it. The last one is certain."""
    for code in sorted(goods.excepts):
        for found, missing in _results(EXCEPTIONS.get(code, ()), goods, day):
            yield found, missing
            if not missing:
                return
    for found, missing in _results(_own(goods), goods, day):
        yield found, missing
        if not missing:
            return
    yield Coverage(Covered.LISTED), frozenset()


def _results(
    rules: tuple[AnnotationRule, ...], goods: AnnotatedGoods, day: date
) -> Iterator[tuple[Coverage, frozenset[str]]]:
    for rule in rules:
        missing = _matches(rule, goods, day)
        if missing is None:
            continue
        if rule.follows:
            for found, more in _results(RULES[rule.follows], goods, day):
                yield found, missing | more
                if not missing | more:
                    return
        else:
            yield Coverage(rule.result, rule.why), missing
        if not missing:
            return


def _matches(rule: AnnotationRule, goods: AnnotatedGoods, day: date) -> frozenset[str] | None:
    """The facts that are missing for this rule to match, or None if it does not match."""
    if (rule.since and day < rule.since) or (rule.until and day >= rule.until):
        return None
    if not _of_taxon(rule, goods):
        return None
    fits = {
        "term": not rule.terms or (goods.term in rule.terms if goods.term else None),
        "form": not rule.forms or (goods.form in rule.forms if goods.form or rule.assumed else None),
        "source": not rule.sources or (applies_to_source(goods.source, rule.sources) if goods.source else None),
        "origin": not rule.origins or (None if goods.origin in {"", *OF_NO_COUNTRY} else goods.origin in rule.origins),
        "weight": not rule.most or _within_weight(goods, rule.most),
        "number": not rule.least or _is_number(goods, rule.least),
        "wild": not rule.not_wild or not is_of_wild_animal(goods.source, goods.term, goods.purpose),
    }
    if False in fits.values():
        return None
    return frozenset(fact for fact, fit in fits.items() if fit is None)


def _of_taxon(rule: AnnotationRule, goods: AnnotatedGoods) -> bool:
    named = not rule.taxa or any(goods.taxon == name or goods.taxon.startswith(f"{name} ") for name in rule.taxa)
    return named and (not rule.families or goods.family in rule.families)


def _within_weight(goods: AnnotatedGoods, most: str) -> bool | None:
    unit = UNITS.get(goods.unit or "")
    if not QUANTITY.fullmatch(goods.quantity or "") or unit is None or unit.base != KILOGRAM:
        return None  # an application that is not checked yet may have any text as its quantity
    return Decimal(goods.quantity or "0") * unit.factor <= Decimal(most)


def _is_number(goods: AnnotatedGoods, least: str) -> bool:
    """True if so many specimens, or more, may be in the consignment."""
    counted = QUANTITY.fullmatch(goods.quantity or "") and (goods.unit or NUMBER) == NUMBER
    return not counted or Decimal(goods.quantity or "0") >= Decimal(least)
