/** One real day under many time encodings: values and times of every store, and the refusals. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { EwbError } from "../../src/model/errors.ts";
import { decodeLeads } from "../../src/sources/cf/decodeLeads.ts";
import { readCoordinate } from "../../src/sources/cf/readCoordinate.ts";
import { openStore } from "../../src/sources/stores/openStore.ts";
import { openZarr } from "../../src/sources/zarr/openZarr.ts";
import { describeShared, sharedPath } from "../shared.ts";
import { openTestGrid, readAll, testContext, zarrSource } from "../sources/grid/openTest.ts";

interface TimeStore {
  readonly group: string;
  readonly path: string;
  readonly variable: string;
  readonly facts: string;
  readonly time_units: string | null;
  readonly time_calendar: string | null;
  readonly refuse?: boolean;
}

describeShared("calendars", () => {
  const facts = JSON.parse(readFileSync(sharedPath("data", "calendars", "facts.json"), "utf8"));
  const address = ({ path, group }: { path: string; group: string }) =>
    sharedPath("data", "calendars", path, group);

  for (const store of facts.stores as TimeStore[]) {
    const source = zarrSource(address(store), { mapping: { surface_air_temperature: store.variable } });
    if (store.refuse) {
      it(`refuses ${store.group}`, async () => {
        const error = await openTestGrid(source).catch((reason) => reason);
        expect(error).toBeInstanceOf(EwbError);
        expect(error.message).toContain("time");
        const { time_calendar: calendar, time_units: units } = store;
        if (calendar !== null && !["standard", "gregorian"].includes(calendar)) {
          expect(error.message).toContain(calendar);
        } else if (units !== null && !/^(days|hours|minutes|seconds) /.test(units)) {
          expect(error.message).toContain(units);
        }
      });
      continue;
    }
    it(`reads ${store.group}`, async () => {
      const { count, first, step_hours: step } = facts.time;
      const opened = await openTestGrid(source);
      const { times } = opened;
      if (times.kind !== "target") throw new Error("a target was expected");
      const expected = Array.from({ length: count }, (_, i) => Date.parse(first) + i * step * 3_600_000);
      expect(times.times).toEqual(expected);
      const { points, min, max, mean, nan_count: missing, shape } = facts.facts[store.facts];
      const values = await readAll(opened, "surface_air_temperature");
      expect(values.length).toBe(shape[0] * shape[1] * shape[2]);
      const valid = values.filter((value) => !Number.isNaN(value));
      expect(values.length - valid.length).toBe(missing);
      expect(Math.min(...valid)).toBe(min);
      expect(Math.max(...valid)).toBe(max);
      expect(valid.reduce((sum, value) => sum + value, 0) / valid.length).toBeCloseTo(mean, 9);
      for (const { index, value } of points) {
        expect(values[(index[0] * shape[1] + index[1]) * shape[2] + index[2]]).toBe(value);
      }
    });
  }

  for (const store of facts.leads as (TimeStore & { lead_hours: number[] })[]) {
    it(`reads ${store.group}`, async () => {
      const group = await openZarr(await openStore(address(store)), testContext().context);
      const leads = decodeLeads(await readCoordinate(group.address, await group.array(store.variable)));
      expect([...leads]).toEqual(store.lead_hours.map((hours) => hours * 3_600_000));
    });
  }
});
