// What of the pages is pure besides the core: which codes of one look belong together, and what is still to arrive.

import assert from "node:assert/strict";
import { test } from "node:test";

import { toArrive } from "../../web/scan/left.js";
import { together } from "../../web/shared/together.js";

const use = (kind, quantity, more = {}) => ({ kind, lines: [{ line: "A", quantity }], ...more });
const PERMITTED = [{ line: "A", quantity: "5" }];
const coming = (...uses) => [...toArrive(uses, PERMITTED)].map(([line, quantity]) => `${line} ${quantity}`).join();

test("of several codes none is taken at random", () => {
  const [ours, other] = ["https://practice.tamga.kg/1#123", "https://practice.tamga.kg/1#124"];
  assert.deepEqual(together([]), []);
  assert.deepEqual(together(["a waybill"]), ["a waybill"]);
  assert.deepEqual(together([ours, ours]), [ours]);
  assert.deepEqual(together(["a waybill", ours, "a vaccine pass"]), [ours]);
  assert.equal(together([ours, other]), null); // neither can be read, so each may be another permit's
  assert.equal(together(["a waybill", "a vaccine pass"]), null);
});

test("what left less what came is still to arrive", () => {
  assert.equal(coming(), "");
  assert.equal(coming(use("export", "3.5")), "A 3.5");
  assert.equal(coming(use("export", "3.5"), use("import", "1.25"), use("import", "1")), "A 1.25");
  assert.equal(coming(use("import", "2")), "A 3"); // nobody saw it leave
  assert.equal(coming(use("export", "2"), use("import", "3")), "A 0");
  assert.equal(coming(use("export", "2"), use("import", "1", { withdrawn: {} }), use("import", "1", { result: "duplicate" })), "A 2");
  assert.equal(coming(use("export", "2"), use("export", "2", { result: "conflict" })), "");
});
