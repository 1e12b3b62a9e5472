"""Which units, purposes and taxa are usual of which specimen term, as UNEP-WCMC's validation of trade reports has it.

From its published lists of pairs (unepwcmc/SAPI, lib/files/term_unit_pairs, term_purpose_pairs and
taxon_concept_term_pairs), retired codes turned into today's (SHO, SKO, LEA, HAN are LPS; VNM is EXT), KIL and the like
into UN/CEFACT Recommendation 20, and only units that Tamga takes. Units that the guidelines for annual reports prefer
are usual too. A term or a family of which a list says nothing is not judged by it.
Source of the pairs: SAPI, Copyright (c) 2013 UNEP-WCMC, All rights reserved, BSD 3-Clause licence (its LICENSE file).
"""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.core.codes import NUMBER
from chalicelib.core.listing import Taxon

# Term, its units: n number, then the letters of _UNITS.
_TERM_UNITS = """
BAL nkm BAR nkgr BOC nkg BOD nkgr BON nkg BOP nkg CAL nk CAP nkg CAR nkgsc CAV kgm CHP nkg CLA nk CLO nkgrtsc
COR nkg COS nkgl CUL n DER nkgmlLrc DPL nkg EAR nkg EGG nkg EGL nkg ESH nkg EXT nkgmlL FEA nkgr FIB nkgrcL FIG nk
FIN nk FLO nkg FOO nk FPL n FPS n FPT n FRU nk GAB nkg GAL nkgl GAR nkgrst GEN nk GIL nk GRS n HAI nkgmrs HAP nkgs
HOC nk HOP nkg HOR nkg IJW ng IVC nk IVP nkgt JWL ng KEY n KNL k LEG nk LIV nkgrtcL LOG nkc LPL nkrs LPS nkgrst
LVS nkg MEA nkg MED nkglL MUS nkg OIL nkglL PLA nkrs PLY nkcs POW nkgmlLc PRL n PUP n ROO nkgmrc ROS nk RUG n SAW nkgcs
SCA nkg SEE nkgc SHE nkg SID nks SKE ng SKI nkgmrtcs SKP nkgrts SKU nk SOU nkglL SPE nkgmlLcts STE nkgr SWI nkg
TAI nkgr TEE nkg TIM nkgctLsC TRO nkr TRU nk TRW ck TUS nkgrt VEN nkgscC WAX nkgmlL WPR nk
"""
_UNITS = {
    "n": NUMBER, "k": "KGM", "g": "GRM", "m": "MGM", "l": "MLT", "L": "LTR", "r": "MTR", "t": "CTM", "s": "MTK",
    "c": "MTQ", "C": "CMQ",
}  # fmt: skip

# Term, its purposes.
_TERM_PURPOSES = """
BAL EHMPQST BAR GST BOC EHLPQST BOD BEHLMNPQSTZ BON EHLMPQST BOP EHPQST CAL PQT CAP EHLPQST CAR EHLPQSTZ CAV LPT
CHP EPQST CLA EHLPQST CLO ELPQST COR ELMPQSTZ COS ST CUL BPQST DER EHLMPQSTZ DPL EGLPQST EAR EHPQT EGG BELMNPQSTZ
EGL BINPSTZ EXT LMPQST FEA BEHLPQSTZ FIB PQST FIG ST FIN ELPST FLO EPQST FOO BEHLPQST FPT QT FRU EQST GAB EHLPST
GAL ELPST GAR EHLPQSTZ GEN EHPST GRS T HAI EHLMPQST HAP EHLPQT HOC EPQST HOP EHPQST HOR BEHLMPQST IVC BEHLPQSTZ
IVP BEHLPQST LEG HPQT LIV BEGHLMNPQSTZ LOG LT LPL EHLPQST LPS EHLPQSTZ LVS GPQST MEA EHLPQST MED MPST MUS ELMPQST
OIL EHPQST PLA HPQST PLY T POW EPQST ROO BEGLMPQST SAW LPST SCA EHLMPQST SEE BEGLNPQST SHE BEHLPQST SID HT
SKE EHLMPQSTZ SKI BEHLMPQSTZ SKP EHLPQST SKU EHLPQSTZ SOU PQST SPE BEGHLMPQSTZ STE ELPQST SWI T TAI EHPQST
TEE EHLMPQSTZ TIM ELPQST TRO BEHLPQSTZ TUS EHLPQSTZ VEN PST WAX QST
"""

# Kingdom, class, order or family, the terms that are usual of what belongs to it; of the families that live here or
# are traded here most.
_TAXON_TERMS = """
Animalia BOD DER LIV SPE
Plantae CUL DER DPL EXT LIV SEE SPE
Chordata BOC BON BOP SKE SKI SKP SKU
Aves FEA FOO
Mammalia HAI GEN EAR FOO
Reptilia GEN
Acipenseriformes SWI CAV EGG MEA EXT EGL
Testudines SCA CAP
Serpentes LPS LPL GAR
Accipitridae CLA EGG TRO CAR
Acipenseridae SWI CAV EGG MEA EXT EGL FIG OIL GEN FIN
Anatidae MEA EGG TRO
Boidae LPS LPL GAR CAR MEA OIL SHE
Bovidae HOP TRO HOR HOC HAP GAR LPS LPL TAI CAR TEE MED
Canidae LPS LPL TEE TAI GAR TRO PLA CLO HAP
Cervidae HOR HOC CAR TRO GAR LPS LPL
Ciconiidae EGL EGG
Crassulaceae ROO
Elapidae LPS LPL MEA GAR PLA EXT EGG MED GAB
Elephantidae IVP TUS IVC TAI LPL LPS HAP MEA TRO
Equidae TRO TEE HAP GAR LPS TAI
Falconidae EGG TRO SHE
Felidae LPS LPL TEE CLA PLA TAI TRO GAR HAP GAB CAR OIL SID
Gruidae EGG EGL TRO
Moschidae MUS TRO CAR EXT TEE LPS MED
Mustelidae GAR PLA TAI TRO LPS LPL CLA
Orchidaceae LVS FLO FRU STE ROO FIB POW MED
Otididae TRO EGG EGL
Papilionidae EGG EGL TRO
Rhinocerotidae HOP HOR TRO CAR HOC LPL LPS TEE
Sciuridae TAI
Strigidae EGG TRO CLA CAR
Testudinidae CAR MEA EGG SHE EGL
Threskiornithidae TRO MEA EGG GAR
Ursidae GAR LPL LPS GAB CLA TEE GAL HAP WAX EXT TRO CAR
Varanidae LPS LPL GAL GAB MEA CAR TEE
Viperidae LPS LPL EXT PLA MED
"""
_INVERTEBRATES = frozenset({"Insecta", "Arachnida", "Anthozoa", "Hydrozoa", "Bivalvia", "Gastropoda", "Hirudinoidea"})


def _pairs(text: str) -> Mapping[str, str]:
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


UNITS_OF: Mapping[str, frozenset[str]] = {
    term: frozenset(_UNITS[sign] for sign in signs) for term, signs in _pairs(_TERM_UNITS).items()
}
PURPOSES_OF: Mapping[str, frozenset[str]] = {term: frozenset(codes) for term, codes in _pairs(_TERM_PURPOSES).items()}
TERMS_OF: Mapping[str, frozenset[str]] = {
    words[0]: frozenset(words[1:]) for words in map(str.split, _TAXON_TERMS.strip().splitlines())
}
_JUDGED = frozenset[str]().union(*TERMS_OF.values())


def units_of(term: str) -> tuple[str, ...]:
    return tuple(sorted(UNITS_OF.get(term, ())))


def unit_fits(term: str, unit: str) -> bool:
    """`unit`: a code, or empty for a number of specimens."""
    return term not in UNITS_OF or (unit or NUMBER) in UNITS_OF[term]


def purpose_fits(term: str, purpose: str) -> bool:
    return not purpose or term not in PURPOSES_OF or purpose in PURPOSES_OF[term]


def taxon_fits(term: str, taxon: Taxon) -> bool:
    return taxon.family not in TERMS_OF or term not in _JUDGED or term in terms_of(taxon)


def terms_of(taxon: Taxon) -> frozenset[str]:
    """The terms that are usual of it; of a family of which the lists say nothing, those of what it is in."""
    above = [taxon.kingdom, taxon.class_name, taxon.order, taxon.family]
    if taxon.kingdom == "Animalia" and taxon.class_name not in _INVERTEBRATES:
        above.append("Chordata")
    return frozenset().union(*(TERMS_OF.get(name, frozenset()) for name in above))
