/** One month of real analyses in every Zarr container: shape, counts, extremes, mean, single values. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { describeShared, sharedPath } from "../shared.ts";
import { openTestGrid, readAll, zarrSource } from "../sources/grid/openTest.ts";

for (const folder of ["era5-uk-2019-03"]) {
  describeShared(`${folder}, Zarr`, () => {
    const facts = JSON.parse(readFileSync(sharedPath("data", folder, "facts.json"), "utf8"));
    for (const store of facts.stores) {
      if (store.format !== "zarr") continue;
      it(`${store.path}: ${store.variable}`, async () => {
        const expected = facts.facts[store.facts];
        const source = zarrSource(sharedPath("data", folder, store.path));
        const opened = await openTestGrid(source);
        const { times, grid } = opened;
        if (times.kind !== "target") throw new Error("a target was expected");
        const [count, rows, columns] = expected.shape;
        expect([times.times.length, grid.latitude.length, grid.longitude.length]).toEqual(expected.shape);
        const { first, step_hours: step } = facts.coordinates.time;
        expect(times.times).toEqual(
          Array.from({ length: count }, (_, i) => Date.parse(first) + i * step * 3_600_000),
        );
        expect(grid.latitude[0]).toBe(facts.coordinates.latitude.first);
        expect(grid.latitude[rows - 1]).toBe(facts.coordinates.latitude.last);
        expect(grid.longitude[columns - 1]).toBe(facts.coordinates.longitude.last);
        const values = await readAll(opened, "surface_air_temperature");
        let [sum, n, min, max] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
        for (const value of values) {
          if (Number.isNaN(value)) continue;
          sum += value;
          n += 1;
          if (value < min) min = value;
          if (value > max) max = value;
        }
        expect(n).toBe(expected.count);
        expect(values.length - n).toBe(expected.nan_count);
        expect(min).toBe(expected.min);
        expect(max).toBe(expected.max);
        expect(Math.abs(sum / n - expected.mean)).toBeLessThan(1e-9 * Math.abs(expected.mean));
        for (const { index, value } of expected.points) {
          const found = values[(index[0] * rows + index[1]) * columns + index[2]];
          if (value === null) expect(found).toBeNaN();
          else expect(found).toBe(value);
        }
      });
    }
  });
}
