// Parts of the pages that run without a page: codes of one picture, goods still to arrive, renewal of a sign-in.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ANNOTATIONS } from "../../web/core/generated/annotations.js";
import { placeOf } from "../../web/desk/place.js";
import { toArrive } from "../../web/scan/left.js";
import { refusedWord } from "../../web/scan/refused.js";
import { Unreachable } from "../../web/shared/api.js";
import { counted } from "../../web/shared/counted.js";
import { lineOf } from "../../web/shared/form-lines.js";
import { t, use as speaks } from "../../web/shared/i18n.js";
import { chosenLines, needsChoice } from "../../web/shared/permit-lines.js";
import { spelled } from "../../web/shared/quantity.js";
import { importerAsks } from "../../web/shared/requirements.js";
import { SignedOut, askAs, bearer, claim, forget, keep } from "../../web/shared/session.js";
import { heldRefresh, holdRefresh, signedIn } from "../../web/shared/sign-in.js";
import { together } from "../../web/shared/together.js";
import { questions } from "../../web/shared/which.js";

const use = (kind, quantity, more = {}) => ({ kind, lines: [{ line: "A", quantity }], ...more });
const PERMITTED = [{ line: "A", quantity: "5" }];
const coming = (...uses) => [...toArrive(uses, PERMITTED)].map(([line, quantity]) => `${line} ${quantity}`).join();

test("several codes of different permits give no result", () => {
  const [ours, other] = ["https://practice.tamga.kg/1#123", "https://practice.tamga.kg/1#124"];
  assert.deepEqual(together([]), []);
  assert.deepEqual(together(["a waybill"]), ["a waybill"]);
  assert.deepEqual(together([ours, ours]), [ours]);
  assert.deepEqual(together(["a waybill", ours, "a vaccine pass"]), [ours]);
  assert.equal(together([ours, other]), null); // neither can be decoded, so they may belong to different permits
  assert.equal(together(["a waybill", "a vaccine pass"]), null);
});

test("right-to-left names are isolated in a sentence", () => {
  speaks(/** @type {any} */ ({ texts: {} }));
  assert.equal(t("{name} goes to {place}", { name: "مركز الصقور 12", place: "Osh" }), "\u2068مركز الصقور 12\u2069 goes to Osh");
});

test("a quantity is counted in singular and plural and with its unit", () => {
  speaks(/** @type {any} */ ({ texts: {}, codes: { units: { KGM: "kg" } }, decimal: "." }));
  assert.deepEqual([counted("1"), counted("60"), counted("0", null), counted("2.5", "KGM")], ["1 specimen", "60 specimens", "0 specimens", "2.5 kg"]);
});

test("a decimal comma is accepted in a quantity", () => {
  assert.deepEqual(["1,5", " 2 ", "12.25", "1,500,5", undefined].map(spelled), ["1.5", "2", "12.25", "1.500,5", ""]); // invalid numbers stay invalid
});

test("a refusal names its lines of the form", () => {
  speaks(/** @type {any} */ ({ language: "ru", texts: {} }));
  assert.equal(refusedWord("quantity-exceeded", "in English", ["A", "C"]), "Line A, C: More than is permitted.");
  assert.equal(refusedWord("quantity-exceeded"), "More than is permitted.");
  assert.deepEqual(["lines[0].quantity", "lines[27]", "lines", "purpose"].map(lineOf), ["A", "AB", "", ""]);
});

test("a refusal that the duty desk can lift refers to the duty desk", () => {
  speaks(/** @type {any} */ ({ language: "ru", texts: {} }));
  const onlyDesk = /^[^.]+\. Only the ministry’s duty desk can endorse it: call it\./;
  for (const code of ["T8", "P3", "import_permit_used", "import_permit_exceeded"]) {
    assert.match(refusedWord("not-usable", "in English", [], [code]), onlyDesk);
  }
  for (const codes of [[], ["S3"], ["S3", "T8"]]) assert.equal(refusedWord("not-usable", "in English", [], codes), "The permit cannot be used here.");
});

test("a link with a forged id leads to the queue", () => {
  assert.deepEqual(placeOf("#/permit/01M8DJ"), { screen: "permit", id: "01M8DJ", words: "" });
  assert.equal(placeOf("#/quotas/2026-falco-cherrug-liv-w").screen, "quotas");
  for (const id of ["..%2Fcases%2F1", "..", "../devices/1", "1%3Fx=", "1%23", "1 2", "a".repeat(81)]) {
    assert.deepEqual(placeOf(`#/permit/${id}`), { screen: "queue", id: "submitted", words: "" });
  }
});

test("goods exported and not yet imported are still to arrive", () => {
  assert.equal(coming(), "");
  assert.equal(coming(use("export", "3.5")), "A 3.5");
  assert.equal(coming(use("export", "3.5"), use("import", "1.25"), use("import", "1")), "A 1.25");
  assert.equal(coming(use("import", "2")), "A 3"); // without a recorded export, the permitted quantity counts
  assert.equal(coming(use("export", "2"), use("import", "3")), "A 0");
  assert.equal(coming(use("export", "2"), use("import", "1", { withdrawn: {} }), use("import", "1", { result: "duplicate" })), "A 2");
  assert.equal(coming(use("export", "2"), use("export", "2", { result: "conflict" })), "");
});

const said = (status, body) => new Response(JSON.stringify(body), { status });

/** Set up a register that accepts only the token "new", this user pool, and a user with an expired token. */
function ranOut(pool) {
  const kept = new Map();
  globalThis.sessionStorage = { getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => kept.set(name, value), removeItem: (name) => kept.delete(name) };
  globalThis.location = new URL("https://tamga.kg/desk/");
  forget(); // clear a renewal of the previous test
  let renewals = 0;
  globalThis.fetch = async (path, { headers }) => {
    if (path === "/oauth2/token") return pool((renewals += 1));
    return headers.Authorization === "Bearer new" ? said(200, { id: "me" }) : said(401, {});
  };
  speaks({ language: "en" });
  void signedIn({ sign_in: { host: "", client_id: "c1" } });
  keep("old");
  holdRefresh("r1");
  return () => renewals;
}

test("parallel requests with an expired token share one renewal", async () => {
  const renewals = ranOut(async () => said(200, { access_token: "new", refresh_token: "r2" }));
  await Promise.all([askAs("/v1/me"), askAs("/v1/me"), askAs("/v1/me")]);
  assert.deepEqual([renewals(), bearer(), heldRefresh()], [1, "new", "r2"]);
});

test("a user pool without an answer keeps the sign-in, a refusal ends it", async () => {
  let answer = said(503, {});
  ranOut(async () => answer);
  await assert.rejects(askAs("/v1/me"), Unreachable);
  answer = new Response("{", { status: 200 });
  await assert.rejects(askAs("/v1/me"), Unreachable);
  assert.deepEqual([bearer(), heldRefresh()], ["old", "r1"]);
  answer = said(200, { access_token: "new" });
  await askAs("/v1/me");
  keep("older");
  answer = said(400, { error: "invalid_grant" });
  await assert.rejects(askAs("/v1/me"), SignedOut);
  assert.deepEqual([bearer(), heldRefresh()], [null, null]);
});

test("a token that arrives after the lock is discarded", async () => {
  ranOut(async () => {
    forget();
    holdRefresh(null);
    return said(200, { access_token: "new", refresh_token: "r2" });
  });
  await assert.rejects(askAs("/v1/me"), SignedOut);
  assert.deepEqual([bearer(), heldRefresh()], [null, null]);
});

test("data of a tab is deleted when another person signs in", () => {
  ranOut(async () => said(400, {}));
  const forgotten = [];
  for (const person of ["aizada", "aizada", "bekzat"]) claim(person, () => forgotten.push(person));
  assert.deepEqual(forgotten, ["bekzat"]);
});

test("lines of the import permit are chosen by hand only if the match is not unique", () => {
  const line = (letter, more = {}) => ({ line: letter, scientific_name: "Panthera uncia", term: "LIV", quantity: "1", left: "1", ...more });
  const permit = (...lines) => ({ number: "26KG000001/I", state: "issued", lines, used: null });
  const goods = [{ scientific_name: "Panthera uncia", term: "LIV", unit: "" }];
  assert.equal(needsChoice(permit(line("A")), goods), false);
  assert.equal(needsChoice(permit(line("A"), line("B", { term: "SKI" })), goods), false);
  assert.equal(needsChoice(permit(line("A"), line("B")), goods), true);
  assert.equal(needsChoice(permit(line("A", { unit: "KGM" })), goods), true);
  assert.equal(needsChoice(permit(line("A", { scientific_name: "Uncia uncia" })), goods), true);
  assert.equal(chosenLines(permit(line("A")), {}), undefined);
  assert.equal(chosenLines(null, { A: "1" }), undefined);
  assert.deepEqual(chosenLines(permit(line("A"), line("B")), { B: " 1 " }), [{ line: "A", quantity: "0" }, { line: "B", quantity: "1" }]);
});

test("the questions follow the annotation, the use and the direction", () => {
  speaks(/** @type {any} */ ({ texts: {}, codes: { terms: {}, sources: {}, purposes: {}, units: {} }, language: "en" }));
  const basis = { issuer: "KG", today: "2026-11-26", annotations: ANNOTATIONS };
  const asked = (taxon, said, other = {}) => questions({ species: "x", ...said }, { names: {}, annotation: "", source: "", ...taxon }, { ...basis, ...other }).map(({ id }) => id);
  const roseroot = { scientific_name: "Rhodiola rosea", appendix: "II", kingdom: "Plantae", family: "Crassulaceae", symbol: "#2" };
  const start = ["species", "direction", "term"];
  assert.deepEqual(asked(roseroot, { direction: "export", term: "MED" }).slice(0, 4), [...start, "form"]);
  assert.deepEqual(asked(roseroot, { direction: "export", term: "MED", form: "retail" }), [...start, "form"]);
  assert.deepEqual(asked(roseroot, { direction: "export", term: "SEE" }), start);
  assert.ok(!asked(roseroot, { direction: "export", term: "ROO" }).includes("form"));
  const later = [{ ...ANNOTATIONS.symbols["#2"][0], result: "listed", forms: undefined, terms: undefined, since: "2027-01-01" }, ...ANNOTATIONS.symbols["#2"]];
  const newer = { ...ANNOTATIONS, symbols: { ...ANNOTATIONS.symbols, "#2": later } }; // of a bundle newer than the page
  assert.ok(asked(roseroot, { direction: "export", term: "MED" }, { annotations: newer }).includes("form"));
  assert.ok(!asked(roseroot, { direction: "export", term: "MED" }, { annotations: newer, today: "2027-01-01" }).includes("form"));
  const rosewood = { ...roseroot, scientific_name: "Dalbergia latifolia", symbol: "#15" };
  assert.ok(asked(rosewood, { direction: "export", term: "WPR", form: "finished_wood" }).includes("quantity"));
  const cyclamen = { ...roseroot, scientific_name: "Cyclamen persicum", symbol: "#4", family: "Primulaceae" };
  assert.ok(asked(cyclamen, { direction: "import", term: "LIV" }).includes("form"));
  assert.ok(!asked(cyclamen, { direction: "import", term: "ROO" }).includes("form"));
  const goat = { scientific_name: "Capra hircus", appendix: "0", kingdom: "Animalia", unlisted: { wild: ["Capra hircus aegagrus"] } };
  assert.deepEqual(asked(goat, { direction: "import" }), ["species", "direction", "source"]);
  assert.deepEqual(asked(goat, { direction: "transit" }), ["species", "direction"]);
  assert.deepEqual(asked({ ...goat, unlisted: { wild: [] } }, { direction: "import" }), ["species", "direction"]);
  const saker = { scientific_name: "Falco cherrug", appendix: "II", kingdom: "Animalia", family: "Falconidae" };
  assert.deepEqual(asked(saker, { direction: "return", term: "LIV" }), start);
  const split = { appendix: "II", origins: ["BR"], open: [], others: "0" };
  assert.deepEqual(asked({ ...rosewood, symbol: "#6", population: split }, { direction: "return", term: "SAW" }), [...start, "origin"]);
  const mexican = { ...rosewood, scientific_name: "Dalbergia stevensonii", family: "Leguminosae" };
  assert.deepEqual(asked(mexican, { direction: "return", term: "WPR", form: "other" }), [...start, "form", "origin"]);
  assert.deepEqual(asked(mexican, { direction: "return", term: "LOG" }), start);
  assert.ok(asked(saker, { direction: "export", use: "owned_animal" }).includes("based"));
  assert.ok(!asked(saker, { direction: "export", use: "none" }).includes("based"));
  const saiga = { ...saker, restrictions: [{ exported_before: true }] };
  assert.ok(asked(saiga, { direction: "import" }).includes("exported_on"));
  assert.ok(!asked(saiga, { direction: "export" }).includes("exported_on"));
  const slipper = { ...roseroot, appendix: "I", symbol: "" };
  assert.ok(!asked(slipper, { direction: "export", source: "A" }).includes("registered_operation"));
  assert.ok(asked({ ...saker, appendix: "I" }, { direction: "export", source: "C" }).includes("registered_operation"));
});

test("the importing country's rules are asked for each origin, few at once", async () => {
  speaks({ language: "en" });
  const asked = [];
  let [open, most] = [0, 0];
  globalThis.fetch = async (path) => {
    const query = new URLSearchParams(path.split("?")[1]);
    most = Math.max(most, (open += 1));
    await null;
    open -= 1;
    asked.push(`${query.get("species")} ${query.get("origin")}`);
    const rules = query.get("origin") === "ML" ? ["annex A"] : ["annex B", "each"];
    return said(200, { stricter_abroad: rules.map((text) => ({ text })) });
  };
  const lines = ["NG", "ML", "NG", "TG", "BJ", "GH", "CI"].map((country) => ({ scientific_name: "Khaya ivorensis", term: "LOG", origin: { country } }));
  const found = await importerAsks({ document_type: "R", importer: { country: "DE" }, lines }, "KG");
  assert.deepEqual(asked.sort(), ["BJ", "CI", "GH", "ML", "NG", "TG"].map((each) => `Khaya ivorensis ${each}`));
  assert.deepEqual(found.map(([name, asks]) => [name, asks.map(({ text }) => text).sort()]), [["Khaya ivorensis", ["annex A", "annex B", "each"]]]);
  assert.ok(most <= 4, String(most));
});
