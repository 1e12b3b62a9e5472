// Values that exist only in JavaScript and so cannot be compared with Python.

import assert from "node:assert/strict";
import { test } from "node:test";

import { fromHex, toHex, utf8 } from "../../web/core/bytes.js";
import * as cbor from "../../web/core/cbor.js";
import { CheckResult } from "../../web/core/check_results.js";
import { Invalid } from "../../web/core/errors.js";
import { NameSearch, fold } from "../../web/core/name_search.js";
import { recordBytes } from "../../web/core/permit.js";
import { amount } from "../../web/core/single_use.js";
import { inflate } from "../../web/core/status_list.js";
import { expiresAt, latest } from "../../web/core/validity.js";

const deep = (levels) => (levels === 0 ? "x" : [deep(levels - 1)]);
const beyond = [1.5, NaN, Infinity, 2 ** 53, undefined, 1n, new Date(0), new Map(), Symbol.iterator, () => 1, "\ud800"];

test("a record accepts only values with one spelling in RFC 8785 and Python", () => {
  for (const value of [...beyond, { a: undefined }, deep(13), Object.create({ a: "b" }), { "\udfff": "x" }]) {
    assert.throws(() => recordBytes(value), Invalid);
    assert.throws(() => recordBytes([value]), Invalid);
  }
  assert.equal(recordBytes(deep(12)).length, 27);
  assert.deepEqual(recordBytes({ b: -0, a: 2 ** 53 - 1 }), utf8('{"a":9007199254740991,"b":0}'));
});

test("CBOR encodes only integers, bytes, text, booleans, arrays and maps", () => {
  const odd = [1.5, NaN, 2 ** 53, null, undefined, {}, new Date(0), new Set(), "\udc00", 2n ** 64n, -(2n ** 64n) - 1n];
  for (const value of odd) {
    assert.throws(() => cbor.encode(value), cbor.CborError);
    assert.throws(() => cbor.encode([value]), cbor.CborError);
    assert.throws(() => cbor.encode(new Map([[0, value]])), cbor.CborError);
  }
  for (const key of [true, null, new Uint8Array(1), [1]]) {
    assert.throws(() => cbor.encode(new Map([[key, 0]])), cbor.CborError);
  }
  const whole = "84001b001fffffffffffff1b00200000000000003bffffffffffffffff";
  assert.equal(toHex(cbor.encode([-0, 2 ** 53 - 1, 2n ** 53n, -(2n ** 64n)])), whole);
});

test("an integer beyond the exact range of a number becomes a bigint", () => {
  const read = (value) => cbor.decode(cbor.encode(value), { cap: 9, depth: 0 });
  for (const value of [0, -1, 2 ** 53 - 1, -(2 ** 53) + 1]) assert.equal(read(BigInt(value)), value);
  for (const value of [2n ** 53n, -(2n ** 53n), 2n ** 64n - 1n, -(2n ** 64n)]) assert.equal(read(value), value);
});

test("no member name changes a prototype", () => {
  const read = cbor.decode(cbor.encode(new Map([["__proto__", new Map([["polluted", true]])]])), { cap: 99, depth: 2 });
  assert.ok(read instanceof Map);
  const data = JSON.parse('{"__proto__": {"polluted": "yes"}, "constructor": {"prototype": "x"}}');
  assert.equal(new TextDecoder().decode(recordBytes(data)), JSON.stringify(data));
  assert.equal({}.polluted, undefined);
});

test("a check result cannot be changed", () => {
  const result = new CheckResult("U4", "hold", { events: ["a"] });
  assert.throws(() => { result.outcome = ""; }, TypeError);
  const cleared = result.replace({ outcome: "check", cleared: true });
  assert.deepEqual([result.outcome, cleared.outcome, cleared.check, cleared.events], ["hold", "check", 10, ["a"]]);
});

test("ASCII text folds the same as beside another letter, which takes the long way", () => {
  for (let code = 0; code < 128; code += 1) {
    const text = `Fal${String.fromCharCode(code)}co`;
    assert.equal(fold(`${text} é`), `${fold(text)} e`, text);
  }
});

test("a second search for a misspelled name finds the same", () => {
  const search = new NameSearch([["Falco cherrug"], ["Canis lupus"]]);
  assert.deepEqual(search.find("lupuss"), [[1, 0]]);
  assert.deepEqual(search.find("lupuss"), [[1, 0]]);
  assert.deepEqual(search.find("cherug"), [[0, 0]]);
});

test("quantities are exact and invalid quantities and hex are rejected", () => {
  assert.equal(amount("999999999.999999"), 999999999999999n);
  assert.equal(amount("0.1") + amount("0.2"), amount("0.3"));
  for (const odd of ["", "1.", ".5", "1.0", "1e3", "٣", "1\n"]) assert.throws(() => amount(odd), Invalid);
  for (const odd of ["0", "0g", "0x00", "00 "]) assert.throws(() => fromHex(odd), RangeError);
});

test("an invalid day, zone or kind of document is rejected", () => {
  for (const [day, zone] of [["2027-02-29", "UTC"], ["2027-02-28", "Nowhere/Else"], ["2027-02-28", "toString"]]) {
    assert.throws(() => expiresAt(day, zone), RangeError);
  }
  assert.throws(() => latest("X", "2027-01-01"), RangeError);
});

test("only a complete zlib stream of the exact size is accepted", async () => {
  const deflated = async (data) => {
    const stream = new Blob([data]).stream().pipeThrough(new CompressionStream("deflate"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  };
  const data = crypto.getRandomValues(new Uint8Array(60_000));
  const good = await deflated(data);
  assert.deepEqual(await inflate(good, data.length), data);
  const again = new Uint8Array([...good, ...good.subarray(-4)]); // the correct end, repeated
  for (const [bad, size] of [[good, 59_999], [good, 60_001], [good.subarray(0, -1), 60_000], [again, 60_000],
    [new Uint8Array(0), 0], [await deflated(new Uint8Array(50_000_000)), 60_000]]) {
    await assert.rejects(inflate(bad, size), { code: "T1" });
  }
  assert.deepEqual(await inflate(await deflated(new Uint8Array(0)), 0), new Uint8Array(0));
});
