// web/core gives the results of the vectors: the same files as tests/unit/token/test_vectors.py, except for vectors
// that only the service judges (`of_pages` of asking.py).

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { covered, formNeeded } from "../../web/core/annotations.js";
import { fromHex, sha256, toHex } from "../../web/core/bytes.js";
import * as cbor from "../../web/core/cbor.js";
import { decodeClaims } from "../../web/core/claims.js";
import * as cose from "../../web/core/cose.js";
import { DecodeError, Invalid } from "../../web/core/errors.js";
import { importerRules } from "../../web/core/importers.js";
import { NameSearch, crossed, fold } from "../../web/core/name_search.js";
import { identity, normaliseNumber, readTypedNumber } from "../../web/core/numbers.js";
import { recordBytes } from "../../web/core/permit.js";
import { hostOf, tokenOf } from "../../web/core/qr_text.js";
import { bounding } from "../../web/core/quotas.js";
import { answer, subjectOf } from "../../web/core/requirements.js";
import { onDay } from "../../web/core/species_day.js";
import { openStatusList } from "../../web/core/status_list.js";
import { openBundle, openTrustList } from "../../web/core/trust_list.js";
import * as read from "./read.mjs";

const FOLDER = new URL("../vectors/", import.meta.url);
const done = new Set(["papers.json"]);

/** @param {string} name @param {(input: any, expect: any) => void | Promise<void>} check */
function every(name, check) {
  done.add(`${name}.json`);
  const all = JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf-8"));
  const rows = all.filter(({ input }) => !input.document && !("cti" in input));
  test(name, async (t) => {
    assert.ok(rows.length > 0);
    for (const row of rows) await t.test(row.name, () => check(row.input, row.expect));
  });
}

/** Return the decoded value or the refusal; any other error than `DecodeError` is a fault. */
async function told(reading) {
  try {
    return await reading();
  } catch (error) {
    if (error instanceof DecodeError) return { refused: error.code };
    throw error;
  }
}

/** Compare only the members that the vector names. */
function holds(found, expected) {
  for (const [name, value] of Object.entries(expected)) assert.deepEqual(found[name], value, name);
}

every("texts", async ({ text }, expect) => {
  assert.deepEqual(await told(() => ({ host: hostOf(text), token: toHex(tokenOf(text)) })), expect);
});

every("cbor", (input, expect) => {
  const data = fromHex(input.cbor);
  let accepted = true;
  try {
    assert.deepEqual(cbor.encode(cbor.decode(data, { cap: 64, depth: 4 })), data);
  } catch (error) {
    if (!(error instanceof cbor.CborError)) throw error;
    accepted = false;
  }
  assert.deepEqual({ accepted }, expect);
});

every("cose", async ({ token }, expect) => {
  const found = await told(() => cose.decodeSign1(fromHex(token), { cap: 2048 }));
  if ("refused" in found) return assert.deepEqual(found, expect);
  const { kid, payload, signature } = found;
  assert.deepEqual({ kid: toHex(kid), payload: toHex(payload), signature: toHex(signature) }, expect);
});

every("claims", async ({ payload }, expect) => {
  const found = await told(() => decodeClaims(fromHex(payload)));
  if ("refused" in found) return assert.deepEqual(found, expect);
  assert.deepEqual({ accepted: true }, expect);
});

const whole = ({ list, zeros = 0 }) => fromHex(list + "00".repeat(zeros));

every("trust_lists", async (input, expect) => {
  const found = await told(() => openTrustList(whole(input), read.pins(input.pins)));
  const shown = "refused" in found ? found : { issuer: found.issuer, seq: found.seq, keys: found.keys.length };
  assert.deepEqual(shown, expect);
});

every("bundles", async ({ bundle, pins, newest_seq, now }, expect) => {
  const known = { newestSeq: new Map(Object.entries(newest_seq)), now };
  const found = await told(() => openBundle(fromHex(bundle), read.pins(pins), known));
  const lists = Array.isArray(found) ? Object.fromEntries(found.map(({ issuer, seq }) => [issuer, seq])) : null;
  assert.deepEqual(lists ? { lists } : found, expect);
});

every("status_lists", async (input, expect) => {
  const newestIat = new Map(Object.entries(input.newest_iat ?? {}));
  const trust = await read.trust(input.trust);
  const found = await told(() => openStatusList(whole(input), trust, { newestIat }));
  if ("refused" in found) return assert.deepEqual(found, expect);
  assert.deepEqual([found.uri, found.issuedAt], [expect.uri, expect.iat]);
  for (const [index, value] of Object.entries(expect.values ?? {})) assert.equal(found.value(Number(index)), value);
});

every("digests", async (input, expect) => {
  if ("record" in input) return assert.deepEqual({ digest: toHex(await sha256(recordBytes(input.record))) }, expect);
  const point = fromHex(input.spki).subarray(-64);
  const key = cose.publicKeyXy(point.subarray(0, 32), point.subarray(32));
  if (!("signed" in input)) return assert.deepEqual({ kid: toHex(await cose.keyId(key)) }, expect);
  const verified = await cose.verifyRaw(recordBytes(input.signed), fromHex(input.signature), key);
  assert.deepEqual({ verified }, expect);
});

for (const name of ["verdicts", "directions"]) {
  every(name, async (input, expect) => {
    const found = await read.judge(input);
    judged(found, expect);
    assert.equal(found.permit?.number ?? null, expect.permit);
    assert.deepEqual(found.pages.map(({ page }) => (page ? page[0] : 1)), expect.pages);
  });
}

function judged(found, expect) {
  const said = ({ code, check, outcome, cleared }) => ({ code, check, asks: outcome, ...(cleared && { cleared }) });
  const codes = found.checkResults.map(said);
  assert.deepEqual(codes, expect.codes.map(({ facts: _, ...said }) => said));
  assert.equal(found.outcome, expect.outcome);
  assert.deepEqual(Object.fromEntries(found.checks), expect.results);
  for (const [at, { facts = {} }] of expect.codes.entries()) holds(found.checkResults[at].facts, facts);
}

every("numbers", ({ number }, expect) => {
  try {
    const [found, typed] = [{ written: normaliseNumber(number), identity: identity(number) }, readTypedNumber(number)];
    assert.deepEqual({ ...found, ...(typed !== null && typed !== found.identity && { typed }) }, expect);
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    assert.deepEqual({ refused: error.errors[0].code }, expect);
  }
});

every("names", ({ text, list }, expect) => {
  if (expect.parents) return assert.deepEqual({ parents: crossed(text) }, expect);
  if (!list) return assert.deepEqual({ folded: fold(text) }, expect);
  const found = new NameSearch(list).find(text);
  assert.deepEqual(found.map(([entry]) => list[entry][0]), expect.found);
});

every("quotas", ({ taxon, term, source, quotas }, expect) => {
  const known = quotas.map((each) => ({ ...each, year: 2026 }));
  assert.deepEqual(bounding(taxon, { term, source }, known).map((each) => known.indexOf(each)), expect);
});

every("importers", ({ question, names, issuer, rules }, expect) => {
  assert.deepEqual(importerRules(rules, question, names, issuer).map(({ texts }) => texts.en), expect);
});

const TABLE = JSON.parse(process.env.TAMGA_TABLE); // as the service sends it

every("species_days", ({ entry, states, day, known_from: knownFrom, question }, { decision, ...expect }) => {
  const found = onDay({ ...entry, states }, day, knownFrom);
  holds(found, expect);
  assert.equal(answer({ ...question, subject: subjectOf(found) }, day, "KG", TABLE).decision, decision);
});

every("annotations", ({ goods, day }, { forms, ...expect }) => {
  assert.deepEqual(covered(goods, day, TABLE.annotations), expect);
  if (forms) assert.deepEqual(formNeeded(goods, day, TABLE.annotations), forms);
});

every("requirements", ({ question, today, issuer }, expect) => {
  const found = answer(question, today, issuer, TABLE);
  const documents = found.documents.map(({ kind, issued_by, alternatives }) => ({ kind, issued_by, alternatives }));
  const reasons = found.reasons.map(({ code }) => code);
  assert.deepEqual({ ...found, documents, reasons, allowance: found.allowance?.code ?? null }, expect);
});

test("every file of vectors is tested", () => {
  assert.deepEqual([...done].sort(), readdirSync(FOLDER).filter((name) => name.endsWith(".json")).sort());
});
