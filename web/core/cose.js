/**
 * COSE_Sign1 with ES256: decode, verify (RFC 9052 s. 4.2, 4.4; RFC 9053 s. 2.1).
 *
 *     18([ protected: bstr .cbor {1: -7, 4: kid, ...}, {}, payload: bstr, signature: bstr .size 64 ])
 *
 * `alg` and `kid` are in the protected header only; the unprotected one is empty. WebCrypto and COSE both use r||s for
 * signatures, so no DER is needed.
 *
 * @typedef {import("./bytes.js").Bytes} Bytes
 *
 * A P-256 key: the coordinates, 32 bytes each, of a point on the curve. Only this file creates one.
 * @typedef {{readonly x: Bytes, readonly y: Bytes}} PublicKey
 *
 * A decoded COSE_Sign1, not verified yet.
 * @typedef {{readonly protected: Bytes, readonly kid: Bytes, readonly payload: Bytes, readonly signature: Bytes}} Sign1
 */

import { base64url, concat, equalBytes, sha256, toInt, utf8 } from "./bytes.js";
import * as cbor from "./cbor.js";
import { DecodeError, TamgaError } from "./errors.js";

export const ES256 = -7; // RFC 9053 s. 2.1
const [ALG, KID, TYP] = [1, 4, 16]; // RFC 9052 s. 3.1, RFC 9596
const TAG_AND_ARRAY = [0xd2, 0x84]; // tag 18, array of four
export const KID_BYTES = 8;
const KID_AT = 5; // offset of the kid in the protected header, after {1: -7, 4: h'
const SIGNATURE_BYTES = 64;
const P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n; // prime of P-256, FIPS 186-4 D.1.2.3
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
const UNCOMPRESSED = 4; // SEC 1 s. 2.3.3
const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const ALGORITHM = { name: "ECDSA", hash: "SHA-256" };

/** Thrown for a key that is not on P-256. */
export class KeyFormatError extends TamgaError {
  static slug = "invalid";
  static title = "Not a P-256 key or signature";
}

/**
 * Encode the protected header.
 *
 * @param {Bytes} kid
 * @param {string} [typ]
 * @returns {Bytes}
 */
export function encodeProtected(kid, typ) {
  /** @type {[number, unknown][]} */
  const fields = [[ALG, ES256], [KID, kid]];
  return cbor.encode(new Map(typ === undefined ? fields : [...fields, [TYP, typ]]));
}

/**
 * The bytes to sign: Sig_structure (RFC 9052 s. 4.4) without external data.
 *
 * @param {Bytes} header
 * @param {Bytes} payload
 * @returns {Bytes}
 */
export function toBeSigned(header, payload) {
  return cbor.encode(["Signature1", header, new Uint8Array(0), payload]);
}

/**
 * Decode a COSE_Sign1, strictly.
 *
 * 1 size   2 tag 18 and four parts   3 strict CBOR   4 protected header {1: -7, 4: kid}, and `typ` if one is expected
 * 5 nothing unprotected   6 payload and 64 bytes of signature. Throws `DecodeError` (T3, check 2).
 *
 * @param {Bytes} data
 * @param {{cap: number, typ?: string}} how
 * @returns {Sign1}
 */
export function decodeSign1(data, { cap, typ }) {
  if (data.length > cap) throw broken("COSE_Sign1 too long"); // 1
  if (!TAG_AND_ARRAY.every((byte, at) => data[at] === byte)) throw broken("not a COSE_Sign1 message"); // 2
  const [header, unprotected, payload, signature] = parts(data.subarray(1), cap); // 3
  if (!isBytes(header) || !isBytes(payload) || !isBytes(signature)) throw broken("COSE_Sign1 members of the wrong type");
  const kid = header.slice(KID_AT, KID_AT + KID_BYTES);
  if (kid.length !== KID_BYTES || !equalBytes(header, encodeProtected(kid, typ))) throw broken("COSE_Sign1 protected header is not {1: -7, 4: kid} and `typ`"); // 4
  if (!(unprotected instanceof Map) || unprotected.size > 0) throw broken("COSE_Sign1 unprotected header is not empty"); // 5
  if (signature.length !== SIGNATURE_BYTES) throw broken("COSE_Sign1 signature is not 64 bytes long"); // 6
  return { protected: header, kid, payload, signature };
}

/** @param {Uint8Array} data @param {number} cap @returns {unknown[]} */
function parts(data, cap) {
  try {
    return /** @type {unknown[]} */ (cbor.decode(data, { cap, depth: 3 }));
  } catch (error) {
    throw error instanceof cbor.CborError ? broken(error.detail) : error;
  }
}

/**
 * Verify that this key signed this header and payload.
 *
 * @param {Sign1} sign1
 * @param {PublicKey} publicKey
 * @returns {Promise<boolean>}
 */
export function verify(sign1, publicKey) {
  return verifyRaw(toBeSigned(sign1.protected, sign1.payload), sign1.signature, publicKey);
}

/**
 * Verify ECDSA on P-256 with SHA-256 over `message`. `signature`: r||s; another length gives false.
 *
 * @param {Bytes} message
 * @param {Bytes} signature
 * @param {PublicKey} publicKey
 * @returns {Promise<boolean>}
 */
export async function verifyRaw(message, signature, publicKey) {
  if (signature.length !== SIGNATURE_BYTES) return false;
  return crypto.subtle.verify(ALGORITHM, await importedKey(publicKey), signature, message);
}

/**
 * Sign with this device's own key, which may be non-extractable, and return r||s. Python's core signs nothing: its keys
 * are in KMS.
 *
 * @param {Bytes} message
 * @param {CryptoKey} privateKey of ECDSA on P-256, for signing
 * @returns {Promise<Bytes>}
 */
export async function signRaw(message, privateKey) {
  return new Uint8Array(await crypto.subtle.sign(ALGORITHM, privateKey, message));
}

/** @type {WeakMap<PublicKey, Promise<CryptoKey>>} */
const keys = new WeakMap();

/** @param {PublicKey} publicKey @returns {Promise<CryptoKey>} */
function importedKey(publicKey) {
  let key = keys.get(publicKey);
  if (key === undefined) {
    key = crypto.subtle.importKey("raw", point(publicKey), CURVE, false, ["verify"]);
    keys.set(publicKey, key);
  }
  return key;
}

/**
 * Make a P-256 key from its coordinates. Throws `KeyFormatError` for a point off the curve.
 *
 * @param {Uint8Array} x
 * @param {Uint8Array} y
 * @returns {PublicKey}
 */
export function publicKeyXy(x, y) {
  if (x.length !== 32 || y.length !== 32) throw new KeyFormatError("coordinates x and y are not 32 bytes each");
  const [left, right] = [toInt(x), toInt(y)];
  const onCurve = (right * right - (left * left * left - 3n * left + B)) % P === 0n;
  if (left >= P || right >= P || !onCurve) throw new KeyFormatError("x and y are not a point of P-256");
  return Object.freeze({ x: Uint8Array.from(x), y: Uint8Array.from(y) });
}

/**
 * JWK thumbprint, SHA-256 (RFC 7638), 32 bytes.
 *
 * @param {PublicKey} publicKey
 * @returns {Promise<Bytes>}
 */
export function thumbprint({ x, y }) {
  return sha256(utf8(`{"crv":"P-256","kty":"EC","x":"${base64url(x)}","y":"${base64url(y)}"}`));
}

/**
 * kid: the first 8 bytes of the JWK thumbprint.
 *
 * @param {PublicKey} publicKey
 * @returns {Promise<Bytes>}
 */
export async function keyId(publicKey) {
  return (await thumbprint(publicKey)).slice(0, KID_BYTES);
}

/** @param {PublicKey} publicKey @returns {Bytes} */
function point({ x, y }) {
  return concat([UNCOMPRESSED], x, y);
}

/** @param {unknown} value @returns {value is Bytes} */
export function isBytes(value) {
  return value instanceof Uint8Array;
}

/** @param {string} detail @returns {DecodeError} */
function broken(detail) {
  return new DecodeError("T3", 2, `The code is damaged: ${detail}.`);
}
