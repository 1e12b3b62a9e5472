"""Table of required documents: every row is reached, every answer is complete, and its documents can be applied for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vectors import read

from chalicelib.applications.rules import by_kind, commercial_trade
from chalicelib.kernel.codes import PURPOSES, SOURCES, TERMS
from chalicelib.kernel.document_kinds import KINDS
from chalicelib.record.permit import Application, ImportPermit, Line, Party
from chalicelib.requirements import services as requirements
from chalicelib.requirements.model import requirements as requirements_requirements
from chalicelib.requirements.model.requirements import ABROAD, DIRECTIONS, USES, Question, Subject, answer, facts
from chalicelib.requirements.model.table import ALLOWANCES, ROWS, Row
from chalicelib.species.model.annotation_rules import EXCEPTIONS, FORMS, NAMED, RULES, Covered
from chalicelib.species.model.listing import Effect, Listing, Open, Restriction, Taxon

TODAY = date(2026, 11, 26)
COUNTRIES = st.sampled_from((None, "KG", "KZ", "DE", "PK", "KP"))
SUSPENDED = tuple(
    Restriction("Aaa", frozenset({"E", "R", "I"}), frozenset("W"), frozenset("T"), origins, date(2019, 11, 26), None,
                "why", "whence", effect=effect, exported_before=True)
    for origins, effect in ((frozenset({"KZ"}), Effect.STOP), (frozenset({"PK"}), Effect.ASK))
)  # fmt: skip
SUBJECTS = st.builds(
    Subject,
    appendix=st.sampled_from((0, 1, 2, 3)),
    kingdom=st.sampled_from(("Animalia", "Plantae")),
    may_be=st.sampled_from((frozenset(), frozenset({1}), frozenset({0, 2}))),
    listed_by=st.sampled_from((frozenset[str](), frozenset({"KG"}), frozenset({"DE", "PK"}))),
    groups=st.sampled_from((frozenset(), frozenset({"Acipenseriformes"}))),
    restrictions=st.sampled_from(((), SUSPENDED)),
    name=st.sampled_from(("Aaa bbb", "Dalbergia melanoxylon", "Opuntia ficus-indica")),
    family=st.sampled_from(("", "Cactaceae", "Orchidaceae")),
    symbol=st.sampled_from(("", *RULES)),
    excepts=st.sampled_from((frozenset(), frozenset(EXCEPTIONS))),
    open=st.sampled_from((*(frozenset[Open]() for _ in range(20)), *(frozenset({each}) for each in Open))),
    broad=st.sampled_from((*(False for _ in range(9)), True)),
)
TERM, SOURCE, PURPOSE = (st.sampled_from(sorted(codes)) for codes in (TERMS, SOURCES, PURPOSES))
WHOLE = st.builds(
    Question,
    subject=SUBJECTS,
    direction=st.sampled_from(DIRECTIONS),
    term=st.sampled_from(("LIV", "TRO", "CAV")) | TERM,
    source=SOURCE,
    purpose=PURPOSE,
    origin=COUNTRIES,
    exporting=COUNTRIES,
    destination=COUNTRIES,
    pre_convention=st.none() | st.booleans(),
    registered=st.none() | st.booleans(),
    use=st.sampled_from(("", *USES)),
    abroad=st.sampled_from(ABROAD),
    quantity=st.sampled_from((None, "1", "0.125", "125.000001")),
    unit=st.sampled_from((None, "KGM", "GRM", "MTR")),
    on=st.sampled_from((None, date(2020, 1, 1), date(2026, 3, 5))),
    based=COUNTRIES,
    form=st.sampled_from((None, *FORMS, "other")),
    exported_on=st.sampled_from((None, date(2019, 1, 1), date(2025, 1, 1))),
)
LEFT_OUT = st.sets(st.sampled_from(("subject", "direction", "term", "source", "purpose")))
QUESTIONS = st.builds(lambda whole, gone: replace(whole, **dict.fromkeys(gone)), WHOLE, LEFT_OUT)


def row_of(question: Question, issuer: str) -> Row | None:
    assert question.subject is not None
    known = facts(question, question.subject, issuer)
    return next((each for each in ROWS if all(known[fact] in may for fact, may in each.when.items())), None)


def examples() -> list[tuple[Question, str]]:
    rows = (row["input"] for row in read.vectors("requirements"))
    asked = ((read.question(each["question"]), each["issuer"]) for each in rows)
    return [(each, issuer) for each, issuer in asked if each.subject and each.direction]


def test_vectors_reach_every_row_and_every_rule_number() -> None:
    reached = {id(row_of(*each)) for each in examples()}
    assert [row.name for row in ROWS if id(row) not in reached] == []
    remarked = {each.row for q, issuer in examples() for each in answer(q, today=TODAY, issuer=issuer).reasons}
    assert set(range(24)) <= {row.number for row in ROWS} | {each for each in remarked if each is not None}


def test_rows_use_only_known_facts_and_codes() -> None:
    known = set(facts(Question(Subject(1, "Animalia"), "export"), Subject(1, "Animalia"), "KG"))
    for row in ROWS:
        assert set(row.when) <= known
        assert row.when.get("source", frozenset()) <= set(SOURCES)
        assert row.when.get("purpose", frozenset()) <= set(PURPOSES)
        assert {each.kind for each in row.documents} | {k for each in row.documents for k in each.alternatives} <= set(
            KINDS
        )
        assert bool(row.documents) == (row.decision == "documents")
        assert row.article
    assert {term for each in ALLOWANCES for term in each.terms} <= set(TERMS)


@settings(max_examples=150)
@given(QUESTIONS)
def test_answer_exists_and_is_deterministic(question: Question) -> None:
    found = answer(question, today=TODAY, issuer="KG")
    assert found == answer(question, today=TODAY, issuer="KG")
    assert found.decision in {"documents", "none", "prohibited", "ask"}
    assert bool(found.documents) == (found.decision == "documents")
    assert found.reasons or found.documents
    assert not (found.decision == "prohibited" and found.other_papers)
    assert {each.kind for each in found.documents} <= set(KINDS)
    for each in found.reasons:
        assert requirements.REASONS[each.code]
    for document in found.documents:
        assert requirements.WHY[document.why]
    assert set(found.other_papers) < set(requirements.PAPERS)
    assert found.allowance is None or requirements.ALLOWANCE_WORDS[found.allowance.code]


@settings(max_examples=150)
@given(WHOLE, st.sampled_from(("term", "source", "purpose")))
def test_answer_without_a_fact_holds_when_the_fact_is_added(question: Question, kept_back: str) -> None:
    """Adding a fact does not change an answer that was given without it.

    Exceptions: sources O and D, and a source of the other kingdom, always have to be stated. So has a purpose of
    personal effects, if it is another than own use.
    """
    less = answer(replace(question, **{kept_back: None}), today=TODAY, issuer="KG")
    if less.decision == "ask" or (kept_back == "source" and question.source in {"O", "D"}):
        return
    if kept_back == "purpose" and question.use == "personal_effects" and question.purpose != "P":
        return
    subject = question.subject
    assert subject is not None
    kingdom = SOURCES[question.source or ""].kingdom
    if kept_back == "source" and kingdom not in {None, subject.kingdom}:
        return
    more = answer(question, today=TODAY, issuer="KG")
    assert (more.decision, more.documents) == (less.decision, less.documents)


def test_sample_collection_of_appendix_i_wild_specimens_gets_no_certificate() -> None:
    """Plants of assisted production count too, because Conf. 11.11 trades them as from the wild."""
    subject = Subject(appendix=1, kingdom="Plantae")
    asked = Question(subject=subject, direction="export", source="Y", purpose="E", term="DPL", use="samples",
                     origin="KG", destination="DE")  # fmt: skip
    found = answer(asked, today=TODAY, issuer="KG")
    assert "OS" not in {each.kind for each in found.documents}
    assert found == answer(replace(asked, source="W"), today=TODAY, issuer="KG")


@settings(max_examples=300)
@given(WHOLE)
def test_required_document_passes_application_rules(question: Question) -> None:
    """The document that our authority issues passes the rules for its kind.

    The answer asks for an import permit exactly where the rules do.
    """
    found = answer(question, today=TODAY, issuer="KG")
    ours = next((each for each in found.documents if each.issued_by == "KG" and each.kind not in {"I", "OI"}), None)
    subject = question.subject
    if ours is None or subject is None or question.direction not in {"export", "reexport"}:
        return
    known = facts(question, subject, "KG")
    taxon = Taxon("Aaa bbb", subject.appendix, subject.kingdom, also_listed_by=subject.listed_by)
    line = Line("Aaa bbb", appendix=subject.appendix, kingdom=subject.kingdom, source=known["source"],
                term=question.term, quantity="1", marks="ring 1")  # fmt: skip
    application = Application(ours.kind, importer=Party(country="DE"), purpose=question.purpose, lines=(line,))
    if by_kind.import_permit_needed(application):
        assert any(each.kind == "I" for each in found.documents)
        application = replace(application, import_permit=ImportPermit("DE-1", "DE", "2026-01-01"))
    else:
        assert not any(each.kind == "I" and each.why == "import_permit_first" for each in found.documents)
    assert list(by_kind.broken(application, Listing([taxon]), TODAY, "KG")) == []
    assert list(commercial_trade.purpose_refusals(application, "lines[0]", line)) == []


@pytest.mark.parametrize("language", ["en", "ru", "ky", "uz", "fr"])
def test_every_code_has_text_in_every_language(language: str) -> None:
    for row in read.vectors("requirements"):
        found = answer(read.question(row["input"]["question"]), today=TODAY, issuer="KG")
        said = [requirements.reason(each, language) for each in found.reasons]
        said += [requirements.why(each, language) for each in found.documents]
        said += [requirements.paper(each, language) for each in found.other_papers]
        if found.allowance:
            said.append(requirements.allowance(found.allowance, language))
        assert all(said)


def test_texts_exist_for_exactly_the_codes_in_use() -> None:
    reasons = {code for row in ROWS for code in row.reasons} | {
        f"not_{use}" for use in USES if use != "outside_listing"
    }
    asked = {f"ask_{each}" for each in (
        "unknown_taxon", "direction", "source", "purpose", "term", "source_kingdom", "no_row", "form", "origin",
        "weight", "annotation", "suspended", "exported_before", "name_too_broad", "uncertain", "out_of_range",
        "wild_form",
    )}  # fmt: skip
    rules = chain.from_iterable((*RULES.values(), *EXCEPTIONS.values(), *NAMED.values()))
    said = {"suspended", "population", "authority_decides", "non_party", "above_allowance", "strictest",
            "outside_annotation", "outside_exception", "would_need", "would_need_none", "would_be_prohibited",
            "caviar_labels", "caviar_registered", "caviar_18_months", "range", "personal_purpose", "personal_i_abroad",
            "cultivar_exempt", "form_no_exception", "holder_unknown"}  # fmt: skip
    said |= {f"annotation_{each.why}" for each in rules if each.result != Covered.LISTED}
    said |= {f"open_{each}" for each in Open}
    assert set(requirements.REASONS) == reasons | asked | said
    assert set(requirements.WHY) == {each.why for row in ROWS for each in row.documents}
    assert set(requirements.ALLOWANCE_WORDS) == {each.code for each in ALLOWANCES}
    assert set(requirements_requirements.USES) == set(requirements_requirements._ROWS_OF)
