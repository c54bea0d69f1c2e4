import { expect, test } from "vitest";
import type { Metric } from "../../../src/model/metric.ts";
import { UnitBundle } from "../../../src/operators/flow/unitBundle.ts";

const newest: Metric<any, Float64Array> = {
  name: "newest",
  term: "newest",
  definition: "what came last",
  variable: "t",
  parameters: {},
  needs: { variables: ["t"] },
  unit: () => "1",
  zero: () => new Float64Array(),
  observe: () => new Float64Array(),
  merge: (_, b) => b,
  finish: () => [],
};
const inputs = { forecast: "", target: "", beside: "", lacks: { forecast: false, target: false } };

test("the states of one unit in seven are looked at", () => {
  const bundle = new UnitBundle([newest, newest]);
  const bytes: number[] = [];
  for (let i = 0; i < 15; i++) {
    const states = [new Float64Array(1000 * i), new Float64Array(1)];
    bytes.push(bundle.bytesOf(states));
    bundle.add([{ target: "o", initTime: i, leadHours: 0, inputs }], states, bytes[i]!);
  }
  const of = (i: number) => 8000 * i + 8 + 2 * 96;
  expect(bytes).toEqual([...Array(7).fill(of(0)), ...Array(7).fill(of(7)), of(14)]);
  expect(bundle.bytes).toBe(7 * of(0) + 7 * of(7) + of(14));
});
