"""Required documents: an example of each row of the table, and its boundary cases.

expect = decision; documents as "KIND who[=as well]"; codes of reasons; other papers; the allowance, if there is one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vectors.scenes import Vector

TODAY = "2026-11-26"
EAGLE = {"appendix": "I", "kingdom": "Animalia"}
SAKER = {"appendix": "II", "kingdom": "Animalia"}
ORCHID = {"appendix": "II", "kingdom": "Plantae"}
CYPRIPEDIUM = {"appendix": "I", "kingdom": "Plantae"}
IBEX = {"appendix": "III", "kingdom": "Animalia", "listed_by": "PK"}
OURS = {"appendix": "III", "kingdom": "Animalia", "listed_by": "KG"}
WOLF = {**SAKER, "may_be": ["I"]}
WOLF_BY_COUNTRY = {**WOLF, "population": {"appendix": "I", "origins": ["IN", "NP"], "open": [], "others": "II"}}
VICUNA = {
    "appendix": "I",
    "kingdom": "Animalia",
    "may_be": ["II"],
    "population": {"appendix": "II", "origins": ["PE"], "open": ["AR"], "others": "I"},
}
BEAR = {**VICUNA, "population": {"appendix": "I", "origins": ["MN"], "open": [], "others": None}}
DEER = {"appendix": "0", "kingdom": "Animalia", "may_be": ["II"]}
STURGEON = {**SAKER, "groups": ["Acipenser", "Acipenseridae", "Acipenseriformes"]}
SAIGA = {
    **SAKER,
    "restrictions": [
        {"since": "2019-11-26", "until": None, "kinds": ["E", "R", "I"], "sources": ["W"], "purposes": ["T"],
         "origins": [], "reason": "Zero quota", "source": "CoP18"}
    ],
}  # fmt: skip
LIMITED = (
    ("Cactaceae", "CAR", 3, "rainstick", "Plantae"), ("Crocodylia", "LPS", 4, "crocodilian", "Animalia"),
    ("Strombus", "SHE", 3, "queen_conch", "Animalia"), ("Hippocampus", "BOD", 4, "seahorse", "Animalia"),
    ("Tridacna", "SHE", 3, "giant_clam", "Animalia"),
)  # fmt: skip
LEAVES = "eaeu veterinary destination"
PLANT_LEAVES = "eaeu phytosanitary destination"


def case(name: str, why: str, expect: str, subject: Vector | None, direction: str | None, **said: Any) -> Vector:
    """A question and its answer.

    `goods`: term, source and purpose as one text, `LIV W S`; "-" stands for a missing one. All other keywords are
    members of the question.
    """
    parts = [part.strip() for part in expect.split(";")]
    decision, documents, reasons, papers, allowance = [*parts, *[""] * (5 - len(parts))]
    goods = dict(zip(("term", "source", "purpose"), said.pop("goods", "- - -").split(), strict=True))
    question = {"subject": subject, "direction": direction, **{n: c for n, c in goods.items() if c != "-"}, **said}
    listed = []
    for document in filter(None, documents.split(",")):
        kind, by = document.strip().split()
        by, _, others = by.partition("=")
        listed.append({"kind": kind, "issued_by": by, "alternatives": others.split("+") if others else []})
    return {
        "name": name,
        "why": why,
        "input": {"question": question, "today": TODAY, "issuer": "KG"},
        "expect": {"decision": decision, "documents": listed, "reasons": reasons.split(),
                   "other_papers": papers.split(), "allowance": allowance or None},
    }  # fmt: skip


def cases() -> list[Vector]:
    return [
        *nothing(),
        *appendix_i(),
        *appendix_ii(),
        *appendix_iii(),
        *exemptions(),
        *personal(),
        *remarks(),
        *asked(),
    ]


def nothing() -> Iterator[Vector]:
    yield case(
        "not listed", "row 0", "none;; not_listed; " + LEAVES, {"appendix": "0", "kingdom": "Animalia"}, "export"
    )
    yield case("transit", "row 0, Art. VII(1)", "none;; transit; veterinary", EAGLE, "transit", goods="LIV W T")
    yield case("stays here", "row 0, Art. I(c)", "none;; no_border", SAKER, "export", goods="LIV W T", destination="KG")
    yield case("a part that the annotation leaves out", "row 0, Art. I(b)", f"none;; outside_listing; {PLANT_LEAVES}",
               ORCHID, "export", goods="SEE A T", use="outside_listing")  # fmt: skip
    yield case("a population that is not listed here", "row 0", f"none;; not_listed; {LEAVES}", DEER, "export",
               origin="KG")  # fmt: skip
    yield case("a population that nobody named", "row 0", "ask;; population; veterinary", DEER, "import")


def appendix_i() -> Iterator[Vector]:
    yield case("I wild leaves", "row 1", f"documents; I AE, E KG; import_permit_before; {LEAVES}", EAGLE, "export",
               goods="LIV W S", destination="AE")  # fmt: skip
    yield case("I wild leaves, whereto is not said", "row 1",
               f"documents; I destination, E KG; import_permit_before; {LEAVES}", EAGLE, "export",
               goods="FEA F Z")  # fmt: skip
    for flow, source in (("export", "W"), ("reexport", "R"), ("import", "F"), ("sea", "X"), ("export", "U")):
        yield case(f"I {source} for commerce, {flow}", "row 1, Art. III(3)(c)", "prohibited;; appendix_i_commercial",
                   EAGLE, flow, goods=f"LIV {source} T")  # fmt: skip
    yield case("a plant of assisted production leaves", "row 1, Conf. 11.11",
               f"documents; I destination, E KG; import_permit_before; {PLANT_LEAVES}", CYPRIPEDIUM, "export",
               goods="LIV Y G")  # fmt: skip
    yield case("a plant of assisted production for commerce", "row 1, Art. III(3)(c)",
               "prohibited;; appendix_i_commercial", CYPRIPEDIUM, "export", goods="LIV Y T")  # fmt: skip
    yield case("I wild comes", "row 2", "documents; I KG, E KZ;; veterinary", EAGLE, "import", goods="LIV W Z",
               origin="KZ")  # fmt: skip
    yield case("I wild comes again", "row 2", "documents; I KG, R AE; blocks_12; veterinary", EAGLE, "import",
               goods="LIV W Z", origin="KZ", exporting="AE")  # fmt: skip
    yield case("I live leaves again", "row 3", f"documents; I AE, R KG; import_permit_before blocks_12; {LEAVES}",
               EAGLE, "export", goods="LIV W Z", origin="KZ", destination="AE")  # fmt: skip
    yield case("I not live leaves again", "row 3", f"documents; R KG; blocks_12; {LEAVES}", EAGLE, "reexport",
               goods="SKI C E")  # fmt: skip
    yield case("I D leaves for commerce", "row 4", f"documents; E KG; registered operation_number; {LEAVES}", EAGLE,
               "export", goods="LIV D T")  # fmt: skip
    yield case("I C of a registered operation", "row 4", f"documents; E KG; registered operation_number; {LEAVES}",
               EAGLE, "export", goods="LIV C T", registered=True)  # fmt: skip
    yield case("I D comes", "row 4", "documents; E AE; registered operation_number; veterinary", EAGLE, "import",
               goods="LIV D T", origin="AE")  # fmt: skip
    yield case("I D leaves again", "row 4", f"documents; R KG; registered blocks_12; {LEAVES}", EAGLE, "reexport",
               goods="LIV D T")  # fmt: skip
    yield case("I D comes again", "row 4", "documents; R GB; registered blocks_12; veterinary", EAGLE, "import",
               goods="LIV D T", origin="AE", exporting="GB")  # fmt: skip
    yield case("D that is not registered", "row 5", "prohibited;; appendix_i_needs_d", EAGLE, "export",
               goods="LIV D T", registered=False)  # fmt: skip
    yield case("a plant D that is not registered", "row 5", f"documents; OA KG; parentage; {PLANT_LEAVES}", CYPRIPEDIUM,
               "export", goods="LIV D G", registered=False)  # fmt: skip
    yield case("I bred for commerce", "row 5", "prohibited;; appendix_i_needs_d", EAGLE, "export", goods="LIV C T")
    yield case("I bred leaves", "row 5", f"documents; OC KG; parentage; {LEAVES}", EAGLE, "export", goods="LIV C B")
    yield case("I bred comes", "row 5", "documents; OC AE; parentage; veterinary", EAGLE, "import", goods="LIV C B",
               origin="AE")  # fmt: skip
    yield case("I propagated leaves", "row 5", f"documents; OA KG; parentage; {PLANT_LEAVES}", CYPRIPEDIUM, "export",
               goods="LIV A G")  # fmt: skip
    yield case("I propagated comes", "row 5", "documents; OA NL; parentage; phytosanitary", CYPRIPEDIUM, "import",
               goods="LIV A G", origin="NL")  # fmt: skip


def appendix_ii() -> Iterator[Vector]:
    yield case(
        "D outside Appendix I", "row 4", f"ask;; d_is_for_appendix_i; {LEAVES}", SAKER, "export", goods="LIV D T"
    )
    yield case("II wild leaves", "row 6", f"documents; E KG; quota; {LEAVES}", SAKER, "export", goods="LIV W T")
    yield case("II trophy within the Union", "row 6", "documents; E KG; quota; veterinary hunting destination", SAKER,
               "export", goods="TRO W H", destination="KZ")  # fmt: skip
    yield case("II wild comes", "row 6", "documents; E KZ;; veterinary", SAKER, "import", goods="LIV W T", origin="KZ")
    yield case("II bred leaves", "row 7", f"documents; OC KG=E; parentage; {LEAVES}", SAKER, "export", goods="LIV C T")
    yield case("II bred comes", "row 7", "documents; OC AE=E; parentage; veterinary", SAKER, "import", goods="LIV C T",
               origin="AE")  # fmt: skip
    yield case("II propagated leaves", "row 7", f"documents; OA KG=E; parentage; {PLANT_LEAVES}", ORCHID, "export",
               goods="LIV A T")  # fmt: skip
    yield case("II propagated comes", "row 7", "documents; OA NL=E; parentage; phytosanitary", ORCHID, "import",
               goods="LIV A T", origin="NL")  # fmt: skip
    yield case("II leaves again", "row 8", f"documents; R KG; blocks_12; {LEAVES}", SAKER, "export", goods="LIV C T",
               origin="RU")  # fmt: skip
    yield case("II comes again", "row 8", "documents; R AE; blocks_12; veterinary", SAKER, "import", goods="LIV W T",
               origin="RU", exporting="AE")  # fmt: skip
    yield case("ours that comes back", "who exported it was not said", "documents; E exporting;; veterinary", SAKER,
               "return", goods="LIV W T", origin="KG")  # fmt: skip


def appendix_iii() -> Iterator[Vector]:
    yield case("III that we listed", "row 9", f"documents; E KG;; {LEAVES}", OURS, "export", goods="SKI W T")
    yield case("III that another listed", "row 10", "documents; OO KG;; eaeu veterinary hunting destination", IBEX,
               "export", goods="TRO W H", destination="DE")  # fmt: skip
    yield case("III whatever its source and purpose", "row 10", f"documents; OO KG;; {LEAVES}", IBEX, "export")
    yield case("III comes from who listed it", "row 10", "documents; E PK;; veterinary", IBEX, "import",
               goods="TRO W H", origin="PK")  # fmt: skip
    yield case("III comes from elsewhere", "row 10", "documents; OO KZ=E; listing_state; veterinary", IBEX, "import",
               goods="TRO W H", origin="KZ")  # fmt: skip
    yield case("III leaves again", "row 11", f"documents; R KG; blocks_12; {LEAVES}", IBEX, "reexport", goods="HOR W T")
    yield case("III comes again", "row 11", "documents; R DE; blocks_12; veterinary", IBEX, "import", goods="HOR W T",
               origin="KZ", exporting="DE")  # fmt: skip


def exemptions() -> Iterator[Vector]:
    yield case("from the sea", "row 12", "documents; OI KG; landlocked; veterinary", SAKER, "sea", goods="FIN X T")
    yield case("III from the sea", "row 12", "none;; sea_appendix_iii; veterinary", IBEX, "sea", goods="FIN X T")
    yield case("pre-Convention leaves", "row 13", f"documents; OP KG; acquired_before; {LEAVES}", EAGLE, "export",
               goods="TRO W T", pre_convention=True)  # fmt: skip
    yield case("pre-Convention comes", "row 13", "documents; OP DE; acquired_before; veterinary", EAGLE, "import",
               goods="TRO O P", origin="DE")  # fmt: skip
    animal = {"use": "owned_animal", "goods": "LIV C P"}
    yield case("a falconer's bird leaves", "row 15", f"documents; OW KG; each_crossing marked; {LEAVES}", SAKER,
               "export", **animal)  # fmt: skip
    yield case("a falconer's bird comes", "row 15", "documents; OW KZ; each_crossing marked; veterinary", SAKER,
               "import", origin="KZ", **animal)  # fmt: skip
    yield case("a bird that is sold", "row 15", f"documents; OC KG=E; parentage not_owned_animal; {LEAVES}", SAKER,
               "export", use="owned_animal", goods="LIV C T")  # fmt: skip
    yield case("a circus leaves", "row 16", f"documents; OT KG; each_crossing one_each; {LEAVES}", EAGLE, "export",
               use="exhibition", goods="LIV C Q")  # fmt: skip
    yield case("a circus comes", "row 16", "documents; OT RU; each_crossing one_each; veterinary", EAGLE, "import",
               use="exhibition", goods="LIV O Q", origin="RU")  # fmt: skip
    yield case("a circus with a wild animal", "row 16", f"documents; E KG; quota not_exhibition; {LEAVES}", SAKER,
               "export", use="exhibition", goods="LIV W Q")  # fmt: skip
    fiddle = {"use": "instrument", "goods": "LPS W P"}
    yield case(
        "an instrument leaves", "row 17", f"documents; OM KG; each_crossing; {LEAVES}", SAKER, "export", **fiddle
    )
    yield case("an instrument comes", "row 17", "documents; OM KZ; each_crossing; veterinary", SAKER, "import",
               origin="KZ", **fiddle)  # fmt: skip
    yield case("samples leave", "row 18", f"documents; OS KG; each_crossing carnet; {LEAVES}", SAKER, "export",
               use="samples", goods="FEA W T")  # fmt: skip
    yield case("samples come", "row 18", "documents; OS FR; each_crossing carnet; veterinary", SAKER, "import",
               use="samples", goods="FEA W T", origin="FR")  # fmt: skip
    yield case("samples of I that were bred", "row 18", f"documents; OS KG; each_crossing carnet; {LEAVES}", EAGLE,
               "export", use="samples", goods="FEA C S")  # fmt: skip
    yield case("samples of I that were bred come", "row 18", "documents; OS FR; each_crossing carnet; veterinary",
               EAGLE, "import", use="samples", goods="FEA C S", origin="FR")  # fmt: skip
    yield case("samples of I from the wild", "row 18",
               f"documents; I destination, E KG; import_permit_before not_samples; {LEAVES}", EAGLE, "export",
               use="samples", goods="FEA W S")  # fmt: skip
    yield case("between two museums", "row 19", f"none;; exchange; {LEAVES}", EAGLE, "export", use="exchange",
               goods="SPE W S")  # fmt: skip
    yield case("between two botanical gardens", "row 19", "none;; exchange; phytosanitary", CYPRIPEDIUM, "import",
               use="exchange", goods="LIV W G")  # fmt: skip
    yield case("a live animal between two institutions", "row 19", f"documents; E KG; quota not_exchange; {LEAVES}",
               SAKER, "export", use="exchange", goods="LIV W S")  # fmt: skip
    yield case("a nursery's plant leaves", "row 20", f"documents; OY KG;; {PLANT_LEAVES}", ORCHID, "export",
               use="phytosanitary", goods="LIV A T")  # fmt: skip
    yield case("a nursery's plant comes", "row 20", "documents; OY NL;; phytosanitary", ORCHID, "import",
               use="phytosanitary", goods="LIV A T", origin="NL")  # fmt: skip
    yield case("a phytosanitary certificate for a wild plant", "row 20",
               f"documents; E KG; quota not_phytosanitary; {PLANT_LEAVES}", ORCHID, "export", use="phytosanitary",
               goods="LIV W T")  # fmt: skip


def personal() -> Iterator[Vector]:
    def own(name: str, expect: str, subject: Vector, goods: str, direction: str = "export", **said: Any) -> Vector:
        return case(
            name, "row 14, Art. VII(3)", expect, subject, direction, goods=goods, use="personal_effects", **said
        )

    caviar = {"subject": STURGEON, "goods": "CAV C P", "abroad": "yes"}
    tins = f"none;; allowance personal_effects; {LEAVES}; caviar"
    yield own("caviar, how much is not said", tins, **caviar)
    yield own("125 g of caviar", tins, quantity="0.125", unit="KGM", **caviar)
    above = "not_personal_effects above_allowance"
    bred, wild = f"documents; OC KG=E; parentage {above}; ", f"documents; E KG; quota {above}; "
    yield own("more caviar, of a farm", f"{bred}{LEAVES}; caviar", quantity="125.1", unit="GRM", **caviar)
    yield own("5 kg of a farm's caviar, acquired at home", f"{bred}{LEAVES}; caviar", STURGEON, "CAV C P",
              quantity="5000", unit="GRM", abroad="no")  # fmt: skip
    for abroad in ("yes", "no", "unknown"):
        yield own(f"more caviar, wild, acquired abroad: {abroad}", f"{wild}{LEAVES}; caviar", STURGEON, "CAV W P",
                  quantity="2", unit="KGM", abroad=abroad)  # fmt: skip
    yield own("more caviar comes in", f"documents; E KZ; {above}; veterinary; caviar", STURGEON, "CAV W P", "import",
              origin="KZ", quantity="2", unit="KGM", abroad="no")  # fmt: skip
    yield own("caviar by the piece", f"{wild}{LEAVES}; caviar", STURGEON, "CAV W P", quantity="1")
    for group, term, most, code, kingdom in LIMITED:
        goods = {"appendix": "II", "kingdom": kingdom, "groups": [group]}
        leave, farmed, paper = (PLANT_LEAVES, "A", "OA") if kingdom == "Plantae" else (LEAVES, "C", "OC")
        yield own(f"{code}: as much as it may be", f"none;; allowance personal_effects; {leave}; {code}", goods,
                  f"{term} W P", quantity=str(most))  # fmt: skip
        yield own(f"{code}: one more, at home", f"{wild}{leave}; {code}", goods, f"{term} W P", quantity=str(most + 1),
                  abroad="no")  # fmt: skip
        yield own(f"{code}: one more, farmed", f"{bred.replace('OC', paper)}{leave}; {code}", goods,
                  f"{term} {farmed} P", quantity=str(most + 1), abroad="no")  # fmt: skip
        yield own(f"{code}: one more, pre-Convention", f"documents; OP KG; acquired_before {above}; {leave}; {code}",
                  goods, f"{term} O P", quantity=str(most + 1), abroad="no")  # fmt: skip
    yield own("Appendix I has no allowance", f"none;; personal_effects; {LEAVES}", {**STURGEON, "appendix": "I"},
              "CAV W P", quantity="5", unit="KGM", abroad="no")  # fmt: skip
    yield own("III", "none;; personal_effects; veterinary", IBEX, "HOR W P", "import", abroad="yes")
    yield own("II not wild", f"none;; personal_effects; {LEAVES}", SAKER, "FEA C P")
    yield own("II acquired at home", f"none;; personal_effects; {LEAVES}", SAKER, "FEA W P", abroad="no")
    yield own("II where is not said", f"ask;; personal_ii_abroad; {LEAVES}", SAKER, "FEA W P")
    yield own("I acquired at home", f"none;; personal_effects; {LEAVES}", EAGLE, "FEA W P", abroad="no")
    yield own("I where is not said", f"ask;; personal_i_where; {LEAVES}", EAGLE, "FEA W P")
    yield own("I acquired abroad", "documents; I KG, E KZ; not_personal_effects; veterinary", EAGLE, "FEA W P",
              "import", origin="KZ", abroad="yes")  # fmt: skip
    yield own("a trophy", "documents; E KG; quota not_personal_effects; eaeu veterinary hunting destination", SAKER,
              "TRO W H", abroad="no")  # fmt: skip
    yield own("a live animal", f"documents; OC KG=E; parentage not_personal_effects; {LEAVES}", SAKER, "LIV C P")


def by_country() -> Iterator[Vector]:
    prohibited = "prohibited;; appendix_i_commercial"
    open_ = f"{prohibited} population"
    for name, goods, origin, expect in (
        ("an Appendix I population", WOLF_BY_COUNTRY, "IN", prohibited),
        ("an Appendix II population", WOLF_BY_COUNTRY, "MN", "documents; E MN;; veterinary"),
        ("no origin said", WOLF_BY_COUNTRY, None, open_),
        ("origin unknown", WOLF_BY_COUNTRY, "XX", open_),
        ("in Appendix I but for some", VICUNA, "PE", "documents; E PE;; veterinary"),
        ("in Appendix I, not one of some", VICUNA, "EC", prohibited),
        ("left open, a province decides", VICUNA, "AR", open_),
        ("the rest is left open", BEAR, "RU", open_),
        ("not of the rest", BEAR, "MN", prohibited),
    ):
        said = {"origin": origin} if origin else {}
        yield case(f"split by country: {name}", "Art. I(a)", expect, goods, "import", goods="SKI W T", **said)
    yield case("split by country: what leaves is of here", "Art. I(a)", f"documents; E KG; quota; {LEAVES}",
               WOLF_BY_COUNTRY, "export", goods="SKI W T")  # fmt: skip
    yield case("split by country: who sends it, where no origin is said", "Art. I(a)", prohibited, WOLF_BY_COUNTRY,
               "import", goods="SKI W T", exporting="NP")  # fmt: skip


def remarks() -> Iterator[Vector]:
    yield case("confiscated leaves", "row 21", f"documents; E KG; authority_decides; {LEAVES}", SAKER, "export",
               goods="LIV I Z")  # fmt: skip
    yield case("confiscated I leaves", "row 21",
               f"documents; I destination, E KG; import_permit_before authority_decides; {LEAVES}", EAGLE, "export",
               goods="LIV I Z")  # fmt: skip
    yield case("confiscated I for commerce", "row 1", "prohibited;; appendix_i_commercial", EAGLE,
               "export", goods="SKI I T")  # fmt: skip
    yield case("confiscated I comes", "row 21", "documents; I KG, E KZ; authority_decides; veterinary", EAGLE, "import",
               goods="LIV I Z", origin="KZ")  # fmt: skip
    yield case("confiscated II comes", "row 21", "documents; E KZ; authority_decides; veterinary", SAKER, "import",
               goods="LIV I Z", origin="KZ")  # fmt: skip
    yield case("forensic", "row 21", f"documents; E KG; quota authority_decides; {LEAVES}", SAKER, "export",
               goods="SPE W L")  # fmt: skip
    yield case("to a State outside the Convention", "row 22",
               f"documents; I KP, E KG; import_permit_before non_party; {LEAVES}", EAGLE, "export", goods="LIV W S",
               destination="KP")  # fmt: skip
    yield case("from a State outside the Convention", "row 22", "documents; E KP; non_party; veterinary", SAKER,
               "import", goods="LIV W T", origin="KP")  # fmt: skip
    for state in ("TM", "AD"):
        yield case(f"from a Party of late: {state}", "row 22", f"documents; E {state};; veterinary", SAKER, "import",
                   goods="LIV W T", origin=state)  # fmt: skip
    yield case("from a State outside both", "row 22", "documents; I KG, E VA; non_party; veterinary", EAGLE,
               "import", goods="LIV W S", origin="VA")  # fmt: skip
    yield case("populations differ", "row 0", "documents; E MN; population; veterinary", WOLF, "import",
               goods="SKI W T", origin="MN")  # fmt: skip
    yield case("our own population", "row 6", f"documents; E KG; quota; {LEAVES}", WOLF, "export", goods="SKI W T",
               origin="KG")  # fmt: skip
    yield from by_country()
    monitor = {**EAGLE, "deciding": "Varanus bengalensis"}
    yield case("a genus whose strictest is in Appendix I", "it is said which",
               "prohibited;; appendix_i_commercial strictest", monitor, "export", goods="LIV W T")  # fmt: skip
    yield case("a genus, and no direction", "it is said which", "ask;; ask_direction strictest", monitor, None)
    yield case("suspended", "hard stop", "prohibited;; suspended", SAIGA, "export", goods="HOR W T")
    yield case("suspended, but not for this source", "hard stop", f"documents; OC KG=E; parentage; {LEAVES}", SAIGA,
               "export", goods="HOR C T")  # fmt: skip
    for source, name in (
        ("I", "a seized one without a second code counts as wild"),
        ("U", "an unknown source counts as wild"),
    ):
        yield case(
            f"suspended: {name}", "hard stop", "prohibited;; suspended", SAIGA, "export", goods=f"HOR {source} T"
        )
    of_kz = {**SAIGA, "restrictions": [{**SAIGA["restrictions"][0], "origins": ["KZ"]}]}
    for origin in ("XX", "XV", "ZZ"):
        yield case(f"suspended for one country, origin {origin} may be that country", "hard stop",
                   "prohibited;; suspended", of_kz, "import", goods="HOR W T", origin=origin,
                   exporting="AE")  # fmt: skip
    yield case("suspended for another country", "hard stop", "documents; E MN;; veterinary", of_kz, "import",
               goods="HOR W T", origin="MN")  # fmt: skip
    over = {**SAIGA["restrictions"][0], "until": TODAY}
    yield case("a suspension that is over today", "hard stop", f"documents; E KG; quota; {LEAVES}",
               {**SAIGA, "restrictions": [over]}, "export", goods="HOR W T")  # fmt: skip


def asked() -> Iterator[Vector]:
    yield case("a taxon that the list lacks", "row 0", "ask;; ask_unknown_taxon", None, "export", goods="LIV W T")
    yield case("no direction", "nothing can be said", "ask;; ask_direction", SAKER, None, goods="LIV W T")
    yield case("no source", "it decides", f"ask;; ask_source; {LEAVES}", SAKER, "export", goods="LIV - T")
    yield case("no purpose", "it decides whether I may leave", "ask;; ask_purpose", EAGLE, "export",
               goods="LIV W -")  # fmt: skip
    yield case("no term", "it decides whether an import permit comes first", f"ask;; ask_term; {LEAVES}", EAGLE,
               "reexport", goods="- W Z")  # fmt: skip
    yield case("an animal that was artificially propagated", "block 10", f"ask;; ask_source_kingdom; {LEAVES}", SAKER,
               "export", goods="LIV A T")  # fmt: skip
