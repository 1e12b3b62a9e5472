"""Requirements for a name as somebody wrote it: the species list's entry, the table's answer, and its sentences.

The sentences, one for each code of an answer, are what translators work from. They are in plain words, for somebody who
applies for the first time. Source: the rows of requirements/model/table.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import chain
from typing import Any, Final

from chalicelib.i18n import words
from chalicelib.kernel.codes import APPENDIX_NAMES, APPENDIX_NUMBERS, SOURCES, UNITS
from chalicelib.kernel.countries import LANDLOCKED
from chalicelib.kernel.document_kinds import KINDS
from chalicelib.kernel.regions import REGION_OF, TOUCHING
from chalicelib.kernel.text import N_
from chalicelib.permits.model import findings as permits_findings
from chalicelib.platform.country_folder import read_list, read_rows
from chalicelib.record.permit import Application, Line
from chalicelib.requirements.model import requirements
from chalicelib.requirements.model import table as requirements_table
from chalicelib.requirements.model.importers import EU, EU_CODE, Confidence, ImporterRule, Need, importer_rules
from chalicelib.requirements.model.requirements import (
    Answer,
    Document,
    Movement,
    Question,
    Reason,
    Subject,
)
from chalicelib.requirements.model.table import ALLOWANCES, PersonalAllowance
from chalicelib.species.model import annotations as species_annotations
from chalicelib.species.model.listing import Listing, Restriction, Taxon
from chalicelib.species.model.name_resolution import ResolvedName, resolve_name
from chalicelib.species.model.native_range import lives_in
from chalicelib.species.model.wild_form import listed_wild_forms

IMPORTER_LANGUAGES = ("en", "ru", "ky")  # columns of texts in importers.csv

BACK = "own_document"  # why there is our document of goods that come back; it exists already

WHY: Final[Mapping[str, str]] = {  # Reason for a document (`Wanted.why`).
    "import_permit_first": N_(
        "The country of destination gives its import permit first: without it nothing is issued here."
    ),
    "import_permit_there": N_("Appendix I: the country of destination permits the import."),
    "import_permit_here": N_("Appendix I: the country of arrival permits the import before the goods leave."),
    "export_i": N_("Appendix I, leaving the country in which it was taken or raised."),
    "export_ii": N_("Appendix II, leaving the country in which it was taken or raised."),
    "export_iii": N_("Appendix III, leaving the country that asked for the listing."),
    "as_appendix_ii": N_("Bred by a registered operation: treated as Appendix II, so no import permit is needed."),
    "reexport": N_(
        "The goods came from another country before: they leave again with a certificate that names their origin."
    ),
    "bred": N_("Bred in captivity: this certificate stands in place of a permit."),
    "propagated": N_("Artificially propagated: this certificate stands in place of a permit."),
    "origin": N_("Appendix III, listed by another country: a certificate says where the goods come from."),
    "pre_convention": N_("Acquired before the Convention applied to the species."),
    "owned_animal": N_("Your own live animal, which crosses the border often and is not sold."),
    "exhibition": N_(
        "A circus or travelling exhibition, with animals or plants that are bred, propagated or pre-Convention."
    ),
    "instrument": N_("A musical instrument that travels with its player and is not sold."),
    "samples": N_("A collection of samples that is shown and comes back; nothing of it is sold."),
    "phytosanitary": N_(
        "A propagated plant, where the country told the Secretariat that its phytosanitary certificate serves."
    ),
    "from_the_sea": N_("Taken in the sea outside every State’s waters, and brought ashore."),
    "confiscated": N_("Confiscated goods go with the permit of their Appendix."),
    "propagated_as_ii": N_(
        "Appendix I, artificially propagated for commerce: treated as Appendix II, so no import permit is needed."
    ),
    "own_document": N_("The goods come home with the document with which they left, in the original."),
}

REASONS: Final[Mapping[str, str]] = {  # Reasons and remarks of an answer (`Reason.code`).
    "appendix_i_commercial": N_("Appendix I from the wild is not traded for commercial purposes."),
    "appendix_i_source": N_("Appendix I with this source is not traded for commercial purposes."),
    "appendix_i_needs_d": N_(
        "Appendix I animals that were bred are traded only by an operation in the CITES register (source D)."
    ),
    "d_is_for_appendix_i": N_(
        "Source D is for Appendix I only: choose bred in captivity (C) or artificially propagated (A)."
    ),
    "transit": N_(
        "Goods that only pass through and stay under customs control need no document of ours. The document that "
        "they travel with stays with them."
    ),
    "no_border": N_("Nothing crosses a border: CITES asks for nothing. National law may."),
    "outside_listing": N_(
        "You say that the listing leaves out this part, hybrid or population. The Management Authority decides: show "
        "it the proof."
    ),
    "population": N_(
        "Populations or subspecies of this species stand in different Appendices: say exactly which one it is; "
        "the Scientific Authority decides."
    ),
    "not_listed": N_("CITES does not list it: no CITES document is needed."),
    "population_not_listed": N_("CITES does not list the populations of this country: no CITES document is needed."),
    "not_listed_on_day": N_("CITES does not list it on this day: no CITES document is needed."),
    "allowance": N_("Within what one person may carry without a document."),
    "personal_effects": N_(
        "Personal or household effects: usually no CITES document. The other country may see it otherwise: ask it "
        "first."
    ),
    "personal_ii_abroad": N_(
        "Bought away from home and taken from the wild: the country in which it was taken may ask for an export "
        "permit. Ask its Management Authority."
    ),
    "personal_i_where": N_(
        "Say whether its owner got it at home or abroad: Appendix I bought abroad is no personal effect on the "
        "way home."
    ),
    "each_crossing": N_("Valid for many crossings: it is endorsed at each and stays with its holder."),
    "marked": N_("The animal bears a ring, chip or other mark that stands in the document."),
    "one_each": N_("One certificate for each live animal."),
    "carnet": N_("It goes together with an ATA carnet."),
    "exchange": N_(
        "Between scientific institutions that are both in the CITES register, as a loan, gift or exchange: a "
        "label of the Management Authority on the package, no permit."
    ),
    "acquired_before": N_(
        "The day on which it was acquired lies before the species was first listed, and stands in block 12b."
    ),
    "landlocked": N_(
        "This country has no coast: say in which country the goods came ashore. That country gives the documents. If a "
        "ship under this country’s flag took them, ask the Management Authority."
    ),
    "sea_appendix_iii": N_("What is brought from the open sea needs a certificate for Appendices I and II only."),
    "registered": N_("The operation stands in the CITES register of breeders and nurseries."),
    "operation_number": N_("Its number stands in block 12b."),
    "blocks_12": N_("Blocks 12 and 12a name the country of origin, its permit and the last re-export."),
    "parentage": N_("Breeder, generation and marks are shown: the Scientific Authority examines them."),
    "import_permit_before": N_("Number and copy of the import permit go with the application."),
    "quota": N_("Where a quota is set for the year, the quantity is counted against it."),
    "listing_state": N_(
        "From the country that asked for the listing it is an export permit; from any other a certificate of origin."
    ),
    "suspended": N_("Stopped since {since}: {reason} ({source})."),
    "strictest": N_(
        "Of all that this name covers, {taxon} is treated most strictly (Appendix {appendix}): the answer is for that."
    ),
    "above_allowance": N_("It is more than one person may carry without a document."),
    "authority_decides": N_("Confiscated or forensic: the Management Authority decides each case."),
    "non_party": N_(
        "A country that is no Party to CITES gives a comparable document of its competent authority: it counts if the "
        "Secretariat lists that authority or confirms it, and for Appendix I the Secretariat is asked first."
    ),
    "not_personal_effects": N_("Live animals and hunting trophies do not travel as personal effects."),
    "personal_purpose": N_("Goods for this purpose are no personal effects: those are for the use of their owner."),
    "personal_i_abroad": N_("Appendix I bought away from home is no personal effect on the way home."),
    "not_owned_animal": N_("A certificate of ownership is for a live animal that is not sold."),
    "not_exhibition": N_(
        "A travelling exhibition has only specimens that are bred, propagated or pre-Convention, and sells none of "
        "them."
    ),
    "not_instrument": N_("A certificate for an instrument is for one that is not sold."),
    "not_samples": N_("A sample collection holds nothing alive and nothing of Appendix I from the wild."),
    "not_exchange": N_(
        "The exchange between registered institutions is for preserved specimens and live plants, for science, "
        "teaching and collections. It is never for trophies, sale or private use."
    ),
    "not_phytosanitary": N_("A phytosanitary certificate serves for propagated plants of Appendices II and III only."),
    "ask_unknown_taxon": N_(
        "The species list does not have this name: ask the Management Authority, and say the scientific name."
    ),
    "ask_direction": N_("Say whether the goods leave, arrive or only pass through."),
    "ask_source": N_("Say where they come from: the wild, breeding, before the Convention."),
    "ask_purpose": N_("Say what the goods are for."),
    "ask_term": N_("Say what it is: alive, a trophy, a part or a product."),
    "ask_source_kingdom": N_("This source does not exist for an animal or plant of this kind: look at it again."),
    "ask_no_row": N_("The rules give no plain answer for this: ask the Management Authority."),
    "propagated_hybrid": N_(
        "An artificially propagated hybrid of Appendix I plants travels with a certificate of artificial propagation."
    ),
    "propagated_i": N_("Write source D in block 10. The registration of a nursery is voluntary."),
    "holder_state": N_(
        "It is issued by the country where the owner lives, or where the exhibition or collection is based."
    ),
    "holder_unknown": N_(
        "Say in which country the owner lives, or the exhibition or collection is based: its authority issues it."
    ),
    "return_refused": N_("Have proof that the goods were refused abroad."),
    "return_or_reexport": N_(
        "A re-export certificate of the country that sends the goods back is accepted instead of our document."
    ),
    "caviar_labels": N_("Each container bears a label that cannot be used again. Its number stands in the document."),
    "caviar_registered": N_("Only a registered processing or repackaging plant may pack it."),
    "caviar_18_months": N_("It is re-exported within 18 months of the day of the first export permit."),
    "outside_annotation": N_(
        "The listing leaves these goods out (annotation {symbol}, as of {as_of}). Have proof of it with the goods."
    ),
    "outside_exception": N_("The listing leaves these goods out. Have proof of it with the goods."),
    "annotation_seeds": N_("Seeds, spores and pollen are left out."),
    "annotation_pollen": N_("Pollen is left out."),
    "annotation_in_vitro": N_("Seedlings and tissue cultures in sterile containers are left out."),
    "annotation_cut_flowers": N_("Cut flowers of artificially propagated plants are left out."),
    "annotation_fruit": N_("Fruit of artificially propagated plants, and what is made of it, is left out."),
    "annotation_stems": N_("Stems and flowers of artificially propagated plants of this group are left out."),
    "annotation_naturalised": N_(
        "Fruit, stems and flowers are left out if the plant was propagated, or naturalised outside its range."
    ),
    "annotation_subgenus": N_("Only plants of one subgenus are left out: say exactly which plant it is."),
    "annotation_retail": N_("Finished products that are packed for retail sale are left out."),
    "annotation_cosmetics": N_("Cosmetics that are packed for retail sale are left out."),
    "annotation_not_named": N_("The annotation names the parts that are listed. These goods are none of them."),
    "annotation_whole_plant": N_("A whole plant is listed, alive or dead. A part of it may be left out."),
    "annotation_timber": N_("Logs and sawn wood are listed. Other timber may be left out."),
    "annotation_labelled": N_(
        "Goods with the label of the agreement with Botswana, Namibia or South Africa are left out."
    ),
    "annotation_bow_wood": N_("Wood for bows is listed until the bow is finished."),
    "annotation_finished_instrument": N_("Only the re-export of finished instruments and their parts is left out."),
    "annotation_text_not_seen": N_("The annotation changed on 5 March 2026, and its text was not seen."),
    "annotation_extract": N_("An extract is listed. A finished product that contains it is left out."),
    "annotation_whole_nut": N_("The kernel is listed. It may be in the fruit or the seed."),
    "annotation_agarwood_parts": N_("Seeds, pollen, fruit and leaves are left out."),
    "annotation_exhausted": N_("Exhausted powder is left out."),
    "annotation_rosewood_parts": N_("Leaves, flowers, pollen, fruit and seeds are left out."),
    "annotation_instrument": N_("Finished musical instruments, their parts and accessories are left out."),
    "annotation_finished_wood": N_(
        "Finished products with up to 10 kg of the listed wood in a consignment are left out."
    ),
    "annotation_stuffed": N_("A whole animal is listed, alive or dead. A part of it is left out, except eggs."),
    "annotation_fossil": N_("Fossils are left out."),
    "annotation_domestic": N_("The domestic form is left out."),
    "annotation_cultivar_cyclamen": N_("Propagated cultivars of this cyclamen are left out, except dormant tubers."),
    "annotation_cultivar_grafted": N_(
        "Propagated colour mutants without chlorophyll are left out if they are grafted on Harrisia Jusbertii, "
        "Hylocereus trigonus or Hylocereus undatus."
    ),
    "annotation_cultivar_christmas_cactus": N_(
        "Propagated cultivars of Schlumbergera truncata are left out, and its hybrids with Schlumbergera orssichiana, "
        "Schlumbergera opuntioides and Schlumbergera russelliana."
    ),
    "annotation_cultivar_species": N_("Propagated cultivars of this species are left out."),
    "annotation_cultivar_crested": N_(
        "Propagated crested, fan-shaped or colour mutants are left out if they are grafted on propagated stock of "
        "Euphorbia neriifolia."
    ),
    "annotation_cultivar_hundred": N_(
        "Propagated cultivars are left out in shipments of 100 or more plants that are easily recognised as propagated."
    ),
    "annotation_cultivar_yew": N_(
        "Propagated hybrids and cultivars of this yew are left out if they are alive, in small containers, and a "
        "label or document names them and says “artificially propagated”."
    ),
    "cultivar_exempt": N_(
        "Some propagated cultivars of this species are not listed, on conditions. If these plants are such, say so in "
        "the form of the goods."
    ),
    "form_no_exception": N_("The listing of this taxon makes no exception for these goods in this form."),
    "annotation_native_japan": N_("Species that live in Japan are left out of this listing."),
    "would_need": N_("If the entry is right, these documents are needed: {documents}."),
    "would_need_none": N_("If the entry is right, no CITES document is needed."),
    "would_be_prohibited": N_("If the entry is right, this is not allowed."),
    "open_delay": N_("The listing is decided. It is not certain that it is in force yet."),
    "open_annotation": N_("The text of the annotation was not seen."),
    "open_one_source": N_("Only one of two sources has this entry."),
    "open_name": N_("The accepted name is not certain."),
    "open_withdrawn": N_("Its listing in Appendix III may have been withdrawn."),
    "open_party": N_("The country that listed it in Appendix III is not known."),
    "open_part_of_genus": N_("The listing of the genus is for some of its species only."),
    "open_change_day": N_("Its Appendix changes about this day. The exact day is not known."),
    "open_past_unknown": N_("The list does not have its Appendix on this day."),
    "ask_uncertain": N_("The entry of this taxon in the list is not certain: ask the Management Authority."),
    "ask_name_too_broad": N_(
        "This name covers taxa in several Appendices. The strictest is {taxon} (Appendix {appendix}): name the species."
    ),
    "range": N_("The country of origin is outside the native range on record: ask where it was taken."),
    "ask_out_of_range": N_(
        "The country of origin is far outside the native range: the Scientific Authority looks at it."
    ),
    "ask_form": N_("Say in which form the goods are: it decides whether they are listed."),
    "ask_origin": N_("Say which country they come from first: it decides."),
    "ask_unit": N_("Say in which unit the quantity is: the limit is a weight or a volume."),
    "ask_wild_form": N_(
        "This name is of a domestic animal. The wild form may be listed: {wild}. If the goods are of a wild animal, "
        "give its name."
    ),
    "ask_weight": N_("Say how many kilograms of the wood the consignment has."),
    "ask_annotation": N_("It is not certain that the listing covers these goods: ask the Management Authority."),
    "ask_suspended": N_("Since {since}: {reason} ({source}). Ask the Management Authority."),
    "ask_exported_before": N_(
        "Say on which day they left their country of origin. Stopped since {since}: {reason} ({source}). Goods that "
        "left earlier may be re-exported with a certificate."
    ),
}

PAPERS: Final[Mapping[str, str]] = {  # Papers that Tamga does not check, and the text that says so.
    "eaeu": N_(
        "Conclusion or licence to leave the Eurasian Economic Union (wild animals, certain plants, medicinal raw "
        "material)"
    ),
    "veterinary": N_("Veterinary certificate"),
    "phytosanitary": N_("Phytosanitary certificate of the plant quarantine"),
    "hunting": N_("Hunting permit, licence and quota tag of the animal"),
    "destination": N_("What the country of destination asks for beyond CITES: ask its Management Authority"),
    "not_checked": N_("not checked by Tamga"),
}

ALLOWANCE_WORDS: Final[Mapping[str, str]] = {  # Allowances for personal effects (`PersonalAllowance.code`).
    "caviar": N_("Caviar of sturgeons: 125 g a person, in tins with the CITES label"),
    "rainstick": N_("Rainsticks of cactus: 3 a person"),
    "crocodilian": N_("Worked goods of crocodile: 4 a person"),
    "queen_conch": N_("Shells of the queen conch: 3 a person"),
    "seahorse": N_("Seahorses: 4 a person"),
    "giant_clam": N_("Shells of giant clams: 3 a person, together no more than 3 kg"),
    "agarwood_chips": N_("Agarwood chips: 1 kg a person"),
    "agarwood_oil": N_("Agarwood oil: 24 ml a person"),
    "agarwood_beads": N_("Agarwood beads: 2 sets a person"),
}


def why(document: Document, language: str) -> str:
    """The sentence for why a document is needed. Raises KeyError, WordsMissing."""
    return words.label(WHY[document.why], language)


def reason(each: Reason, language: str, stops: Iterable[Restriction] = ()) -> str:
    """The sentence of a reason, with its facts.

    `stops`: restrictions, whose reasons the list has in this language. Raises KeyError, WordsMissing.
    """
    facts: dict[str, Any] = dict(each.facts)
    said = next((stop.reasons for stop in stops if stop.reason == facts.get("reason")), {})
    if language in said:
        facts["reason"] = said[language]
    for name in facts.keys() & {"since", "as_of"}:
        facts[name] = words.day(facts[name], language)
    if "documents" in facts:
        kinds = (KINDS[code] for code in facts["documents"].split(", "))
        facts["documents"] = ", ".join(getattr(kind, language, "") or kind.en for kind in kinds)
    return words.label(REASONS[each.code], language, **facts)


def paper(name: str, language: str) -> str:
    return words.label(PAPERS[name], language)


def allowance(each: PersonalAllowance, language: str) -> str:
    return words.label(ALLOWANCE_WORDS[each.code], language)


def unfilled(language: str) -> dict[str, dict[str, str]]:
    """Every sentence by its code, with its facts still in braces, for pages that compose the answer.

    Raises WordsMissing.
    """
    tables = {"why": WHY, "reasons": REASONS, "papers": PAPERS, "allowances": ALLOWANCE_WORDS}
    return {
        name: {code: words.unfilled(sentence, language) for code, sentence in table.items()}
        for name, table in tables.items()
    }


@dataclass(frozen=True, slots=True)
class Requirements:
    """The answer for a name.

    - `day`: the day that was judged, and `listing` the species list of that day.
    - `findings`: the findings that our own documents will require from our authorities. `findings_open`: missing facts
      that decide whether further ones are required.
    - `near`: names that an unknown name may mean.
    - `importers`: rules of the country of destination beyond CITES.
    """

    taxon: Taxon | None
    answer: Answer
    findings: tuple[str, ...]
    findings_open: tuple[str, ...]
    near: tuple[str, ...]
    importers: tuple[ImporterRule, ...]
    listing: Listing
    day: date


def find_requirements(name: str, asked: Question, *, listing: Listing, today: date, issuer: str) -> Requirements:
    """Answer `asked`, whose `subject` is not set, for the taxon of this name, by the list of its day.

    `name`: Latin (for a genus or a hybrid its strictest taxon counts, `species/model/name_resolution.py`), an id with
    hyphens, or a common name that only one taxon has. A name that the list does not know as a whole has no answer,
    because an application with it is refused too (`not_in_list`).
    """
    asked = requirements.with_direction(asked, issuer)
    day = asked.on or today
    listing = listing.on(day)
    goods = resolve_name(name, listing)
    if not goods.taxa and (meant := listing.find(name.replace("-", " ")) or _by_common_name(name, listing)):
        goods = resolve_name(meant.scientific_name, listing)
    hybrid = len(goods.taxa) > 1 and not goods.group  # a device has no hybrid, so the service alone splits its parents
    if hybrid and (origin := asked.origin or _presumed_origin(goods, asked, issuer)):
        goods = goods.of(origin)
    taxon = goods.strictest if goods.whole or goods.broad else None
    question = replace(asked, subject=subject_of(taxon, goods, listing) if taxon else None)
    answer = requirements.answer(question, today=today, issuer=issuer)
    findings, findings_open = _findings(question, answer, issuer)
    near = () if taxon else _near(name, goods, listing)
    return Requirements(taxon, answer, findings, findings_open, near, _importers(taxon, question, issuer), listing, day)


def _presumed_origin(goods: ResolvedName, asked: Question, issuer: str) -> str:
    """Our country for an export of a hybrid, if each parent that is split by country lives here."""
    live_here = (lives_in(issuer, each.population, each.range_states) for each in goods.taxa if each.population)
    return issuer if asked.direction == Movement.EXPORT and all(live_here) else ""


NEAR_AT_MOST = 5


def _near(name: str, goods: ResolvedName, listing: Listing) -> tuple[str, ...]:
    """Names in the list that an unknown name may mean."""
    known = (*goods.near, *(each.taxon for each in listing.search(name, NEAR_AT_MOST)))
    return tuple(dict.fromkeys(each.scientific_name for each in known))[:NEAR_AT_MOST]


def for_devices(importers: Iterable[ImporterRule]) -> Mapping[str, Any]:
    """The tables as web/core/requirements.js and web/core/importers.js read them.

    `factors`: unit -> base unit, and how many of it one unit is. `stricter`: the import permits for single taxa, as
    pages of before 2026-12 read them.
    """
    importers = tuple(importers)
    return {
        "rows": [
            {
                "number": row.number,
                "decision": row.decision,
                "article": row.article,
                "reasons": list(row.reasons),
                "when": {fact: sorted(values) for fact, values in row.when.items()},
                "documents": [
                    {
                        "kind": each.kind,
                        "by": each.by,
                        "why": each.why,
                        "article": each.article,
                        "alternatives": list(each.alternatives),
                    }
                    for each in row.documents
                ],
            }
            for row in requirements_table.ROWS
        ],
        "annotations": species_annotations.for_devices(),
        "non_parties": sorted(requirements_table.NON_PARTIES),
        "eaeu": sorted(requirements_table.EAEU),
        "landlocked": sorted(LANDLOCKED),
        "regions": {
            "of": dict(REGION_OF),
            "touching": {region: sorted(others) for region, others in TOUCHING.items()},
        },
        "kingdoms": {source.code: source.kingdom for source in SOURCES.values()},
        "allowances": [
            {
                "code": each.code,
                "groups": sorted(each.groups),
                "terms": sorted(each.terms),
                "most": each.most,
                "unit": each.unit,
            }
            for each in ALLOWANCES
        ],
        "factors": {unit.code: [unit.base, f"{unit.factor:f}"] for unit in UNITS.values()},
        "importers": [
            {
                "countries": sorted(each.countries),
                "appendices": [APPENDIX_NAMES[number] for number in sorted(each.appendices)],
                "annex": each.annex,
                "kingdoms": sorted(each.kingdoms),
                "taxa": sorted(each.taxa),
                "except_taxa": sorted(each.except_taxa),
                "terms": sorted(each.terms),
                "needs": each.needs,
                "texts": dict(each.texts),
                "source": each.source,
                "confidence": each.confidence,
                "as_of": each.as_of,
            }
            for each in importers
        ],
        "stricter": [
            {
                "taxon": taxon,
                "countries": sorted(each.countries),
                "terms": sorted(each.terms),
                "needs": Need.IMPORT_PERMIT,
                "source": each.source,
            }
            for each in importers
            if each.needs in {Need.IMPORT_PERMIT, Need.ESA_PERMIT}
            for taxon in sorted(each.taxa)
        ],
    }


def _by_common_name(name: str, listing: Listing) -> Taxon | None:
    """The only taxon with this whole common name, else None."""
    wanted = " ".join(name.casefold().split())
    found = {each.taxon.scientific_name: each.taxon for each in listing.search(name) if each.name.casefold() == wanted}
    return next(iter(found.values())) if len(found) == 1 else None


def subject_of(taxon: Taxon, goods: ResolvedName, listing: Listing) -> Subject:
    """The subject of a question. `taxon`: the strictest of the goods."""
    genus = taxon.scientific_name.split()[0]
    return Subject(
        appendix=taxon.appendix,
        kingdom=taxon.kingdom,
        may_be=taxon.may_be,
        listed_by=taxon.listed_by_all,
        groups=frozenset({genus, taxon.family, taxon.order} - {""}),
        restrictions=goods.restricted(listing),
        deciding=goods.deciding,
        population=goods.population,
        name=taxon.scientific_name,
        family=taxon.family,
        symbol=taxon.symbol,
        excepts=goods.excepts_of(taxon),
        open=goods.open,
        broad=goods.broad,
        range_states=taxon.range_states if goods.one else frozenset(),
        range_sure=taxon.range_sure and goods.one,
        introduced=taxon.introduced,
        wild_forms=listed_wild_forms(goods.taxa),
        listed_on_other_days=taxon.appendix == 0 and _has_listed_day(taxon, goods, listing),
    )


def _has_listed_day(taxon: Taxon, goods: ResolvedName, listing: Listing) -> bool:
    """True if the name's own entry is or was in an Appendix on some day that the list knows."""
    own = taxon.scientific_name == goods.accepted and listing.has(taxon.scientific_name)
    return own and any(each.appendix for _, each in listing.states_of(taxon))


def _findings(question: Question, answer: Answer, issuer: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The findings that our own documents will require, whatever the facts are that are missing, and these facts.

    A fact is named only if it decides. No document is applied for when goods come back.
    """
    kinds = [each.kind for each in answer.documents if each.issued_by == issuer and each.why != BACK]
    if not kinds or question.subject is None:
        return (), ()
    question = requirements.with_origin(question, issuer)
    subject = question.subject
    assert subject is not None
    whole = list(requirements.completions(question, subject, issuer))
    found = [_findings_of(kinds, each, subject, issuer) for each in whole]
    common = tuple(each for each in found[0] if all(each in other for other in found))
    missing = (name for name in ("source", "term") if getattr(question, name) is None)
    return common, tuple(name for name in missing if _decide(name, whole, found))


def _findings_of(kinds: Iterable[str], question: Question, subject: Subject, issuer: str) -> tuple[str, ...]:
    """The findings for documents of these kinds. Source and term are given."""
    known = requirements.facts(question, subject, issuer)
    line = Line(appendix=subject.appendix, source=known["source"] or None, term=question.term)
    applications = (Application(document_type=kind, lines=(line,)) for kind in kinds)
    needed = chain.from_iterable(permits_findings.required_findings(each) for each in applications)
    return tuple(dict.fromkeys(each.kind for each in needed))


def _decide(name: str, whole: Iterable[Question], found: Iterable[tuple[str, ...]]) -> bool:
    """True if the findings depend on this fact, with all others the same."""
    left_out: dict[str, Any] = {name: None}
    said: dict[Question, tuple[str, ...]] = {}
    pairs = zip(whole, found, strict=True)
    return any(said.setdefault(replace(each, **left_out), needed) != needed for each, needed in pairs)


def _importers(taxon: Taxon | None, question: Question, issuer: str) -> tuple[ImporterRule, ...]:
    """The rules of the country of destination for this taxon."""
    if taxon is None:
        return ()
    names = (taxon.scientific_name, *taxon.synonyms)
    return importer_rules(importers(), requirements.with_origin(question, issuer), names)


@cache
def importers() -> tuple[ImporterRule, ...]:
    """The rules of importing countries (`importers.csv`), in the order of the file. Raises ValueError."""
    return tuple(
        ImporterRule(
            countries=frozenset(
                code for each in read_list(row["countries"]) for code in (EU if each == EU_CODE else (each,))
            ),
            appendices=frozenset(APPENDIX_NUMBERS[each] for each in read_list(row["appendices"])),
            annex=row["annex"],
            kingdoms=frozenset(read_list(row["kingdoms"])),
            taxa=frozenset(read_list(row["taxa"])),
            except_taxa=frozenset(read_list(row["except_taxa"])),
            terms=frozenset(read_list(row["terms"])),
            needs=Need(row["needs"]),
            texts={language: row[f"text_{language}"] for language in IMPORTER_LANGUAGES},
            source=row["source"],
            confidence=Confidence(row["confidence"]),
            as_of=row["as_of"],
        )
        for row in read_rows("importers.csv")
    )


def importer_text(rule: ImporterRule, language: str) -> str:
    """The rule's text in this language. The table has en, ru and ky: Russian for Uzbek, else English."""
    return rule.texts.get("ru" if language == "uz" else language, rule.texts["en"])
