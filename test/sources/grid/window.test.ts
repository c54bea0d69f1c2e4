import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wholeCost } from "../../../src/model/chunk.ts";
import type { Source } from "../../../src/model/source.ts";
import { openGrid } from "../../../src/sources/grid/openGrid.ts";
import { along, type Chunked, chunkedGroup, hoursSince } from "./chunkedGroup.ts";
import { testContext } from "./openTest.ts";

const source: Source = {
  role: "forecast",
  name: "test",
  format: "zarr",
  address: "test-store",
  variables: { surface_air_temperature: "K" },
};

const lengths = { init_time: 2, lead_time: 3, number: 3, latitude: 5, longitude: 9 };
type Dim = keyof typeof lengths;

const shape = fc.record({
  dims: fc.shuffledSubarray(["init_time", "lead_time", "number", "latitude", "longitude"] as Dim[], {
    minLength: 5,
  }),
  withMembers: fc.boolean(),
  chunks: fc.record({
    init_time: fc.integer({ min: 1, max: 3 }),
    lead_time: fc.integer({ min: 1, max: 4 }),
    number: fc.integer({ min: 1, max: 4 }),
    latitude: fc.integer({ min: 1, max: 6 }),
    longitude: fc.integer({ min: 1, max: 10 }),
  }),
  kind: fc.constantFrom("float32", "float64", "int16", "int64", "packed"),
  holes: fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 4 }),
  absent: fc.boolean(),
  rotation: fc.integer({ min: 0, max: 8 }),
  rows: fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 1, max: 5 })),
  columns: fc.tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 1, max: 9 })),
  slot: fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 2 })),
  member: fc.constantFrom("mean" as const, 0, 2),
});

const make = (kind: string, size: number, holes: readonly number[]) => {
  const base = Float64Array.from(
    { length: size },
    (_, i) => ((i * 7919) % 1009) + (kind.startsWith("f") ? 0.25 : 0),
  );
  if (kind.startsWith("float")) for (const hole of holes) if (hole < size) base[hole] = Number.NaN;
  if (kind === "float32") return Float32Array.from(base);
  if (kind === "int64") return BigInt64Array.from(base, (value) => BigInt(value));
  return kind === "float64" ? base : Int16Array.from(base);
};

describe("a window of a grid", () => {
  it("equals a plain loop, whatever the chunks, order of dimensions, rotation and seam", async () => {
    await fc.assert(
      fc.asyncProperty(shape, async (given) => {
        const dims = given.dims.filter((dim) => given.withMembers || dim !== "number");
        const shapeOf = dims.map((dim) => lengths[dim]);
        const chunkShape = dims.map((dim) => given.chunks[dim]);
        const size = shapeOf.reduce((a, b) => a * b, 1);
        const values = make(given.kind, size, given.holes);
        const zero = dims.map(() => 0).join(".");
        const array: Chunked = {
          dims,
          shape: shapeOf,
          chunkShape,
          values,
          attributes: {
            units: "K",
            ...(given.kind === "packed" ? { scale_factor: 0.5, add_offset: 3 } : {}),
          },
          absent: given.absent ? [zero] : [],
        };
        const longitudes = Array.from({ length: 9 }, (_, i) => ((i + given.rotation) % 9) * 40);
        const group = chunkedGroup({
          surface_air_temperature: array,
          init_time: along("init_time", [0, 12], hoursSince),
          lead_time: along("lead_time", [0, 6, 12], { units: "hours" }),
          number: along("number", [0, 1, 2]),
          latitude: along("latitude", [60, 55, 50, 45, 40]),
          longitude: along("longitude", longitudes),
        });
        const { context } = testContext();
        const opened = await openGrid(group, { ...source, member: given.member }, context);

        const rows = { start: given.rows[0], stop: Math.min(5, given.rows[0] + given.rows[1]) };
        const [from, count] = given.columns;
        const columns =
          from + count <= 9
            ? [{ start: from, stop: from + count }]
            : [
                { start: from, stop: 9 },
                { start: 0, stop: from + count - 9 },
              ];
        const slot = { init_time: given.slot[0], lead_time: given.slot[1] };
        const window = { rows, columns };
        const cost = opened.cost(slot, ["surface_air_temperature"], window);
        const { fields, versions } = await opened.read(slot, ["surface_air_temperature"], window, {});
        const field = fields.surface_air_temperature!;

        const at = (index: Record<string, number>): number => {
          let position = 0;
          let first = true;
          for (const [d, dim] of dims.entries()) {
            position = position * shapeOf[d]! + index[dim]!;
            if (Math.floor(index[dim]! / chunkShape[d]!) !== 0) first = false;
          }
          if (given.absent && first) return Number.NaN;
          const value = Number(values[position]!);
          return given.kind === "packed" ? value * 0.5 + 3 : value;
        };
        const expected: number[] = [];
        for (let y = rows.start; y < rows.stop; y++) {
          for (let k = 0; k < count; k++) {
            const x = (from + k) % 9;
            const members = !given.withMembers ? [0] : given.member === "mean" ? [0, 1, 2] : [given.member];
            let [sum, n] = [0, 0];
            for (const number of members) {
              const value = at({ ...slot, number, latitude: y, longitude: x });
              if (!Number.isNaN(value)) [sum, n] = [sum + value, n + 1];
            }
            expected.push(n === 0 ? Number.NaN : sum / n);
          }
        }
        expect([...field.values]).toEqual(expected);
        const mean = given.withMembers && given.member === "mean";
        expect(field.values instanceof Float32Array).toBe(given.kind === "float32" && !mean);

        // the cost names exactly the chunks that are read, and covers them
        expect([...versions.keys()].sort()).toEqual(cost.chunks.map(({ id }) => id).sort());
        const held = cost.chunks.reduce((sum, { bytes }) => sum + bytes + 10, 0);
        const isView = given.kind === "float32" && cost.bytes === 0;
        expect(wholeCost(cost)).toBeGreaterThanOrEqual(held + (isView ? 0 : field.values.byteLength));
      }),
      { numRuns: 300 },
    );
  });
});
