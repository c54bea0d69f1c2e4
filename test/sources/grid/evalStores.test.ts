/** The forecasts of an evaluation with known scores: inits, leads, and values that their rules foretell. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { describeShared, sharedPath } from "../../shared.ts";
import { openTestGrid, wholeWindow, zarrSource } from "./openTest.ts";

describeShared("forecasts of the evaluation", () => {
  const folder = ["data", "eval-uk-t2m"];
  const facts = JSON.parse(readFileSync(sharedPath(...folder, "expected.json"), "utf8"));
  const variable = "surface_air_temperature";
  const hour = 3_600_000;
  for (const [name, store] of Object.entries<{ path: string; format: string }>(facts.forecasts)) {
    if (store.format !== "zarr") continue;
    it(`${name}: inits, leads and the error at the first lead`, async () => {
      const address = sharedPath(...folder, store.path);
      const opened = await openTestGrid(zarrSource(address, { role: "forecast" }));
      const target = await openTestGrid(zarrSource(sharedPath(...folder, facts.target.path)));
      if (opened.times.kind !== "forecast" || target.times.kind !== "target") throw new Error("kinds");
      const { inits, leads } = facts;
      expect(opened.times.leads).toEqual(
        Array.from({ length: leads.count }, (_, i) => (leads.first + i * leads.step_hours) * hour),
      );
      const refs = [...opened.times.refs(Date.parse(inits.first), Date.parse(inits.last) + 200 * hour)];
      expect(refs.length).toBe(inits.count * leads.count);
      expect(new Set(refs.map(({ initTime }) => initTime)).size).toBe(inits.count);
      expect(refs[0]!.initTime).toBe(Date.parse(inits.first));
      expect(refs.at(-1)!.initTime).toBe(Date.parse(inits.last));

      // mean and root mean squared error of the whole box at one lead, by places
      const whole = facts.cases.find((event: { cells: number }) => event.cells === 33 * 49);
      const row = whole.forecasts[name].by_lead[2];
      const key = ({ grid }: typeof opened) => {
        const places = new Map<string, number>();
        for (const [y, lat] of grid.latitude.entries()) {
          for (const [x, lon] of grid.longitude.entries()) {
            places.set(`${lat} ${lon > 180 ? lon - 360 : lon}`, y * grid.longitude.length + x);
          }
        }
        return places;
      };
      const there = key(target);
      await opened.check([variable]);
      let [sum, squares, n, pairs] = [0, 0, 0, 0];
      for (const ref of refs) {
        if (ref.lead !== row.lead_hours * hour) continue;
        const slot = target.times.slot(ref.validTime);
        if (!slot) continue;
        pairs += 1;
        const ours = await opened.read(ref.slot, [variable], wholeWindow(opened), {});
        const theirs = await target.read(slot, [variable], wholeWindow(target), {});
        for (const [place, index] of key(opened)) {
          const value =
            ours.fields[variable]!.values[index]! - theirs.fields[variable]!.values[there.get(place)!]!;
          sum += value;
          squares += value * value;
          n += 1;
        }
      }
      if (row.pairs !== undefined) expect(pairs).toBe(row.pairs);
      expect(n).toBe(row.n);
      // an ensemble is scored by the mean of its members
      expect(Math.abs(sum / n - (row.me ?? row.me_of_mean))).toBeLessThan(facts.tolerance.absolute);
      expect(Math.abs(Math.sqrt(squares / n) - (row.rmse ?? row.rmse_of_mean))).toBeLessThan(
        facts.tolerance.absolute,
      );
    });
  }
});
