// What of a consignment is still to arrive: what left, or was permitted where nobody saw it leave, less what came.

import { movedAmounts } from "../core/single_use.js";

/**
 * A use as the register tells it, or as this device knows it.
 * @typedef {{kind: string, lines: readonly {line: string, quantity: string}[], result?: string, withdrawn?: unknown,
 *   withdrawnAt?: number | null}} Moved
 */

const MILLION = 1_000_000n;

/**
 * Line letter -> quantity; empty where nothing is known to be on its way, or endorsements contradict each other.
 * @param {readonly Moved[]} uses @param {readonly {line?: string, quantity: string}[]} permitted @returns {Map<string, string>}
 */
export function toArrive(uses, permitted) {
  const stand = uses.filter((use) => !use.withdrawn && !use.withdrawnAt);
  if (stand.some((use) => use.result === "conflict")) return new Map();
  const counted = stand.filter((use) => (use.result ?? "accepted") === "accepted");
  const [left, came] = ["export", "import"].map((kind) =>
    movedAmounts(/** @type {any} */ (counted.filter((use) => use.kind === kind))),
  );
  const sent = left.size > 0 ? left : came.size > 0 ? movedAmounts(/** @type {any} */ ([{ lines: permitted }])) : left;
  return new Map([...sent].map(([line, total]) => [line, spelt(total - (came.get(line) ?? 0n))]));
}

/** As quantities are written; more arrived than left: nothing is to come. @param {bigint} millionths */
function spelt(millionths) {
  if (millionths <= 0n) return "0";
  const part = (millionths % MILLION).toString().padStart(6, "0").replace(/0+$/, "");
  return `${millionths / MILLION}${part && `.${part}`}`;
}
