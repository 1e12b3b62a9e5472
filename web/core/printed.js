/**
 * Whether a file is the issuer's own (check 11), and whether what is printed in it is what was signed (check 12).
 *
 * Check 11, all of it, else D1: only the code is confirmed, the page is not.
 *     1 a PDF with exactly one signature   2 intact, over the whole file, nothing added since   3 certified: no changes
 *     4 its certificate is a `pdf` key of the issuing Party's trust list, fingerprint and public key   5 the key was
 *     usable when the seal says it was made, which is not before the permit   6 every page's code is attached as it is
 *     7 the attached record has the digest that the token names
 * Check 12, else F5: 1 no paint covers or changes the letters of blocks 1-13, and the form's own words are there
 *     2 the text of each block that the token (and, where its digest is the token's, the attached record) fills is the
 *     text that was signed. Blocks 14, 15 are never compared. What else lies over a block is named by D1.
 *
 * Equal text proves nothing, since a font may draw what it likes: check 12 only ever lowers an outcome.
 *
 * @typedef {import("./bytes.js").Bytes} Bytes
 * @typedef {import("./document.js").DocumentFindings} DocumentFindings
 * @typedef {import("./document.js").Seal} Seal
 * @typedef {import("./permit.js").Permit} Permit
 * @typedef {import("./trust_payload.js").TrustKey} TrustKey
 * @typedef {import("./trust_payload.js").TrustList} TrustList
 * @typedef {import("./zoneinfo.js").Zone} Zone
 *
 * `signed`: what the token or its record says ("" for nothing). `printed`: UNVERIFIED, cut and stripped, only to be
 * shown beside it and marked as what the paper claims.
 * @typedef {{readonly block: string, readonly signed: string, readonly printed: string}} Difference
 *
 * A record that has the token's digest, as an application; null if the file has none, or one of a later version.
 * @typedef {import("./permit.js").Application | null} Attached
 */

import { equalBytes, sha256, toHex, utf8 } from "./bytes.js";
import { checkCode } from "./check_code.js";
import { decodeClaims } from "./claims.js";
import * as cose from "./cose.js";
import { DecodeError } from "./errors.js";
import { Hit } from "./hit.js";
import { fromRecord } from "./permit.js";
import { CONTINUED, ROWS, formBlocks, recordBlocks, sameText } from "./printed_form.js";
import { decodeQr } from "./qr_text.js";
import { zoneNamed } from "./stage.js";
import { words } from "./text.js";
import { TOKEN_CAP } from "./token.js";
import { usable } from "./trust.js";
import { zoneInfo } from "./zoneinfo.js";

const SKEW = 600; // seconds a clock may be wrong (FORMAT.md 5)
const SHOWN = 120; // characters of a printed text, which nobody has vouched for
const SIGNED = [
  "1", "kind", "2", "3", "3a", "4", "4-country", "5a", "5b", "13", "page", "number", "check",
  ...ROWS.flatMap((row) => ["7-8", "9", "9m", "10", "11", "12", "12a", "12b"].map((name) => name + row)),
];
const RECORDED = [
  "3-address", "4-address", ...ROWS.flatMap((row) => ["line", "8", "9d", "10s"].map((name) => name + row)),
];
const FREE = ["3", "4", "3-address", "4-address", "7-8", "8", "9m", "9d", "12", "12a", "12b"]; // may be continued
const CONTINUED_FROM = 12; // characters that the smallest of these blocks holds in any case

/**
 * The hits of checks 11 and 12. `pages`: the verified pages of one permit; `trustList`: its Party's, verified.
 *
 * D1 carries `why` and, where there are any, `overlaid` (names of blocks); F5 carries `differences` and `overlaid`
 * (those that are altered).
 *
 * @param {DocumentFindings} document
 * @param {readonly Permit[]} pages
 * @param {TrustList} trustList
 * @returns {Promise<Hit[]>}
 */
export async function judgeDocument(document, pages, trustList) {
  const hits = [];
  const isRecorded = await recorded(document, pages);
  const why = notOwn(document, pages, trustList, isRecorded); // 11
  if (why !== null) {
    const { overlaid } = document;
    hits.push(new Hit("D1", "check", { facts: overlaid.length > 0 ? { why, overlaid } : { why } }));
  }
  const attached = isRecorded ? readRecord(document.record) : null;
  const found = await differences(document, pages, zoneInfo(trustList.zone), attached); // 12
  if (found.length > 0 || document.altered.length > 0) {
    hits.push(new Hit("F5", "hold", { facts: { differences: found, overlaid: document.altered } }));
  }
  return hits;
}

/**
 * Why the file is not the issuer's own, in one word; null if it is.
 *
 * @param {DocumentFindings} document
 * @param {readonly Permit[]} pages
 * @param {TrustList} trustList
 * @param {boolean} isRecorded
 * @returns {string | null}
 */
function notOwn(document, pages, trustList, isRecorded) {
  if (document.trouble !== null) return "unreadable";
  if (document.kind !== "pdf") return "picture"; // 1
  const [seal, ...more] = document.seals;
  if (seal === undefined) return "unsealed";
  if (more.length > 0) return "several-seals";
  if (!seal.intact) return "broken-seal"; // 2
  if (!seal.wholeFile || document.revisions !== 1) return "added-to";
  if (!seal.certified) return "not-certified"; // 3
  const key = keyOf(seal, trustList); // 4
  if (key === undefined) return "foreign-seal";
  const early = pages.some((page) => seal.signedAt < page.issuedAt - SKEW);
  if (!usable(key, seal.signedAt) || early) return "seal-out-of-time"; // 5
  if (!document.codes.every((code) => document.tokens.includes(code))) return "other-codes"; // 6
  return isRecorded ? null : "other-record"; // 7
}

/**
 * Where the printed text is not the signed one, over all pages of our form in the file that belong to `pages`. `zone`:
 * the Party's; without it days are not compared.
 *
 * A page with the code of another permit is that permit's matter. A page without a readable code is measured by the
 * page of this permit that it resembles most.
 *
 * @param {DocumentFindings} document
 * @param {readonly Permit[]} pages
 * @param {Zone | null} zone
 * @param {Attached} attached
 * @returns {Promise<Difference[]>}
 */
async function differences(document, pages, zone, attached) {
  const front = pages.find((page) => page.page === null || page.page[0] === 1);
  const check = front === undefined ? null : await checkCode(front.cti);
  const expected = pages.map((page) => expectedOn(page, pages, zone, attached, check));
  /** @type {Map<string, Difference>} */
  const found = new Map();
  for (const [at, code] of document.formCodes.entries()) {
    const here = [...document.blocks].filter(([, texts]) => at < texts.length);
    const printed = new Map(here.map(([name, texts]) => [name, texts[at]]));
    const cti = ctiOf(code);
    const named = expected.filter((_, page) => cti !== null && equalBytes(pages[page].cti, cti)).slice(-1);
    const compared = (cti === null ? expected : named).map((each) => compare(each, printed));
    const [closest = []] = compared.sort((one, other) => one.length - other.length);
    for (const each of closest) found.set(JSON.stringify(each), each);
  }
  return [...found.values()];
}

/** @param {Seal} seal @param {TrustList} trustList @returns {TrustKey | undefined} */
function keyOf(seal, trustList) {
  return trustList.keys.find(({ purpose, fingerprint, publicKey }) => {
    const named = fingerprint !== null && toHex(fingerprint) === seal.fingerprint;
    return purpose === "pdf" && named && toHex(cose.publicBytes(publicKey)) === seal.publicKey;
  });
}

/** @param {DocumentFindings} document @param {readonly Permit[]} pages @returns {Promise<boolean>} */
async function recorded({ record }, pages) {
  if (record === null) return false;
  const digest = await sha256(utf8(record));
  return pages.every((page) => equalBytes(digest.subarray(0, page.recordDigest.length), page.recordDigest));
}

/** @param {string | null} record @returns {Attached} null if of a shape that this version does not know */
function readRecord(record) {
  try {
    return fromRecord(JSON.parse(record ?? ""));
  } catch {
    return null;
  }
}

/** @param {string} code @returns {Bytes | null} the page it claims to be; believed where it equals a verified one */
function ctiOf(code) {
  try {
    return decodeClaims(cose.decodeSign1(decodeQr(code).token, { cap: TOKEN_CAP }).payload).claims.cti;
  } catch (error) {
    if (error instanceof DecodeError) return null;
    throw error;
  }
}

/**
 * Block -> what has to stand there; null: something that the token holds only as a digest.
 *
 * @param {Permit} page
 * @param {readonly Permit[]} pages
 * @param {Zone | null} zone
 * @param {Attached} attached
 * @param {string | null} check the check code, if page 1 was seen
 * @returns {Map<string, string | null>}
 */
function expectedOn(page, pages, zone, attached, check) {
  /** @type {Map<string, string | null>} */
  const expected = new Map(SIGNED.map((name) => [name, ""]));
  for (const [name, text] of formBlocks(page, zone ?? zoneNamed("UTC"))) expected.set(name, text);
  if (zone === null) for (const name of ["2", "13"]) expected.set(name, null);
  expected.set("number", page.number).set("check", check);
  for (const [at, line] of page.lines.entries()) {
    if (line.marks !== null && typeof line.marks !== "string") expected.set(`9m${ROWS[at]}`, null);
  }
  for (const [name, text] of onRecord(page, pages, attached)) expected.set(name, text);
  return expected;
}

/**
 * The blocks that the attached record fills on this page; none if it is not the record that the token names.
 *
 * @param {Permit} page
 * @param {readonly Permit[]} pages
 * @param {Attached} attached
 * @returns {Map<string, string>}
 */
function onRecord(page, pages, attached) {
  const start = firstLine(page, pages);
  if (start === null || attached === null || attached.lines.length < start + page.lines.length) return new Map();
  const full = [...recordBlocks(attached, start, page.lines.length)].filter(([name]) => name !== "15");
  return new Map([.../** @type {[string, string][]} */ (RECORDED.map((name) => [name, ""])), ...full]);
}

/**
 * Which of the permit's lines (from 0) is the first on this page, if the pages before it were seen.
 *
 * @param {Permit} page
 * @param {readonly Permit[]} pages
 * @returns {number | null}
 */
function firstLine(page, pages) {
  const number = page.page ? page.page[0] : 1;
  const earlier = pages.flatMap(({ page: at, lines }) => (at !== null && at[0] < number ? [lines.length] : []));
  return earlier.length === number - 1 ? earlier.reduce((sum, lines) => sum + lines, 0) : null;
}

/** @param {Map<string, string | null>} expected @param {Map<string, string>} printed @returns {Difference[]} */
function compare(expected, printed) {
  return [...expected].flatMap(([block, signed]) => {
    const seen = printed.get(block);
    if (signed === null || seen === undefined || same(block, seen, signed)) return [];
    return [{ block, signed, printed: shown(seen) }];
  });
}

/** @param {string} name @param {string} printed @param {string} signed @returns {boolean} */
function same(name, printed, signed) {
  const [seen, meant] = [plain(printed), plain(signed)];
  const whole = words(seen).join("");
  const start = whole.endsWith(CONTINUED) ? whole.slice(0, -CONTINUED.length) : whole;
  const free = FREE.includes(name.replace(/[A-D]+$/, "")) && [...start].length >= CONTINUED_FROM;
  if (seen.includes(CONTINUED) && !free) return false; // a number, a day, a code has no continuation
  return sameText(seen, meant);
}

/** @param {string} text @returns {string} one spelling for what looks the same (NFKC), but for the ellipsis */
function plain(text) {
  return text.split("…").map((part) => part.normalize("NFKC")).join("…");
}

/** @param {string} text @returns {string} for a screen: one line, no control or format characters (bidi!), cut */
function shown(text) {
  const line = [...words(text.replace(/\p{C}/gu, " ")).join(" ")];
  return line.length <= SHOWN ? line.join("") : `${line.slice(0, SHOWN - 1).join("")}…`;
}
