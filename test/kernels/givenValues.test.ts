/** The forecast where a pair counts, by every comparison, side and kind of threshold. */
import { expect, test } from "vitest";
import { givenValues } from "../../src/kernels/scores/givenValues.ts";

const nan = Number.NaN;
const f = Float32Array.of(1, 2, 3, nan, 5, 2);
const o = Float64Array.of(3, 2, 1, 9, nan, 2);
const places = Float32Array.of(2, 2, 2, 2, 2, nan);

const meets = {
  ">=": (value: number, limit: number) => value >= limit,
  ">": (value: number, limit: number) => value > limit,
  "<=": (value: number, limit: number) => value <= limit,
  "<": (value: number, limit: number) => value < limit,
} as const;

test("pairs count where a side meets the threshold", () => {
  for (const comparison of [">=", ">", "<=", "<"] as const) {
    for (const limits of [undefined, places]) {
      for (const judged of [undefined, Float32Array.of(9, 0, 9, 0, 9, 0)]) {
        for (const [ofForecast, ofTarget] of [
          [true, false],
          [false, true],
          [true, true],
        ] as const) {
          const wanted = f.map((value, i) => {
            const [tf, to] = [limits?.[i] ?? 3, limits?.[i] ?? 2];
            const isGiven =
              (ofForecast && meets[comparison]((judged ?? f)[i]!, tf)) ||
              (ofTarget && meets[comparison](o[i]!, to));
            return isGiven ? value : nan;
          });
          const given = {
            comparison,
            forForecast: 3,
            forTarget: 2,
            judged,
            places: limits,
            ofForecast,
            ofTarget,
          };
          expect(givenValues(f, o, given)).toEqual(wanted);
        }
      }
    }
  }
  expect([...f]).toEqual([1, 2, 3, nan, 5, 2]);
});
