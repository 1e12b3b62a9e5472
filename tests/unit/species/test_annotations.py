"""Annotations over the data of the release: each symbol and exception is known, and each goods get a result."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from itertools import chain, product

from chalicelib.kernel.codes import SOURCES, TERMS
from chalicelib.kernel.countries import ORIGINS
from chalicelib.platform.country_folder import DATA
from chalicelib.species.model.annotation_rules import EXCEPTIONS, FORMS, NAMED, OTHER, RULES
from chalicelib.species.model.annotations import MISSING, AnnotatedGoods, Covered, covered, form_needed

TODAY = date(2026, 11, 26)
EVERY_RULE = tuple(chain.from_iterable((*RULES.values(), *EXCEPTIONS.values(), *NAMED.values())))


def rows() -> list[dict[str, str]]:
    with (DATA / "cites" / "taxa.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_symbols_and_exceptions_of_the_base_are_known() -> None:
    symbols = Counter(row["symbol"] for row in rows())
    excepts = Counter(code for row in rows() for code in row["except"].split("; ") if code)
    assert symbols.keys() - {""} == set(RULES)
    assert excepts.keys() <= EXCEPTIONS.keys()


def test_every_rule_uses_known_codes() -> None:
    for rule in EVERY_RULE:
        assert rule.terms <= TERMS.keys()
        assert rule.sources <= SOURCES.keys()
        assert rule.origins <= ORIGINS.keys()
        assert rule.forms <= set(FORMS)
        assert rule.why or rule.follows in RULES
    assert {form for rule in EVERY_RULE for form in rule.forms} == set(FORMS)


def test_last_rule_of_each_symbol_has_no_condition() -> None:
    """Otherwise goods could be in none of its rules."""
    for rules in RULES.values():
        last = rules[-1]
        conditions = (last.terms, last.forms, last.sources, last.origins, last.families, last.taxa, last.most)
        assert not any(conditions)
        assert (last.since, last.until) == (None, None)


def test_every_kind_of_goods_gets_a_result() -> None:
    kinds = {(row["symbol"], row["except"], row["family"], row["name"].split()[0]) for row in rows() if row["symbol"]}
    some = {(symbol, family): (symbol, excepts, family, name) for symbol, excepts, family, name in sorted(kinds)}
    for (symbol, excepts, family, name), term, form in product(some.values(), ("", *TERMS), ("", "retail", OTHER)):
        goods = AnnotatedGoods(symbol, frozenset(excepts.split("; ")) - {""}, name, family, term, form)
        found = covered(goods, TODAY)
        assert found.result != Covered.ASK or found.why in MISSING or any(found.why == rule.why for rule in EVERY_RULE)
        assert set(form_needed(goods, TODAY)) <= set(FORMS)


def test_answer_to_a_needed_form_decides() -> None:
    """After each form that is asked, the form is no longer the missing fact."""
    for symbol, term in product(RULES, TERMS):
        goods = AnnotatedGoods(symbol, taxon="Aaa bbb", family="Ccc", term=term, source="W", origin="KG")
        for form in (*form_needed(goods, TODAY), OTHER):
            answered = AnnotatedGoods(symbol, taxon="Aaa bbb", family="Ccc", term=term, form=form, source="W",
                                      origin="KG")  # fmt: skip
            assert covered(answered, TODAY).why != "form"
