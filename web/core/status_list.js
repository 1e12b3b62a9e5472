/**
 * Signed status lists with the state of each permit of a Party: Token Status Lists (FORMAT.md 3, IETF OAuth WG).
 *
 *     header = { 1: -7, 4: kid, 16: "application/statuslist+cwt" }
 *     claims = { 2: uri, 4: exp, 6: iat, 65533: { "bits": 4, "lst": zlib }, ? 65534: ttl }      ; exp = iat + 72 h
 *
 * 2^17 entries of four bits are exactly 65,536 bytes after inflation. Entry 0 is the low half of byte 0.
 *
 * @typedef {import("./bytes.js").Bytes} Bytes
 * @typedef {import("./trust.js").Trust} Trust
 * @typedef {import("./trust_list.js").TrustList} TrustList
 */

import * as cbor from "./cbor.js";
import * as cose from "./cose.js";
import { DecodeError } from "./errors.js";
import { usable } from "./trust.js";
import { TIME_MAX } from "./trust_list.js";

export const [VALID, REVOKED, SUSPENDED] = [0, 1, 2]; // values defined by the IETF draft (s. 7.1)
export const [USED, IMPORTED, REPLACED, LOST, FOR_CAUSE] = [3, 12, 13, 14, 15]; // its application-specific ones
export const ENTRIES = 1 << 17;
const BITS = 4;
const SIZE = (ENTRIES * BITS) / 8; // bytes after inflation
const LIFETIME = 72 * 3600; // FORMAT.md 3
const CAP = SIZE + 1024; // zlib adds some 30 bytes to data it cannot shrink; the rest is claims and signature
const SLICE = 1024; // bytes inflated at a time: they grow at most a thousandfold, so a zip bomb takes at most 1 MB
const STATUS_LIST_TYPE = "application/statuslist+cwt";
const [SUB, EXP, IAT, LIST, TTL_CLAIM] = [2, 4, 6, 65533, 65534]; // RFC 8392 s. 3.1; draft-ietf-oauth-status-list s. 14
const URI = /^https:\/\/[a-z0-9.-]{1,253}\/s\/[0-9]{2}q[1-4]$/;
/** @type {ReadonlyMap<string, number>} */
const NONE_SEEN = new Map();

/** A verified list. `issuer`: the Party whose key signed it. `values`: 65,536 bytes, two entries each. */
export class StatusList {
  /**
   * @param {string} issuer
   * @param {string} uri
   * @param {number} issuedAt
   * @param {Uint8Array} values
   */
  constructor(issuer, uri, issuedAt, values) {
    this.issuer = issuer;
    this.uri = uri;
    this.issuedAt = issuedAt;
    this.expiresAt = issuedAt + LIFETIME;
    this.values = values;
  }

  /**
   * The value (0..15) of an entry (0..131071). Throws `DecodeError` T6 for any other index: this version knows no such
   * permit.
   *
   * @param {number} index
   * @returns {number}
   */
  value(index) {
    if (index < 0 || index >= ENTRIES) throw new DecodeError("T6", 8, "The status list has no entry with the permit's index");
    return (this.values[Math.floor(index / 2)] >> (BITS * (index % 2))) & 15;
  }
}

/**
 * Verify a signed list: a `status` key of a trusted Party must have signed it, under that Party's own prefix.
 *
 * 1 size, CBOR, COSE shape, `typ`   2 claims against the schema   3 Party: its status prefix, and `issuer` if given
 * 4 key: that Party's, of purpose `status`, nbf <= iat < retired_at, not compromised   5 signature
 * 6 `iat` not older than `newestIat` (uri -> newest seen)   7 inflation to exactly 65,536 bytes
 * Throws `DecodeError` T1. The verdict, not this function, checks `exp` and times in the future.
 *
 * @param {Bytes} data
 * @param {Trust} trust
 * @param {{issuer?: string | null, newestIat?: ReadonlyMap<string, number>}} [known]
 * @returns {Promise<StatusList>}
 */
export async function openStatusList(data, trust, { issuer = null, newestIat = NONE_SEEN } = {}) {
  const sign1 = signed(data); // 1
  const { uri, issuedAt, deflated } = claimsOf(sign1.payload); // 2
  const parties = partiesAt(uri, trust, issuer); // 3
  const found = parties.map((each) => trust.findKey(sign1.kid, each.issuer)).find((each) => each !== null) ?? null; // 4
  if (found === null || found[1].purpose !== "status" || !usable(found[1], issuedAt)) {
    refuse("its kid is not a status key of that Party at that time");
  }
  const [party, key] = found;
  if (!(await cose.verify(sign1, key.publicKey))) refuse("the signature does not match"); // 5
  if (issuedAt < (newestIat.get(uri) ?? 0)) refuse("its iat is earlier than one accepted before"); // 6
  return new StatusList(party.issuer, uri, issuedAt, await inflate(deflated, SIZE)); // 7
}

/** @param {Bytes} data @returns {cose.Sign1} */
function signed(data) {
  try {
    return cose.decodeSign1(data, { cap: CAP, typ: STATUS_LIST_TYPE });
  } catch (error) {
    if (error instanceof DecodeError) refuse(error.detail.replace(/^The code is damaged: /, ""));
    throw error;
  }
}

/**
 * Inflate a complete zlib stream to exactly `size` bytes; trailing data are refused. Throws `DecodeError` T1.
 *
 * Inflation stops soon after `size` bytes. Browsers differ in how they treat bytes behind the stream, but none
 * accepts a stream without its last byte. So the data are one complete stream, with nothing behind it, if they inflate,
 * and do not inflate without their last byte.
 *
 * @param {Bytes} deflated
 * @param {number} size
 * @returns {Promise<Bytes>}
 */
export async function inflate(deflated, size) {
  const values = await inflated(deflated, size);
  if (values === null) return refuse("`lst` is not a zlib stream");
  if (values.length !== size || (await inflated(deflated.subarray(0, -1), size)) !== null) {
    refuse("`lst` does not inflate to its exact size");
  }
  return values;
}

/**
 * The inflated bytes, cut off after `size` + 1; null if the stream is incomplete or invalid.
 *
 * @param {Bytes} deflated
 * @param {number} size
 * @returns {Promise<Bytes | null>}
 */
async function inflated(deflated, size) {
  const { readable, writable } = new DecompressionStream("deflate"); // zlib's form: RFC 1950, Compression Streams s. 5
  const fed = feed(deflated, writable.getWriter()).catch(() => {}); // the reader below gets the same error
  const reader = readable.getReader();
  const values = new Uint8Array(size + 1);
  let at = 0;
  try {
    while (at <= size) {
      const { done, value } = await reader.read();
      if (done) break;
      const part = value.subarray(0, values.length - at);
      values.set(part, at);
      at += part.length;
    }
  } catch {
    return null;
  } finally {
    await Promise.allSettled([reader.cancel(), fed]);
  }
  return values.slice(0, at);
}

/** @param {Bytes} data @param {WritableStreamDefaultWriter<BufferSource>} writer */
async function feed(data, writer) {
  for (let at = 0; at < data.length; at += SLICE) {
    await writer.ready;
    await writer.write(data.subarray(at, at + SLICE));
  }
  await writer.close();
}

/**
 * Step 2 of `openStatusList`: check the claims; return uri, iat and the compressed list.
 *
 * @param {Bytes} payload
 * @returns {{uri: string, issuedAt: number, deflated: Bytes}}
 */
function claimsOf(payload) {
  const claims = decoded(payload);
  const needed = claims instanceof Map && [SUB, EXP, IAT, LIST].every((key) => claims.has(key));
  if (!needed || claims.size !== (claims.has(TTL_CLAIM) ? 5 : 4)) refuse("the claims are not those of the schema");
  const [uri, issuedAt, body, ttl] = [SUB, IAT, LIST, TTL_CLAIM].map((key) => claims.get(key));
  if (typeof uri !== "string" || !URI.test(uri)) refuse("`sub` is not an address of a status list");
  const isTime = typeof issuedAt === "number" && issuedAt >= 0 && issuedAt <= TIME_MAX - LIFETIME;
  if (!isTime || claims.get(EXP) !== issuedAt + LIFETIME) refuse("`exp` is not 72 hours after `iat`");
  if (ttl !== undefined && (typeof ttl !== "number" || ttl <= 0 || ttl > LIFETIME)) {
    refuse("`ttl` is not within 1 second and 72 hours");
  }
  if (!(body instanceof Map) || body.size !== 2 || !body.has("lst") || body.get("bits") !== BITS) {
    refuse("`status_list` is not a list with 4 bits an entry");
  }
  const deflated = body.get("lst");
  if (!cose.isBytes(deflated)) refuse("`lst` is not a zlib stream");
  return { uri, issuedAt, deflated };
}

/** @param {Bytes} payload @returns {unknown} */
function decoded(payload) {
  try {
    return cbor.decode(payload, { cap: CAP, depth: 2 });
  } catch (error) {
    if (error instanceof cbor.CborError) refuse(error.detail);
    throw error;
  }
}

/**
 * Trusted Parties with this status prefix, mostly one. A Party that claims another's prefix takes nothing from it.
 *
 * @param {string} uri
 * @param {Trust} trust
 * @param {string | null} issuer
 * @returns {TrustList[]}
 */
function partiesAt(uri, trust, issuer) {
  const found = trust.lists.filter(
    (each) => (issuer === null || issuer === each.issuer) && uri.startsWith(each.statusPrefix),
  );
  if (found.length === 0) refuse("`sub` is not an address of a trusted Party");
  return found;
}

/** @param {string} why @returns {never} */
function refuse(why) {
  throw new DecodeError("T1", 8, `Status list: ${why}`);
}
