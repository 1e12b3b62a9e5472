"""English sentences for outcomes, steps, checks and codes. Translators work from these tables.

A key is a code (`F2`), or a code and its case (`F2 check`, `U5 export`). The code alone is used if no case fits. The
value lists sentences, from the one with most facts to the one without facts. `i18n/words.py` takes the first whose
facts are all known. Facts are in braces and never inflected, so a translation has to fit around them.
Source: the outcomes, code table and direction tables (U1, U5, U6) of FORMAT.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from chalicelib.kernel.text import N_

type Variants = tuple[str, ...]


OUTCOMES: Final[Mapping[str, Variants]] = {
    "accept": (N_("Document in order and unused: now compare the goods."),),
    "accept left": (
        N_("Left {post} on {when} with {waybill} ({quantity}): now compare the goods."),
        N_("Left {post} on {when} with {waybill}: now compare the goods."),
        N_("Left {post} on {when}: now compare the goods."),
        N_("Left on {when}: now compare the goods."),
        N_("Document in order, endorsed for export: now compare the goods."),
    ),
    "accept crossing": (N_("Document in order, made for many crossings: now compare the goods."),),
    "accept before": (
        N_(
            "Document in order, not endorsed for export yet: right before the goods leave, wrong on arrival. "
            "Now compare the goods."
        ),
    ),
    "accept waiting": (
        N_(
            "Document in order; a stamp from the border waits for confirmation. Look at block 14 and compare the goods."
        ),
    ),
    "accept_offline": (
        N_("Genuine; whether used elsewhere since {when} is not known."),
        N_("Genuine; whether used elsewhere is not known."),
    ),
    "check": (N_("Compare or ask: {reason}"), N_("Compare or ask.")),
    "not_valid": (N_("Not usable: {reason}"), N_("Not usable.")),
    "hold": (N_("Hold goods and paper, ask {duty}."), N_("Hold goods and paper, ask the duty desk.")),
    "cannot_tell": (N_("No answer: {reason}"), N_("No answer yet.")),
}

_COMPARE: Final[Variants] = (N_("Compare species, quantity, marks and stamp number with the goods and the paper."),)

_ASK: Final[Variants] = (
    N_("Call the duty desk: {duty}."),
    N_("Call the duty desk of the Management Authority that issued the document."),
)

STEPS: Final[Mapping[str, tuple[Variants, ...]]] = {
    "accept": (
        _COMPARE,
        (N_("Endorse the quantities that really pass, then write the same into block 14 by hand, sign and stamp."),),
    ),
    "accept_offline": (
        _COMPARE,
        (N_("Send the scan as soon as there is a network: the answer may change then."),),
    ),
    "check": (
        _COMPARE,
        (
            N_("If something differs or is not clear, ask {duty}."),
            N_("If something differs or is not clear, ask the duty desk."),
        ),
    ),
    "not_valid": (
        (N_("Tell the holder the reason; it is no suspicion."),),
        (N_("The holder asks the Management Authority that issued the document for a valid one."),),
        (N_("The goods do not pass on this document."),),
    ),
    "hold": (
        (N_("Living animals first: shade, water, air and quiet, and a veterinarian."),),
        (N_("Do not accuse anybody: a mistake in the paper, the print or the register is possible too."),),
        (N_("Photograph both sides of the paper, the code, and the goods with their marks."),),
        (N_("Keep the paper with the goods and write nothing on it."),),
        (N_("Open a case: who brought the document, which vehicle or flight, which transport document."),),
        _ASK,
    ),
    "cannot_tell": (
        (N_("Scan the code once more: flat, clean, in good light."),),
        (N_("If that fails, type the number and the check code printed beside the code."),),
        _ASK,
        (N_("The goods do not pass without an answer; this is no suspicion against anybody."),),
    ),
    "cannot_tell T7": (
        (N_("To practise with it, choose Shift, then Practise in the scanner, and scan it again."),),
        (N_("The goods do not pass on this document."),),
    ),
}

PUBLIC_STEPS: Final[
    Mapping[str, tuple[Variants, ...]]
] = {  # for readers who are no officers of ours: the public, and foreign authorities
    **STEPS,
    "accept": (
        _COMPARE,
        (N_("The officers at the border decide about the goods and write into block 14 what really passed."),),
    ),
    "accept_offline": (
        _COMPARE,
        (N_("Ask again when there is a connection: the answer may change then."),),
    ),
    "not_valid": STEPS["not_valid"][1:],
    "hold": (
        *STEPS["hold"][:2],
        (
            N_(
                "If you are an officer, photograph paper, code and goods and keep them together; "
                "if not, do not buy, take over or send the goods."
            ),
        ),
        _ASK,
    ),
    "cannot_tell T7": STEPS["cannot_tell T7"][1:],
}

CHECKS: Final[Mapping[int, str]] = {  # FORMAT.md 5
    1: N_("Form of the text, official address"),
    2: N_("Size and structure of the code"),
    3: N_("Key of the issuing authority"),
    4: N_("Signature"),
    5: N_("Signed data complete and well formed"),
    6: N_("Key entitled to sign this document"),
    7: N_("Time: day of signing, last day of validity"),
    8: N_("Status list: revoked, suspended, used"),
    9: N_("Register of the issuing authority"),
    10: N_("Use at this border"),
    11: N_("Signature of the file"),
    12: N_("Text of the file against the signed data"),
}

CLEARED: Final[Variants] = (
    N_("Looked into by an officer on {when} and settled: {text}"),
    N_("Looked into by an officer and settled: {text}"),
)

CODES: Final[Mapping[str, Variants]] = {
    "F1": (
        N_(
            "The signature does not match the data. Scan once more with the camera; "
            "if it is the same, hold goods and paper."
        ),
    ),
    "F2": (N_("The signing key is not one that the issuing country uses for such documents: hold and ask."),),
    "F2 check": (
        N_(
            "The key that signed is no longer trusted, but the register of the issuing authority holds this very "
            "document: compare with the register."
        ),
    ),
    "F2 cannot_tell": (
        N_(
            "The key that signed is no longer trusted, and the register of the issuing authority was not asked: "
            "telephone it."
        ),
    ),
    "F3": (N_("Signed with a valid key but not found in the register of the issuing authority: hold and ask."),),
    "F4": (
        N_("The register of the issuing authority holds other data under number {number}: hold and ask."),
        N_("The register of the issuing authority holds other data under this number: hold and ask."),
    ),
    "F5": (
        N_(
            "The page differs from the signed data in block {blocks}: only the signed data count. "
            "Compare both on the screen; hold and ask."
        ),
        N_(
            "The page differs from the signed data, or something was laid over it: only the signed data count. "
            "Hold and ask."
        ),
    ),
    "F6": (
        N_(
            "The code has the form of a permit, but its address belongs to no issuing authority: "
            "do not open the address; hold and ask."
        ),
    ),
    "U0": (
        N_("You scanned this document yourself on {when}; this scan repeats it."),
        N_("You scanned this document yourself less than 30 minutes ago; this scan repeats it."),
    ),
    "U1": (
        N_(
            "Used already: {post}, {when}, {quantity}, {waybill}. The document covers one consignment only: "
            "hold and ask."
        ),
        N_("Used already: {post}, {when}, {quantity}. The document covers one consignment only: hold and ask."),
        N_("Used already: {post}, {when}. The document covers one consignment only: hold and ask."),
        N_("Used already: {when}. The document covers one consignment only: hold and ask."),
        N_("Used already. The document covers one consignment only: hold and ask."),
    ),
    "U1 check": (
        N_("Used already: {post}, {when}, {quantity}, {waybill}. Is this the same consignment?"),
        N_("Used already: {post}, {when}, {quantity}. Is this the same consignment?"),
        N_("Used already: {post}, {when}. Is this the same consignment?"),
        N_("Used already: {when}. Is this the same consignment?"),
        N_("Used already. Is this the same consignment?"),
    ),
    "U2": (
        N_(
            "More arrives ({arrived}) than left ({quantity}). It is recorded; count again, check the unit and the "
            "net weight."
        ),
        N_("More arrives than left. It is recorded; count again, check the unit and the net weight."),
    ),
    "U3": (
        N_(
            "Endorsed at {post}, {when}, and at {other_post}, {other_when}: too far apart for the time between. "
            "Hold and ask."
        ),
        N_("Endorsed at two posts that lie too far apart for the time between: hold and ask."),
    ),
    "U4": (
        N_("Used twice without a network: {post}, {when}, and {other_post}, {other_when}. Hold and ask."),
        N_("Two different uses made without a network were found when they were sent in: hold and ask."),
    ),
    "U5": (
        N_(
            "Endorsed already: {post}, {when}, {quantity}, {waybill}. Right for the consignment that left then, "
            "wrong for any other."
        ),
        N_(
            "Endorsed already: {post}, {when}, {quantity}. Right for the consignment that left then, "
            "wrong for any other."
        ),
        N_("Endorsed already: {post}, {when}. Right for the consignment that left then, wrong for any other."),
        N_("Endorsed already: {when}. Right for the consignment that left then, wrong for any other."),
        N_("Endorsed already. Right for the consignment that left then, wrong for any other."),
    ),
    "U5 export": (
        N_("Endorsed for export: {post}, {when}, {quantity}, {waybill}. Are these the same goods?"),
        N_("Endorsed for export: {post}, {when}, {quantity}. Are these the same goods?"),
        N_("Endorsed for export: {post}, {when}. Are these the same goods?"),
        N_("Endorsed for export: {when}. Are these the same goods?"),
        N_("Endorsed for export. Are these the same goods?"),
    ),
    "U5 imported": (
        N_("Endorsed for import: {post}, {when}, {quantity}, {waybill}. Is this the same consignment?"),
        N_("Endorsed for import: {post}, {when}. Is this the same consignment?"),
        N_("Endorsed for import: {when}. Is this the same consignment?"),
        N_("Endorsed for import. Is this the same consignment?"),
    ),
    "U5 offline": (
        N_("Endorsed already, and the details cannot be read without a network: telephone first: {duty}."),
        N_("Endorsed already, and the details cannot be read without a network: telephone the duty desk first."),
    ),
    "U6": (N_("No export endorsement is recorded. Look at block 14: stamped by hand, note it; empty, ask."),),
    "U7": (
        N_("An endorsement was withdrawn: {post}, {when}. Compare with block 14."),
        N_("An endorsement was withdrawn: {when}. Compare with block 14."),
        N_("An endorsement was withdrawn. Compare with block 14."),
    ),
    "U8": (
        N_(
            "Went out twice without a return seen. The return may have been through the Eurasian Economic Union, "
            "where there is no customs control: compare the goods."
        ),
    ),
    "U9": (
        N_(
            "A stamp from the border waits for confirmation by a second officer: {post}, {when}, {quantity}, "
            "{waybill}. Compare the goods with block 14."
        ),
        N_(
            "A stamp from the border waits for confirmation by a second officer: {post}, {when}. Compare the goods "
            "with block 14."
        ),
        N_(
            "A stamp from the border waits for confirmation by a second officer: {when}. Compare the goods with "
            "block 14."
        ),
        N_("A stamp from the border waits for confirmation by a second officer. Compare the goods with block 14."),
    ),
    "S1": (N_("Expired: {when} was its last day."), N_("Expired.")),
    "S1 check": (
        N_(
            "Endorsed for export in time and expired since ({when} was its last day). Whether it may still be "
            "presented is the importing country's law: in the United States no, in the European Union within "
            "6 months of issue."
        ),
        N_(
            "Endorsed for export in time and expired since. Whether it may still be presented is the importing "
            "country's law: in the United States no, in the European Union within 6 months of issue."
        ),
    ),
    "S2": (
        N_("Revoked on {when} at the wish of the holder or the ministry."),
        N_("Revoked at the wish of the holder or the ministry."),
    ),
    "S3": (N_("Suspended on {when}: hold and ask."), N_("Suspended: hold and ask.")),
    "S4": (
        N_("Replaced by {replaced_by}: ask for that document."),
        N_("Replaced by another document: ask for that one."),
    ),
    "S5": (N_("Not valid yet: it begins on {when}."), N_("Not valid yet.")),
    "S6": (N_("Reported lost or stolen on {when}: hold and ask."), N_("Reported lost or stolen: hold and ask.")),
    "S7": (N_("Revoked for cause on {when}: hold and ask."), N_("Revoked for cause: hold and ask.")),
    "P1": (N_("The document is not for this direction in this country."),),
    "P1 export": (
        N_("Not for export from here: the country of export in block 4 is {country}."),
        N_("Not for export from here: block 4 names another country."),
    ),
    "P1 import": (
        N_("Not for import here: the country of import in block 3 is {country}."),
        N_("Not for import here: block 3 names another country."),
    ),
    "P1 transit": (N_("Not for transit here: blocks 3 and 4 make this the country of export or import."),),
    "P2": (N_("The quota of the year is exceeded: ask the Management Authority."),),
    "P3": (
        N_("On {when} another country reported that goods under this document have arrived: compare and ask {duty}."),
        N_("Another country reported that goods under this document have arrived: compare and ask the duty desk."),
    ),
    "P3 all": (
        N_(
            "On {when} another country reported that all goods under this document have arrived: only the duty desk "
            "endorses an export, {duty}."
        ),
        N_(
            "Another country reported that all goods under this document have arrived: only the duty desk endorses an "
            "export."
        ),
    ),
    "P4": (N_("An export document of this country on the way in: are the goods coming back? Recorded as a return."),),
    "D1": (
        N_(
            "Only the code is confirmed, and something lies over block {blocks} of the page: read species, quantity "
            "and marks on the screen and compare them with the paper and the goods."
        ),
        N_(
            "Only the code is confirmed, the page is not: read species, quantity and marks on the screen and compare "
            "them with the paper and the goods."
        ),
    ),
    "D2": (
        N_("A permit of {pages} pages; not seen yet: page {missing}. Scan the code of each page."),
        N_("A permit of several pages, and some were not seen: scan the code of each page."),
    ),
    "D3": (
        N_("The file holds the codes of two permits, {number} and {other_number}: check each by itself."),
        N_("The file holds the codes of two permits: check each by itself."),
    ),
    "D4": (N_("Issued on paper before Tamga: compare stamp, signature and seal with the specimens."),),
    "T1": (
        N_("The status list is of {when}: whether revoked, suspended or used since is not known."),
        N_("There is no fresh status list: whether revoked, suspended or used is not known."),
    ),
    "T1 cannot_tell": (N_("The list of trusted keys is missing or too old: connect to a network and scan again."),),
    "T2": (N_("The clock of this device is wrong: set it and scan again."),),
    "T3": (N_("The code is damaged or incomplete: scan again, or type the number and the check code."),),
    "T4": (N_("Not the code of a Tamga permit: perhaps a waybill, another certificate or another country's permit."),),
    "T4 no_code": (N_("No square code was found in this picture or file. Nearer, flat, with more light."),),
    "T5": (
        N_("The service did not answer: try again shortly, or telephone {duty}."),
        N_("The service did not answer: try again shortly, or telephone the duty desk."),
    ),
    "T6": (N_("Signed, but not a permit that this version knows: update, or type the number and the check code."),),
    "T7": (N_("A practice sheet: it has no value as a permit."),),
    "T8": (
        N_("The register and the signed status list differ on this document. Before an endorsement, call {duty}."),
        N_(
            "The register and the signed status list differ on this document. Before an endorsement, "
            "call the duty desk."
        ),
    ),
    "L1": (
        N_("No network, and the species or the quantity asks for a call first: {duty}."),
        N_("No network, and the species or the quantity asks for a call to the duty desk first."),
    ),
    "L2": (
        N_("The event of {when} came in outside its time window: ask the officer who recorded it."),
        N_("An event came in outside its time window: ask the officer who recorded it."),
    ),
}
