/** What is on disk is found by whatever version comes after: keys and states are the bytes they always were. */
import { serialize } from "node:v8";
import { expect, test } from "vitest";
import { hashBytes, idOf, numberOf, recordKey } from "../../../src/runtime/ledger/keys.ts";
import { recordedOf, stateBytes } from "../../../src/runtime/ledger/stateBytes.ts";

test("a key is a letter, an id and numbers, the highest byte first", () => {
  const id = hashBytes("0123456789abcdef");
  const keys = [
    recordKey("states", id, 1, 0x12345678, 0xffffffff),
    recordKey("site", id),
    recordKey("schema"),
  ];
  expect(keys.map((key) => Buffer.from(key).toString("hex"))).toEqual([
    "730123456789abcdef0000000112345678ffffffff",
    "740123456789abcdef",
    "6d",
  ]);
  expect([idOf(keys[0]!), numberOf(keys[0]!)]).toEqual(["0123456789abcdef", 1]);
  const copy = keys[1]!.slice(0, 1);
  copy[0] = 0;
  expect(keys[1]![0]).toBe(0x74);
});

test("states are as node:v8 writes them, then the order and the time", () => {
  const states = [new Map([["a", { n: 1, sum: [0.1] }]]), new Float64Array([1, Number.NaN])];
  const tail = new DataView(new ArrayBuffer(12));
  tail.setUint32(0, 7);
  tail.setFloat64(4, 1.7e12);
  const bytes = stateBytes(states, 7, 1.7e12);
  expect(Buffer.from(bytes)).toEqual(Buffer.concat([serialize(states), Buffer.from(tail.buffer)]));
  expect(recordedOf(bytes)).toEqual({ order: 7, at: 1.7e12, states });
});
