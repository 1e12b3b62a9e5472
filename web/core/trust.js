/**
 * Who may speak, as of when: what a verifier knows, and which key counts at a moment.
 *
 * The lists themselves, their wire format and their roots are `trust_list.js`'s.
 *
 * @typedef {import("./trust_list.js").Pin} Pin
 * @typedef {import("./trust_list.js").TrustKey} TrustKey
 * @typedef {import("./trust_list.js").TrustList} TrustList
 *
 * @typedef {object} Known
 * @property {readonly TrustList[]} [lists]
 * @property {readonly Pin[]} [pins] the verifier's own Party first
 * @property {ReadonlyMap<string, number>} [fetchedAt] country -> last successful fetch
 * @property {number} [newestSigned] the newest signed time seen of the verifier's own Party, whose word on the hour
 *   counts for every verdict; another Party's counts for its own permits only
 */

import { toHex } from "./bytes.js";

/**
 * What a verifier knows. Where two Parties claim the same host, key or prefix, each still speaks for its own permits.
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
   * The Party whose codes carry, or once carried, this host, and any other that claims it; dates are check 6's matter.
   *
   * @param {string} host
   * @returns {readonly TrustList[]}
   */
  listsForHost(host) {
    return this.#byHost.get(host) ?? [];
  }

  /**
   * The key and its list. Name the issuer where it is known: another Party may list the very same key.
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
 * True if what the key signed at this moment counts: nbf <= at < retired_at, and it is not compromised.
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
