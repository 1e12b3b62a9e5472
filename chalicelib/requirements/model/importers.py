"""Rules of importing countries beyond CITES: what the country of destination also asks for.

The rules are advice and refuse nothing. Each has its source, the day on which it was written down and how sure it is.
`importer_rules` checks, in this order: 1 the goods leave for the rule's country; 2 Appendix; 3 kingdom; 4 taxon;
5 term. A fact that is not known excludes no rule. web/core/importers.js does the same over the same vectors
(tests/vectors/importers.json).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from chalicelib.requirements.model.requirements import Movement, Question

# Member States of the European Union, which have one law for imports. Source: Treaty on European Union, Art. 52.
EU = frozenset(
    {
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU",
        "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    }
)  # fmt: skip

EU_CODE = "EU"  # in a cell of countries


class Need(StrEnum):
    """What the importing country asks for."""

    IMPORT_PERMIT = "import_permit"
    IMPORT_NOTIFICATION = "import_notification"
    APPROVAL = "approval"
    DECLARATION = "declaration"
    DOCUMENT_BEFORE = "document_before"  # the foreign document is older than the arrival
    ESA_PERMIT = "esa_permit"  # Endangered Species Act of the United States
    PASSPORT = "passport"


class Confidence(StrEnum):
    """How sure a rule is. Nobody confirmed any of them with the importing country."""

    SEEN = "seen"  # read in the law
    KNOWN = "known"
    KNOWN_NOT_FIRM = "known_not_firm"


@dataclass(frozen=True, slots=True)
class ImporterRule:
    """A rule of importing countries. An empty set means any.

    `appendices`: 1 to 3, of CITES. `annex`: that of the country's own law, such as B of the EU. `taxa` and
    `except_taxa`: species or genera, under any of their names. `texts`: the request in en, ru and ky.
    """

    countries: frozenset[str]
    appendices: frozenset[int]
    annex: str
    kingdoms: frozenset[str]
    taxa: frozenset[str]
    except_taxa: frozenset[str]
    terms: frozenset[str]
    needs: Need
    texts: Mapping[str, str] = field(hash=False)
    source: str
    confidence: Confidence
    as_of: str


def importer_rules(rules: Iterable[ImporterRule], question: Question, names: Iterable[str]) -> tuple[ImporterRule, ...]:
    """Return the rules of the country of destination for these goods. A rule for a species comes first.

    `question`: with its subject as of the goods' country of origin (`requirements.with_origin`). `names`: accepted
    name and synonyms of the taxon.
    """
    subject = question.subject
    if subject is None or question.direction not in {Movement.EXPORT, Movement.REEXPORT}:  # 1
        return ()
    appendices, known = {subject.appendix, *subject.may_be}, tuple(names)
    found = [
        each
        for each in rules
        if question.destination in each.countries
        and (not each.appendices or each.appendices & appendices)  # 2
        and (not each.kingdoms or subject.kingdom in each.kingdoms)  # 3
        and (not each.taxa or _names(each.taxa, known))  # 4
        and not _names(each.except_taxa, known)
        and (not each.terms or not question.term or question.term in each.terms)  # 5
    ]
    return tuple(sorted(found, key=lambda each: not each.taxa))


def _names(taxa: Iterable[str], names: tuple[str, ...]) -> bool:
    """True if one of the taxa is one of the names, or the genus or species above one of them."""
    return any(name == taxon or name.startswith(f"{taxon} ") for taxon in taxa for name in names)
