/**
 * Trust of a verifier: its lists and pins, and which key counts at a moment.
 *
 * `trust_list.js` has the lists themselves, their wire format and their roots.
 *
 * @typedef {import("./trust_list.js").Pin} Pin
 * @typedef {import("./trust_list.js").TrustKey} TrustKey
 * @typedef {import("./trust_list.js").TrustList} TrustList
 *
 * @typedef {object} Known
 * @property {readonly TrustList[]} [lists]
 * @property {readonly Pin[]} [pins] the verifier's own Party first
 * @property {ReadonlyMap<string, number>} [fetchedAt] country -> last successful fetch
 * @property {number} [newestSigned] the newest signed time seen from the verifier's own Party. It is a lower bound for
 *   the clock in every verdict; another Party's signed times bound it for that Party's permits only
 */

import { toHex } from "./bytes.js";

/**
 * The trust lists and pins of a verifier. If two Parties claim the same host, key or prefix, each counts for its own
 * permits only.
 */
export class Trust {
  /** @type {Map<string, TrustList>} */
  #byCountry = new Map();
  /** @type {Map<string, TrustList[]>} */
  #byHost = new Map();
  /** @type {Map<string, readonly [TrustList, TrustKey]>} */
  #byKey = new Map();

  /** @param {Known} [known] */
  constructor({ lists = [], pins = [], fetchedAt = new Map(), newestSigned = 0 } = {}) {
    this.lists = lists;
    this.pins = pins;
    this.fetchedAt = fetchedAt;
    this.newestSigned = newestSigned;
    for (const each of lists) {
      setDefault(this.#byCountry, each.issuer, each);
      for (const host of each.hosts) this.#byHost.set(host.name, [...this.listsForHost(host.name), each]);
      for (const key of each.keys) {
        setDefault(this.#byKey, keyName(key.kid, each.issuer), [each, key]);
        setDefault(this.#byKey, keyName(key.kid), [each, key]);
      }
    }
  }

  /** @param {string} country @returns {TrustList | null} */
  listFor(country) {
    return this.#byCountry.get(country) ?? null;
  }

  /**
   * Lists of the Party whose codes have or had this host, and of any other that claims it. Check 6 compares the dates.
   *
   * @param {string} host
   * @returns {readonly TrustList[]}
   */
  listsForHost(host) {
    return this.#byHost.get(host) ?? [];
  }

  /**
   * The key and its list. Give the issuer where it is known: another Party may list the same key.
   *
   * @param {Uint8Array} kid
   * @param {string} [issuer]
   * @returns {readonly [TrustList, TrustKey] | null}
   */
  findKey(kid, issuer) {
    return this.#byKey.get(keyName(kid, issuer)) ?? null;
  }
}

/**
 * True if a signature by the key at this moment counts: nbf <= at < retired_at, and the key is not compromised.
 *
 * @param {TrustKey} key
 * @param {number} at
 * @returns {boolean}
 */
export function usable(key, at) {
  return !key.compromised && key.notBefore <= at && (key.retiredAt === null || at < key.retiredAt);
}

/** @param {Uint8Array} kid @param {string} [issuer] @returns {string} */
function keyName(kid, issuer = "") {
  return `${issuer} ${toHex(kid)}`;
}

/**
 * @template V
 * @param {Map<string, V>} into
 * @param {string} key
 * @param {V} value
 */
function setDefault(into, key, value) {
  if (!into.has(key)) into.set(key, value);
}
