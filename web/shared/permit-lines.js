// Which lines of our import permit the goods use that come with a foreign document.

import { spelled } from "./quantity.js";

/**
 * @typedef {{line: string, scientific_name?: string, term?: string, unit?: string, quantity: string, left: string}} PermitLine
 * @typedef {{number: string | null, state: string, importer?: Importer | null, lines: PermitLine[], used: {post: string, at: string, transport_document: string} | null}} ImportPermit
 * @typedef {{name: string, country: string}} Importer  of block 3
 * @typedef {{scientific_name?: string, term?: string, unit?: string | null}} Goods
 * @typedef {Record<string, string>} Choice  line of the import permit -> quantity as it was typed
 */

/** Where its lines are asked for. @param {string} number */
export const importPermitPath = (number) => `/v1/foreign-permits/import-permit?${new URLSearchParams({ number })}`;

/** Whether the goods do not match exactly one line each, by species and unit, of several by term. @param {ImportPermit} permit @param {readonly Goods[]} goods */
export const needsChoice = ({ lines }, goods) =>
  goods.some((each) => {
    const alike = lines.filter((line) => line.scientific_name === each.scientific_name && (line.unit ?? "NAR") === (each.unit || "NAR"));
    return (alike.length > 1 ? alike.filter(({ term }) => term === each.term) : alike).length !== 1;
  });

/** What is sent as chosen; undefined where nothing was. @param {ImportPermit | null} permit @param {Choice} choice */
export function chosenLines(permit, choice) {
  const entered = (permit?.lines ?? []).map(({ line }) => ({ line, quantity: spelled(choice[line] ?? "") }));
  if (entered.every(({ quantity }) => quantity === "")) return undefined;
  return entered.map(({ line, quantity }) => ({ line, quantity: quantity || "0" }));
}
