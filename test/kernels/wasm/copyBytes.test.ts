import fc from "fast-check";
import { expect, test } from "vitest";
import { copyBytes } from "../../../src/kernels/wasm/copyBytes.ts";

/** Memory that other threads can see, or not. */
const memories = { shared: new Uint8Array(new SharedArrayBuffer(8192)), own: new Uint8Array(8192) };
const either = fc.constantFrom(...(["shared", "own"] as const));
const number = (max: number) => fc.integer({ min: 0, max });

test("bytes arrive where they belong, and nothing else changes", () => {
  fc.assert(
    fc.property(
      fc.record({ from: either, to: either, start: number(500), at: number(500), length: number(3000) }),
      ({ from, to, start, at, length }) => {
        const [source, target] = [memories[from], memories[to]];
        for (let i = 0; i < 8192; i++) [source[i], target[i]] = [(i * 7) % 251, (i * 7) % 251];
        // In one memory the two may meet, or lie apart.
        const expected = target.slice();
        const bytes = source.subarray(4000 + start, 4000 + start + length);
        expected.set(bytes.slice(), 300 + at);
        copyBytes(target.subarray(100), bytes, 200 + at);
        expect(Buffer.compare(target, expected)).toBe(0);
      },
    ),
    { numRuns: 500 },
  );
});

test("there must be room for all of it", () => {
  for (const { buffer } of Object.values(memories)) {
    const target = new Uint8Array(buffer as ArrayBuffer, 0, 1000);
    expect(() => copyBytes(target, new Uint8Array(1001), 0)).toThrow(RangeError);
    expect(() => copyBytes(target, new Uint8Array(1000), 1)).toThrow(RangeError);
  }
});
