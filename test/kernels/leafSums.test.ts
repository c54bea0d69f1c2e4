import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { errorLeaf } from "../../src/kernels/errorLeaf.ts";
import {
  ABSOLUTE,
  COUNT,
  ERROR,
  FORECAST,
  leafSums,
  SQUARED,
  TARGET,
  THRESHOLD,
  WEIGHT,
} from "../../src/kernels/leafSums.ts";
import { meanLeaf } from "../../src/kernels/meanLeaf.ts";

/** The lane order, written out: place i in lane i mod 4, lanes joined as (0 + 2) + (1 + 3). */
const lanes = (values: readonly (number | undefined)[]): number => {
  const lane = [0, 0, 0, 0];
  for (const [i, value] of values.entries()) lane[i % 4]! += value ?? 0;
  return lane[0]! + lane[2]! + (lane[1]! + lane[3]!);
};

const value = fc.oneof(fc.double({ min: 200, max: 320, noNaN: true }), fc.constant(Number.NaN));
const full = fc.double({ min: 200, max: 320, noNaN: true });
const rows = fc.oneof(
  fc.array(fc.tuple(full, full, full), { maxLength: 23 }),
  fc.array(fc.tuple(value, value, value), { maxLength: 23 }),
);

describe("leaf sums", () => {
  for (const Values of [Float32Array, Float64Array]) {
    test(`errors in the fixed lane order (${Values.name})`, () => {
      fc.assert(
        fc.property(rows, fc.boolean(), (row, weighted) => {
          const f = Values.from([0, 0, ...row.map(([x]) => x), 0]);
          const o = Values.from([0, 0, ...row.map(([, y]) => y), 0]);
          const weights = weighted ? Float64Array.from(row, (_, i) => 1 + (i % 3) / 10) : undefined;
          const out = leafSums();
          errorLeaf(f, o, 2, 2 + row.length, weights, out);
          const errors = row.map((_, i) => {
            const e = f[i + 2]! - o[i + 2]!;
            return Number.isNaN(e) ? undefined : e;
          });
          const weigh = (g: (e: number) => number) =>
            lanes(errors.map((e, i) => (e === undefined ? undefined : (weights?.[i] ?? 1) * g(e))));
          expect(out[COUNT]).toBe(errors.filter((e) => e !== undefined).length);
          expect(out[WEIGHT]).toBe(weigh(() => 1));
          expect(out[ERROR]).toBe(weigh((e) => e));
          expect(out[ABSOLUTE]).toBe(weigh(Math.abs));
          expect(out[SQUARED]).toBe(weigh((e) => e * e));
        }),
      );
    });

    test(`means over the places all sides have (${Values.name})`, () => {
      fc.assert(
        fc.property(rows, fc.boolean(), fc.boolean(), (row, weighted, withThreshold) => {
          const f = Values.from(row.map(([x]) => x));
          const o = Values.from(row.map(([, y]) => y));
          const c = withThreshold ? Values.from(row.map(([, , z]) => z)) : undefined;
          const weights = weighted ? Float64Array.from(row, (_, i) => 1 + (i % 3) / 10) : undefined;
          const out = leafSums();
          meanLeaf(f, o, c, 0, row.length, weights, out);
          const present = row.map((_, i) => !Number.isNaN(f[i]! + o[i]! + (c?.[i] ?? 0)));
          const weigh = (values: ArrayLike<number> | undefined) =>
            lanes(present.map((is, i) => (is ? (weights?.[i] ?? 1) * (values?.[i] ?? 0) : undefined)));
          expect(out[COUNT]).toBe(present.filter(Boolean).length);
          expect(out[FORECAST]).toBe(weigh(f));
          expect(out[TARGET]).toBe(weigh(o));
          expect(out[THRESHOLD]).toBe(weigh(c));
        }),
      );
    });
  }
});
