/** Every damaged Zarr store ends as its entry says: read, missing, error or refuse. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { EwbError } from "../../src/model/errors.ts";
import type { OpenGrid } from "../../src/model/openSource.ts";
import { describeShared, sharedPath } from "../shared.ts";
import { openTestGrid, wholeWindow, zarrSource } from "../sources/grid/openTest.ts";

interface Fault {
  readonly id: string;
  readonly path: string;
  readonly kind: string;
  readonly what: string;
  readonly must: string;
  readonly outcome: "read" | "missing" | "error" | "refuse";
  readonly n?: number;
  readonly infinite?: number;
  readonly chunk?: string;
  readonly longitude_0?: number;
  readonly first_time?: string;
  readonly xarray: string;
}

const variable = "surface_air_temperature";

/** Values hour by hour, or the error of that hour. */
const hours = async (opened: OpenGrid): Promise<(Float64Array | EwbError)[]> => {
  const { times } = opened;
  if (times.kind !== "target") throw new Error("a target was expected");
  const results: (Float64Array | EwbError)[] = [];
  for (const time of times.times) {
    const reading = opened.read(times.slot(time)!, [variable], wholeWindow(opened), {});
    results.push(
      await reading.then(
        ({ fields }) => Float64Array.from(fields[variable]!.values),
        (error) => {
          if (error instanceof EwbError) return error;
          throw error;
        },
      ),
    );
  }
  return results;
};

const validOf = (all: readonly Float64Array[]) =>
  all.flatMap((values) => [...values]).filter((value) => !Number.isNaN(value));

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describeShared("damaged Zarr stores", () => {
  const { faults, field } = JSON.parse(readFileSync(sharedPath("data", "faults", "faults.json"), "utf8"));
  for (const fault of faults as Fault[]) {
    if (fault.kind !== "zarr2" && fault.kind !== "zarr3") continue;
    const address = sharedPath("data", "faults", fault.path);
    const open = async () => {
      const opened = await openTestGrid(zarrSource(address, { mapping: { [variable]: "t2m" } }));
      await opened.check([variable]);
      return opened;
    };
    it(`${fault.id}: ${fault.outcome} (${fault.what})`, async () => {
      if (fault.outcome === "refuse") {
        const error = await open().catch((reason) => reason);
        expect(error).toBeInstanceOf(EwbError);
        expect(error.message).toContain(fault.path);
        return;
      }
      const opened = await open();
      const results = await hours(opened);
      const read = results.filter((result) => result instanceof Float64Array);
      const errors = results.filter((result) => result instanceof EwbError);
      if (fault.outcome === "error") {
        expect(errors.length).toBeGreaterThan(0);
        for (const error of errors) {
          expect(error.message).toContain(fault.path);
          expect(error.message).toContain("t2m");
          expect(error.place.chunk).toBeDefined();
        }
        const sizes = /(\d+) bytes found, (\d+) expected/.exec(fault.must);
        for (const size of sizes?.slice(1) ?? []) expect(errors[0]!.message).toContain(size);
        if (fault.chunk !== undefined) {
          expect(errors.every(({ message }) => message.includes(fault.chunk!))).toBe(true);
          expect(read.length).toBe(12);
          expect(meanOf(validOf(read))).toBeCloseTo(field.mean_first_half, 9);
        }
        if (fault.infinite !== undefined) {
          const counts = new Map(
            errors.map(({ message, place }) => [place.chunk, Number(/(\d+) infinite/.exec(message)?.[1])]),
          );
          expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(fault.infinite);
        }
        return;
      }
      expect(errors).toEqual([]);
      const valid = validOf(read);
      const total = read.reduce((sum, values) => sum + values.length, 0);
      const mean = /mean ([\d.]+)/.exec(fault.xarray);
      if (fault.outcome === "missing") {
        expect(valid.length).toBe(fault.n);
        for (const value of valid) expect(value > 200 && value < 330).toBe(true);
        return;
      }
      expect(valid.length).toBe(total);
      if (fault.longitude_0 !== undefined) expect(opened.grid.longitude).toContain(fault.longitude_0);
      const { times } = opened;
      const first = Date.parse(fault.first_time ?? field.first);
      if (times.kind === "target") expect(times.times[0]).toBe(first);
      // values stand where they belong: the corner of the first hour, and the mean that other readers state
      const celsius = fault.id.includes("celsius");
      if (fault.first_time === undefined) expect(read[0]![0]).toBeCloseTo(field.corner, celsius ? 4 : 9);
      if (mean && !celsius) expect(meanOf(valid)).toBeCloseTo(Number(mean[1]), 3);
      else expect(meanOf(valid)).toBeCloseTo(field.mean, 4);
    });
  }
});
