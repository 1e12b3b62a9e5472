// Questions to web/core, for Node and a browser; `python` of asking.py implements the same questions.

import { fromHex, toHex } from "../../web/core/bytes.js";
import * as cbor from "../../web/core/cbor.js";
import { normalCheckCode } from "../../web/core/check_code.js";
import { CHECKS, OUTCOMES } from "../../web/core/check_results.js";
import { decodeClaims } from "../../web/core/claims.js";
import * as codes from "../../web/core/codes.js";
import * as cose from "../../web/core/cose.js";
import { COUNTRIES, ORIGINS } from "../../web/core/countries.js";
import { TamgaError } from "../../web/core/errors.js";
import { CHECK_OF, VALIDITY } from "../../web/core/generated/codes.js";
import { FORMS, RECOMMENDED } from "../../web/core/generated/foreign_numbers.js";
import { formOf, identity, normaliseNumber, readTypedNumber } from "../../web/core/numbers.js";
import { LINES_AT_MOST, lineLetter, recordBytes } from "../../web/core/permit.js";
import { hostOf, tokenOf } from "../../web/core/qr_text.js";
import { bounding } from "../../web/core/quotas.js";
import * as annotations from "../../web/core/annotations.js";
import * as requirements from "../../web/core/requirements.js";
import { checkUse } from "../../web/core/single_use.js";
import { onDay } from "../../web/core/species_day.js";
import { calendarDay } from "../../web/core/stage.js";
import { openStatusList } from "../../web/core/status_list.js";
import { forbiddenCharacters, words } from "../../web/core/text.js";
import { openBundle, openTrustList } from "../../web/core/trust_list.js";
import { checkLines } from "../../web/core/used_lines.js";
import { day, expiresAt, latest } from "../../web/core/validity.js";
import * as read from "./read.mjs";

const rows = (table) => Object.fromEntries(table);

const ANSWERS = {
  judge: async ({ given }) => read.plain(await read.judge(given)),
  outcomes: ({ given, texts }) =>
    Promise.all(texts.map(async (text) => {
      const { outcome, checkResults, permit } = await read.judge({ ...given, text });
      return [outcome, checkResults.map(({ code }) => code), permit === null];
    })),
  text: ({ text }) => [hostOf(text), toHex(tokenOf(text))],
  cbor: ({ data, cap, depth }) => tagged(cbor.decode(fromHex(data), { cap, depth })),
  sign1: ({ data }) => read.snake(cose.decodeSign1(fromHex(data), { cap: 2048 })),
  claims: ({ data }) => read.snake(decodeClaims(fromHex(data)).claims),
  trust_list: async ({ data, pins }) => listed(await openTrustList(fromHex(data), read.pins(pins))),
  bundle: async ({ data, pins, newest_seq, now }) => {
    const known = { newestSeq: new Map(Object.entries(newest_seq)), now };
    return (await openBundle(fromHex(data), read.pins(pins), known)).map(listed);
  },
  status_list: async ({ data, trust }) => {
    const found = await openStatusList(fromHex(data), await read.trust(trust));
    return [found.issuer, found.uri, found.issuedAt, found.expiresAt, toHex(found.values)];
  },
  verified: ({ message, signature, x, y }) =>
    cose.verifyRaw(fromHex(message), fromHex(signature), cose.publicKeyXy(fromHex(x), fromHex(y))),
  signed: async ({ signed }) => {
    const curve = { name: "ECDSA", namedCurve: "P-256" };
    const { publicKey, privateKey } = await crypto.subtle.generateKey(curve, false, ["sign"]);
    const point = new Uint8Array(await crypto.subtle.exportKey("raw", publicKey)); // 04 || x || y
    const message = recordBytes(signed);
    return [point.subarray(1, 33), point.subarray(33), message, await cose.signRaw(message, privateKey)].map(toHex);
  },
  point: ({ x, y }) => spki(cose.publicKeyXy(fromHex(x), fromHex(y))),
  number: ({ number }) => [normaliseNumber(number), identity(number), readTypedNumber(number)],
  typed: ({ typed }) => normalCheckCode(typed),
  record: ({ record }) => toHex(recordBytes(record)),
  texts: ({ texts }) => texts.map((text) => [forbiddenCharacters(text), words(text)]),
  lines: ({ lines, allowed, direction }) => {
    const shaped = lines.map((line) => ({ ...line, deadOnArrival: line.dead_on_arrival }));
    checkLines(shaped, new Map(Object.entries(allowed)), direction);
    return true;
  },
  check_use: ({ kind, uses, added, allowed, posts, now }) => {
    const known = new Map(Object.entries(posts).map(([name, post]) => [name, { links: new Set(post.links) }]));
    checkUse(kind, uses.map(read.use), read.use(added), new Map(Object.entries(allowed)), known, now);
    return true;
  },
  days: ({ zone, moments }) => moments.map((moment) => calendarDay(moment, zone)),
  ends: ({ zone, days }) => days.map((each) => expiresAt(each, zone)),
  latest: ({ kind, days }) => days.map((each) => latest(kind, each)),
  exist: ({ days }) => days.map(day),
  foreign_form: ({ country, numbers }) => numbers.map((number) => formOf(country, number)),
  annotation: ({ goods, day, rules, terms }) => [
    annotations.covered(goods, day, rules),
    annotations.formNeeded(goods, day, rules),
    annotations.decidingTerms(goods, rules, terms),
  ],
  requirement: ({ given }) => requirements.answer(given.question, given.today, given.issuer, given.table),
  entry: ({ entry, given, quotas }) => {
    const question = { ...given.question, subject: requirements.subjectOf(onDay(entry, given.question.on ?? given.today, given.known_from)) };
    const fits = bounding(entry, question, quotas).map(({ scientific_name: name }) => name);
    return { answer: requirements.answer(question, given.today, given.issuer, given.table), fits };
  },
  tables: () => ({
    foreign: { "": RECOMMENDED, ...rows(FORMS) },
    kinds: [...codes.KINDS.values()].map(({ code, en, letter, manyCrossings }) => [code, en, letter, manyCrossings]),
    purposes: [...codes.PURPOSES.values()].map(({ code, en }) => [code, en]),
    sources: [...codes.SOURCES.values()].map(({ code, en }) => [code, en]),
    terms: [...codes.TERMS.values()].map(({ code, en }) => [code, en]),
    units: [...codes.UNITS.values()].map(({ code, en, symbol, base, millionths }) => [code, en, symbol, base, Number(millionths)]),
    countries: rows(COUNTRIES),
    origins: rows(ORIGINS),
    checks: rows(CHECKS),
    check_of: rows(CHECK_OF),
    outcomes: OUTCOMES,
    validity: rows(VALIDITY),
    letters: Array.from({ length: 80 }, (_, at) => lineLetter(at)),
    lines_at_most: LINES_AT_MOST,
  }),
};

function tagged(value) {
  if (typeof value === "number" || typeof value === "bigint") return { int: String(value) };
  if (value instanceof Uint8Array) return { bytes: toHex(value) };
  if (Array.isArray(value)) return value.map(tagged);
  if (value instanceof Map) return { map: [...value].map(([key, item]) => [tagged(key), tagged(item)]) };
  return value;
}

function listed({ payload, root, keys, ...list }) {
  const shown = keys.map(({ publicKey, ...key }) => ({ ...key, publicKey: spki(publicKey) }));
  return read.snake({ ...list, keys: shown, root: spki(root) });
}

/** Return the SubjectPublicKeyInfo of P-256 (RFC 5480), DER, hex. */
function spki({ x, y }) {
  return `3059301306072a8648ce3d020106082a8648ce3d03010703420004${toHex(x)}${toHex(y)}`;
}

/** An answer, a refusal or a fault. A fault never equals Python's answer. */
export async function answer(question) {
  try {
    return { is: await ANSWERS[question.ask](question) };
  } catch (error) {
    if (!(error instanceof TamgaError)) return { fault: String(error?.stack ?? error) };
    return { refused: error.slug, code: error.code ?? null, detail: error.detail };
  }
}
