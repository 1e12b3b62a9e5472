/**
 * A Party's trust list (FORMAT.md 4), with its hosts, keys and root: decode and verify it.
 *
 *     claims   = { 1: iss, 4: exp, 5: nbf, 6: seq, -65538: body }             ; seq = time of issue; RFC 8392 labels
 *     body     = { 0: zone, 1: [1* host], 2: status-prefix, 3: [* key], 4: COSE_Key }      ; 4: the root itself
 *     host     = [ name, since, ? until ]                     ; a host is valid for since <= iat < until
 *     key      = { 0: purpose, 1: COSE_Key, 2: nbf, ? 3: [1* kind], ? 4: retired_at, ? 5: true, ? 6: bstr .size 32 }
 *     COSE_Key = { 1: 2, 2: kid, 3: -7, -1: 1, -2: bstr .size 32, -3: bstr .size 32 }      ; RFC 9052 s. 7
 *
 * Each Party signs its own list with its root: a COSE_Sign1 over these claims. The list contains the root's public key,
 * which is needed to check the signature. That key counts only if its full JWK thumbprint (RFC 7638, SHA-256) is pinned
 * for the Party that the list names. A bundle is a CBOR array of byte strings. Each is a signed list, judged by itself.
 *
 * @typedef {import("./bytes.js").Bytes} Bytes
 * @typedef {import("./cose.js").PublicKey} PublicKey
 * @typedef {ReadonlyMap<unknown, unknown>} Fields
 * @typedef {"permit" | "status" | "pdf"} Purpose
 *
 * A lower-case DNS name in the Party's codes, from `since` and, if it has ended, before `until`.
 * @typedef {{readonly name: string, readonly since: number, readonly until: number | null}} Host
 *
 * A P-256 key of one purpose. `kinds`: kinds of document that a `permit` key may sign. `retiredAt` is compared with the
 * time of signing. `compromised` needs no date and is never withdrawn. `fingerprint` of a pdf key: SHA-256 of the
 * certificate (DER).
 * @typedef {object} TrustKey
 * @property {Bytes} kid
 * @property {PublicKey} publicKey
 * @property {Purpose} purpose
 * @property {readonly string[]} kinds
 * @property {number} notBefore
 * @property {number | null} retiredAt
 * @property {boolean} compromised
 * @property {Bytes | null} fingerprint
 *
 * A decoded trust list. `payload`: its bytes; two lists are the same if these are equal.
 * @typedef {object} TrustList
 * @property {string} issuer
 * @property {number} seq
 * @property {number} notBefore
 * @property {number} expiresAt
 * @property {string} zone
 * @property {readonly Host[]} hosts
 * @property {string} statusPrefix
 * @property {readonly TrustKey[]} keys
 * @property {PublicKey} root
 * @property {Bytes} payload
 *
 * Configuration of a verifier: a country and its one or two roots, as full 32-byte JWK thumbprints. `practice`: they
 * are roots of its practice register. `practice_host`: the host of that register, "" if unknown. A pin of a real root
 * has it too, to distinguish a practice sheet from a forgery (T7).
 * @typedef {{readonly country: string, readonly thumbprints: readonly Bytes[], readonly practice: boolean,
 *   readonly practice_host: string}} Pin
 */

import { equalBytes, toHex } from "./bytes.js";
import * as cbor from "./cbor.js";
import { KINDS } from "./codes.js";
import * as cose from "./cose.js";
import { DecodeError, Invalid } from "./errors.js";

const TRUST_LIST_TYPE = "application/vnd.tamga.trust-list+cwt"; // COSE `typ`, RFC 9596
const BUNDLE_CAP = 16 * 1_048_576; // bytes
const BUNDLE_LISTS = 256; // more than there are Parties (185)
const DAY = 86_400;
const LIFETIME = 60 * DAY; // FORMAT.md 4
export const TIME_MAX = Number.MAX_SAFE_INTEGER;
const LIST_CAP = 131_072; // bytes
const [KEYS_AT_MOST, HOSTS_AT_MOST] = [500, 50];
const DEPTH = 6; // of the schema above
const BODY = -65538; // CWT claim label, private use (RFC 8392 s. 9.1)
/** @type {readonly Purpose[]} */
const PURPOSES = ["permit", "status", "pdf"];

const COUNTRY_FORM = /^[A-Z]{2}$/;
const ZONE = /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+){0,2}$/; // form of an IANA name; not looked up here
const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const HOST_NAME = new RegExp(`^(?=.{1,253}$)${LABEL}(?:\\.${LABEL})+$`);
const PREFIX = /^https:\/\/([^/]+)\/s\/$/;
/** @type {ReadonlyMap<string, number>} */
const NONE_SEEN = new Map();

/**
 * Verify one signed list: a pinned root must have signed it. The verdict, not this function, checks its expiry.
 *
 * 1 size, CBOR, COSE shape, `typ`   2 claims against the schema   3 the Party is pinned, with the root in the list
 * 4 the header's kid is that root's   5 signature
 * 6 hosts: under a practice pin only that Party's practice host, under a real pin no practice host
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
    refuseList("its root is not pinned for that country");
  }
  if (!equalBytes(sign1.kid, thumbprint.subarray(0, cose.KID_BYTES))) refuseList("the kid of the header is not that of its root"); // 4
  if (!(await cose.verify(sign1, found.root))) refuseList("the root's signature does not match"); // 5
  if (found.hosts.some(({ name }) => isPractice(name, pin, pins) !== pin.practice)) { // 6
    refuseList("practice and real hosts are never mixed");
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
    if (error instanceof DecodeError) refuseList(error.detail.replace(/^The code is damaged: /, ""));
    throw error;
  }
}

/**
 * Verify the lists of a bundle. Return the valid ones, one a country, in the order of the pins.
 *
 * Each list is checked by itself; a bad one affects no other. `newestSeq`: country -> highest seq seen; older lists are
 * refused (rollback). Of several lists of a country the newest counts. If `now` is given, lists that have begun by then
 * come first. Of two different lists with the same seq, neither counts. Throws `DecodeError` T1 if the data are no
 * bundle, or if no list of a non-empty bundle is valid (with the reason of the first refusal).
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
      if (each.seq < (newestSeq.get(each.issuer) ?? 0)) refuseList("its seq is lower than one accepted before");
      found.set(each.issuer, [...(found.get(each.issuer) ?? []), each]);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      refusals.push(error);
    }
  }
  const believed = pins.flatMap((pin) => newest(found.get(pin.country) ?? [], now));
  if (items.length > 0 && believed.length === 0) {
    throw refusals[0] ?? new DecodeError("T1", 3, "Trust list: one root signed two different lists with the same seq");
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
    refuseList(error.detail);
  }
  return refuseList("a bundle must be an array of at most 256 signed lists");
}

/**
 * The list of one country that counts; none if two different ones have the highest seq.
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
    const detail = `${country}: pin each country once, with one or two 32-byte thumbprints`;
    throw new Invalid({ field: "pins", code: "pin", detail });
  }
  return found[0] ?? null;
}

/**
 * Decode a payload by the exact schema in this module's comment. Throws `DecodeError` T1.
 *
 * The signature is not checked here. A list without a verified signature may be shown and checked, never trusted.
 *
 * @param {Bytes} payload
 * @returns {Promise<TrustList>}
 */
async function readPayload(payload) {
  const claims = fieldsOf(decoded(payload), [1, 4, 5, 6, BODY]);
  const body = fieldsOf(claims.get(BODY), [0, 1, 2, 3, 4]);
  const [seq, notBefore, expiresAt] = [6, 5, 4].map((label) => time(claims.get(label)));
  if (notBefore >= expiresAt || seq >= expiresAt || expiresAt > seq + LIFETIME) {
    refuseList("`exp` must be after `nbf`, and at most 60 days after the seq");
  }
  const hosts = array(body.get(1), 1, HOSTS_AT_MOST).map(hostOf);
  const keys = await Promise.all(array(body.get(3), 0, KEYS_AT_MOST).map(keyOf));
  const root = await publicKeyOf(body.get(4));
  const statusPrefix = text(body.get(2), PREFIX);
  const names = new Set(hosts.map((host) => host.name));
  if (names.size !== hosts.length || !names.has(PREFIX.exec(statusPrefix)?.[1] ?? "")) {
    refuseList("a host is listed twice, or the host of the status prefix is not listed");
  }
  const kids = new Set([...keys, root].map((key) => toHex(key.kid)));
  if (kids.size !== keys.length + 1) refuseList("a key is listed twice, or the root key is also a key of the list");
  const [issuer, zone] = [text(claims.get(1), COUNTRY_FORM), text(body.get(0), ZONE)];
  return { issuer, seq, notBefore, expiresAt, zone, hosts, statusPrefix, keys, root: root.publicKey, payload };
}

/** @param {Bytes} payload @returns {unknown} */
function decoded(payload) {
  try {
    return cbor.decode(payload, { cap: LIST_CAP, depth: DEPTH });
  } catch (error) {
    if (error instanceof cbor.CborError) refuseList(error.detail);
    throw error;
  }
}

/** @param {unknown} item @returns {Host} */
function hostOf(item) {
  const parts = array(item, 2, 3);
  const [since, until] = [time(parts[1]), parts.length === 3 ? time(parts[2]) : null];
  if (until !== null && until <= since) refuseList("`until` of a host is not after its `since`");
  return { name: text(parts[0], HOST_NAME), since, until };
}

/** @param {unknown} item @returns {Promise<TrustKey>} */
async function keyOf(item) {
  const fields = fieldsOf(item, [0, 1, 2], [3, 4, 5, 6]);
  const { kid, publicKey } = await publicKeyOf(fields.get(1));
  const purpose = PURPOSES.find((each) => each === fields.get(0));
  if (purpose === undefined || fields.has(3) !== (purpose === "permit") || fields.has(6) !== (purpose === "pdf")) {
    refuseList("a key has an unknown purpose, or fields that its purpose does not have");
  }
  if (fields.has(5) && fields.get(5) !== true) refuseList("`compromised` must be true or absent");
  return {
    kid,
    publicKey,
    purpose,
    kinds: fields.has(3) ? kindsOf(fields.get(3)) : [],
    notBefore: time(fields.get(2)),
    retiredAt: fields.has(4) ? time(fields.get(4)) : null,
    compromised: fields.has(5),
    fingerprint: fields.has(6) ? fingerprintOf(fields.get(6)) : null,
  };
}

/** @param {unknown} item @returns {string[]} */
function kindsOf(item) {
  const kinds = array(item, 1, KINDS.size);
  const inOrder = kinds.every((kind, at) => at === 0 || String(kinds[at - 1]) < String(kind)); // known ones are ASCII
  if (!inOrder || !kinds.every((kind) => typeof kind === "string" && KINDS.has(kind))) {
    refuseList("the kinds of a key are not known codes in order, each once");
  }
  return kinds.map(String);
}

/** @param {unknown} item @returns {Bytes} */
function fingerprintOf(item) {
  if (!cose.isBytes(item) || item.length !== 32) refuseList("a fingerprint must have 32 bytes");
  return item;
}

/**
 * Decode a COSE_Key on P-256. Its kid must be that of its own thumbprint.
 *
 * @param {unknown} item
 * @returns {Promise<{kid: Bytes, publicKey: PublicKey}>}
 */
async function publicKeyOf(item) {
  const fields = fieldsOf(item, [1, 2, 3, -1, -2, -3]);
  const [kid, x, y] = [fields.get(2), fields.get(-2), fields.get(-3)];
  if (!cose.isBytes(x) || !cose.isBytes(y)) refuseList("the coordinates of a COSE_Key are not byte strings");
  const publicKey = keyAt(x, y);
  const isES256 = fields.get(1) === 2 && fields.get(3) === cose.ES256 && fields.get(-1) === 1;
  if (!isES256 || !cose.isBytes(kid) || !equalBytes(kid, await cose.keyId(publicKey))) {
    refuseList("a COSE_Key is not an ES256 key with the kid of its thumbprint");
  }
  return { kid, publicKey };
}

/** @param {Bytes} x @param {Bytes} y @returns {PublicKey} */
function keyAt(x, y) {
  try {
    return cose.publicKeyXy(x, y);
  } catch (error) {
    if (error instanceof cose.KeyFormatError) refuseList(error.detail);
    throw error;
  }
}

/**
 * @param {unknown} item
 * @param {readonly number[]} required
 * @param {readonly number[]} [optional]
 * @returns {Fields}
 */
function fieldsOf(item, required, optional = []) {
  /** @type {readonly unknown[]} */
  const all = [...required, ...optional];
  const has = item instanceof Map && required.every((key) => item.has(key));
  if (!has || ![...item.keys()].every((key) => all.includes(key))) refuseList("a map does not have the fields of the schema");
  return item;
}

/** @param {unknown} item @param {number} least @param {number} most @returns {unknown[]} */
function array(item, least, most) {
  if (!Array.isArray(item) || item.length < least || item.length > most) {
    refuseList("an array is missing, too short or too long");
  }
  return item;
}

/** @param {unknown} item @param {RegExp} pattern @returns {string} */
function text(item, pattern) {
  if (typeof item !== "string" || !pattern.test(item)) refuseList("a text does not have the form of its field");
  return item;
}

/** @param {unknown} item @returns {number} */
function time(item) {
  if (typeof item !== "number" || item < 0) refuseList("a time is not a whole number of seconds");
  return item;
}

/**
 * Throw `DecodeError` T1 with this reason.
 *
 * @param {string} why
 * @returns {never}
 */
function refuseList(why) {
  throw new DecodeError("T1", 3, `Trust list: ${why}`);
}
