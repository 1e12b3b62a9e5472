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
MAHOGANY = {
    **ORCHID,
    "may_be": ["0"],
    "population": {"appendix": "II", "origins": ["BR", "PE"], "open": [], "others": "0"},
}
BEAR = {**VICUNA, "population": {"appendix": "I", "origins": ["MN"], "open": [], "others": None}}
DEER = {"appendix": "0", "kingdom": "Animalia", "may_be": ["II"]}
STURGEON = {**SAKER, "groups": ["Acipenser", "Acipenseridae", "Acipenseriformes"]}
DEER_HERE = {
    "appendix": "0",
    "kingdom": "Animalia",
    "may_be": ["I", "II"],
    "population": {"appendix": "I", "origins": ["IN"], "open": ["KG"], "others": None},
}
DEER_OF_BOTH = {**DEER_HERE, "appendix": "I", "may_be": ["II"]}
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
    issuer = said.pop("issuer", "KG")
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
        "input": {"question": question, "today": TODAY, "issuer": issuer},
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
        *returns(),
        *caviar(),
        *saiga(),
        *annotated(),
        *uncertain(),
        *hybrids(),
        *ranges(),
    ]


def nothing() -> Iterator[Vector]:
    yield case(
        "not listed", "row 0", "none;; not_listed; " + LEAVES, {"appendix": "0", "kingdom": "Animalia"}, "export"
    )
    yield case("transit", "row 0, Art. VII(1)", "none;; transit; veterinary", EAGLE, "transit", goods="LIV W T")
    for place in ({"exporting": "KG"}, {"origin": "KG"}, {"origin": "KG", "exporting": "KG"}):
        yield case(f"a transit that begins here, {' '.join(place)}", "it is an export",
                   f"documents; E KG; quota; {LEAVES}", SAKER, "transit", goods="LIV W T", destination="AE",
                   **place)  # fmt: skip
    yield case("a transit that ends here", "it is an import", "documents; E KZ;; veterinary", SAKER, "transit",
               goods="LIV W T", origin="KZ", destination="KG")  # fmt: skip
    yield case("a transit of our goods from another country", "row 0, Art. VII(1)", "none;; transit; veterinary", SAKER,
               "transit", goods="LIV W T", origin="KG", exporting="KZ", destination="RU")  # fmt: skip
    yield case("stays here", "row 0, Art. I(c)", "none;; no_border", SAKER, "export", goods="LIV W T", destination="KG")
    yield case("claimed to be outside the listing", "row 0, Art. I(b): a claim is no proof",
               f"ask;; outside_listing; {PLANT_LEAVES}", ORCHID, "export", goods="SEE A T",
               use="outside_listing")  # fmt: skip
    yield case("claimed to be outside the listing, not listed", "row 0", f"none;; not_listed; {LEAVES}",
               {"appendix": "0", "kingdom": "Animalia"}, "export", use="outside_listing")  # fmt: skip
    today = {"appendix": "0", "kingdom": "Animalia", "listed_on_other_days": True}
    yield case("not listed on this day", "row 0", f"none;; not_listed_on_day; {LEAVES}", today, "export")
    yield case("in Appendix II on this day", "row 6", f"documents; E KG; quota; {LEAVES}", {**today, "appendix": "II"},
               "export", goods="LIV W T")  # fmt: skip
    yield case("a population that is not listed here", "row 0", f"none;; population_not_listed; {LEAVES}", DEER,
               "export", origin="KG")  # fmt: skip
    goat = {"appendix": "0", "kingdom": "Animalia",
            "unlisted": {"reason": "domestic", "note": "", "wild": ["Capra hircus aegagrus", "Bos mutus"]}}  # fmt: skip
    for goods in ("HOR W T", "TRO C T", "SKI C H", "LIV R -", "SKI X T", "- U -"):
        yield case(f"a domestic animal's name, {goods}", "its wild form is listed", "ask;; ask_wild_form",
                   goat, "import", goods=goods, origin="PK")  # fmt: skip
    for goods in ("HOR C T", "LIV - -", "- F T"):
        yield case(f"a domestic animal's name, {goods}", "row 0", "none;; not_listed; veterinary", goat, "import",
                   goods=goods, origin="PK")  # fmt: skip
    yield case("a domestic animal's name, pre-Convention", "row 0", "none;; not_listed; veterinary", goat, "import",
               goods="SKI W T", origin="PK", pre_convention=True)  # fmt: skip
    yield case("a wild animal under a domestic name, in transit", "row 0", "none;; transit; veterinary", goat,
               "transit", goods="TRO W H")  # fmt: skip
    yield case("a wild animal whose wild form is not listed", "row 0", "none;; not_listed; veterinary",
               {**goat, "unlisted": {"reason": "domestic", "note": "", "wild": []}}, "import",
               goods="SKI W T")  # fmt: skip
    yak = {**EAGLE, "excepts": ["domesticated"], "name": "Bos mutus"}
    for goods, documents, reasons in (
        ("TRO W H", "I KG, E CN", "form_no_exception"), ("SKI U P", "I KG, E CN", "form_no_exception"),
        ("TRO C H", "OC CN", "parentage form_no_exception"),
        ("LIV I P", "I KG, E CN", "authority_decides form_no_exception"),
    ):  # fmt: skip
        yield case(f"a wild yak claimed domestic, {goods}", "it is in Appendix I",
                   f"documents; {documents}; {reasons}; veterinary", yak, "import", goods=goods, origin="CN",
                   form="domestic")  # fmt: skip
    for goods in ("LIV - T", "- - -", "SKI C T", "LIV F P"):
        yield case(f"a domestic yak, {goods}", "not listed", "none;; outside_exception annotation_domestic; veterinary",
                   yak, "import", goods=goods, origin="CN", form="domestic")  # fmt: skip
    yield case("a population that nobody named", "row 0", "ask;; population; veterinary", DEER, "import")


def appendix_i() -> Iterator[Vector]:
    yield case("I wild leaves", "row 1", f"documents; I AE, E KG; import_permit_before; {LEAVES}", EAGLE, "export",
               goods="LIV W S", destination="AE")  # fmt: skip
    yield case("I wild leaves, whereto is not said", "row 1",
               f"documents; I destination, E KG; import_permit_before; {LEAVES}", EAGLE, "export",
               goods="FEA F Z")  # fmt: skip
    for flow, source in (("export", "W"), ("reexport", "R"), ("import", "F"), ("sea", "X"), ("export", "U")):
        why = "appendix_i_commercial" if source in "WRX" else "appendix_i_source"
        yield case(f"I {source} for commerce, {flow}", "row 1, Art. III(3)(c)", f"prohibited;; {why}", EAGLE, flow,
                   goods=f"LIV {source} T")  # fmt: skip
    yield case("a plant of assisted production leaves", "row 1, Conf. 11.11",
               f"documents; I destination, E KG; import_permit_before; {PLANT_LEAVES}", CYPRIPEDIUM, "export",
               goods="LIV Y G")  # fmt: skip
    yield case("a plant of assisted production for commerce", "row 1, Art. III(3)(c)",
               "prohibited;; appendix_i_source", CYPRIPEDIUM, "export", goods="LIV Y T")  # fmt: skip
    yield case("I wild comes", "row 2", "documents; I KG, E KZ;; veterinary", EAGLE, "import", goods="LIV W Z",
               origin="KZ")  # fmt: skip
    yield case("I wild comes again", "row 2", "documents; I KG, R AE; blocks_12; veterinary", EAGLE, "import",
               goods="LIV W Z", origin="KZ", exporting="AE")  # fmt: skip
    yield case("I live leaves again", "row 3", f"documents; I AE, R KG; import_permit_before blocks_12; {LEAVES}",
               EAGLE, "export", goods="LIV W Z", origin="KZ", destination="AE")  # fmt: skip
    yield case("I not live leaves again", "row 3", f"documents; R KG, I destination; blocks_12; {LEAVES}", EAGLE,
               "reexport", goods="SKI W E")  # fmt: skip
    yield case("I not live, bred, leaves again", "row 3", f"documents; R KG; blocks_12; {LEAVES}", EAGLE, "reexport",
               goods="SKI C E")  # fmt: skip
    yield case("I D leaves for commerce", "row 4", f"documents; E KG; registered operation_number; {LEAVES}", EAGLE,
               "export", goods="LIV D T")  # fmt: skip
    yield case("I C of a registered operation", "row 4", f"documents; E KG; registered operation_number; {LEAVES}",
               EAGLE, "export", goods="LIV C T", registered=True)  # fmt: skip
    yield case("I F of a registered operation", "Conf. 10.16: born in captivity (F) is not bred (C)",
               "prohibited;; appendix_i_source", EAGLE, "export", goods="LIV F T", registered=True)  # fmt: skip
    yield case("I D comes", "row 4", "documents; E AE; registered operation_number; veterinary", EAGLE, "import",
               goods="LIV D T", origin="AE")  # fmt: skip
    yield case("I D leaves again", "row 4", f"documents; R KG; registered blocks_12; {LEAVES}", EAGLE, "reexport",
               goods="LIV D T")  # fmt: skip
    yield case("I D comes again", "row 4", "documents; R GB; registered blocks_12; veterinary", EAGLE, "import",
               goods="LIV D T", origin="AE", exporting="GB")  # fmt: skip
    yield case("D that is not registered", "row 5", "prohibited;; appendix_i_needs_d", EAGLE, "export",
               goods="LIV D T", registered=False)  # fmt: skip
    yield from plants_of_i()
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


def appendix_iii() -> Iterator[Vector]:
    yield case("III that we listed", "row 9", f"documents; E KG;; {LEAVES}", OURS, "export", goods="SKI W T")
    yield case("III that another listed", "row 10", "documents; OO KG;; eaeu veterinary hunting destination", IBEX,
               "export", goods="TRO W H", destination="DE")  # fmt: skip
    yield case("III whatever its source and purpose", "row 10", f"documents; OO KG;; {LEAVES}", IBEX, "export")
    yield case("III comes from who listed it", "row 10", "documents; E PK;; veterinary", IBEX, "import",
               goods="TRO W H", origin="PK")  # fmt: skip
    yield case("III comes from elsewhere", "row 10", "documents; OO KZ;; veterinary", IBEX, "import",
               goods="TRO W H", origin="KZ")  # fmt: skip
    for name, said in (
        ("is not said", {}),
        ("is unknown", {"origin": "XX"}),
        ("is ours", {"origin": "KG"}),
        ("is of the high seas", {"origin": "ZZ"}),
    ):
        yield case(f"III, the country it comes from {name}", "row 10",
                   "documents; OO exporting=E; listing_state; veterinary", IBEX, "import", goods="TRO W H",
                   **said)  # fmt: skip
    union = {**IBEX, "listed_by": "AT", "listed_by_all": ["AT", "FR", "KG"]}
    why = "every country that listed it counts"
    yield case("III of several, comes from one of them", why, "documents; E FR;; veterinary", union, "import",
               goods="SKI W T", origin="FR")  # fmt: skip
    yield case("III of several, comes from elsewhere", why, "documents; OO KZ;; veterinary", union, "import",
               goods="SKI W T", origin="KZ")  # fmt: skip
    yield case("III of several, leaves one of them", why, f"documents; E KG;; {LEAVES}", union, "export",
               goods="SKI W T")  # fmt: skip
    yield case("III of others, leaves", why, f"documents; OO KG;; {LEAVES}", {**union, "listed_by_all": ["AT", "FR"]},
               "export", goods="SKI W T")  # fmt: skip
    nobody = {"appendix": "III", "kingdom": "Animalia"}
    yield case("III, and nobody knows who listed it", "row 10", "documents; OO KZ=E; listing_state; veterinary", nobody,
               "import", goods="SKI W T", origin="KZ")  # fmt: skip
    yield case("III leaves again", "row 11", f"documents; R KG; blocks_12; {LEAVES}", IBEX, "reexport", goods="HOR W T")
    yield case("III comes again", "row 11", "documents; R DE; blocks_12; veterinary", IBEX, "import", goods="HOR W T",
               origin="KZ", exporting="DE")  # fmt: skip


def exemptions() -> Iterator[Vector]:
    yield case("from the sea", "row 12", "ask;; landlocked; veterinary", SAKER, "sea", goods="FIN X T")
    yield from from_the_sea()
    yield case("pre-Convention leaves", "row 13", f"documents; OP KG; acquired_before; {LEAVES}", EAGLE, "export",
               goods="TRO W T", pre_convention=True)  # fmt: skip
    yield case("pre-Convention comes", "row 13", "documents; OP DE; acquired_before; veterinary", EAGLE, "import",
               goods="TRO O P", origin="DE")  # fmt: skip
    animal = {"use": "owned_animal", "goods": "LIV C P"}
    owner = "documents; OW holder; holder_state each_crossing marked holder_unknown"
    circus = "documents; OT holder; holder_state each_crossing one_each holder_unknown"
    samples = "documents; OS holder; holder_state each_crossing carnet holder_unknown"
    yield case("a falconer's bird leaves", "row 15", f"{owner}; {LEAVES}", SAKER,
               "export", **animal)  # fmt: skip
    yield case("a falconer's bird comes", "row 15", f"{owner}; veterinary", SAKER,
               "import", origin="KZ", **animal)  # fmt: skip
    yield from owners()
    yield case("a bird that is sold", "row 15", f"documents; OC KG=E; parentage not_owned_animal; {LEAVES}", SAKER,
               "export", use="owned_animal", goods="LIV C T")  # fmt: skip
    yield case("a circus leaves", "row 16", f"{circus}; {LEAVES}", EAGLE, "export",
               use="exhibition", goods="LIV C Q")  # fmt: skip
    yield case("a circus comes", "row 16", f"{circus}; veterinary", EAGLE, "import",
               use="exhibition", goods="LIV O Q", origin="RU")  # fmt: skip
    yield case("an animal of a circus that is sold", "row 16: the purpose code of an exhibition is Q",
               f"documents; OC KG=E; parentage not_exhibition; {LEAVES}", SAKER, "export", use="exhibition",
               goods="LIV C T")  # fmt: skip
    yield case("an exhibition without a purpose", "row 16", f"ask;; ask_purpose; {LEAVES}", SAKER, "export",
               use="exhibition", goods="LIV C -")  # fmt: skip
    yield case("a circus with a wild animal", "row 16", f"documents; E KG; quota not_exhibition; {LEAVES}", SAKER,
               "export", use="exhibition", goods="LIV W Q")  # fmt: skip
    fiddle = {"use": "instrument", "goods": "LPS W P"}
    yield case(
        "an instrument leaves",
        "row 17",
        f"documents; OM holder; holder_state each_crossing holder_unknown; {LEAVES}",
        SAKER,
        "export",
        **fiddle,
    )
    yield case("an instrument comes", "row 17",
               "documents; OM holder; holder_state each_crossing holder_unknown; veterinary", SAKER, "import",
               origin="KZ", **fiddle)  # fmt: skip
    yield case("samples leave", "row 18", f"{samples}; {LEAVES}", SAKER, "export",
               use="samples", goods="FEA W T")  # fmt: skip
    yield case("samples come", "row 18", f"{samples}; veterinary", SAKER, "import",
               use="samples", goods="FEA W T", origin="FR")  # fmt: skip
    yield case("samples of I that were bred", "row 18", f"{samples}; {LEAVES}", EAGLE,
               "export", use="samples", goods="FEA C S")  # fmt: skip
    yield case("samples of I that were bred come", "row 18", f"{samples}; veterinary",
               EAGLE, "import", use="samples", goods="FEA C S", origin="FR")  # fmt: skip
    yield case("samples of I from the wild", "row 18",
               f"documents; I destination, E KG; import_permit_before not_samples; {LEAVES}", EAGLE, "export",
               use="samples", goods="FEA W S")  # fmt: skip
    yield case("between two museums", "row 19", f"none;; exchange; {LEAVES}", EAGLE, "export", use="exchange",
               goods="SPE W S")  # fmt: skip
    hide = f"documents; E KG; quota not_exchange; {LEAVES}"
    for goods in ("SKI W P", "SKI W M", "SKI W G", "SKI W L"):
        expect = hide.replace("exchange", "exchange authority_decides") if goods.endswith("L") else hide
        yield case(f"preserved, not of an institution: {goods}", "row 19, Art. VII(6)", expect, SAKER, "export",
                   use="exchange", goods=goods)  # fmt: skip
    for goods in ("TRO W H", "SKI W H", "TRO W E"):
        hunted = hide.replace("veterinary", "veterinary hunting")
        yield case(f"a trophy is no exchange: {goods}", "row 19, Art. VII(6)", hunted, SAKER, "export",
                   use="exchange", goods=goods)  # fmt: skip
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


def plants_of_i() -> Iterator[Vector]:
    """Art. VII(4), Conf. 9.19, 11.11: propagated for commerce, with or without a registered nursery."""
    row = "row 4, Conf. 11.11"
    for source in ("A", "D"):
        for registered in (None, True, False):
            said = {} if registered is None else {"registered": registered}
            yield case(f"a plant {source} leaves for commerce, registered: {registered}", row,
                       f"documents; E KG; propagated_i; {PLANT_LEAVES}", CYPRIPEDIUM, "export", goods=f"LIV {source} T",
                       **said)  # fmt: skip
        yield case(f"a plant {source} comes for commerce", row, "documents; E NL; propagated_i; phytosanitary",
                   CYPRIPEDIUM, "import", goods=f"LIV {source} T", origin="NL")  # fmt: skip
        yield case(f"a plant {source} leaves again for commerce", row,
                   f"documents; R KG; propagated_i blocks_12; {PLANT_LEAVES}", CYPRIPEDIUM, "reexport",
                   goods=f"LIV {source} T")  # fmt: skip
        yield case(f"a plant {source} comes again for commerce", row,
                   "documents; R NL; propagated_i blocks_12; phytosanitary", CYPRIPEDIUM, "import",
                   goods=f"LIV {source} T", origin="TH", exporting="NL")  # fmt: skip
    yield case("a plant D for a garden", row, f"documents; E KG; propagated_i; {PLANT_LEAVES}", CYPRIPEDIUM, "export",
               goods="LIV D G")  # fmt: skip
    yield case("a wild plant of I for commerce", "row 1", "prohibited;; appendix_i_commercial", CYPRIPEDIUM, "export",
               goods="LIV W T")  # fmt: skip


def owners() -> Iterator[Vector]:
    """Certificates of owners: by the State where the owner lives, or the exhibition or collection is based."""
    for use, kind, goods, more in (
        ("owned_animal", "OW", "LIV W P", "each_crossing marked"),
        ("exhibition", "OT", "LIV C Q", "each_crossing one_each"),
        ("instrument", "OM", "LPS W P", "each_crossing"),
        ("samples", "OS", "FEA W T", "each_crossing carnet"),
    ):
        for direction, papers in (("export", LEAVES), ("import", "veterinary"), ("return", "veterinary")):
            for based in ("KG", "DE"):
                yield case(f"{use} of {based}, {direction}", "Conf. 10.20, 12.3, 16.8",
                           f"documents; {kind} {based}; holder_state {more}; {papers}", SAKER, direction, goods=goods,
                           use=use, based=based, origin="KZ" if direction == "import" else "KG")  # fmt: skip
    yield case("an owner of a State outside the Convention", "row 22",
               "documents; OW KP; holder_state each_crossing marked non_party; veterinary", SAKER, "import",
               goods="LIV C P", use="owned_animal", based="KP")  # fmt: skip


def from_the_sea() -> Iterator[Vector]:
    row = "row 12, Conf. 14.6"
    yield case("III from the sea, no coast", row, "ask;; landlocked; veterinary", IBEX, "sea", goods="FIN X T")
    yield case("from the sea, landed elsewhere", row, "documents; E ES;; veterinary", SAKER, "sea", goods="FIN X T",
               exporting="ES")  # fmt: skip
    yield case("I from the sea, landed elsewhere", row, "documents; I KG, E ES;; veterinary", EAGLE, "sea",
               goods="FIN X S", exporting="ES")  # fmt: skip
    yield case("not listed, from the sea", "row 0", "none;; not_listed; veterinary",
               {"appendix": "0", "kingdom": "Animalia"}, "sea")  # fmt: skip
    coast = {"issuer": "ES"}
    yield case("from the sea, a coast", row, "documents; OI ES;; veterinary", SAKER, "sea", goods="FIN X T", **coast)
    yield case("I from the sea, a coast", row, "documents; OI ES;; veterinary", EAGLE, "sea", goods="FIN X S", **coast)
    yield case("III from the sea, a coast", row, "none;; sea_appendix_iii; veterinary", IBEX, "sea", goods="FIN X T",
               **coast)  # fmt: skip


def returns() -> Iterator[Vector]:
    """Row 23: our goods come back, with our document and proof of refusal, or with the other country's re-export."""
    back = "documents; E KG=R+OC+OA+OO+OP; return_refused return_or_reexport"
    for name, subject, goods, papers in (
        ("II wild", SAKER, "LIV W T", "veterinary"),
        ("II bred", SAKER, "LIV C T", "veterinary"),
        ("I wild for commerce", EAGLE, "SKI W T", "veterinary"),
        ("I pre-Convention", EAGLE, "SKI O P", "veterinary"),
        ("III", IBEX, "TRO W H", "veterinary"),
        ("II propagated", ORCHID, "LIV A T", "phytosanitary"),
        ("seized", SAKER, "LIV I Z", "veterinary"),
    ):
        for origin in ("KG", "KZ"):
            yield case(f"returned, {name}, origin {origin}", "row 23, Conf. 12.3",
                       f"{back}; {papers}", subject, "return", goods=goods,
                       origin=origin, exporting="AE")  # fmt: skip
    yield case("returned, nothing else said", "row 23", f"{back}; veterinary", SAKER,
               "return")  # fmt: skip
    yield case("returned, not listed", "row 0", "none;; not_listed; veterinary",
               {"appendix": "0", "kingdom": "Animalia"}, "return")  # fmt: skip
    yield case("returned, under a suspension of today", "it left before",
               f"{back}; veterinary",
               SAIGA, "return", goods="HOR W T")  # fmt: skip
    yield case("returned personal effects", "row 14", "none;; personal_effects; veterinary", SAKER, "return",
               goods="FEA W P", use="personal_effects", abroad="no")  # fmt: skip
    yield case("returned, any population", "the same document", f"{back} population; veterinary",
               WOLF_BY_COUNTRY, "return", goods="SKI W T", exporting="IN")  # fmt: skip
    yield case("returned, a population may not be listed", "Art. I(a)", "ask;; ask_origin; phytosanitary", MAHOGANY,
               "return", goods="SAW A T")  # fmt: skip
    yield case("returned, a population that is not listed", "Art. I(a)", "none;; population_not_listed; phytosanitary",
               MAHOGANY, "return", goods="SAW A T", origin="FJ")  # fmt: skip
    yield case("returned, a population that is listed", "Art. I(a)", f"{back}; phytosanitary", MAHOGANY, "return",
               goods="SAW A T", origin="BR")  # fmt: skip


def caviar() -> Iterator[Vector]:
    why, labels = "Conf. 12.7", "caviar_labels caviar_registered"
    yield case("caviar leaves", why, f"documents; E KG; quota {labels}; {LEAVES}", STURGEON, "export", goods="CAV W T")
    yield case("a farm's caviar leaves", why, f"documents; OC KG=E; parentage {labels}; {LEAVES}", STURGEON, "export",
               goods="CAV C T")  # fmt: skip
    yield case("caviar leaves again", why, f"documents; R KG; blocks_12 {labels} caviar_18_months; {LEAVES}", STURGEON,
               "export", goods="CAV C T", origin="CN")  # fmt: skip
    yield case("caviar comes", why, "documents; OC CN=E; parentage caviar_labels; veterinary", STURGEON, "import",
               goods="CAV C T", origin="CN")  # fmt: skip
    yield case("caviar comes again", why, "documents; R AE; blocks_12 caviar_labels caviar_18_months; veterinary",
               STURGEON, "import", goods="EGG C T", origin="CN", exporting="AE")  # fmt: skip
    yield case("live eggs of a sturgeon", "they are no caviar", f"documents; E KG; quota; {LEAVES}", STURGEON, "export",
               goods="EGL W T")  # fmt: skip
    back = "documents; E KG=R+OC+OA+OO+OP; return_refused return_or_reexport"
    yield case("caviar comes back", why, f"{back}; veterinary", STURGEON,
               "return", goods="CAV C T")  # fmt: skip


def saiga() -> Iterator[Vector]:
    """Zero quota of 2019, with an exception for Kazakhstan since 2026-03-05 whose text was not seen."""
    any_ = {"since": "2019-11-26", "until": None, "kinds": ["E", "R", "I", "OS"],
            "sources": ["W", "R", "F", "U", "X"], "purposes": ["T"], "origins": [], "reason": "Zero quota",
            "source": "CoP18", "exported_before": True}  # fmt: skip
    rules = [
        {**any_, "except_origins": ["KZ"]},
        {**any_, "origins": ["KZ"], "until": "2026-03-05"},
        {**any_, "origins": ["KZ"], "since": "2026-03-05", "effect": "ask", "reason": "Kazakhstan"},
    ]
    subject, stop = {**SAKER, "restrictions": rules}, "prohibited;; suspended"
    before, ask = "ask;; ask_exported_before; veterinary", "ask;; ask_suspended; veterinary"
    for source, expect in (("W", stop), ("I", stop), ("U", stop), ("F", stop)):
        yield case(f"saiga of Mongolia, source {source}", "zero quota", expect, subject, "import",
                   goods=f"HOR {source} T", origin="MN")  # fmt: skip
    yield case("saiga bred in captivity", "the quota is for wild ones", "documents; OC MN=E; parentage; veterinary",
               subject, "import", goods="HOR C T", origin="MN")  # fmt: skip
    yield case("saiga from here", "zero quota", stop, subject, "export", goods="HOR W T")
    yield case("saiga for science", "the quota is for commerce", "documents; E MN;; veterinary", subject, "import",
               goods="HOR W S", origin="MN")  # fmt: skip
    yield case("saiga of Kazakhstan", "the text was not seen", ask, subject, "import", goods="HOR W T", origin="KZ")
    yield case("saiga of Kazakhstan, seized", "source I as W", ask, subject, "import", goods="HOR I T", origin="KZ")
    yield case("saiga of Kazakhstan before CoP20", "zero quota", stop, subject, "import", goods="HOR W T",
               origin="KZ", on="2026-03-04")  # fmt: skip
    yield case("saiga of Kazakhstan on the day of CoP20", "the exception is in force", ask, subject, "import",
               goods="HOR W T", origin="KZ", on="2026-03-05")  # fmt: skip
    yield case("saiga before CoP18", "no quota yet", "documents; E MN;; veterinary", subject, "import",
               goods="HOR W T", origin="MN", on="2019-11-25")  # fmt: skip
    for origin in ("XX", "XV", "ZZ"):
        yield case(f"saiga of origin {origin}", "it may be of any country", stop, subject, "import", goods="HOR W T",
                   origin=origin)  # fmt: skip
    yield case("saiga of no given origin", "the origin decides", "ask;; ask_origin; veterinary", subject, "import",
               goods="HOR W T")  # fmt: skip
    again = {"origin": "MN", "exporting": "CN"}
    yield case("saiga comes again, no day", "it may have left Mongolia before the quota", before, subject, "import",
               goods="HOR W T", **again)  # fmt: skip
    yield case("saiga comes again, exported before the quota", "the quota is for exports",
               "documents; R CN; blocks_12; veterinary", subject, "import", goods="HOR W T", exported_on="2019-11-25",
               **again)  # fmt: skip
    yield case("saiga comes again, exported under the quota", "zero quota", stop, subject, "import", goods="HOR W T",
               exported_on="2019-11-26", **again)  # fmt: skip
    yield case("saiga leaves again, exported before the quota", "the quota is for exports",
               f"documents; R KG; blocks_12; {LEAVES}", subject, "export", goods="HOR W T", origin="MN",
               exported_on="2010-01-01")  # fmt: skip
    samples = {**SAKER, "restrictions": [{**any_, "except_origins": ["KZ"], "kinds": ["OS"]}]}
    yield case("samples of saiga that come from there now", "a day in the past does not count", stop, samples, "import",
               goods="HOR W T", origin="MN", exporting="MN", exported_on="2010-11-25", use="samples")  # fmt: skip
    yield case("samples of saiga that come from elsewhere", "they left before the quota",
               "documents; OS holder; holder_state each_crossing carnet holder_unknown; veterinary", samples, "import",
               goods="HOR W T", origin="MN", exporting="CN", exported_on="2010-11-25", use="samples")  # fmt: skip
    for origin in ("XX", "XV", "ZZ"):
        yield case(f"saiga of origin {origin} leaves again, an old day", "of no country, no day counts",
                   f"ask;; ask_exported_before ask_exported_before; {LEAVES}", subject, "reexport", goods="HOR W T",
                   origin=origin, exported_on="2010-01-01")  # fmt: skip
    yield case("saiga of Kazakhstan leaves again, no day", "the day of export decides",
               f"ask;; ask_exported_before ask_exported_before; {LEAVES}", subject, "export", goods="HOR W T",
               origin="KZ")  # fmt: skip
    yield case("saiga of Kazakhstan leaves again, exported under the quota", "zero quota", stop, subject, "export",
               goods="HOR W T", origin="KZ", exported_on="2024-05-01")  # fmt: skip
    yield case("saiga as personal effects", "no document, no quota", f"none;; personal_effects; {LEAVES}", subject,
               "export", goods="HOR W P", use="personal_effects", abroad="no")  # fmt: skip
    yield case("saiga in transit", "row 0", "none;; transit; veterinary", subject, "transit", goods="HOR W T")
    yield case("saiga, pre-Convention", "no document of the quota's kinds",
               f"documents; OP KG; acquired_before; {LEAVES}",
               subject, "export", goods="HOR O T")  # fmt: skip
    yield case("saiga, the purpose is missing", "it decides", "ask;; ask_purpose", subject, "export",
               goods="HOR W -")  # fmt: skip
    bones = {**SAKER, "restrictions": [{**any_, "terms": ["BON", "SKE"], "exported_before": False}]}
    yield case("a suspension of other parts", "the term decides", f"documents; E KG; quota; {LEAVES}", bones, "export",
               goods="SKI W T")  # fmt: skip
    yield case("a suspension of these parts", "the term decides", stop, bones, "export", goods="BON W T")
    yield case("a suspension of some parts", "the term decides", "ask;; ask_term", bones, "export",
               goods="- W T")  # fmt: skip


def annotated() -> Iterator[Vector]:
    """The annotation decides what is listed; the vectors of annotations.json have each rule."""
    orchid = {**ORCHID, "name": "Dendrobium nobile", "family": "Orchidaceae", "symbol": "#4"}
    rhodiola = {**ORCHID, "name": "Rhodiola rosea", "family": "Crassulaceae", "symbol": "#2"}
    rosewood = {**ORCHID, "name": "Dalbergia melanoxylon", "family": "Leguminosae", "symbol": "#15"}
    coral = {**SAKER, "name": "Acropora millepora", "excepts": ["fossils"]}
    outside = "outside_annotation annotation_"
    yield case("orchid seeds", "#4", f"none;; {outside}seeds; {PLANT_LEAVES}", orchid, "export", goods="SEE - -")
    yield case("orchid seeds come", "#4", f"none;; {outside}seeds; phytosanitary", orchid, "import", goods="SEE W T")
    yield case("orchid seeds, claimed to be outside", "the table agrees", f"none;; {outside}seeds; {PLANT_LEAVES}",
               orchid, "export", goods="SEE A T", use="outside_listing")  # fmt: skip
    yield case("a live orchid, claimed to be outside", "the table does not agree",
               f"ask;; outside_listing; {PLANT_LEAVES}", orchid, "export", goods="LIV A T",
               use="outside_listing")  # fmt: skip
    yield case("orchid goods, no term", "the term decides", f"ask;; ask_source ask_term; {PLANT_LEAVES}", orchid,
               "export")  # fmt: skip
    yield case("orchid seeds in transit", "row 0", "none;; transit; phytosanitary", orchid, "transit", goods="SEE A T")
    yield case("orchid seeds of Appendix I", "no symbol applies", "prohibited;; appendix_i_commercial",
               {**orchid, "appendix": "I"}, "export", goods="SEE W T")  # fmt: skip
    yield case("capsules", "#2", f"ask;; ask_form; {PLANT_LEAVES}", rhodiola, "export", goods="MED W T")
    yield case("capsules packed for retail", "#2", f"none;; {outside}retail; {PLANT_LEAVES}", rhodiola, "export",
               goods="MED W T", form="retail")  # fmt: skip
    yield case("capsules in bulk", "#2", f"documents; E KG; quota; {PLANT_LEAVES}", rhodiola, "export", goods="MED W T",
               form="other")  # fmt: skip
    yield case("capsules as personal effects", "no document either way", f"none;; personal_effects; {PLANT_LEAVES}",
               rhodiola, "export", goods="MED W P", use="personal_effects", abroad="no")  # fmt: skip
    yield case("a guitar", "#15", f"none;; {outside}instrument; {PLANT_LEAVES}", rosewood, "export", goods="WPR W T",
               form="instrument")  # fmt: skip
    yield case("furniture, no weight", "#15", f"ask;; ask_weight; {PLANT_LEAVES}", rosewood, "export", goods="WPR W T",
               form="finished_wood")  # fmt: skip
    yield case("furniture, 8 kg", "#15", f"none;; {outside}finished_wood; {PLANT_LEAVES}", rosewood, "export",
               goods="WPR W T", form="finished_wood", quantity="8", unit="KGM")  # fmt: skip
    yield case("wood, perhaps of Mexico", "#15", "ask;; ask_origin; phytosanitary", rosewood, "import", goods="WPR W T",
               form="other", exporting="DE")  # fmt: skip
    yield case("dried plants", "#5", f"ask;; ask_annotation annotation_whole_plant; {PLANT_LEAVES}",
               {**rosewood, "symbol": "#5"}, "export", goods="DPL W T")  # fmt: skip
    yield case("a fossil coral", "excepted", "none;; outside_exception annotation_fossil; veterinary", coral, "import",
               goods="COR W T", form="fossil")  # fmt: skip
    yield case("a fossil that is not excepted", "the claim changes nothing",
               "documents; E ID; form_no_exception; veterinary", SAKER, "import", goods="COR W T", origin="ID",
               form="fossil")  # fmt: skip
    yield case("a fossil of Appendix I for commerce", "the claim changes nothing",
               "prohibited;; appendix_i_commercial form_no_exception", EAGLE, "import", goods="COR W T", origin="ID",
               form="fossil")  # fmt: skip
    yield case("no form of these", "nothing is claimed", "documents; E ID;; veterinary", SAKER, "import",
               goods="COR W T", origin="ID", form="other")  # fmt: skip
    yield case("a form in transit", "it does not matter", "none;; transit; veterinary", SAKER, "transit",
               goods="COR W T", form="fossil")  # fmt: skip
    yield case("a form of goods that are not listed", "it does not matter", f"none;; not_listed; {LEAVES}",
               {"appendix": "0", "kingdom": "Animalia"}, "export", goods="HAI C T", form="domestic")  # fmt: skip
    yield case("furniture, 12 kg", "#15", f"documents; E KG; quota form_no_exception; {PLANT_LEAVES}", rosewood,
               "export", goods="WPR W T", form="finished_wood", quantity="12", unit="KGM")  # fmt: skip
    yield from cultivars()
    yield case("raw coral", "excepted", "ask;; ask_form; veterinary", coral, "import", goods="COR W T")
    yield case("an animal that was artificially propagated, annotated", "block 10 first",
               "ask;; ask_source_kingdom; veterinary", coral, "import", goods="COR A T")  # fmt: skip


def cultivars() -> Iterator[Vector]:
    """Cultivars and hybrids that footnotes of the Appendices leave out."""
    cyclamen = {**ORCHID, "name": "Cyclamen persicum", "family": "Primulaceae", "symbol": "#4"}
    spurge = {**ORCHID, "name": "Euphorbia milii", "family": "Euphorbiaceae", "symbol": "#4"}
    left_out = "none;; outside_exception annotation_cultivar_"
    bred, why = "documents; OA NL=E; parentage", "footnotes"
    yield case("a cyclamen in a pot", why, f"{bred} cultivar_exempt; phytosanitary", cyclamen, "import",
               goods="LIV A T", origin="NL")  # fmt: skip
    yield case("a cultivar of a cyclamen", why, f"{left_out}cyclamen; phytosanitary", cyclamen, "import",
               goods="LIV A T", origin="NL", form="cultivar")  # fmt: skip
    yield case("a cultivar of a cyclamen, source D", why, f"{left_out}cyclamen; phytosanitary", cyclamen, "import",
               goods="LIV D T", origin="NL", form="cultivar")  # fmt: skip
    yield case("a wild cyclamen as a cultivar", why, "documents; E TR; form_no_exception; phytosanitary", cyclamen,
               "import", goods="LIV W T", origin="TR", form="cultivar")  # fmt: skip
    yield case("a cultivar, the source is missing", why, "ask;; ask_source; phytosanitary", cyclamen, "import",
               goods="LIV - T", origin="NL", form="cultivar")  # fmt: skip
    yield case("a cultivar of an orchid", "no footnote", f"{bred} form_no_exception; phytosanitary",
               {**cyclamen, "name": "Dendrobium nobile"}, "import", goods="LIV A T", origin="NL",
               form="cultivar")  # fmt: skip
    for quantity, expect in (("100", f"{left_out}hundred"), ("99", f"{bred} form_no_exception")):
        yield case(f"{quantity} plants of a cultivar of a spurge", "100 or more", f"{expect}; phytosanitary", spurge,
                   "import", goods="LIV A T", origin="NL", form="cultivar", quantity=quantity)  # fmt: skip
    yield case("99 plants of a spurge", "too few for the footnote", f"{bred}; phytosanitary", spurge, "import",
               goods="LIV A T", origin="NL", quantity="99")  # fmt: skip
    yield case("a cyclamen between two gardens", "no document to spare", "none;; exchange; phytosanitary", cyclamen,
               "import", goods="LIV A G", origin="NL", use="exchange")  # fmt: skip


def uncertain() -> Iterator[Vector]:
    """Entries that are not certain, and names that are too broad."""
    shark = {**SAKER, "open": ["delay"]}
    yield case("not certain, wild", "what would follow", f"ask;; ask_uncertain open_delay would_need; {LEAVES}", shark,
               "export", goods="MEA W T")  # fmt: skip
    yield case("not certain, in transit", "it does not matter", "none;; transit; veterinary", shark, "transit",
               goods="MEA W T")  # fmt: skip
    yield case("not certain, stays here", "it does not matter", "none;; no_border", shark, "export", goods="MEA W T",
               destination="KG")  # fmt: skip
    yield case("not certain, no direction", "it is asked first", "ask;; ask_direction", shark, None, goods="MEA W T")
    yield case("not certain, a fact is missing", "it is asked too",
               f"ask;; ask_uncertain open_delay ask_source; {LEAVES}", shark, "export", goods="MEA - T")  # fmt: skip
    yield case("not certain, not listed", "it may be", f"ask;; ask_uncertain open_change_day would_need_none; {LEAVES}",
               {"appendix": "0", "kingdom": "Animalia", "open": ["change_day"]}, "export", goods="LIV W T")  # fmt: skip
    yield case("not certain, Appendix I", "what would follow",
               "ask;; ask_uncertain open_annotation would_be_prohibited", {**EAGLE, "open": ["annotation"]},
               "export", goods="LIV W T")  # fmt: skip
    past = {**EAGLE, "open": ["past_unknown"]}
    for goods in ("LIV W T", "LIV W Z"):
        yield case(f"a day that the list does not know, {goods}", "nothing follows from the entry of today",
                   "ask;; ask_uncertain open_past_unknown" + ("" if "T" in goods else f"; {LEAVES}"), past, "export",
                   goods=goods)  # fmt: skip
    yield case("a day that the list does not know, a fact is missing", "it is asked too",
               "ask;; ask_uncertain open_past_unknown ask_purpose", past, "export", goods="LIV W -")  # fmt: skip
    seeds = {**ORCHID, "symbol": "#4", "name": "Aaa bbb"}
    yield case("not certain, but outside the annotation", "it does not matter",
               f"none;; outside_annotation annotation_seeds; {PLANT_LEAVES}", {**seeds, "open": ["delay"]}, "export",
               goods="SEE A T")  # fmt: skip
    yield case("an annotation that was not seen", "it matters",
               f"ask;; ask_uncertain open_annotation would_need_none; {PLANT_LEAVES}",
               {**seeds, "open": ["annotation"]},
               "export", goods="SEE A T")  # fmt: skip
    one = {**SAKER, "open": ["one_source"]}
    yield case("one source, one Appendix", "the other source does not list it",
               f"ask;; ask_uncertain open_one_source would_need; {LEAVES}", one, "export", goods="LIV W T")  # fmt: skip
    yield case("one source, two Appendices", "they differ",
               f"ask;; ask_uncertain open_one_source population; {LEAVES}", {**one, "may_be": ["0"]}, "export",
               goods="LIV W T")  # fmt: skip
    nobody = {"appendix": "III", "kingdom": "Animalia", "open": ["party"]}
    yield case("III of a country that is not known leaves", "not ours", f"documents; OO KG;; {LEAVES}", nobody,
               "export", goods="SKI W T")  # fmt: skip
    yield case("III of a country that is not known comes", "it decides",
               "ask;; ask_uncertain open_party would_need; veterinary", nobody, "import", goods="SKI W T",
               origin="BO")  # fmt: skip
    yield case("two doubts", "each is named", f"ask;; ask_uncertain open_delay open_name would_need; {LEAVES}",
               {**SAKER, "open": ["name", "delay"]}, "export", goods="LIV W T")  # fmt: skip
    broad = {**SAKER, "broad": True, "deciding": "Falco rusticolus", "appendix": "I"}
    yield case("a name that is too broad", "name the species", "ask;; ask_name_too_broad", broad, "export",
               goods="LIV W T")  # fmt: skip
    yield case("a name that is too broad, in transit", "row 0", "none;; transit strictest; veterinary", broad,
               "transit", goods="LIV W T")  # fmt: skip
    yield case("a name that is too broad, no direction", "it is asked first", "ask;; ask_direction strictest", broad,
               None)  # fmt: skip


def hybrids() -> Iterator[Vector]:
    """Conf. 11.11: artificially propagated hybrids of Appendix I plants."""
    hybrid = {**CYPRIPEDIUM, "name": "Paphiopedilum delenatii", "family": "Orchidaceae", "excepts": ["plant_hybrid"]}
    row = "row 5, Conf. 11.11"
    for purpose in ("T", "P"):
        yield case(f"a hybrid of Appendix I orchids comes, {purpose}", row,
                   "documents; OA NL=E; propagated_hybrid; phytosanitary", hybrid, "import", goods=f"LIV A {purpose}",
                   origin="NL")  # fmt: skip
    yield case("a hybrid of Appendix I orchids leaves", row,
               f"documents; OA KG=E; propagated_hybrid; {PLANT_LEAVES}", hybrid, "export", goods="LIV A T")  # fmt: skip
    yield case("cut flowers of a hybrid of Appendix I orchids", row,
               "none;; outside_exception annotation_cut_flowers; phytosanitary", hybrid, "import", goods="FLO A T",
               origin="NL")  # fmt: skip
    yield case("a wild hybrid of Appendix I orchids", "row 1", "prohibited;; appendix_i_commercial", hybrid, "import",
               goods="LIV W T", origin="VN")  # fmt: skip


def ranges() -> Iterator[Vector]:
    """Wild goods from a country where the taxon is not recorded."""
    parrot = {**EAGLE, "range_states": ["CD", "CM"], "range_sure": True}
    lizard = {**SAKER, "range_states": ["KZ", "UZ"], "range_sure": True}
    hare = {**SAKER, "range_states": ["CD"]}
    ask = f"ask;; ask_out_of_range; {LEAVES}"
    yield case("a grey parrot from here", "no range State is near", ask, parrot, "export", goods="LIV W P",
               destination="AE")  # fmt: skip
    yield case("a grey parrot from here for commerce", "row 1", "prohibited;; appendix_i_commercial", parrot, "export",
               goods="LIV W T")  # fmt: skip
    yield case("a bred grey parrot from here", "its range does not matter", f"documents; OC KG; parentage; {LEAVES}",
               parrot, "export", goods="LIV C P")  # fmt: skip
    yield case("a seized grey parrot from here", "source I as W", ask, parrot, "export", goods="LIV I P")
    macaque = {**EAGLE, "appendix": "II", "range_states": ["ID", "TH"], "range_sure": True, "introduced": ["MU"]}
    yield case("an introduced macaque", "a wild population lives there", "documents; E MU; range; veterinary", macaque,
               "import", goods="LIV W T", origin="MU")  # fmt: skip
    yield case("a macaque from elsewhere", "no range State is near", "ask;; ask_out_of_range; veterinary", macaque,
               "import", goods="LIV W T", origin="ZA")  # fmt: skip
    yield case("a grey parrot of its range leaves again", "row 3",
               f"documents; I AE, R KG; import_permit_before blocks_12; {LEAVES}", parrot, "export", goods="LIV W P",
               origin="CM", destination="AE")  # fmt: skip
    yield case("a lizard of the steppes from here", "its range States are near",
               f"documents; E KG; quota range; {LEAVES}", lizard, "export", goods="LIV W T")  # fmt: skip
    yield case("a lizard of the steppes from its range", "row 6", "documents; E KZ;; veterinary", lizard, "import",
               goods="LIV W T", origin="KZ")  # fmt: skip
    yield case("a range that is not certain", "a remark", f"documents; E KG; quota range; {LEAVES}", hare, "export",
               goods="LIV W T")  # fmt: skip
    for origin in ("XX", "XV", "ZZ"):
        yield case(f"a lizard of origin {origin}", "no country to compare", "documents; E exporting;; veterinary",
                   lizard, "import", goods="LIV W T", origin=origin)  # fmt: skip
    yield case("a lizard of no given origin", "no country to compare", "documents; E AE;; veterinary", lizard,
               "import", goods="LIV W T", exporting="AE")  # fmt: skip
    yield case("a grey parrot, the source is missing", "it decides", "ask;; ask_source ask_purpose",
               parrot, "export")  # fmt: skip


def personal() -> Iterator[Vector]:
    def own(name: str, expect: str, subject: Vector, goods: str, direction: str = "export", **said: Any) -> Vector:
        return case(
            name, "row 14, Art. VII(3)", expect, subject, direction, goods=goods, use="personal_effects", **said
        )

    caviar = {"subject": STURGEON, "goods": "CAV C P", "abroad": "yes"}
    tins = f"none;; allowance personal_effects; {LEAVES}; caviar"
    yield own("caviar, how much is not said", tins, **caviar)
    yield own("125 g of caviar", tins, quantity="0.125", unit="KGM", **caviar)
    above, labels = "above_allowance", "caviar_labels caviar_registered"
    bred, wild = f"documents; OC KG=E; parentage {above}", f"documents; E KG; quota {above}"
    yield own("more caviar, of a farm", f"{bred} {labels}; {LEAVES}; caviar", quantity="125.1", unit="GRM", **caviar)
    yield own("5 kg of a farm's caviar, acquired at home", f"{bred} {labels}; {LEAVES}; caviar", STURGEON, "CAV C P",
              quantity="5000", unit="GRM", abroad="no")  # fmt: skip
    for abroad in ("yes", "no", "unknown"):
        yield own(f"more caviar, wild, acquired abroad: {abroad}", f"{wild} {labels}; {LEAVES}; caviar", STURGEON,
                  "CAV W P", quantity="2", unit="KGM", abroad=abroad)  # fmt: skip
    yield own("more caviar comes in", f"documents; E KZ; {above} caviar_labels; veterinary; caviar", STURGEON,
              "CAV W P", "import", origin="KZ", quantity="2", unit="KGM", abroad="no")  # fmt: skip
    yield own("caviar, the quantity is no number", f"{wild} {labels}; {LEAVES}; caviar", STURGEON, "CAV W P",
              quantity="1,5", unit="GRM")  # fmt: skip
    yield own("caviar by the piece", f"{wild} {labels}; {LEAVES}; caviar", STURGEON, "CAV W P", quantity="1",
              unit="NAR")  # fmt: skip
    for source in ("W", "C", "O"):
        yield own(f"caviar without a unit, source {source}", f"ask;; ask_unit; {LEAVES}; caviar", STURGEON,
                  f"CAV {source} P", quantity="0.1", abroad="no")  # fmt: skip
    yield own("caviar for sale, without a unit", f"documents; OC KG=E; parentage personal_purpose {labels}; {LEAVES}",
              STURGEON, "CAV C T", quantity="0.1", abroad="no")  # fmt: skip
    for group, term, most, code, kingdom in LIMITED:
        goods = {"appendix": "II", "kingdom": kingdom, "groups": [group]}
        leave, farmed, paper = (PLANT_LEAVES, "A", "OA") if kingdom == "Plantae" else (LEAVES, "C", "OC")
        yield own(f"{code}: as much as it may be", f"none;; allowance personal_effects; {leave}; {code}", goods,
                  f"{term} W P", quantity=str(most))  # fmt: skip
        yield own(f"{code}: one more, at home", f"{wild}; {leave}; {code}", goods, f"{term} W P",
                  quantity=str(most + 1), abroad="no")  # fmt: skip
        yield own(f"{code}: one more, farmed", f"{bred.replace('OC', paper)}; {leave}; {code}", goods,
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
    yield own("I acquired abroad", "documents; I KG, E KZ; personal_i_abroad; veterinary", EAGLE, "FEA W P",
              "import", origin="KZ", abroad="yes")  # fmt: skip
    for purpose in "TBZS":
        yield own(f"II for another purpose, {purpose}", f"documents; E KG; quota personal_purpose; {LEAVES}", SAKER,
                  f"FEA W {purpose}", abroad="no")  # fmt: skip
    yield own("III for sale", f"documents; OO KG; personal_purpose; {LEAVES}", IBEX, "HOR W T")
    yield own("I for sale", "prohibited;; appendix_i_commercial personal_purpose", EAGLE, "FEA W T", abroad="no")
    yield own("caviar for sale, within the limit", f"documents; OC KG=E; parentage personal_purpose {labels}; {LEAVES}",
              STURGEON, "CAV C T", quantity="0.1", unit="KGM", abroad="no")  # fmt: skip
    yield own("caviar for sale, above the limit", f"documents; OC KG=E; parentage personal_purpose {labels}; {LEAVES}",
              STURGEON, "CAV C T", quantity="5", unit="KGM", abroad="no")  # fmt: skip
    yield own("no purpose of its own", f"none;; personal_effects; {LEAVES}", SAKER, "FEA W -", abroad="no")
    yield own("no purpose, II where is not said", f"ask;; personal_ii_abroad; {LEAVES}", SAKER, "FEA W -")
    yield own("no purpose, above the limit", f"{bred} {labels}; {LEAVES}; caviar", STURGEON, "CAV C -",
              quantity="1", unit="KGM", abroad="no")  # fmt: skip
    yield own("no purpose, a live animal of I", "ask;; ask_purpose", EAGLE, "LIV C -", abroad="no")
    yield own("no purpose, no term", f"ask;; ask_term; {LEAVES}", SAKER, "- C -", abroad="no")
    yield own("a trophy", "documents; E KG; quota not_personal_effects; eaeu veterinary hunting destination", SAKER,
              "TRO W H", abroad="no")  # fmt: skip
    yield own("a live animal", f"documents; OC KG=E; parentage not_personal_effects; {LEAVES}", SAKER, "LIV C P")


def by_country() -> Iterator[Vector]:
    prohibited = "prohibited;; appendix_i_commercial"
    open_ = f"{prohibited} population"
    for name, goods, origin, expect in (
        ("an Appendix I population", WOLF_BY_COUNTRY, "IN", prohibited),
        ("an Appendix II population", WOLF_BY_COUNTRY, "MN", "documents; E MN;; veterinary"),
        ("no origin said", WOLF_BY_COUNTRY, None, "ask;; ask_origin; veterinary"),
        ("origin unknown", WOLF_BY_COUNTRY, "XX", open_),
        ("in Appendix I but for some", VICUNA, "PE", "documents; E PE;; veterinary"),
        ("in Appendix I, not one of some", VICUNA, "EC", prohibited),
        ("left open, a province decides", VICUNA, "AR", "ask;; population; veterinary"),
        ("the rest is left open", BEAR, "RU", "ask;; population; veterinary"),
        ("not of the rest", BEAR, "MN", prohibited),
        ("left open here, returned to us", DEER_HERE, "KG", "ask;; population; veterinary"),
    ):
        said = {"origin": origin} if origin else {}
        yield case(f"split by country: {name}", "Art. I(a)", expect, goods, "import", goods="SKI W T", **said)
    here = {**WOLF_BY_COUNTRY, "range_states": ["IN", "KG", "NP"]}
    yield case("split by country: it lives here, and leaves", "Art. I(a)", f"documents; E KG; quota; {LEAVES}",
               here, "export", goods="SKI W T")  # fmt: skip
    ours = {**VICUNA, "population": {"appendix": "II", "origins": ["KG"], "open": [], "others": "I"}}
    yield case("split by country: our population leaves", "Art. I(a)", f"documents; E KG; quota; {LEAVES}", ours,
               "export", goods="SKI W T")  # fmt: skip
    unclear = {**VICUNA, "population": {"appendix": "II", "origins": ["PE"], "open": ["KG"], "others": "I"}}
    yield case("split by country: our population is left open", "Art. I(a)", f"ask;; ask_origin; {LEAVES}", unclear,
               "export", goods="SKI W S")  # fmt: skip
    for direction in ("export", "reexport"):
        yield case(f"split by country: our population is left open, {direction}", "Art. I(a)",
                   f"ask;; population; {LEAVES}", DEER_HERE, direction, goods="HOR W T", origin="KG")  # fmt: skip
    yield case("split by country: left open here, but all need the same", "Art. I(a)",
               "none;; personal_effects population; eaeu veterinary destination", DEER_OF_BOTH, "export",
               goods="GAR W P", use="personal_effects", origin="KG", abroad="no")  # fmt: skip
    away = {**WOLF_BY_COUNTRY, "range_states": ["IN", "NP"]}
    yield case("split by country: it does not live here, and leaves", "Art. I(a)", f"ask;; ask_origin; {LEAVES}", away,
               "export", goods="SKI C T")  # fmt: skip
    yield case("split by country: mahogany leaves", "Art. I(a)", f"ask;; ask_origin; {PLANT_LEAVES}", MAHOGANY,
               "export", goods="SAW A T")  # fmt: skip
    for origin, expect in (
        ("BR", "documents; R BR;; phytosanitary"),
        ("FJ", "none;; population_not_listed; phytosanitary"),
    ):
        yield case(f"split by country: mahogany of {origin} from another country", "Art. I(a)",
                   expect.replace("R BR;", "R DE; blocks_12"), MAHOGANY, "import", goods="SAW A T", origin=origin,
                   exporting="DE")  # fmt: skip
    for exporting in ("DE", "BR"):  # goods pass through countries that are not their origin
        yield case(f"split by country: mahogany from {exporting}, no origin said", "Art. I(a)",
                   "ask;; ask_origin; phytosanitary", MAHOGANY, "import", goods="SAW A T",
                   exporting=exporting)  # fmt: skip


def remarks() -> Iterator[Vector]:
    yield case("confiscated leaves", "row 21", f"documents; E KG; authority_decides; {LEAVES}", SAKER, "export",
               goods="LIV I Z")  # fmt: skip
    yield case("confiscated I leaves", "row 21",
               f"documents; I destination, E KG; import_permit_before authority_decides; {LEAVES}", EAGLE, "export",
               goods="LIV I Z")  # fmt: skip
    yield case("confiscated I for commerce", "row 1", "prohibited;; appendix_i_source", EAGLE,
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
    yield case("populations differ", "row 0", "ask;; population; veterinary", WOLF, "import",
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
