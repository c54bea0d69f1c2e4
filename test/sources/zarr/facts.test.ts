/** Every Zarr store that a `facts.json` describes, at the level of chunks: stored values, nothing unpacked. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { StoredArray } from "../../../src/sources/storedArray.ts";
import { openStore } from "../../../src/sources/stores/openStore.ts";
import { openZarr } from "../../../src/sources/zarr/openZarr.ts";
import { describeShared, sharedPath } from "../../shared.ts";
import { places, testContext } from "./context.ts";

interface Described {
  readonly path: string;
  /** A group below the path. */
  readonly group?: string;
  readonly variable: string;
  readonly facts: string;
  readonly format: string;
}
interface Facts {
  readonly dims: readonly string[];
  readonly shape: readonly number[];
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly points: readonly { readonly index: readonly number[]; readonly value: number | null }[];
}

/** All values in C order; NaN where a chunk is absent, the format's fill value stands, or `_FillValue`. */
async function whole(array: StoredArray): Promise<Float64Array> {
  const { shape, chunkShape, attributes } = array;
  const scale = Number(attributes.scale_factor ?? 1);
  const offset = Number(attributes.add_offset ?? 0);
  const missing = attributes._FillValue === undefined ? Number.NaN : Number(attributes._FillValue);
  const out = new Float64Array(shape.reduce((product, length) => product * length, 1)).fill(Number.NaN);
  for (const coords of places(array)) {
    const chunk = await array.chunk(coords, {});
    if (chunk === undefined) continue;
    expect(chunk.values.byteLength).toBe(array.chunkBytes);
    for (let i = 0; i < chunk.values.length; i++) {
      let rest = i;
      let at = 0;
      let inside = true;
      const index = [...shape];
      for (let d = shape.length - 1; d >= 0; d--) {
        index[d] = coords[d]! * chunkShape[d]! + (rest % chunkShape[d]!);
        rest = Math.floor(rest / chunkShape[d]!);
        inside &&= index[d]! < shape[d]!;
      }
      for (let d = 0; d < shape.length; d++) at = at * shape[d]! + index[d]!;
      const value = Number(chunk.values[i]);
      if (inside && value !== missing) out[at] = value * scale + offset;
    }
  }
  return out;
}

const summary = (values: Float64Array) => {
  let [count, sum, min, max] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    count++;
    sum += value;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return { count, min, max, mean: sum / count };
};

describeShared("Zarr stores with facts", () => {
  const data = sharedPath("data");
  for (const folder of existsSync(data) ? readdirSync(data) : []) {
    const file = sharedPath("data", folder, "facts.json");
    if (!existsSync(file)) continue;
    const { stores, facts } = JSON.parse(readFileSync(file, "utf8")) as {
      stores?: Described[];
      facts?: Record<string, Facts>;
    };
    for (const { path, group: below = "", variable, facts: name, format } of stores ?? []) {
      if (format !== "zarr" || facts?.[name]?.shape === undefined) continue;
      it(`${folder}/${path} ${below} ${variable}`, async () => {
        const expected = facts[name]!;
        const context = testContext();
        const group = await openZarr(await openStore(sharedPath("data", folder, path, below)), context);
        expect(group.names).toContain(variable);
        const array = await group.array(variable);
        expect(array.shape).toEqual(expected.shape);
        expect(array.dims).toEqual(expected.dims);
        const values = await whole(array);
        const { count, min, max, mean } = summary(values);
        expect([count, min, max]).toEqual([expected.count, expected.min, expected.max]);
        expect(Math.abs(mean / expected.mean - 1)).toBeLessThan(1e-9);
        for (const { index, value } of expected.points) {
          const at = index.reduce((offset, i, d) => offset * expected.shape[d]! + i, 0);
          expect(values[at]).toBe(value ?? Number.NaN);
        }
        for (const dim of expected.dims) {
          const axis = await group.array(dim);
          expect(axis.shape).toEqual([expected.shape[expected.dims.indexOf(dim)]]);
        }
        expect(context.bytes).toBeGreaterThan(0);
        expect(group.warnings).toEqual([]);
      });
    }
  }
});
