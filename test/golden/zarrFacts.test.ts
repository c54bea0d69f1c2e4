/** Zarr stores of other kinds (members, levels, forecasts): every value the facts state stands at its place and time. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { OpenGrid } from "../../src/model/openSource.ts";
import { openStore } from "../../src/sources/stores/openStore.ts";
import { openZarr } from "../../src/sources/zarr/openZarr.ts";
import { describeShared, sharedPath } from "../shared.ts";
import { openTestGrid, testContext, wholeWindow, zarrSource } from "../sources/grid/openTest.ts";

interface Point {
  readonly value: number | null;
  readonly latitude: number;
  readonly longitude: number;
  readonly time?: string;
  readonly init_time?: string;
  readonly lead_time?: number;
  readonly level?: number;
  readonly number?: number;
}

const slotOf = (opened: OpenGrid, point: Point) => {
  const { times } = opened;
  if (times.kind === "target") return times.slot(Date.parse(point.time!));
  if (times.kind !== "forecast") return undefined;
  const init = Date.parse(point.init_time!);
  const lead = point.lead_time! * 3_600_000;
  for (const ref of times.refs(init + lead, init + lead)) {
    if (ref.initTime === init && ref.lead === lead) return ref.slot;
  }
  return undefined;
};

describeShared("facts of Zarr stores", () => {
  const folders = readdirSync(sharedPath("data")).filter((name) =>
    existsSync(sharedPath("data", name, "facts.json")),
  );
  for (const folder of folders) {
    const { stores, facts } = JSON.parse(readFileSync(sharedPath("data", folder, "facts.json"), "utf8"));
    for (const store of stores ?? []) {
      const stated = facts[store.facts];
      if (store.format !== "zarr" || store.group !== undefined || !stated?.points) continue;
      it(`${folder}/${store.path}: ${store.variable}`, async () => {
        const address = sharedPath("data", folder, store.path);
        const group = await openZarr(await openStore(address), testContext().context);
        const { units } = (await group.array(store.variable)).attributes;
        const { dims, min, max } = stated;
        const ends = [
          { ...stated.min_at, value: min },
          { ...stated.max_at, value: max },
        ];
        for (const point of [...stated.points, ...ends] as Point[]) {
          const at = point.level === undefined ? {} : { at: { level: point.level } };
          const opened = await openTestGrid(
            zarrSource(address, {
              role: dims.includes("lead_time") ? "forecast" : "target",
              variables: { [store.variable]: String(units) },
              mapping: { [store.variable]: { name: store.variable, ...at } },
              ...(point.number === undefined ? {} : { member: point.number }),
            }),
          );
          await opened.check([store.variable]);
          expect(opened.level(store.variable)).toBe(point.level ?? null);
          const slot = slotOf(opened, point);
          const { fields } = await opened.read(slot!, [store.variable], wholeWindow(opened), {});
          const row = opened.grid.latitude.indexOf(point.latitude);
          const column = opened.grid.longitude.indexOf(point.longitude);
          const value = fields[store.variable]!.values[row * opened.grid.longitude.length + column];
          if (point.value === null) expect(value).toBeNaN();
          else expect(value).toBe(point.value);
        }
      });
    }
  }
});
