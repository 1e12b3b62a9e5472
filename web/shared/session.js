// Who is signed in in this tab: the access token, kept until the tab closes, and how the service is asked with it.

import { Problem, ask, askFile } from "./api.js";

const KEPT = "tamga.token";
const OWNER = "tamga.owner";
const UNAUTHENTICATED = 401;

/** @type {string | null} where storage is shut, for as long as the page lives */
let held = null;

/** Nobody is signed in, or no longer. What was to be sent is still the caller's. */
export class SignedOut extends Error {}

/** @type {() => Promise<boolean>} */
let renew = async () => false;

/**
 * The last renewal: of which token, and the token it gave. A refresh token may be good once, so all requests that were
 * sent with this token share it, also one whose 401 comes after it ended.
 * @type {{of: string, given: Promise<string | null>} | null}
 */
let renewal = null;

/** How a token that ran out becomes a new one (sign-in.js); false: not at all. Throws `Unreachable`. @param {() => Promise<boolean>} way */
export function renewWith(way) {
  renew = way;
}

/** @returns {string | null} */
export function bearer() {
  try {
    return sessionStorage.getItem(KEPT) ?? held;
  } catch {
    return held;
  }
}

/** @param {string} token an access token of the user pool */
export function keep(token) {
  held = token;
  try {
    sessionStorage.setItem(KEPT, token);
  } catch {
    // storage is shut: the page alone remembers
  }
}

export function forget() {
  held = null;
  renewal = null;
  try {
    sessionStorage.removeItem(KEPT);
  } catch {
    // storage is shut: nothing was kept
  }
}

/**
 * Whose the work is that was kept in this tab: where another person signs in, what is there is forgotten.
 * @param {string} person an id @param {() => void} forgetWork
 */
export function claim(person, forgetWork) {
  try {
    const owner = sessionStorage.getItem(OWNER);
    if (owner && owner !== person) forgetWork();
    sessionStorage.setItem(OWNER, person);
  } catch {
    // storage is shut: nothing was kept
  }
}

/** @typedef {RequestInit & {patience?: number}} Options */

/**
 * `ask` as the person who signed in; a token that ran out is renewed once. Throws `SignedOut` without a token and where
 * the service no longer takes it, `Problem`, `Unreachable`: then nobody is signed out, and the next try renews it.
 * @param {string} path @param {Options} [options]
 */
export const askAs = (path, options = {}) => signed(options, (each) => ask(path, each));

/** `askFile` in the same way. @param {string} path @param {Options} [options] */
export const fileAs = (path, options = {}) => signed(options, (each) => askFile(path, each));

/** @template T @param {Options} options @param {(options: Options) => Promise<T>} asking @returns {Promise<T>} */
async function signed(options, asking) {
  const token = bearer();
  if (!token) throw new SignedOut();
  const askWith = (/** @type {string} */ each) => asking({ ...options, headers: { ...options.headers, Authorization: `Bearer ${each}` } });
  try {
    return await askWith(token);
  } catch (error) {
    if (!ranOut(error)) throw error;
  }
  const other = await renewed(token);
  try {
    if (other) return await askWith(other);
  } catch (error) {
    if (!ranOut(error)) throw error;
  }
  if (bearer() === (other ?? token)) forget();
  throw new SignedOut();
}

/** The token that took the place of `old`; null: none did, and the next request tries again. Throws `Unreachable`. @param {string} old */
async function renewed(old) {
  if (renewal?.of !== old) renewal = { of: old, given: renew().then((done) => (done ? bearer() : null)) };
  const mine = renewal;
  let other = null;
  try {
    return (other = await mine.given);
  } finally {
    if (other === null && renewal === mine) renewal = null;
  }
}

/** Every page of a list, as `askAs`. @param {string} path @param {Record<string, string>} [asked] @returns {Promise<any[]>} */
export async function askAll(path, asked = {}) {
  const found = [];
  let cursor = "";
  do {
    const { body } = await askAs(`${path}?${new URLSearchParams({ ...asked, ...(cursor && { cursor }) })}`);
    found.push(...body.items);
    cursor = body.cursor ?? "";
  } while (cursor);
  return found;
}

/** @param {unknown} error */
const ranOut = (error) => error instanceof Problem && error.status === UNAUTHENTICATED;
