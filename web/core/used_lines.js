/**
 * Check the lines of one endorsement (block 14). single_use.js then decides if one more use is allowed.
 *
 * A file of its own, so that the public check, which endorses nothing, does not load it.
 *
 * @typedef {import("./single_use.js").PermittedAmount} PermittedAmount
 * @typedef {import("./single_use.js").Allowed} Allowed
 * @typedef {import("./single_use.js").UseKind} UseKind
 * @typedef {import("./single_use.js").UsedLine} UsedLine
 */

import { Invalid, QuantityExceeded } from "./errors.js";
import { QUANTITY, amount } from "./single_use.js";

/**
 * Require every line of every page once, quantities in the spelling of FORMAT.md 1, and no more than permitted.
 *
 * At import, more than permitted may be recorded (U2). Throws `Invalid` (field `lines[i]...`) or `QuantityExceeded`.
 *
 * @param {readonly UsedLine[]} lines
 * @param {Allowed} allowed
 * @param {UseKind} direction
 */
export function checkLines(lines, allowed, direction) {
  const errors = [...lines.entries()].flatMap(([at, line]) => lineFaults(at, lines, allowed.get(line.line)));
  const missing = [...allowed.keys()].filter((letter) => !lines.some((line) => line.line === letter));
  if (missing.length > 0) {
    const detail = `Block 14: give every line of the permit; missing: ${missing.join(", ")}.`;
    errors.push({ field: "lines", code: "missing_lines", detail });
  }
  if (errors.length > 0) throw new Invalid(...errors);
  if (lines.every((line) => amount(line.quantity) === 0n)) {
    const detail = "Block 14: at least one line must have a quantity above 0.";
    throw new Invalid({ field: "lines", code: "nothing_moved", detail });
  }
  for (const [at, { quantity, deadOnArrival }] of lines.entries()) {
    if (deadOnArrival && amount(deadOnArrival) > amount(quantity)) {
      const field = `lines[${at}].dead_on_arrival`;
      throw new Invalid({ field, code: "quantity", detail: "Must not be more than the quantity that arrived." });
    }
  }
  if (direction === "import") return;
  const limit = (/** @type {string} */ letter) => amount(allowed.get(letter)?.quantity ?? "0");
  const over = lines.filter((each) => amount(each.quantity) > limit(each.line)).map((each) => each.line);
  if (over.length > 0) {
    throw new QuantityExceeded(`More than the permit allows in line ${over.join(", ")}.`, {
      lines: over.map((letter) => ({ line: letter, permitted: allowed.get(letter)?.quantity })),
    });
  }
}

/**
 * @param {number} at
 * @param {readonly UsedLine[]} lines
 * @param {PermittedAmount | undefined} allowance
 * @returns {import("./errors.js").FieldError[]}
 */
function lineFaults(at, lines, allowance) {
  const [where, line] = [`lines[${at}]`, lines[at]];
  if (allowance === undefined) {
    return [{ field: `${where}.line`, code: "unknown_line", detail: "The permit has no such line." }];
  }
  const errors = [];
  if (lines.findIndex((each) => each.line === line.line) < at) {
    errors.push({ field: `${where}.line`, code: "twice", detail: "This line is given twice. Give each line once." });
  }
  const whole = !allowance.unit;
  const detail = `Block 14: ${whole ? "must be a whole number of specimens, such as 2." : "must be a number such as 12 or 0.5."}`;
  for (const [name, text] of [["quantity", line.quantity], ["dead_on_arrival", line.deadOnArrival ?? null]]) {
    if (text !== null && (!QUANTITY.test(text) || (whole && text.includes(".")))) {
      errors.push({ field: `${where}.${name}`, code: "quantity", detail });
    }
  }
  return errors;
}
