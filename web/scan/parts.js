// What is kept beside the bundle, part by part: fetched once, and again when the bundle names another version of it. A part
// that cannot be fetched leaves the one that is held; judging needs none of them.

import { Problem, Unreachable } from "../shared/api.js";
import { SignedOut, askAs } from "../shared/session.js";
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

/** @param {Record<string, string>} told  name -> ETag, as the bundle says */
export async function refreshParts(told) {
  for (const [name, etag] of Object.entries(told)) {
    const held = await part(name);
    if (held?.etag === etag) continue;
    const body = await fetched(name);
    if (body !== null) await keep(`part:${name}`, { etag, fetchedAt: Math.floor(Date.now() / 1000), body });
  }
}

/** Null where it cannot be had now. @param {string} name */
async function fetched(name) {
  try {
    return (await askAs(`/v1/bundle/${encodeURIComponent(name)}`, { cache: "no-store", patience: PATIENCE })).body;
  } catch (error) {
    if (error instanceof Problem || error instanceof Unreachable || error instanceof SignedOut) return null; // the next time
    throw error;
  }
}
