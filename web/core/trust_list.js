/**
 * How a Party's trust list is believed: roots, pins, bundles.
 *
 * A trust list is ONE Party's, a COSE_Sign1 by that Party's root over the payload of `trust_payload.js` (FORMAT.md 4).
 * The list carries its root's public key because the signature cannot be checked without it, but is never believed on
 * it: the key's full JWK thumbprint (RFC 7638, SHA-256) must be pinned for the Party that the list names. A bundle is a
 * CBOR array of byte strings, each one signed list, each judged by itself.
 *
 * @typedef {import("./bytes.js").Bytes} Bytes
 * @typedef {import("./trust_payload.js").TrustList} TrustList
 *
 * What a verifier is configured with: a country and its one or two roots, as full 32-byte JWK thumbprints. `practice`:
 * they are roots of its practice register. `practice_host`: where that register speaks, "" if it is not known; named
 * under a real root, too, so that a practice sheet is told from a forgery (T7).
 * @typedef {{readonly country: string, readonly thumbprints: readonly Bytes[], readonly practice: boolean,
 *   readonly practice_host: string}} Pin
 */

import { equalBytes, toHex } from "./bytes.js";
import * as cbor from "./cbor.js";
import * as cose from "./cose.js";
import { DecodeError, Invalid } from "./errors.js";
import { LIST_CAP, readPayload, refuse } from "./trust_payload.js";

const TRUST_LIST_TYPE = "application/vnd.tamga.trust-list+cwt"; // COSE `typ`, RFC 9596
const BUNDLE_CAP = 16 * 1_048_576; // bytes
const BUNDLE_LISTS = 256; // more than there are Parties (185)
/** @type {ReadonlyMap<string, number>} */
const NONE_SEEN = new Map();

/**
 * One signed list, believed because a pinned root signed it. Whether it has expired is the verdict's to say.
 *
 * 1 size, CBOR, COSE shape, `typ`   2 claims against the schema   3 the Party pinned, with the root that is carried
 * 4 the header's kid is that root's   5 signature
 * 6 under a practice pin that Party's practice host alone, under a real one nobody's
 * Throws `DecodeError` T1.
 *
 * @param {Bytes} data
 * @param {readonly Pin[]} pins
 * @returns {Promise<TrustList>}
 */
export async function openTrustList(data, pins) {
  const sign1 = signed(data); // 1
  const found = await readPayload(sign1.payload); // 2
  const thumbprint = await cose.thumbprint(found.root);
  const pin = pinOf(pins, found.issuer); // 3
  if (pin === null || !pin.thumbprints.some((pinned) => equalBytes(pinned, thumbprint))) {
    refuse("its root is not pinned for that country");
  }
  if (!equalBytes(sign1.kid, thumbprint.subarray(0, cose.KID_BYTES))) refuse("it names another key than its root"); // 4
  if (!(await cose.verify(sign1, found.root))) refuse("the root's signature does not match"); // 5
  if (found.hosts.some(({ name }) => isPractice(name, pin, pins) !== pin.practice)) { // 6
    refuse("practice and real hosts are never mixed");
  }
  return found;
}

/** @param {string} host @param {Pin} pin @param {readonly Pin[]} pins */
const isPractice = (host, pin, pins) => (pin.practice ? [pin] : pins).some((each) => each.practice_host === host);

/** @param {Bytes} data @returns {cose.Sign1} */
function signed(data) {
  try {
    return cose.decodeSign1(data, { cap: LIST_CAP, typ: TRUST_LIST_TYPE });
  } catch (error) {
    if (error instanceof DecodeError) refuse(error.detail.replace(/^The code is damaged: /, ""));
    throw error;
  }
}

/**
 * The lists of a bundle that can be believed, one a country, in the order of the pins.
 *
 * Each is checked by itself, and a bad one spoils no other. `newestSeq`: country -> highest seq seen; older is refused
 * (rollback). Of several lists of a country the newest counts, but before `now` a list that has begun; two different
 * ones with the same seq count for nothing. Throws `DecodeError` T1 when the bundle is no bundle, or when it holds
 * lists and none can be believed (then the reason of the first).
 *
 * @param {Bytes} data
 * @param {readonly Pin[]} pins
 * @param {{newestSeq?: ReadonlyMap<string, number>, now?: number | null}} [known]
 * @returns {Promise<TrustList[]>}
 */
export async function openBundle(data, pins, { newestSeq = NONE_SEEN, now = null } = {}) {
  const items = listsOf(data);
  /** @type {Map<string, TrustList[]>} */
  const found = new Map();
  /** @type {DecodeError[]} */
  const refusals = [];
  for (const item of new Map(items.map((each) => [toHex(each), each])).values()) {
    try {
      const each = await openTrustList(item, pins);
      if (each.seq < (newestSeq.get(each.issuer) ?? 0)) refuse("it is older than one seen before");
      found.set(each.issuer, [...(found.get(each.issuer) ?? []), each]);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      refusals.push(error);
    }
  }
  const believed = pins.flatMap((pin) => newest(found.get(pin.country) ?? [], now));
  if (items.length > 0 && believed.length === 0) {
    throw refusals[0] ?? new DecodeError("T1", 3, "Trust list: one root signed two under one number");
  }
  return believed;
}

/** @param {Bytes} data @returns {Bytes[]} */
function listsOf(data) {
  try {
    const items = cbor.decode(data, { cap: BUNDLE_CAP, depth: 1 });
    if (Array.isArray(items) && items.length <= BUNDLE_LISTS && items.every(cose.isBytes)) return items;
  } catch (error) {
    if (!(error instanceof cbor.CborError)) throw error;
    refuse(error.detail);
  }
  return refuse("a bundle is an array of at most 256 signed lists");
}

/**
 * The list of one country that counts; none, if there are two.
 *
 * @param {readonly TrustList[]} lists
 * @param {number | null} now
 * @returns {TrustList[]}
 */
function newest(lists, now) {
  const begun = lists.filter((each) => now === null || each.notBefore <= now);
  const able = begun.length > 0 ? begun : lists;
  const seq = Math.max(...able.map((each) => each.seq));
  const best = able.filter((each) => each.seq === seq);
  return best.every((each) => equalBytes(each.payload, best[0].payload)) ? best.slice(0, 1) : [];
}

/** @param {readonly Pin[]} pins @param {string} country @returns {Pin | null} */
function pinOf(pins, country) {
  const found = pins.filter((pin) => pin.country === country);
  const prints = found.map((pin) => pin.thumbprints);
  if (found.length > 1 || prints.some((each) => ![1, 2].includes(each.length) || each.some((t) => t.length !== 32))) {
    const detail = `${country}: pin one country once, with one or two 32-byte thumbprints`;
    throw new Invalid({ field: "pins", code: "pin", detail });
  }
  return found[0] ?? null;
}
