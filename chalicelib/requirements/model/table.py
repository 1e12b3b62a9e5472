"""The table of the documents that goods need, in reading order: the first row that fits is the answer.

As of 2026-11: the Convention's text (Art. II-V, VII, X), Conf. 12.3 (documents), Conf. 13.7 (personal effects), Conf.
13.6 (pre-Convention), Conf. 10.20 (personally owned animals), Conf. 16.8 (instruments), Conf. 11.15 (exchange).
`requirements.py` explains the facts of a row. Devices fetch this table beside their bundle
(`offline/services/bundle.py`).

The allowances for personal effects: how much of a few goods a person may carry without any document (Conf. 13.7). As of
2026-11, after Conf. 13.7 (Rev. CoP17) as national guidance repeats it, but a country may have stricter rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from chalicelib.kernel.codes import NUMBER, UNITS, WILD
from chalicelib.kernel.document_kinds import DocumentKind
from chalicelib.kernel.quantity import QUANTITY


class Decision(StrEnum):
    """The answer to a question. `ask`: a fact that decides it is missing, or a person has to decide."""

    DOCUMENTS = "documents"
    NONE = "none"
    PROHIBITED = "prohibited"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class PersonalAllowance:
    """An allowance for one person: `most` of `unit` ("NAR": pieces).

    `groups`: genera, families or orders; `terms`: of block 9.
    """

    code: str
    groups: frozenset[str]
    terms: frozenset[str]
    most: str
    unit: str = NUMBER

    def lacks_unit(self, quantity: str | None, unit: str | None) -> bool:
        """True if the limit is a weight or a volume, and the quantity has no unit."""
        return self.unit != NUMBER and quantity is not None and not unit

    def holds(self, quantity: str | None, unit: str | None) -> bool:
        """True if this quantity is within the allowance. False if it cannot be compared: another unit, or no number.

        True without a quantity, because the answer then names the allowance.
        """
        if quantity is None:
            return True
        given, limit = UNITS.get(unit or NUMBER), UNITS[self.unit]
        if given is None or given.base != limit.base or not QUANTITY.fullmatch(quantity):
            return False
        return Decimal(quantity) * given.factor <= Decimal(self.most) * limit.factor


def _allowance_row(code: str, groups: str, terms: str, most: str, unit: str = NUMBER) -> PersonalAllowance:
    return PersonalAllowance(code, frozenset(groups.split()), frozenset(terms.split()), most, unit)


ALLOWANCES = (
    _allowance_row("caviar", "Acipenseriformes", "CAV EGG", "125", "GRM"),
    _allowance_row("rainstick", "Cactaceae", "CAR DER STE LOG", "3"),
    _allowance_row("crocodilian", "Crocodylia", "LPS LPL SKP GAR SKI SKU TEE CLA", "4"),
    _allowance_row("queen_conch", "Strombus Lobatus Aliger", "SHE", "3"),
    _allowance_row("seahorse", "Hippocampus", "BOD DER", "4"),
    _allowance_row("giant_clam", "Tridacnidae Tridacna Hippopus", "SHE", "3"),  # also at most 3 kg together: unchecked
    _allowance_row("agarwood_chips", "Aquilaria Gyrinops", "CHP TIM POW", "1", "KGM"),
    _allowance_row("agarwood_oil", "Aquilaria Gyrinops", "OIL EXT", "24", "MLT"),
    _allowance_row("agarwood_beads", "Aquilaria Gyrinops", "CAR JWL", "2"),
)


def allowance(groups: frozenset[str], term: str | None) -> PersonalAllowance | None:
    """Return the first row of ALLOWANCES for these goods, or None. Also None without a term.

    `groups`: names of the taxon's genus, family and order. `term`: code of block 9.
    """
    return next((each for each in ALLOWANCES if each.groups & groups and term in each.terms), None)


# Issuer of a document. HOLDER: the State where the owner lives, or the exhibition or collection is based.
HERE, EXPORTING, DESTINATION, HOLDER = "here", "exporting", "destination", "holder"


@dataclass(frozen=True, slots=True)
class RequiredDocument:
    """A required document: its kind (FORMAT.md 1), issuer, reason and alternatives.

    `why`: a code of `WHY` (requirements/services.py).
    """

    kind: DocumentKind
    by: str
    why: str
    article: str
    alternatives: tuple[DocumentKind, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table.

    `number` is that of the rule (0-23, where several rows may share one). `when` maps each fact to the values that it
    may have, and all must hold.
    """

    number: int
    decision: Decision
    when: Mapping[str, frozenset[str]] = field(hash=False)
    documents: tuple[RequiredDocument, ...] = ()
    reasons: tuple[str, ...] = ()
    article: str = ""
    name: str = field(default="")


def _row(
    number: int,
    decision: str,
    article: str,
    *documents: RequiredDocument,
    reasons: str = "",
    name: str = "",
    **when: str,
) -> Row:
    facts = {fact: frozenset(values.split()) for fact, values in when.items()}
    return Row(number, Decision(decision), MappingProxyType(facts), documents, tuple(reasons.split()), article, name)


def _by(issuer: str, kind: str, why: str, article: str, *alternatives: str) -> RequiredDocument:
    return RequiredDocument(DocumentKind(kind), issuer, why, article, tuple(map(DocumentKind, alternatives)))


def _here(kind: str, why: str, article: str, *alternatives: str) -> RequiredDocument:
    return _by(HERE, kind, why, article, *alternatives)


def _holder(kind: str, why: str, article: str) -> RequiredDocument:
    return _by(HOLDER, kind, why, article)


def _there(kind: str, why: str, article: str, *alternatives: str) -> RequiredDocument:
    return _by(EXPORTING, kind, why, article, *alternatives)


_WILD = " ".join(sorted(WILD))  # source I counts as wild too (kernel/codes.py), but has rows of its own

_LEAVES = "export reexport"

_COMES = "import import_again"

_CROSSES = f"{_LEAVES} {_COMES} return"

_NOT_SOLD = "Z G Q S H P M E N B L"

_INSTITUTIONS = "S E Z N"  # purposes of scientific institutions

_FIRST = _by(DESTINATION, "I", "import_permit_first", "Art. III(2)(d)")

_FIRST_LIVE = _by(DESTINATION, "I", "import_permit_first", "Art. III(4)(c)")

_INTO_I = _by(DESTINATION, "I", "import_permit_there", "Art. III(3)")

_PERSONAL = {"use": "personal_effects", "live": "no", "trophy": "no", "purpose": "P H"}  # own use

ROWS: tuple[Row, ...] = (
    # 0
    _row(0, "none", "Art. VII(1)", reasons="transit", name="transit", flow="transit"),
    _row(0, "none", "Art. I(c)", reasons="no_border", name="no border", flow="inland"),
    _row(0, "ask", "Art. I(b), II", reasons="outside_listing", name="claimed to be outside the listing",
         appendix="I II III", use="outside_listing"),
    _row(0, "ask", "Art. II", reasons="population", name="some populations are listed", appendix="0", mixed="yes"),
    *(
        _row(0, "none", "Art. II", reasons=reason, name=name, appendix="0", **which)
        for reason, name, which in (
            ("population_not_listed", "not listed from this country", {"not_listed": "origin"}),
            ("not_listed_on_day", "not listed on this day", {"not_listed": "day"}),
            ("not_listed", "not listed", {}),
        )
    ),
    # prohibited or impossible combinations (rows 1, 4, 5)
    *(
        _row(1, "prohibited", "Art. III(3)(c); Conf. 5.10", reasons=reason, name=name, appendix="I", purpose="T",
             source=source, flow=f"{_LEAVES} {_COMES} sea")
        for reason, name, source in (
            ("appendix_i_commercial", "I wild for commerce", "W R X"),
            ("appendix_i_source", "I treated as wild, for commerce", "F U Y I"),
        )
    ),
    _row(5, "prohibited", "Art. VII(4); Conf. 12.10", reasons="appendix_i_needs_d", name="I bred for commerce",
         appendix="I", purpose="T", source="C", kingdom="Animalia", flow=f"{_LEAVES} {_COMES}"),
    _row(4, "ask", "Art. VII(4)", reasons="d_is_for_appendix_i", name="source D outside Appendix I",
         appendix="II III", source="D", flow=f"{_LEAVES} {_COMES}"),
    # 14
    _row(14, "ask", "Conf. 13.7", reasons="ask_unit", name="an amount without its unit", appendix="II", covered="unit",
         **_PERSONAL),
    _row(14, "none", "Art. VII(3); Conf. 13.7", reasons="allowance personal_effects", name="within an allowance",
         appendix="II", covered="yes", **_PERSONAL),
    _row(14, "none", "Art. VII(3)", reasons="personal_effects", name="III", appendix="III", **_PERSONAL),
    _row(14, "none", "Art. VII(3)", reasons="personal_effects", name="II not wild",
         appendix="II", source="C A D O", covered="unlimited", **_PERSONAL),
    _row(14, "none", "Art. VII(3)", reasons="personal_effects", name="II acquired at home",
         appendix="II", source=f"{_WILD} I", abroad="no", covered="unlimited", **_PERSONAL),
    _row(14, "ask", "Art. VII(3)(b)", reasons="personal_ii_abroad", name="II acquired abroad",
         appendix="II", source=f"{_WILD} I", abroad="yes unknown", covered="unlimited", **_PERSONAL),
    _row(14, "none", "Art. VII(3)", reasons="personal_effects", name="I acquired at home",
         appendix="I", abroad="no", **_PERSONAL),
    _row(14, "ask", "Art. VII(3)(a)", reasons="personal_i_where", name="I, where acquired is not said",
         appendix="I", abroad="unknown", **_PERSONAL),
    # 15-20
    _row(15, "documents", "Art. VII(3); Conf. 10.20", _holder("OW", "owned_animal", "Conf. 10.20"),
         reasons="holder_state each_crossing marked", use="owned_animal", live="yes", purpose=_NOT_SOLD,
         flow=_CROSSES, name="a live animal of its owner"),
    _row(16, "documents", "Art. VII(7); Conf. 12.3", _holder("OT", "exhibition", "Art. VII(7)"),
         reasons="holder_state each_crossing one_each", use="exhibition", source="C A D O", purpose=_NOT_SOLD,
         flow=_CROSSES,
         name="an exhibition"),
    _row(17, "documents", "Art. VII(3); Conf. 16.8", _holder("OM", "instrument", "Conf. 16.8"),
         reasons="holder_state each_crossing", use="instrument", live="no", purpose=_NOT_SOLD, flow=_CROSSES,
         name="an instrument"),
    *(
        _row(18, "documents", "Conf. 12.3", _holder("OS", "samples", "Conf. 12.3"),
             reasons="holder_state each_crossing carnet",
             use="samples", live="no", flow=_CROSSES, name=name, **which)
        for name, which in (("II, III", {"appendix": "II III"}),
                            ("I, not wild", {"appendix": "I", "source": "C A D O"}))
    ),
    _row(19, "none", "Art. VII(6); Conf. 11.15", reasons="exchange", use="exchange", live="no", trophy="no",
         kingdom="Animalia", purpose=_INSTITUTIONS, flow=_CROSSES, name="preserved animals"),
    _row(19, "none", "Art. VII(6); Conf. 11.15", reasons="exchange", use="exchange", trophy="no", kingdom="Plantae",
         purpose=f"{_INSTITUTIONS} G", flow=_CROSSES, name="plants"),
    _row(20, "documents", "Art. VII(5); Conf. 12.3", _here("OY", "phytosanitary", "Conf. 12.3"),
         use="phytosanitary", kingdom="Plantae", source="A", appendix="II III", flow="export", name="leaves"),
    _row(20, "documents", "Art. VII(5); Conf. 12.3", _there("OY", "phytosanitary", "Conf. 12.3"),
         use="phytosanitary", kingdom="Plantae", source="A", appendix="II III", flow="import", name="comes"),
    # 23
    _row(23, "documents", "Art. VI",
         _here("E", "own_document", "Art. VI", "R", "OC", "OA", "OO", "OP"),
         reasons="return_refused return_or_reexport", appendix="I II III", flow="return", name="our goods come back"),
    # 13
    _row(13, "documents", "Art. VII(2); Conf. 13.6", _here("OP", "pre_convention", "Art. VII(2)"),
         reasons="acquired_before", source="O", flow=_LEAVES, name="leaves"),
    _row(13, "documents", "Art. VII(2); Conf. 13.6", _there("OP", "pre_convention", "Art. VII(2)"),
         reasons="acquired_before", source="O", flow=_COMES, name="comes"),
    # 12
    _row(12, "ask", "Art. I(e); Conf. 14.6", reasons="landlocked", flow="sea", appendix="I II III", coast="no",
         name="no coast"),
    _row(12, "documents", "Art. III(5), IV(6)", _here("OI", "from_the_sea", "Art. III(5), IV(6)"),
         flow="sea", appendix="I II", coast="yes", name="I, II"),
    _row(12, "none", "Art. V", reasons="sea_appendix_iii", flow="sea", appendix="III", coast="yes", name="III"),
    # 21
    _row(21, "documents", "Art. III", _FIRST, _here("E", "confiscated", "Art. III, IV"),
         reasons="import_permit_before", source="I", appendix="I", flow="export", name="I leaves"),
    _row(21, "documents", "Art. IV", _here("E", "confiscated", "Art. III, IV"), source="I", appendix="II",
         flow="export", name="II leaves"),
    _row(21, "documents", "Art. III", _here("I", "import_permit_here", "Art. III(3)"),
         _there("E", "confiscated", "Art. III"), source="I", appendix="I", flow="import", name="I comes"),
    _row(21, "documents", "Art. IV", _there("E", "confiscated", "Art. IV"), source="I", appendix="II", flow="import",
         name="II comes"),
    # 5: hybrids of Appendix I plants
    *(
        _row(5, "documents", "Conf. 11.11", _by(by, "OA", "propagated", "Conf. 11.11", "E"),
             reasons="propagated_hybrid", appendix="I", hybrid="yes", source="A", flow=flow, name=f"hybrid {flow}")
        for by, flow in ((HERE, "export"), (EXPORTING, "import"))
    ),
    # 4, 5
    *(
        _row(4, "documents", article, _by(by, kind, why, basis), reasons=f"{reasons} {more}".strip(),
             appendix="I", flow=flow, name=f"{name} {flow}", **which)
        for name, reasons, more_of, bred, which in (
            ("D of an animal", "registered", "operation_number", "as_appendix_ii",
             {"source": "D", "kingdom": "Animalia"}),
            ("D of a plant", "propagated_i", "", "propagated_as_ii", {"source": "D", "kingdom": "Plantae"}),
            ("A for commerce", "propagated_i", "", "propagated_as_ii",
             {"source": "A", "kingdom": "Plantae", "purpose": "T"}),
        )
        for flow, kind, by, article, basis, why, more in (
            ("export", "E", HERE, "Art. VII(4)", "Art. VII(4)", bred, more_of),
            ("import", "E", EXPORTING, "Art. VII(4)", "Art. VII(4)", bred, more_of),
            ("reexport", "R", HERE, "Art. VII(4), IV(5)", "Art. IV(5)", "reexport", "blocks_12"),
            ("import_again", "R", EXPORTING, "Art. VII(4), IV(4)", "Art. IV(4)", "reexport", "blocks_12"),
        )
    ),
    *(
        _row(5, "documents", "Art. VII(5)", _by(by, kind, why, "Art. VII(5)"), reasons="parentage",
             appendix="I", source=source, flow=flow, name=f"{kind} {flow}")
        for source, kind, why in (("C", "OC", "bred"), ("A", "OA", "propagated"))
        for by, flow in ((HERE, "export"), (EXPORTING, "import"))
    ),
    # 1, 2, 3
    _row(1, "documents", "Art. III(2)", _FIRST, _here("E", "export_i", "Art. III(2)"), reasons="import_permit_before",
         appendix="I", source=_WILD, flow="export", name="I leaves"),
    _row(2, "documents", "Art. III(3)", _here("I", "import_permit_here", "Art. III(3)"),
         _there("E", "export_i", "Art. III(2)"), appendix="I", source=_WILD, flow="import", name="I comes"),
    _row(2, "documents", "Art. III(3), III(4)", _here("I", "import_permit_here", "Art. III(3)"),
         _there("R", "reexport", "Art. III(4)"), reasons="blocks_12", appendix="I", source=f"{_WILD} A C I",
         flow="import_again", name="I comes again"),
    _row(3, "documents", "Art. III(4)", _FIRST_LIVE, _here("R", "reexport", "Art. III(4)"),
         reasons="import_permit_before blocks_12", appendix="I", live="yes", source=f"{_WILD} A C I", flow="reexport",
         name="live"),
    _row(3, "documents", "Art. III(4), III(3)", _here("R", "reexport", "Art. III(4)"), _INTO_I, reasons="blocks_12",
         appendix="I", live="no", source=f"{_WILD} I", flow="reexport", name="not live"),
    _row(3, "documents", "Art. III(4)", _here("R", "reexport", "Art. III(4)"), reasons="blocks_12",
         appendix="I", live="no", source="A C", flow="reexport", name="not live, not wild"),
    # 7, 6, 8
    *(
        _row(7, "documents", "Art. VII(5)", _by(by, kind, why, "Art. VII(5)", "E"), reasons="parentage",
             appendix="II", source=source, flow=flow, name=f"{kind} {flow}")
        for source, kind, why in (("C", "OC", "bred"), ("A", "OA", "propagated"))
        for by, flow in ((HERE, "export"), (EXPORTING, "import"))
    ),
    _row(6, "documents", "Art. IV(2)", _here("E", "export_ii", "Art. IV(2)"), reasons="quota",
         appendix="II", source=_WILD, flow="export", name="leaves"),
    _row(6, "documents", "Art. IV(4)", _there("E", "export_ii", "Art. IV(4)"),
         appendix="II", source=_WILD, flow="import", name="comes"),
    _row(8, "documents", "Art. IV(5)", _here("R", "reexport", "Art. IV(5)"), reasons="blocks_12",
         appendix="II", flow="reexport", name="leaves"),
    _row(8, "documents", "Art. IV(4)", _there("R", "reexport", "Art. IV(5)"), reasons="blocks_12",
         appendix="II", flow="import_again", name="comes"),
    # 9, 10, 11
    _row(9, "documents", "Art. V(2)", _here("E", "export_iii", "Art. V(2)"), appendix="III", listed="here",
         flow="export", name="listed here"),
    _row(10, "documents", "Art. V(3)", _here("OO", "origin", "Art. V(3)"), appendix="III", listed="elsewhere",
         flow="export", name="leaves"),
    _row(10, "documents", "Art. V(3)", _there("E", "export_iii", "Art. V(2)"), appendix="III", listed="exporting",
         flow="import", name="comes from the State that listed it"),
    _row(10, "documents", "Art. V(3)", _there("OO", "origin", "Art. V(3)"), appendix="III", listed="elsewhere",
         flow="import", name="comes from another State"),
    _row(10, "documents", "Art. V(3)", _there("OO", "origin", "Art. V(3)", "E"), reasons="listing_state",
         appendix="III", listed="unknown", flow="import", name="comes from a State that is not known"),
    _row(11, "documents", "Art. V(4)", _here("R", "reexport", "Art. V(4)"), reasons="blocks_12", appendix="III",
         flow="reexport", name="leaves"),
    _row(11, "documents", "Art. V(4)", _there("R", "reexport", "Art. V(4)"), reasons="blocks_12", appendix="III",
         flow="import_again", name="comes"),
)  # fmt: skip

CONFISCATED = 21  # remark on any row: source I, or purpose L

NON_PARTY = 22  # remark on a document that a State outside the Convention gives

# Art. X: States that were not Parties on 2025-01-02, when Turkmenistan became the 185th Party. News of that day counted
# 184 States and the European Union. So these nine are the only members of the United Nations outside the Convention
# (Andorra joined in 2021). The last four are not members of the United Nations. Compare with
# cites.org/eng/disc/parties.
NON_PARTIES = frozenset(
    {
        "FM",
        "HT",
        "KI",
        "KP",
        "MH",
        "NR",
        "SS",
        "TL",
        "TV",
        "CK",
        "NU",
        "PS",
        "VA",
    }
)

EAEU = frozenset({"AM", "BY", "KG", "KZ", "RU"})  # members of the Eurasian Economic Union
