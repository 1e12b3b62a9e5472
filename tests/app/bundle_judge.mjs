// Offline verdict on a code from a bundle, with the JavaScript of one release: `node bundle_judge.mjs WEB` reads
// {bundle, pins, text, post, now, directions} and prints direction -> {outcome, codes, counting}.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [web] = process.argv.slice(2);
const load = (/** @type {string} */ path) => import(pathToFileURL(`${web}/${path}`).href);
globalThis.sessionStorage = globalThis.localStorage = { getItem: () => null, setItem() {}, removeItem() {} };

const { fromHex } = await load("core/bytes.js");
const { counts } = await load("core/single_use.js").catch(() => load("core/ledger.js")); // its name in c70afb0
const { openStatusList } = await load("core/status_list.js");
const { Trust } = await load("core/trust.js");
const { openBundle } = await load("core/trust_list.js");
const verdicts = await load("core/verdict.js");
const noContext = verdicts.NO_CONTEXT ?? verdicts.NOWHERE; // `NOWHERE` up to 0.9.0
const { useOf } = await load("scan/lists.js");

const { bundle, pins: given, text, post, now, directions } = JSON.parse(readFileSync(0, "utf8"));
const bytes = (/** @type {string} */ base64) => Uint8Array.from(Buffer.from(base64, "base64"));
const pins = given.map((pin) => ({ ...pin, thumbprints: pin.thumbprints.map(fromHex) }));
const lists = await openBundle(bytes(bundle.trust_list), pins, { newestSeq: new Map(), now });
const trust = new Trust({ lists, pins, fetchedAt: new Map(lists.map(({ issuer }) => [issuer, now])), newestSigned: 0 });
const status = new Map();
for (const sent of Object.values(bundle.party_status_lists[bundle.issuer])) {
  const list = await openStatusList(bytes(sent), trust, { issuer: bundle.issuer, newestIat: new Map() });
  status.set(list.uri, list);
}
const posts = new Map(
  bundle.posts.map(({ id, links, latitude, longitude }) => [
    id,
    { links: new Set(links), latitude: latitude && Number(latitude), longitude: longitude && Number(longitude) },
  ]),
);
const ownUses = bundle.uses.map(([, , use]) => useOf(use));
const found = {};
for (const direction of directions) {
  const place = { direction, country: bundle.issuer, post, sameGoods: null };
  const context = { ...noContext, place, posts };
  const verdict = await verdicts.judge(text, { trust, status, register: "not_asked", now, context, ownUses });
  const codes = (verdict.checkResults ?? verdict.hits).map(({ code }) => code);
  found[direction] = { outcome: verdict.outcome, codes, counting: verdict.uses.filter(counts).length };
}
console.log(JSON.stringify(found));
