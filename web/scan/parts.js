// What is kept beside the bundle, part by part: fetched once, and again when the bundle names another version of it. A part
// that cannot be fetched leaves the one that is held; judging needs none of them.

import { practising } from "./practice.js";
import { keep, read } from "./store.js";

/** @typedef {{etag: string, fetchedAt: number, body: any}} Part */

const PATIENCE = 30_000; // ms
const NAMES = ["species", "requirements", "quotas"];

/** The part as it was last fetched; undefined: never. @param {string} name @returns {Promise<Part | undefined>} */
export const part = async (name) => (practising ? practising.parts[name] : read(`part:${name}`));

/** All that are held, for who goes into practice. @returns {Promise<Record<string, Part>>} */
export async function parts() {
  const held = await Promise.all(NAMES.map(async (name) => /** @type {const} */ ([name, await part(name)])));
  return Object.fromEntries(held.flatMap(([name, each]) => (each ? [[name, each]] : [])));
}

/** @param {Record<string, string>} told  name -> ETag, as the bundle says @param {string} token */
export async function refreshParts(told, token) {
  for (const [name, etag] of Object.entries(told)) {
    const held = await part(name);
    if (held?.etag === etag) continue;
    const body = await fetched(name, token);
    if (body !== null) await keep(`part:${name}`, { etag, fetchedAt: Math.floor(Date.now() / 1000), body });
  }
}

/** Null where it cannot be had now. @param {string} name @param {string} token */
async function fetched(name, token) {
  try {
    const answer = await fetch(`/v1/bundle/${encodeURIComponent(name)}`, {
      headers: { Authorization: `Bearer ${token}` },
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE),
    });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null; // no network, cut off, or no JSON: the next time
  }
}
