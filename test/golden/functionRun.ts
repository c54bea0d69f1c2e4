/** Function cases that only a run can answer: which names `pairs` gives, which cases `cases` lets through. */
import { cases, eachCase, pairs } from "ewb";
import { inMemory } from "ewb/catalog";
import { pairs as peerPairs } from "ewb/compat/ewb11";
import { concatMap, from, map, toArray } from "rxjs";
import type { PairRef } from "../../src/model/pair.ts";
import { type FunctionCheck, wantedOf } from "./functionCase.ts";
import { dataSetOf, runProgram } from "./program.ts";
import { instant } from "./unitCase.ts";

/** Which run stands at each lead and valid time: the names that `pairs` gives. */
export const windowAndPivot: FunctionCheck = async ({ inputs, expected }, wing) => {
  const variable = "surface_air_temperature";
  const { init_time: inits, lead_time: leads, start, end } = inputs;
  const hour = 3_600_000;
  const valid = new Set<number>(
    inits.flatMap((init: string) => leads.map((lead: number) => instant(init) + lead * hour)),
  );
  const times = [...valid].sort((a, b) => a - b);
  const source = (role: "forecast" | "target", dims: string[], coords: any, size: number) =>
    inMemory({
      role,
      name: role,
      variables: { [variable]: "K" },
      arrays: { [variable]: { dims, coords, data: new Float64Array(size) } },
    });
  const forecast = source(
    "forecast",
    ["init_time", "lead_time"],
    { init_time: inits, lead_time: leads },
    inits.length * leads.length,
  );
  const target = source("target", ["valid_time"], { valid_time: times }, times.length);
  const event = {
    id: 1,
    title: "window",
    type: "heat_wave",
    start: instant(start),
    end: instant(end),
    region: { south: -1, north: 1, west: -1, east: 1 },
  };
  const names: Pick<PairRef, "initTime" | "leadHours" | "targets">[] = [];
  const verb = (wing === "ours" ? pairs : peerPairs) as typeof pairs;
  const { failures, error } = await runProgram(
    (run) =>
      cases(run).pipe(
        eachCase(run, (one) => verb(run, one, { forecast, targets: [target], variables: [variable] })),
        toArray(),
        concatMap((all) => {
          names.push(...all);
          return from([]);
        }),
      ),
    dataSetOf({ cases: [event] }),
  );
  const text = (init: number, lead: number) => `${new Date(init).toISOString()} +${lead} h`;
  const wanted = (expected.init_time as (string | null)[][]).flatMap((row, l) =>
    row.flatMap((init) => (init === null ? [] : [text(instant(init), expected.lead_time[l])])),
  );
  const got = names
    .filter(({ targets }) => targets.length > 0)
    .map(({ initTime, leadHours }) => text(initTime, leadHours));
  return {
    got: { names: got.sort(), failures, error },
    wanted: { names: wanted.sort(), failures: [], error: undefined },
  };
};

/** Which case meets which object: what `cases` lets through. */
export const buildOperators: FunctionCheck = async (one, wing) => {
  if (wing === "compat") return undefined;
  const { object_event_types: types, cases: known } = one.inputs;
  const region = { south: 0, north: 1, west: 0, east: 1 };
  const events = known.map(([id, type]: [number, string]) => ({
    id,
    title: type,
    type,
    start: 0,
    end: 1,
    region,
  }));
  const met: [number, string][] = [];
  const { failures, error } = await runProgram(
    (run) =>
      from(types as (string | string[])[]).pipe(
        concatMap((eventType, index) =>
          cases(run, { eventType }).pipe(map(({ id }) => void met.push([id, `t${index}`]))),
        ),
        concatMap(() => []),
      ),
    dataSetOf({ cases: events }),
  );
  const sorted = (all: [number, string][]) => all.map(String).sort();
  return { got: [sorted(met), failures, error], wanted: [sorted(wantedOf(one, wing)), [], undefined] };
};
