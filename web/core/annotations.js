/**
 * Annotations of the Appendices: whether the listing of a taxon covers goods of it. It does the same as
 * chalicelib/species/model/annotations.py, over the same vectors, with the rules that the service hands out (the member
 * `annotations` of the bundle's part `requirements`). chalicelib/species/model/annotation_rules.py explains a rule.
 *
 * A condition that is absent accepts everything. `follows`: the symbol whose rules decide instead of `result`.
 * @typedef {{result: string, why: string, terms?: readonly string[], forms?: readonly string[], sources?: readonly string[],
 *   origins?: readonly string[], families?: readonly string[], taxa?: readonly string[], most?: string, least?: string,
 *   since?: string, until?: string, assumed?: boolean, follows?: string, not_wild?: boolean}} Rule
 * @typedef {{symbols: Record<string, readonly Rule[]>, exceptions: Record<string, readonly Rule[]>,
 *   named: Record<string, readonly Rule[]>, forms: readonly string[], as_of: string}} Rules
 *
 * Goods of one taxon. An absent fact is not known.
 * @typedef {{symbol?: string, excepts?: readonly string[], taxon?: string, family?: string, term?: string | null,
 *   form?: string | null, origin?: string | null, source?: string | null, purpose?: string | null, quantity?: string | null,
 *   unit?: string | null}} Goods
 * @typedef {{result: string, why: string}} Coverage
 */

import { UNITS, appliesToSource, countedSource } from "./codes.js";
import { QUANTITY, amount } from "./single_use.js";

const OTHER = "other";
const OF_NO_COUNTRY = ["XX", "XV", "ZZ"];
const MISSING = ["term", "form", "source", "origin", "weight"];
const KILOGRAM = "KGM";
const NUMBER = "NAR";
const FROM_THE_WILD = ["W", "R", "X"];
const [TROPHY, HUNTING] = ["TRO", "H"];

/** Rules for no goods at all: what a device has whose part is older than annotations. @type {Rules} */
export const NO_RULES = { symbols: {}, exceptions: {}, named: {}, forms: [], as_of: "" };

/** Whether the listing covers these goods on this day: listed, outside or ask. @param {Goods} goods @param {string} day @param {Rules} rules @returns {Coverage} */
export function covered(goods, day, rules) {
  const found = [...outcomes(goods, day, rules)];
  const [certain] = found[found.length - 1];
  const others = found.filter(([each]) => each.result !== certain.result);
  if (!others.length) return certain;
  const missing = others.flatMap(([, facts]) => facts);
  return { result: "ask", why: MISSING.find((fact) => missing.includes(fact)) ?? "" };
}

/** Forms that decide whether these goods are listed on this day. @param {Goods} goods @param {string} day @param {Rules} rules @returns {string[]} */
export function formNeeded(goods, day, rules) {
  const with_ = (/** @type {string} */ form) => JSON.stringify([...outcomes({ ...goods, form }, day, rules)]);
  const asked = rulesOf(goods, rules)
    .filter((rule) => !rule.assumed)
    .flatMap((rule) => (rule.forms ?? []).filter((form) => matches(rule, { ...goods, form }, day) !== null));
  return rules.forms.filter((form) => asked.includes(form) && with_(form) !== with_(OTHER));
}

/** One term of each kind that the rules for these goods tell apart. @param {Goods} goods @param {Rules} rules @param {Iterable<string>} terms */
export function decidingTerms(goods, rules, terms) {
  const own = rulesOf(goods, rules);
  const first = new Map();
  for (const term of own.length ? terms : []) {
    const kind = JSON.stringify(own.map((rule) => rule.terms?.includes(term) ?? false));
    if (!first.has(kind)) first.set(kind, term);
  }
  return [...first.values()];
}

/** @param {Goods} goods @param {Rules} rules @returns {Rule[]} */
function rulesOf(goods, rules) {
  const all = [...excepted(goods, rules).flat(), ...own(goods, rules)].filter((rule) => ofTaxon(rule, goods));
  return all.flatMap((rule) => (rule.follows ? rules.symbols[rule.follows] : [rule])).filter((rule) => ofTaxon(rule, goods));
}

/** @param {Goods} goods @param {Rules} rules */
const excepted = ({ excepts = [] }, { exceptions }) => [...excepts].sort().map((code) => exceptions[code] ?? []);

/** @param {Goods} goods @param {Rules} rules */
const own = ({ symbol, family = "" }, { symbols, named }) => (symbol ? symbols[symbol] : named[family]) ?? [];

/** Each possible result with the facts that are missing for it. The last one is certain. @param {Goods} goods @param {string} day @param {Rules} rules @returns {Generator<[Coverage, string[]]>} */
function* outcomes(goods, day, rules) {
  for (const list of [...excepted(goods, rules), own(goods, rules)])
    for (const each of results(list, goods, day, rules)) {
      yield each;
      if (!each[1].length) return;
    }
  yield [{ result: "listed", why: "" }, []];
}

/** @param {readonly Rule[]} list @param {Goods} goods @param {string} day @param {Rules} rules @returns {Generator<[Coverage, string[]]>} */
function* results(list, goods, day, rules) {
  for (const rule of list) {
    const missing = matches(rule, goods, day);
    if (missing === null) continue;
    /** @type {Iterable<[Coverage, string[]]>} */
    const found = rule.follows ? results(rules.symbols[rule.follows], goods, day, rules) : [[{ result: rule.result, why: rule.why }, []]];
    for (const [each, more] of found) yield [each, [...missing, ...more.filter((fact) => !missing.includes(fact))]];
    if (!missing.length) return;
  }
}

/** The facts that are missing for this rule to match, or null if it does not match. @param {Rule} rule @param {Goods} goods @param {string} day */
function matches(rule, goods, day) {
  if ((rule.since && day < rule.since) || (rule.until && day >= rule.until) || !ofTaxon(rule, goods)) return null;
  const { term, form, source, origin } = goods;
  /** @type {Record<string, boolean | null>} */
  const fits = {
    term: !rule.terms || (term ? rule.terms.includes(term) : null),
    form: !rule.forms || (form || rule.assumed ? rule.forms.includes(form ?? "") : null),
    source: !rule.sources || (source ? appliesToSource(source, rule.sources) : null),
    origin: !rule.origins || (!origin || OF_NO_COUNTRY.includes(origin) ? null : rule.origins.includes(origin)),
    weight: !rule.most || withinWeight(goods, rule.most),
    number: !rule.least || isNumber(goods, rule.least),
    wild: !rule.not_wild || !isOfWildAnimal(goods),
  };
  if (Object.values(fits).includes(false)) return null;
  return Object.keys(fits).filter((fact) => fits[fact] === null);
}

/** True if source, term or purpose says that the animal lived in the wild. @param {{source?: string | null, term?: string | null, purpose?: string | null}} goods */
export const isOfWildAnimal = ({ source, term, purpose }) => FROM_THE_WILD.includes(countedSource(source ?? "")) || term === TROPHY || purpose === HUNTING;

/** @param {Rule} rule @param {Goods} goods */
function ofTaxon({ taxa, families }, { taxon = "", family = "" }) {
  return (!taxa || taxa.some((name) => taxon === name || taxon.startsWith(`${name} `))) && (!families || families.includes(family));
}

/** @param {Goods} goods @param {string} most kilograms @returns {boolean | null} */
function withinWeight({ quantity, unit }, most) {
  const known = unit ? UNITS.get(unit) : undefined;
  if (!QUANTITY.test(quantity ?? "") || known?.base !== KILOGRAM) return null;
  return amount(quantity ?? "") * known.millionths <= BigInt(most) * 10n ** 12n;
}

/** True if so many specimens, or more, may be in the consignment. @param {Goods} goods @param {string} least */
const isNumber = ({ quantity, unit }, least) => !QUANTITY.test(quantity ?? "") || (unit || NUMBER) !== NUMBER || amount(quantity ?? "") >= BigInt(least) * 10n ** 6n;
