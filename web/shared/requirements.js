// What the service says about names and requirements to anybody: GET /v1/species and /v1/requirements, without a sign-in.

import { Problem, Unreachable, ask } from "./api.js";

const FEW = 8;
const AT_ONCE = 4; // questions; a form has up to 60 lines

/** The best entries for a name; null where the list cannot be asked. @param {string} text @returns {Promise<import('./which.js').Taxon[] | null>} */
export const findTaxa = (text) => quietly(async () => (await ask(`/v1/species?q=${encodeURIComponent(text)}`)).body.items.slice(0, FEW));

/** @param {Record<string, string>} query @returns {Promise<import('./which.js').Found | null>} null: no answer */
export const tellRequirements = (query) => quietly(async () => (await ask(`/v1/requirements?${new URLSearchParams(query)}`)).body);

/** The answers in the order of the questions. @param {readonly Record<string, string>[]} queries @returns {Promise<(import('./which.js').Found | null)[]>} */
export async function tellEach(queries) {
  /** @type {(import('./which.js').Found | null)[]} */
  const found = [];
  const waiting = [...queries.entries()];
  const one = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) found[next[0]] = await tellRequirements(next[1]);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return found;
}

/**
 * What the importing country asks for each species of an application or permit, over all its origins and terms. Species
 * without a rule are left out.
 * @param {import('./application.js').Application} record @param {string} issuer @returns {Promise<[string, import('./importer.js').ImporterAsk[]][]>}
 */
export async function importerAsks({ document_type: kind, importer, lines = [] }, issuer) {
  const destination = importer?.country;
  if (kind === "I" || !destination || destination === issuer) return [];
  const direction = kind === "R" ? "reexport" : "export";
  /** @type {Map<string, Record<string, string>>} */
  const asked = new Map();
  for (const { scientific_name: species, term, origin } of lines) {
    const query = { species, direction, destination, ...(term && { term }), ...(origin?.country && { origin: origin.country }) };
    if (species) asked.set(JSON.stringify(query), query);
  }
  const queries = [...asked.values()];
  /** @type {Map<string, Map<string, import('./importer.js').ImporterAsk>>} */
  const rules = new Map();
  for (const [at, found] of (await tellEach(queries)).entries()) {
    const { species } = queries[at];
    const before = rules.get(species) ?? new Map();
    rules.set(species, new Map([...before, ...(found?.stricter_abroad ?? []).map((each) => /** @type {const} */ ([JSON.stringify(each), each]))]));
  }
  return [...rules].flatMap(([species, asks]) => (asks.size ? [/** @type {[string, import('./importer.js').ImporterAsk[]]} */ ([species, [...asks.values()]])] : []));
}

/** Null where there is no answer. @template T @param {() => Promise<T>} asking @returns {Promise<T | null>} */
export async function quietly(asking) {
  try {
    return await asking();
  } catch (error) {
    if (error instanceof Problem || error instanceof Unreachable) return null;
    throw error;
  }
}
