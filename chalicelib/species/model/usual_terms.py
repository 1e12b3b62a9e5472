"""Usual specimen terms of taxa, and usual units and purposes of terms, from UNEP-WCMC's validation of trade reports.

Source: the lists of pairs in unepwcmc/SAPI (lib/files: taxon_concept_term_pairs, term_unit_pairs, term_purpose_pairs).
Copyright (c) 2013 UNEP-WCMC, All rights reserved, BSD 3-Clause licence (its LICENSE file).

Terms of taxa. `_PAIRS` is the whole list, with retired codes turned into today's. Corals are entered by class, not by
family. `_SINCE` adds what is newer than that list. These are later terms, as the guidelines for annual reports define
them, and tusks of animals other than elephants. The order or class of a family is general knowledge. A family has the
terms of its kingdom, class and order too. For a family that the list lacks, take the other families of its order, else
of its class, else (a plant) of its kingdom.

Units and purposes of terms. Retired codes are turned into today's (SHO, SKO, LEA, HAN into LPS; VNM into EXT), and KIL
and similar codes into UN/CEFACT Recommendation 20. Units that Tamga does not take are left out. Units that the
guidelines for annual reports prefer are usual too. A term that a list lacks is not judged by that list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from chalicelib.kernel.codes import NUMBER
from chalicelib.species.model.listing import Taxon

# Group of the families (order for mammals and reptiles, else class, else kingdom); the families if not all; terms.
_PAIRS = """
Animalia BOD DER LIV SPE
Chordata BOC BON BOP SKE SKI SKP SKU
Mammalia HAI GEN EAR FOO
Artiodactyla Antilocapridae TRO HOR
Artiodactyla Bovidae HOP TRO HOR HOC HAP GAR LPS LPL TAI CAR TEE MED
Artiodactyla Camelidae LPS HAP GAR CLO MEA TEE
Artiodactyla Cervidae HOR HOC CAR TRO GAR LPS LPL
Artiodactyla Hippopotamidae TRO SID TEE
Artiodactyla Moschidae MUS TRO CAR EXT TEE LPS MED
Artiodactyla Tayassuidae LPS LPL TEE
Artiodactyla Tragulidae GAR LPS TEE
Carnivora Canidae LPS LPL TEE TAI GAR TRO PLA CLO HAP
Carnivora Felidae LPS LPL TEE CLA PLA TAI TRO GAR HAP GAB CAR OIL SID
Carnivora Herpestidae Procyonidae TRO
Carnivora Hyaenidae Phocidae TEE
Carnivora Mustelidae GAR PLA TAI TRO LPS LPL CLA
Carnivora Odobenidae LPS LPL CLA
Carnivora Otariidae TEE CAR GAR
Carnivora Ursidae GAR LPL LPS GAB CLA TEE GAL HAP WAX EXT TRO CAR
Carnivora Viverridae EXT LPL LPS TRO HAP CLA
Cetacea Balaenidae CAR TEE BAL MEA
Cetacea Balaenopteridae CAR MEA BAL OIL FIN
Cetacea Delphinidae TEE CAR
Cetacea Eschrichtiidae BAL CAR
Cetacea Monodontidae OIL
Cetacea Phocoenidae Platanistidae Ziphiidae TEE
Cetacea Physeteridae WAX CAR TEE BAL MEA
Cingulata Dasypodidae CLA CAR TEE
Diprotodontia Phalangeridae HAP
Monotremata Tachyglossidae LPS
Perissodactyla Equidae TRO TEE HAP GAR LPS TAI
Perissodactyla Rhinocerotidae HOP HOR TRO CAR HOC LPL LPS TEE
Perissodactyla Tapiridae LPS CAR
Pholidota Manidae MEA CAR TAI SCA
Primates TAI
Primates Atelidae TEE CAR
Primates Cebidae TEE TRO
Primates Cercopithecidae TRO TEE EXT HAP MED
Primates Hominidae Hylobatidae TEE
Primates Lorisidae CLA
Proboscidea Elephantidae IVP TUS IVC TAI LPL LPS HAP MEA TRO
Rodentia Dasyproctidae TEE CLA
Rodentia Hystricidae HAP
Rodentia Sciuridae TAI
Sirenia Dugongidae Trichechidae CAR
Aves FEA FOO
Aves Accipitridae CLA EGG TRO CAR
Aves Anatidae MEA EGG TRO
Aves Ardeidae Cracidae Estrildidae Loriidae Ramphastidae Sturnidae Sulidae EGG
Aves Bucerotidae CAR
Aves Cacatuidae CLA EGG
Aves Cathartidae Ciconiidae EGG EGL
Aves Columbidae EGG TRO SHE
Aves Falconidae EGG TRO SHE
Aves Gruidae Otididae EGG EGL TRO
Aves Musophagidae TRO
Aves Paradisaeidae GAR TRO
Aves Phasianidae EGG TRO
Aves Phoenicopteridae TRO GAR EGG
Aves Psittacidae EGG GAR CLA TRO
Aves Rheidae MEA OIL EGG SHE GAR
Aves Spheniscidae SHE TRO
Aves Strigidae Tytonidae EGG TRO CLA CAR
Aves Struthionidae MEA EGG SHE EGL
Aves Threskiornithidae TRO MEA EGG GAR
Aves Trochilidae EGG GAR SHE
Reptilia GEN
Crocodylia SCA TEE CAR FOO SID EGG SHE
Crocodylia Alligatoridae LPS LPL TRO TAI OIL MEA CLA GAR MED
Crocodylia Crocodylidae LPS LPL TRO TAI OIL MEA CLA GAR EXT EGL GAB GAL
Sauria Chamaeleonidae EGG TAI
Sauria Gekkonidae TAI
Sauria Gerrhosauridae LPS TRO
Sauria Iguanidae EGG LPL SCA
Sauria Teiidae LPS LPL
Sauria Varanidae LPS LPL GAL GAB MEA CAR TEE
Serpentes LPS LPL GAR
Serpentes Acrochordidae MEA GAB
Serpentes Boidae CAR MEA OIL SHE
Serpentes Bolyeriidae Loxocemidae MEA CAR
Serpentes Colubridae GAL GAB EXT MEA OIL PLA
Serpentes Elapidae MEA PLA EXT EGG MED GAB
Serpentes Hydrophiidae PLA
Serpentes Pythonidae MEA CAR TRO GAB OIL EXT
Serpentes Viperidae EXT PLA MED
Testudines SCA CAP
Testudines Carettochelyidae CAR MEA
Testudines Chelidae SHE
Testudines Cheloniidae CAR CAL EGL SHE
Testudines Dermatemydidae MEA
Testudines Dermochelyidae CAR EGL
Testudines Emydidae EGL EGG CAR CAL EXT SOU
Testudines Geoemydidae MEA MED
Testudines Pelomedusidae CAR
Testudines Testudinidae CAR MEA EGG SHE EGL
Testudines Trionychidae EGG MEA
Anura LEG
Amphibia Ambystomidae EGL
Amphibia Dendrobatidae EGG
Amphibia Mantellidae Ranidae MEA
Acipenseriformes SWI CAV EGG MEA EXT EGL
Acipenseriformes Acipenseridae FIG OIL GEN FIN
Actinopteri Anguillidae MEA FIG
Actinopteri Labridae MEA
Actinopteri Arapaimidae Osteoglossidae FIG TAI
Actinopteri Syngnathidae MED
Dipneusti Ceratodontidae EGL
Elasmobranchii SOU
Elasmobranchii Cetorhinidae CAR FIN MEA
Elasmobranchii Lamnidae TEE CAR TRO FIN
Elasmobranchii Pristidae CAR TEE TRO
Elasmobranchii Rhincodontidae FIN MEA TEE
Anthozoa COR CAR
Anthozoa Coralliidae LPS LPL SHE
Hydrozoa COR CAR
Bivalvia Tridacnidae SHE MEA
Bivalvia Unionidae SHE CAR
Gastropoda Haliotidae CAR SHE MEA
Gastropoda Paryphantidae SHE
Gastropoda Strombidae SHE CAR
Hirudinoidea Hirudinidae POW MED
Holothuroidea Stichopodidae MEA
Insecta Papilionidae EGG EGL TRO
Plantae CUL DER DPL EXT LIV SEE SPE
Plantae Agavaceae Amaryllidaceae Apocynaceae Araceae Araliaceae Araucariaceae Asclepiadaceae Asteraceae ROO
Plantae Berberidaceae Bromeliaceae Byblidaceae Cactaceae Caryocaraceae Caryophyllaceae Cephalotaceae ROO
Plantae Chloanthaceae Compositae Crassulaceae Cupressaceae Cyatheaceae Cycadaceae Diapensiaceae ROO
Plantae Dicksoniaceae Didiereaceae Dioscoreaceae Droseraceae Ericaceae Euphorbiaceae Fabaceae Fagaceae ROO
Plantae Fouquieriaceae Gentianaceae Gnetaceae Haemodoraceae Humiriaceae Juglandaceae Leguminosae Liliaceae ROO
Plantae Lycopodiaceae Magnoliaceae Melastomataceae Meliaceae Moraceae Myrtaceae Nepenthaceae Orchidaceae ROO
Plantae Palmae Papaveraceae Parmeliaceae Pedaliaceae Pinaceae Podocarpaceae Podophyllaceae Portulacaceae ROO
Plantae Primulaceae Proteaceae Ranunculaceae Rosaceae Rubiaceae Rutaceae Sarraceniaceae Saxifragaceae ROO
Plantae Scrophulariaceae Solanaceae Stangeriaceae Sterculiaceae Taxaceae Tetracentraceae Theaceae ROO
Plantae Thymelaeaceae Ulmaceae Valerianaceae Verbenaceae Welwitschiaceae Zamiaceae Zingiberaceae ROO
Plantae Zygophyllaceae ROO
Plantae Apocynaceae POW LVS STE CHP MED
Plantae Araliaceae Primulaceae MED
Plantae Araucariaceae TIM SAW
Plantae Asteraceae Compositae FLO STE CAR MED LVS
Plantae Bromeliaceae FLO
Plantae Cactaceae TIM CAR FRU STE FLO POW GRS
Plantae Cucurbitaceae FRU
Plantae Cupressaceae CAR WPR SAW
Plantae Cyatheaceae LVS SAW TIM FIB STE CHP CAR LOG POW FPT
Plantae Cycadaceae LVS STE
Plantae Dicksoniaceae TIM FPT CAR FIB STE POW LVS
Plantae Didiereaceae Nepenthaceae Stangeriaceae LVS FLO
Plantae Euphorbiaceae STE LVS WAX MED
Plantae Fabaceae Leguminosae LOG CAR SAW POW TIM CHP VEN
Plantae Lauraceae OIL TIM CAR
Plantae Liliaceae LVS TIM BAR POW FIB STE
Plantae Lycopodiaceae Ranunculaceae LVS POW
Plantae Meliaceae LOG TIM VEN SAW CAR PLY WPR LVS
Plantae Orchidaceae LVS FLO FRU STE FIB POW MED
Plantae Orobanchaceae STE POW MED
Plantae Palmae Parmeliaceae LVS
Plantae Pedaliaceae LVS POW MED
Plantae Pinaceae STE FRU LOG SAW CAR TIM
Plantae Podocarpaceae TIM LVS
Plantae Portulacaceae Welwitschiaceae STE
Plantae Rosaceae LVS TIM FRU CAR
Plantae Taxaceae BAR OIL POW LVS LOG TIM STE
Plantae Thymelaeaceae TIM CHP CAR STE OIL POW PLY WPR SAW LVS LOG MED VEN
Plantae Vitaceae FRU LVS
Plantae Zamiaceae STE LVS FRU TIM
Plantae Zingiberaceae SAW LOG CAR
Plantae Zygophyllaceae STE CAR LOG SAW TIM LVS CHP OIL BAR POW
"""

# Newer terms, by their definition. JWL and COS can come from any taxon and are not judged.
_SINCE = """
Mammalia FPL FPS RUG
Artiodactyla Hippopotamidae TUS IVP IVC IJW
Carnivora Odobenidae TUS IVP IVC IJW
Cetacea Monodontidae Physeteridae TUS IVP IVC IJW
Proboscidea Elephantidae IJW KEY TRU
Aves ESH
Reptilia ESH
Elasmobranchii GIL
Elasmobranchii Pristidae ROS
Bivalvia PRL
Gastropoda PRL
Cephalopoda Nautilidae SHE CAR MEA
Insecta PUP
Plantae KNL TRW WPR
"""

_VERTEBRATES = frozenset(
    {
        "Mammalia",
        "Aves",
        "Reptilia",
        "Amphibia",
        "Actinopteri",
        "Actinopterygii",
        "Elasmobranchii",
        "Coelacanthi",
        "Sarcopterygii",
        "Dipneusti",
    }
)


def _read(text: str) -> tuple[Mapping[str, frozenset[str]], Mapping[str, frozenset[str]]]:
    """Two tables: taxon -> usual terms, and order, class or kingdom -> usual terms of its families together."""
    usual: dict[str, set[str]] = defaultdict(set)
    kin: dict[str, set[str]] = defaultdict(set)
    for group, *words in map(str.split, text.strip().splitlines()):
        terms = {word for word in words if word.isupper()}
        families = [word for word in words if not word.isupper()]
        for name in families or [group]:
            usual[name] |= terms
        if families:
            kin[group] |= terms
    return _frozen(usual), _frozen(kin)


def _frozen(table: Mapping[str, set[str]]) -> Mapping[str, frozenset[str]]:
    return {name: frozenset(terms) for name, terms in table.items()}


_USUAL, _KIN = _read(_PAIRS + _SINCE.lstrip())

_JUDGED = frozenset[str]().union(*_USUAL.values())

_NONE = frozenset[str]()


def taxon_fits(term: str, taxon: Taxon) -> bool:
    """True if the term is usual for the taxon, or if the tables cannot decide.

    They cannot decide for an animal of unknown class, and for a term that the tables do not have.
    """
    told = taxon.class_name or taxon.kingdom != "Animalia"
    return not told or term not in _JUDGED or term in terms_of(taxon)


def terms_of(taxon: Taxon) -> frozenset[str]:
    """The usual terms of a taxon, with those of its order, class and kingdom."""
    above = [taxon.kingdom, taxon.class_name, taxon.order]
    if taxon.class_name in _VERTEBRATES:
        above.append("Chordata")
    own = _USUAL.get(taxon.family)
    if own is None:
        own = next((_KIN[name] for name in reversed(above[:3]) if name in _KIN), _NONE)
    return own.union(*(_USUAL.get(name, _NONE) for name in above))


# Pairs of a term and its usual units, one letter of _UNITS each.
_TERM_UNITS = """
BAL nkm BAR nkgr BOC nkg BOD nkgr BON nkg BOP nkg CAL nk CAP nkg CAR nkgsc CAV kgm CHP nkg CLA nk CLO nkgrtsc
COR nkg COS nkgl CUL n DER nkgmlLrc DPL nkg EAR nkg EGG nkg EGL nkg ESH nkg EXT nkgmlL FEA nkgr FIB nkgrcL FIG nk
FIN nk FLO nkg FOO nk FPL n FPS n FPT n FRU nk GAB nkg GAL nkgl GAR nkgrst GEN nk GIL nk GRS n HAI nkgmrs HAP nkgs
HOC nk HOP nkg HOR nkg IJW ng IVC nk IVP nkgt JWL ng KEY n KNL k LEG nk LIV n LOG nkc LPL nkrs LPS nkgrst
LVS nkg MEA nkg MED nkglL MUS nkg OIL nkglL PLA nkrs PLY nkcs POW nkgmlLc PRL n PUP n ROO nkgmrc ROS nk RUG n SAW nkgcs
SCA nkg SEE nkgc SHE nkg SID nks SKE ng SKI nkgmrtcs SKP nkgrts SKU nk SOU nkglL SPE nkgmlLcts STE nkgr SWI nkg
TAI nkgr TEE nkg TIM nkgctLsC TRO nkr TRU nk TRW ck TUS nkgrt VEN nkgscC WAX nkgmlL WPR nk
"""

_UNITS = {
    "n": NUMBER,
    "k": "KGM",
    "g": "GRM",
    "m": "MGM",
    "l": "MLT",
    "L": "LTR",
    "r": "MTR",
    "t": "CTM",
    "s": "MTK",
    "c": "MTQ",
    "C": "CMQ",
}

# Pairs of a term and its usual purposes.
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
    """True if the unit is usual for the term, or the table lacks the term. `unit` is a code. "" counts specimens."""
    return term not in UNITS_OF or (unit or NUMBER) in UNITS_OF[term]


def purpose_fits(term: str, purpose: str) -> bool:
    return not purpose or term not in PURPOSES_OF or purpose in PURPOSES_OF[term]
