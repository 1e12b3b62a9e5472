"""Term codes (kinds of specimen, block 9) with their English names: 91 codes.

These are the CITES trade terms in use in 2026. The names are those of the permit service of the United Kingdom. Older
codes of the trade database (SHO, SKO, FRA ...) are retired and not accepted.
"""

from __future__ import annotations

TERM_ROWS = """
BAL Baleen
BAR Bark
BOC Carving (bone)
BOD Body
BON Bones
BOP Piece (bone)
CAL Calipee
CAP Carapace
CAR Carving
CAV Caviar
CHP Chips (woodchips)
CLA Claw
CLO Cloth
COR Coral (raw)
COS Cosmetics
CUL Culture
DER Derivatives
DPL Dried plant
EAR Ear
EGG Egg
EGL Egg (live)
ESH Eggshell
EXT Extract
FEA Feather
FIB Fibre
FIG Fingerlings
FIN Fin
FLO Flower
FOO Foot
FPL Fur products (large)
FPS Fur products (small)
FPT Flower pot
FRU Fruit
GAB Gall bladder
GAL Gall
GAR Garment
GEN Genitalia
GIL Gill plates
GRS Graft rootstock
HAI Hair
HAP Hair products
HOC Carving (horn)
HOP Piece (horn)
HOR Horn
IJW Jewellery - ivory (worked ivory)
IVC Carving - ivory (worked ivory)
IVP Piece - ivory (raw ivory)
JWL Jewellery
KEY Piano keys (worked ivory)
KNL Kernel
LEG Frog legs
LIV Live
LOG Logs
LPL Leather product (large)
LPS Leather product (small)
LVS Leaf
MEA Meat
MED Medicine
MUS Musk
OIL Oil
PLA Plate
PLY Plywood
POW Powder
PRL Pearl
PUP Pupae
ROO Root
ROS Sawfish rostrum
RUG Rug
SAW Sawn wood
SCA Scale
SEE Seed
SHE Shell
SID Side
SKE Skeleton
SKI Skin
SKP Skin piece
SKU Skull
SOU Soup
SPE Specimen (scientific)
STE Stem
SWI Swim bladder
TAI Tail
TEE Tooth
TIM Timber
TRO Trophy
TRU Trunk
TRW Transformed wood
TUS Tusk (raw ivory)
VEN Veneer sheets
WAX Wax
WPR Wood product
"""
