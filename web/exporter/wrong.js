// Why an answer is refused, in the applicant's words: the codes of the service's refusals (chalicelib/applications/rules/check.py).

import { latest } from "../core/validity.js";
import { day, t } from "../shared/i18n.js";
import { unsaid } from "../shared/own-words.js";

/** @typedef {import('../shared/api.js').FieldError} FieldError @typedef {import('./record.js').Application} Application */

/**
 * A refusal said to whoever has to put it right.
 * @param {FieldError} fault @param {Application} record @param {string} today
 */
export function wrongWords(fault, record, today) {
  const name = fault.field.replace(/^.*[.\]]/, "");
  const own = ofField(`${name} ${fault.code}`, record, today) ?? ofField(`${fault.field} ${fault.code}`, record, today);
  const words = own ?? ofCode(fault.code) ?? unsaid(fault);
  return fault.overridable ? `${words} ${t("Only the ministry can grant an exception, with a reason: call the ministry.")}` : words;
}

/** @param {string} which @param {Application} record @param {string} today @returns {string | undefined} */
function ofField(which, record, today) {
  switch (which) {
    case "email email":
    case "email too_long":
      return t("This is no e-mail address. Latin letters, like: {example}", { example: "aigul@example.kg" });
    case "name not_latin":
    case "address not_latin":
      return t("Latin letters only here; the original goes into the fields for its own script.");
    case "document_type required":
      return t("Choose a document.");
    case "lines required":
      return t("Add at least one kind of goods.");
    case "lines not_listed":
      return t("None of these species is listed by CITES: no document is needed.");
    case "purpose required":
      return t("Choose a purpose.");
    case "source required":
      return t("Choose a source.");
    case "scientific_name required":
      return t("Name the animal or plant.");
    case "scientific_name name":
      return t("A scientific name begins with a letter.");
    case "marks required":
      return t("These animals must be marked: give ring, chip or tag.");
    case "scientific_name not_in_list":
      return t("Our list does not have this name, or not all of it. Take a name from the list; for a hybrid both parents.");
    case "scientific_name too_many_parents":
      return t("Name at most four parents of a hybrid: the closest ones.");
    case "appendix required":
      return t("Our list does not have this name. Take one from the list, or say in which Appendix it is.");
    case "appendix contradicts_list":
    case "kingdom contradicts_list":
      return t("Our list says otherwise. Take the name from the list again.");
    case "appendix certificate_of_origin":
      return t("This species goes with a certificate of origin: change the document.");
    case "appendix not_appendix_iii":
      return t("A certificate of origin is for Appendix III only: change the document.");
    case "appendix export_permit":
      return t("This species needs an export permit: change the document.");
    case "operation_or_acquisition required":
      return record.document_type === "OP" ? t("Give the year of acquisition.") : t("Give the registered operation, or the year of acquisition.");
    case "operation_or_acquisition listed_before":
      return t("The species was listed by CITES on that day already: these goods are not pre-Convention. Choose another document.");
    case "operation_or_acquisition uncertain":
      return t("Our list does not have the day on which this species was first listed. Ask the ministry.");
    case "valid_until past":
      return t("This day is over.");
    case "valid_until too_late":
      return t("That is too late: {day} at the most, if it were issued today.", { day: day(latest(record.document_type, today)) });
    case "country not_issuer":
      return t("This must be the country that issues the document. For goods from elsewhere choose another document.");
    case "country same_country":
      return t("Sender and receiver are in the same country.");
    case "country from_the_sea":
      return t("Goods from the sea have source X. If they were landed here, ask for a certificate of introduction from the sea.");
    case "country reexport":
      return t("Goods from another country leave with a re-export certificate: change the document.");
    case "country not_destination":
      return t("The import permit is given by the receiver’s country.");
    case "last_reexport reexport":
      return t("Only a re-export certificate names a last re-export.");
    case "special_conditions source_unknown":
      return t("Say why the source is unknown.");
    case "special_conditions source_confiscated":
      return t("Say what was confiscated, and its source before.");
    case "special_conditions origin_unknown":
      return t("Say why the country of origin is unknown.");
    case "special_conditions population":
      return t("Say which population it is: the list has another Appendix for the rest.");
    case "special_conditions unlisted":
      return t("Say why a document is asked for: the list does not have this name.");
    case "purpose commercial":
      return t("These goods may not be traded for commercial purposes under this document.");
    case "source kind":
      return t("This source does not go with this document.");
    case "source kingdom":
      return t("This source is for plants only, or for animals only.");
    case "source appendix":
      return t("Source D is for Appendix I only: choose C or A.");
    case "quantity whole_number":
      return t("Pieces are a whole number. For a weight choose a unit.");
    case "quantity suspended":
      return t("Trade in this species is suspended at the moment: ask the ministry.");
    case "quantity exported_before":
      return t("Trade in this species is suspended, except for goods that left their country of origin before that. Give the day of that country’s permit.");
    case "quantity uncertain":
      return t("A suspension may apply to these goods. Ask the ministry.");
    case "scientific_name name_too_broad":
      return t("The members of this group are in different Appendices. Name the species.");
    case "scientific_name wild_form":
      return t("This name is of a domestic animal, and these goods are of a wild one. Name the wild animal.");
    case "scientific_name uncertain":
      return t("This entry of our list is not certain. Ask the ministry.");
    case "country out_of_range":
      return t("That country is far outside the native range of this species. Check the country of origin and the source.");
    case "term not_covered":
      return t("The listing of this species leaves these goods out: no CITES document is needed.");
    case "unit live_number":
      return t("Give live animals and plants as a number, without a unit.");
    case "unit weight":
      return t("Give caviar by weight, in kilograms or grams.");
    case "date caviar_18_months":
      return t("Caviar may be re-exported only within 18 months of its export permit.");
    case "document_type landlocked":
      return t("This country has no sea coast. For goods from the sea ask for an import permit.");
    case "country not_resident":
      return t("The country where the owner lives issues this certificate: ask there.");
    case "country not_based":
      return t("The country where the exhibition or collection is based issues this certificate: ask there.");
    default:
      return undefined;
  }
}

/** @param {string} code @returns {string | undefined} */
function ofCode(code) {
  const words = {
    required: t("This is needed."),
    too_long: t("This is too long."),
    too_many: t("At most 60 kinds of goods."),
    characters: t("There are characters in it that cannot be printed. Type it instead of pasting it."),
    not_latin: t("Latin letters only here: in English, French or Spanish."),
    unknown: t("Choose from the list."),
    date: t("There is no such day."),
    future: t("This day is still to come."),
    quantity: t("Digits, more than zero, with at most six decimals: 2 or 12.5"),
    origin_unproven: t("Our register does not show that these goods left under this permit. Check its number, the species and the quantity."),
    quota_passed: t("This year’s quota does not have so much left. Ask the ministry."),
    quota_zero: t("Export of this species is stopped this year: its quota is zero."),
    quota_unset: t("This year’s quota is not set yet. Ask the ministry."),
    too_many_quotas: t("Too many quotas at once: split the application."),
    number: t("Letters, digits, full stop, slash and hyphen."),
    year: t("A year in four digits."),
    quota_unit: t("The quota counts in another unit. Ask the ministry which."),
    one_animal: t("A certificate for each animal: one line, quantity 1."),
    not_live: t("This certificate is for live animals."),
    live: t("This certificate is not for live animals."),
    appendix_i: t("Not possible for Appendix I."),
    appendix_iii: t("Not possible for Appendix III."),
    not_a_plant: t("This certificate is for plants."),
    malformed: t("This cannot be read."),
  };
  return words[/** @type {keyof typeof words} */ (code)];
}
