/**
 * What a Party's trust list says: its hosts, keys and root, as the payload that a root signed.
 *
 *     claims   = { 1: iss, 4: exp, 5: nbf, 6: seq, -65538: body }             ; seq = time of issue; RFC 8392 labels
 *     body     = { 0: zone, 1: [1* host], 2: status-prefix, 3: [* key], 4: COSE_Key }      ; 4: the root itself
 *     host     = [ name, since, ? until ]                     ; a host speaks in since <= iat < until
 *     key      = { 0: purpose, 1: COSE_Key, 2: nbf, ? 3: [1* kind], ? 4: retired_at, ? 5: true, ? 6: bstr .size 32 }
 *     COSE_Key = { 1: 2, 2: kid, 3: -7, -1: 1, -2: bstr .size 32, -3: bstr .size 32 }      ; RFC 9052 s. 7
 *
 * FORMAT.md 4; who believes it: `trust_list.js`.
 *
 * @typedef {import("./bytes.js").Bytes} Bytes
 * @typedef {import("./cose.js").PublicKey} PublicKey
 * @typedef {ReadonlyMap<unknown, unknown>} Fields
 * @typedef {"permit" | "status" | "pdf"} Purpose
 *
 * A lower-case DNS name that the Party's codes carried from `since` and, if it has ended, before `until`.
 * @typedef {{readonly name: string, readonly since: number, readonly until: number | null}} Host
 *
 * A P-256 key of one purpose. `kinds`: what a `permit` key may sign. `retiredAt` is compared with the time of signing;
 * `compromised` needs no date and is never taken back. `fingerprint`, of pdf keys: SHA-256 of the certificate (DER).
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
 * What a Party's root says. `payload`: the bytes that were read; lists are the same if these are.
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
 */

import { equalBytes, toHex } from "./bytes.js";
import * as cbor from "./cbor.js";
import { KINDS } from "./codes.js";
import * as cose from "./cose.js";
import { DecodeError } from "./errors.js";

const DAY = 86_400;
const LIFETIME = 60 * DAY; // FORMAT.md 4
export const TIME_MAX = Number.MAX_SAFE_INTEGER;
export const LIST_CAP = 131_072; // bytes
const [KEYS_AT_MOST, HOSTS_AT_MOST] = [500, 50];
const DEPTH = 6; // of the schema above
const BODY = -65538; // CWT claim label, private use (RFC 8392 s. 9.1)
/** @type {readonly Purpose[]} */
const PURPOSES = ["permit", "status", "pdf"];

const PARTY = /^[A-Z]{2}$/;
const ZONE = /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+){0,2}$/; // spelling of an IANA name; not looked up here
const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const HOST = new RegExp(`^(?=.{1,253}$)${LABEL}(?:\\.${LABEL})+$`);
const PREFIX = /^https:\/\/([^/]+)\/s\/$/;

/**
 * The schema in this module's comment, to the letter. Throws `DecodeError` T1.
 *
 * A list that nobody has signed may be shown and checked, never believed.
 *
 * @param {Bytes} payload
 * @returns {Promise<TrustList>}
 */
export async function readPayload(payload) {
  const claims = fieldsOf(decoded(payload), [1, 4, 5, 6, BODY]);
  const body = fieldsOf(claims.get(BODY), [0, 1, 2, 3, 4]);
  const [seq, notBefore, expiresAt] = [6, 5, 4].map((label) => time(claims.get(label)));
  if (notBefore >= expiresAt || seq >= expiresAt || expiresAt > seq + LIFETIME) {
    refuse("it is valid for more than 60 days, or never");
  }
  const hosts = array(body.get(1), 1, HOSTS_AT_MOST).map(hostOf);
  const keys = await Promise.all(array(body.get(3), 0, KEYS_AT_MOST).map(keyOf));
  const root = await publicKeyOf(body.get(4));
  const statusPrefix = text(body.get(2), PREFIX);
  const names = new Set(hosts.map((host) => host.name));
  if (names.size !== hosts.length || !names.has(PREFIX.exec(statusPrefix)?.[1] ?? "")) {
    refuse("a host is named twice, or the status prefix has a host of its own");
  }
  const kids = new Set([...keys, root].map((key) => toHex(key.kid)));
  if (kids.size !== keys.length + 1) refuse("a key is listed twice, or the root has another purpose");
  const [issuer, zone] = [text(claims.get(1), PARTY), text(body.get(0), ZONE)];
  return { issuer, seq, notBefore, expiresAt, zone, hosts, statusPrefix, keys, root: root.publicKey, payload };
}

/** @param {Bytes} payload @returns {unknown} */
function decoded(payload) {
  try {
    return cbor.decode(payload, { cap: LIST_CAP, depth: DEPTH });
  } catch (error) {
    if (error instanceof cbor.CborError) refuse(error.detail);
    throw error;
  }
}

/** @param {unknown} item @returns {Host} */
function hostOf(item) {
  const parts = array(item, 2, 3);
  const [since, until] = [time(parts[1]), parts.length === 3 ? time(parts[2]) : null];
  if (until !== null && until <= since) refuse("a host ends before it begins");
  return { name: text(parts[0], HOST), since, until };
}

/** @param {unknown} item @returns {Promise<TrustKey>} */
async function keyOf(item) {
  const fields = fieldsOf(item, [0, 1, 2], [3, 4, 5, 6]);
  const { kid, publicKey } = await publicKeyOf(fields.get(1));
  const purpose = PURPOSES.find((each) => each === fields.get(0));
  if (purpose === undefined || fields.has(3) !== (purpose === "permit") || fields.has(6) !== (purpose === "pdf")) {
    refuse("a key has an unknown purpose, or fields of another one");
  }
  if (fields.has(5) && fields.get(5) !== true) refuse("`compromised` is true or absent");
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
    refuse("a key's kinds are not known ones in order");
  }
  return kinds.map(String);
}

/** @param {unknown} item @returns {Bytes} */
function fingerprintOf(item) {
  if (!cose.isBytes(item) || item.length !== 32) refuse("a fingerprint has 32 bytes");
  return item;
}

/**
 * A COSE_Key on P-256 whose kid is its own.
 *
 * @param {unknown} item
 * @returns {Promise<{kid: Bytes, publicKey: PublicKey}>}
 */
async function publicKeyOf(item) {
  const fields = fieldsOf(item, [1, 2, 3, -1, -2, -3]);
  const [kid, x, y] = [fields.get(2), fields.get(-2), fields.get(-3)];
  if (!cose.isBytes(x) || !cose.isBytes(y)) refuse("a key's coordinates are not bytes");
  const publicKey = keyAt(x, y);
  const isES256 = fields.get(1) === 2 && fields.get(3) === cose.ES256 && fields.get(-1) === 1;
  if (!isES256 || !cose.isBytes(kid) || !equalBytes(kid, await cose.keyId(publicKey))) {
    refuse("a key is not an ES256 key under its own kid");
  }
  return { kid, publicKey };
}

/** @param {Bytes} x @param {Bytes} y @returns {PublicKey} */
function keyAt(x, y) {
  try {
    return cose.publicKeyXy(x, y);
  } catch (error) {
    if (error instanceof cose.KeyTrouble) refuse(error.detail);
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
  if (!has || ![...item.keys()].every((key) => all.includes(key))) refuse("a map has other fields than the schema's");
  return item;
}

/** @param {unknown} item @param {number} least @param {number} most @returns {unknown[]} */
function array(item, least, most) {
  if (!Array.isArray(item) || item.length < least || item.length > most) {
    refuse("an array is missing, too short or too long");
  }
  return item;
}

/** @param {unknown} item @param {RegExp} pattern @returns {string} */
function text(item, pattern) {
  if (typeof item !== "string" || !pattern.test(item)) refuse("a text is not in its one spelling");
  return item;
}

/** @param {unknown} item @returns {number} */
function time(item) {
  if (typeof item !== "number" || item < 0) refuse("a time is not a whole number of seconds");
  return item;
}

/**
 * Throws `DecodeError` T1.
 *
 * @param {string} why
 * @returns {never}
 */
export function refuse(why) {
  throw new DecodeError("T1", 3, `Trust list: ${why}`);
}
