// How much of what: a number of specimens, or an amount in a unit.

import { figure, named, t } from "./i18n.js";

/** "2 kg", "1 specimen", "60 specimens" @param {string} quantity @param {string | null} [unit] */
export function counted(quantity, unit) {
  if (unit) return `${figure(quantity)} ${named("units", unit)}`;
  return quantity === "1" ? t("1 specimen") : t("{count} specimens", { count: quantity });
}
