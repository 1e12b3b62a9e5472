"""Which units and purposes are usual of which specimen term, as UNEP-WCMC's validation of trade reports has it.

From its published lists of pairs (unepwcmc/SAPI, lib/files/term_unit_pairs and term_purpose_pairs), retired codes
turned into today's (SHO, SKO, LEA, HAN are LPS; VNM is EXT), KIL and the like into UN/CEFACT Recommendation 20, and
only units that Tamga takes. Units that the guidelines for annual reports prefer are usual too. A term of which a list
says nothing is not judged by it. Which terms are usual of which taxa: `taxon_terms.py`.
Source of the pairs: SAPI, Copyright (c) 2013 UNEP-WCMC, All rights reserved, BSD 3-Clause licence (its LICENSE file).
"""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.core.codes import NUMBER

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


def _pairs(text: str) -> Mapping[str, str]:
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


UNITS_OF: Mapping[str, frozenset[str]] = {
    term: frozenset(_UNITS[sign] for sign in signs) for term, signs in _pairs(_TERM_UNITS).items()
}
PURPOSES_OF: Mapping[str, frozenset[str]] = {term: frozenset(codes) for term, codes in _pairs(_TERM_PURPOSES).items()}


def units_of(term: str) -> tuple[str, ...]:
    return tuple(sorted(UNITS_OF.get(term, ())))


def unit_fits(term: str, unit: str) -> bool:
    """`unit`: a code, or empty for a number of specimens."""
    return term not in UNITS_OF or (unit or NUMBER) in UNITS_OF[term]


def purpose_fits(term: str, purpose: str) -> bool:
    return not purpose or term not in PURPOSES_OF or purpose in PURPOSES_OF[term]
