// What the service says about names and requirements to anybody: GET /v1/species and /v1/requirements, without a sign-in.

import { Problem, Unreachable, ask } from "./api.js";

const FEW = 8;

/** The best entries for a name; null where the list cannot be asked. @param {string} text @returns {Promise<import('./which.js').Taxon[] | null>} */
export const findTaxa = (text) => quietly(async () => (await ask(`/v1/species?q=${encodeURIComponent(text)}`)).body.items.slice(0, FEW));

/** @param {Record<string, string>} query @returns {Promise<import('./which.js').Found | null>} null: no answer */
export const tellRequirements = (query) => quietly(async () => (await ask(`/v1/requirements?${new URLSearchParams(query)}`)).body);

/** Null where there is no answer. @template T @param {() => Promise<T>} asking @returns {Promise<T | null>} */
export async function quietly(asking) {
  try {
    return await asking();
  } catch (error) {
    if (error instanceof Problem || error instanceof Unreachable) return null;
    throw error;
  }
}
