// Which of the codes that one look shows belong together: the pages of one permit, and no two permits.
//
// What is compared here is not verified yet: it says what is judged together, never what is shown. A page that only names
// the same number is judged with the other, and falls there.

import { decodeClaims } from "../core/claims.js";
import { decodeSign1 } from "../core/cose.js";
import { DecodeError } from "../core/errors.js";
import { hostOf, tokenOf } from "../core/qr_text.js";
import { TOKEN_CAP } from "../core/token_checks.js";

/**
 * The texts to judge together, each once: none where none was read, null where there are several to choose from. As in the
 * core (`readOtherPages`), another kind of code beside a permit's says nothing of it.
 * @param {readonly string[]} texts @returns {string[] | null}
 */
export function together(texts) {
  const each = [...new Set(texts)];
  if (each.length <= 1) return each;
  const names = each.map(named);
  const ours = each.filter((_, at) => names[at] !== null);
  return new Set(names.filter((name) => name !== null)).size === 1 ? ours : null;
}

/** Which permit a text of our form speaks for, or itself where it cannot be read; null: another kind of code. @param {string} text */
function named(text) {
  try {
    hostOf(text);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return error.code === "T4" ? null : text;
  }
  try {
    const { issuer, number } = decodeClaims(decodeSign1(tokenOf(text), { cap: TOKEN_CAP }).payload).claims;
    return `${issuer} ${number}`;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return text;
  }
}
