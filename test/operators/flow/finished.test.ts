/** Units that an earlier run has finished: not read again, the same rows to the bit, whatever share of them is kept. */
import { lastValueFrom, toArray } from "rxjs";
import { describe, expect, test } from "vitest";
import type { Finished, FinishedSite, UnitInputs, UnitName } from "../../../src/model/finished.ts";
import type { OpenGrid } from "../../../src/model/openSource.ts";
import type { Watching } from "../../../src/model/watching.ts";
import { pairs } from "../../../src/operators/flow/pairs.ts";
import { score } from "../../../src/operators/flow/score.ts";
import { maximumMeanAbsoluteError, rootMeanSquaredError } from "../../../src/operators/metrics/index.ts";
import { random } from "../../../src/testing/random.ts";
import { event, fakeForecast, fakeRun, fakeTarget, hour } from "./fakeRun.ts";

type T = { t: "K" };

/** A ledger in memory; `keeps` chooses what of it is there. */
const memoryLedger = () => {
  const sites = new Map<
    string,
    Map<string, { unit: UnitName; inputs: UnitInputs; states: readonly unknown[] }>
  >();
  const bundles = new Map<ReadonlySet<string>, readonly unknown[]>();
  const asked = { units: 0, bundles: 0 };
  const textOf = ({ target, initTime, leadHours }: UnitName) => `${target} ${initTime} ${leadHours}`;
  const finished: Finished = {
    site(key): FinishedSite {
      const units = sites.get(key) ?? new Map();
      sites.set(key, units);
      return {
        get size() {
          return units.size;
        },
        find: (unit) => units.get(textOf(unit))?.inputs,
        record(unit, inputs, states) {
          units.set(textOf(unit), { unit, inputs, states: structuredClone(states) });
          for (const names of bundles.keys()) if (names.has(`${key} ${textOf(unit)}`)) bundles.delete(names);
        },
        units: () => [...units.values()].map(({ unit, inputs }) => ({ ...unit, inputs })),
        async *parts(names) {
          const left = new Map(names.map((unit, i) => [`${key} ${textOf(unit)}`, i]));
          for (const [bundle, states] of bundles) {
            if (![...bundle].every((name) => left.has(name))) continue;
            asked.bundles += 1;
            yield { units: Uint32Array.from(bundle, (name) => left.get(name)!), states, bytes: 100 };
            for (const name of bundle) left.delete(name);
          }
          asked.units += left.size;
          for (const i of left.values())
            yield { units: Uint32Array.of(i), states: units.get(textOf(names[i]!))!.states, bytes: 100 };
        },
        bundle(some, states) {
          for (const { inputs, ...unit } of some) expect(units.get(textOf(unit))?.inputs).toEqual(inputs);
          const own = new Set(some.map((unit) => `${key} ${textOf(unit)}`));
          for (const names of bundles.keys())
            if ([...names].some((name) => own.has(name))) bundles.delete(names);
          bundles.set(own, structuredClone(states));
        },
      };
    },
  };
  const forget = (isGone: (name: string) => boolean) => {
    for (const units of sites.values()) for (const name of units.keys()) if (isGone(name)) units.delete(name);
  };
  return { finished, sites, forget, bundles, asked };
};

/** Makes reads and presence tell the version of each slot. */
const versioned = <S extends { readonly open: OpenGrid }>(side: S, versions: Map<string, string>): S => {
  const { open } = side;
  const of = (slot: object) => {
    const chunk = `${open.source.name} ${JSON.stringify(slot)}`;
    return new Map([[chunk, versions.get(chunk) ?? "1"]]);
  };
  const versioned: OpenGrid = {
    ...open,
    read: async (slot, variables, window, options) => ({
      ...(await open.read(slot, variables, window, options)),
      versions: of(slot),
    }),
    presence: async (slot) => of(slot),
  };
  return { ...side, open: versioned };
};

const world = (
  versions: Map<string, string>,
  ledger: ReturnType<typeof memoryLedger>,
  {
    watching,
    inits = 4,
    leads = 5,
  }: { readonly watching?: Watching; readonly inits?: number; readonly leads?: number } = {},
) => {
  const forecast = versioned(fakeForecast("f", inits, leads), versions);
  const targets = [versioned(fakeTarget("a", 281), versions), versioned(fakeTarget("b", 290), versions)];
  const more = { finished: ledger.finished, ...(watching ? { watching } : {}) };
  const run = fakeRun([forecast, ...targets], more);
  const rows = () =>
    lastValueFrom(
      pairs(run, event, {
        forecast: forecast.source,
        targets: targets.map(({ source }) => source),
        variables: ["t"],
      }).pipe(score(run, rootMeanSquaredError<T>("t"), maximumMeanAbsoluteError<T>("t")), toArray()),
    );
  return { rows, run, reads: forecast.reads };
};

describe("what an earlier run has finished", () => {
  test("is not read again, and the rows are the same to the bit, whatever is kept", async () => {
    const versions = new Map<string, string>();
    const whole = await world(versions, memoryLedger()).rows();
    expect(whole.length).toBeGreaterThan(10);
    for (let seed = 1; seed <= 20; seed++) {
      const ledger = memoryLedger();
      await world(versions, ledger).rows();
      const next = random(seed);
      const share = next();
      ledger.forget(() => next() < share);
      const kept = [...ledger.sites.values()].flatMap((units) => [...units.keys()]);
      const again = world(versions, ledger);
      expect(await again.rows()).toEqual(whole);
      const both = (init: number, lead: number) =>
        ["a", "b"].every((target) => kept.includes(`${target} ${init * 6 * hour} ${lead * 6}`));
      const unread = [0, 1, 2, 3].flatMap((init) => [0, 1, 2, 3, 4].filter((lead) => both(init, lead)));
      expect(again.reads.length).toBe(20 - unread.length);
      expect(again.run.units.done).toBe(20);
    }
  });

  test("is read again where a version has changed, and nothing else is", async () => {
    const versions = new Map<string, string>();
    const ledger = memoryLedger();
    const before = await world(versions, ledger).rows();
    versions.set('f {"init":2,"lead":1}', "2");
    const again = world(versions, ledger);
    const after = await again.rows();
    expect(again.reads).toEqual(["2 1"]);
    expect(after.map(({ value }) => value)).toEqual(before.map(({ value }) => value));
    expect(after[0]!.forecast_version).not.toBe(before[0]!.forecast_version);
    // A target's time concerns every run that reaches it.
    versions.set('b {"time":4}', "2");
    const target = world(versions, ledger);
    await target.rows();
    expect(target.reads).toEqual(["0 4", "1 3", "2 2", "3 1"]);
    expect((await world(versions, ledger).rows()).length).toBe(after.length);
  });
});

test("the merge of many is kept beside them, and taken over instead while none of them has changed", async () => {
  const versions = new Map<string, string>();
  const ledger = memoryLedger();
  const many = { inits: 40, leads: 20 };
  let whole: Awaited<ReturnType<ReturnType<typeof world>["rows"]>> | undefined;
  const rows = async () => {
    Object.assign(ledger.asked, { units: 0, bundles: 0 });
    const found = await world(versions, ledger, many).rows();
    whole ??= await world(versions, memoryLedger(), many).rows();
    expect(found).toEqual(whole);
    return ledger.asked;
  };
  const sizes = () => [...ledger.bundles.keys()].map(({ size }) => size).sort((a, b) => a - b);
  await rows();
  const all = [...ledger.sites.values()][0]!.size / 2;
  expect(all).toBeGreaterThan(512 + 64);
  expect(sizes()).toEqual([all - 512, all - 512, 512, 512]);
  expect(await rows()).toEqual({ units: 0, bundles: 4 });
  versions.set('f {"init":2,"lead":1}', "2");
  whole = undefined;
  expect(await rows()).toEqual({ units: 2 * 511, bundles: 2 });
  // Those 511 are in bundles again, with the units of the other; what was read is alone.
  expect(await rows()).toEqual({ units: 2, bundles: 4 });
});

test("a ref that no target has is observed once: it is not kept, so nobody takes it over again", async () => {
  const ledger = memoryLedger();
  const forecast = versioned(fakeForecast("f", 2, 3), new Map());
  const target = versioned(fakeTarget("a", 281), new Map());
  const { times } = target.open;
  if (times.kind !== "target") throw new Error("a target was expected");
  const slot = (time: number) => (time >= 12 * hour ? undefined : times.slot(time));
  const run = fakeRun([forecast, { ...target, open: { ...target.open, times: { ...times, slot } } }], {
    finished: ledger.finished,
  });
  const options = { forecast: forecast.source, targets: [target.source], unmatched: true };
  await lastValueFrom(
    pairs(run, event, { ...options, variables: ["t"] }).pipe(
      score(run, rootMeanSquaredError<T>("t")),
      toArray(),
    ),
  );
  expect(run.units.done).toBe(6);
  const kept = [...ledger.sites.values()].flatMap((units) => [...units.keys()]);
  expect(kept.sort()).toEqual(["a 0 0", "a 0 6", `a ${6 * hour} 0`]);
});

describe("where inputs still arrive", () => {
  const watching = (
    verdict: ReturnType<Watching["judge"]>,
    now = event.end,
  ): Watching & { asked: string[] } => {
    const asked: string[] = [];
    return {
      now,
      asked,
      mayGrow: (end) => now < end,
      judge: ({ target, lacks, initTime, leadHours }) => {
        asked.push(`${target} ${lacks} ${initTime / hour} ${leadHours}`);
        return verdict;
      },
    };
  };
  const missing = () => new Map([['f {"init":3,"lead":2}', "absent"]]);
  const statuses = async (versions: Map<string, string>, turn: Watching, ledger = memoryLedger()) => {
    const rows = await world(versions, ledger, { watching: turn }).rows();
    const of = (metric: string) =>
      rows.filter((row) => row.metric === metric && row.target === "a").map(({ n, status }) => [n, status]);
    return { rmse: of("root mean squared error"), peak: of("maximum mean absolute error").slice(0, 1) };
  };

  test("a unit that lacks something waits, and the rows it belongs to are provisional", async () => {
    const turn = watching("waits");
    const { rmse, peak } = await statuses(missing(), turn);
    expect(turn.asked).toEqual(["a forecast 18 12", "b forecast 18 12"]);
    const done = [36, "complete"];
    expect(rmse).toEqual([done, done, [27, "provisional"], done, done]);
    expect(peak[0]![1]).toBe("provisional");
  });

  test("after the deadline it counts as it is; what never comes counts for good", async () => {
    const late = await statuses(missing(), watching("provisional"));
    expect(late.rmse[2]).toEqual([36, "provisional"]);
    const never = await statuses(missing(), watching("never"));
    expect(never.rmse[2]).toEqual([36, "complete"]);
    expect(never.peak[0]![1]).toBe("complete");
  });

  test("what counted as it was is judged again, though it is not read again", async () => {
    const ledger = memoryLedger();
    await statuses(missing(), watching("provisional"), ledger);
    const again = watching("never");
    const { rmse } = await statuses(missing(), again, ledger);
    expect(again.asked.length).toBe(2);
    expect(rmse[2]).toEqual([36, "complete"]);
  });

  test("a target without the valid time is waited for, also where all the rest was finished before", async () => {
    const ledger = memoryLedger();
    const versions = new Map<string, string>();
    for (let turn = 1; turn <= 2; turn++) {
      const forecast = versioned(fakeForecast("f", 2, 3), versions);
      const late = versioned(fakeTarget("late", 281), versions);
      const { times } = late.open;
      if (times.kind !== "target") throw new Error("a target was expected");
      const slot = (time: number) => (time >= 12 * hour ? undefined : times.slot(time));
      const open: OpenGrid = { ...late.open, times: { ...times, slot } };
      const whole = versioned(fakeTarget("whole", 281), versions);
      const events: { readonly event: string }[] = [];
      const run = fakeRun([forecast, { ...late, open }, whole], {
        finished: ledger.finished,
        watching: watching("waits"),
        emit: (event) => void events.push(event),
      });
      const rows = await lastValueFrom(
        pairs(run, event, {
          forecast: forecast.source,
          targets: [late.source, whole.source],
          variables: ["t"],
        }).pipe(score(run, rootMeanSquaredError<T>("t")), toArray()),
      );
      const status = (target: string) => rows.filter((row) => row.target === target).map((row) => row.status);
      expect(status("whole")).toEqual(["complete", "complete", "complete"]);
      expect(status("late")).toEqual(["complete", "provisional"]);
      expect(events.filter((one) => one.event === "waiting")).toMatchObject([
        { target: "late", forecast_units: 0, target_units: 3, newest_init: 6 * hour },
        { target: "whole", forecast_units: 0, target_units: 0, newest_init: 6 * hour },
      ]);
    }
  });

  test("rows of a case that is not over are provisional", async () => {
    const { rmse } = await statuses(new Map(), watching("waits", event.end - 1));
    expect(rmse.map(([, status]) => status)).toEqual(rmse.map(() => "provisional"));
    const over = await statuses(new Map(), watching("waits", event.end));
    expect(over.rmse.map(([, status]) => status)).toEqual(over.rmse.map(() => "complete"));
  });
});
