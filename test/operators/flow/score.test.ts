import { filter, groupBy, lastValueFrom, merge, mergeMap, share, tap, toArray } from "rxjs";
import { describe, expect, test } from "vitest";
import type { Metric } from "../../../src/model/metric.ts";
import { MemoryBudget } from "../../../src/operators/flow/budget.ts";
import { pairs } from "../../../src/operators/flow/pairs.ts";
import { score } from "../../../src/operators/flow/score.ts";
import { event, fakeForecast, fakeRun, fakeTarget, hour } from "./fakeRun.ts";

/** Sum of f - o and number of values, by lead. */
const total: Metric<{ t: "K" }, Map<number, readonly [sum: number, n: number]>> = {
  name: "total",
  term: "total",
  definition: "sum of f - o",
  variable: "t",
  parameters: { keep: "lead_time" },
  needs: { variables: ["t"] },
  unit: (unit) => unit,
  zero: () => new Map(),
  observe: ({ leadHours, forecast, target }) => {
    let sum = 0;
    forecast.t.values.forEach((f, i) => {
      sum += f - target.t.values[i]!;
    });
    return new Map([[leadHours, [sum, forecast.t.values.length]]]);
  },
  merge: (a, b) => {
    const merged = new Map(a);
    for (const [lead, [sum, n]] of b) {
      const [had, m] = merged.get(lead) ?? [0, 0];
      merged.set(lead, [had + sum, m + n]);
    }
    return merged;
  },
  finish: (state) =>
    [...state].sort(([a], [b]) => a - b).map(([leadHours, [value, n]]) => ({ leadHours, value, n })),
};

const target = fakeTarget("o");

/** A metric whose state is what `observe` gives of each unit, and takes more bytes with each. */
const growingBy = (observe: () => readonly Float64Array[]): Metric<{ t: "K" }, readonly Float64Array[]> => {
  const { name, term, definition, variable, parameters, needs, unit } = total;
  return {
    ...{ name, term, definition, variable, parameters, needs, unit },
    zero: () => [],
    merge: (a, b) => [...a, ...b],
    observe,
    finish: () => [],
  };
};

/** Calls `kept` with the bytes of each change of what is kept. */
const onKeep = ({ budget }: ReturnType<typeof fakeRun>, kept: (bytes: number) => void): void => {
  const keep = budget.keep.bind(budget);
  budget.keep = (bytes) => {
    keep(bytes);
    kept(bytes);
  };
};

const rowsOf = (...args: Parameters<typeof setUp>) => lastValueFrom(setUp(...args).pipe(toArray()));

const namesOf = (
  run: ReturnType<typeof fakeRun>,
  forecast: ReturnType<typeof fakeForecast>,
  targets = [target.source],
) => pairs(run, event, { forecast: forecast.source, targets, variables: ["t"] });

const setUp = (...args: Parameters<typeof namesOf>) => namesOf(...args).pipe(score(args[0], total));

describe("score", () => {
  test("a pair knows what was asked of the one before, of the same target", async () => {
    const forecast = fakeForecast("f", 4, 3);
    const warm = fakeTarget("warm", 281);
    const run = fakeRun([forecast, target, warm]);
    const { name, term, definition, variable, parameters, needs, unit } = total;
    const asking: Metric<{ t: "K" }, string[]> = {
      ...{ name, term, definition, variable, parameters, needs, unit },
      zero: () => [],
      merge: (a, b) => [...a, ...b],
      observe: ({ computed, initTime, leadHours }) => {
        const { before, now } = computed!.asked!;
        now.set(asking, new Map([["", `${initTime} ${leadHours}`]]));
        return [`${before.get(asking)?.get("")}`];
      },
      finish: (state) => [{ value: new Set(state).size, n: state.length }],
    };
    const targets = [target.source, warm.source];
    const asked = pairs(run, event, { forecast: forecast.source, targets, variables: ["t"] });
    const rows = await lastValueFrom(asked.pipe(score(run, asking), toArray()));
    // Twelve pairs: eleven that know of another one, each of its own.
    expect(rows.map(({ value, n }) => [value, n])).toEqual([
      [12, 12],
      [12, 12],
    ]);
  });

  test("gives the rows of each target when all pairs are seen", async () => {
    const forecast = fakeForecast("f", 4, 3);
    const warm = fakeTarget("warm", 281);
    const run = fakeRun([forecast, target, warm]);
    const rows = await rowsOf(run, forecast, [target.source, warm.source]);
    expect(rows.map(({ target, lead_hours, value, n }) => [target, lead_hours, value, n])).toEqual([
      ["o", 0, 0, 36],
      ["o", 6, 6 * 36, 36],
      ["o", 12, 12 * 36, 36],
      ["warm", 0, -36, 36],
      ["warm", 6, 5 * 36, 36],
      ["warm", 12, 11 * 36, 36],
    ]);
    expect(forecast.reads.length).toBe(12);
    expect(run.units).toEqual({ sets: 1, total: 12, given: 12, asked: 12, done: 12 });
    expect(rows[0]).toMatchObject({
      parameters: "keep=lead_time;match=bilinear;outside=missing".slice(0, rows[0]!.parameters!.length),
      unit: "K",
      status: "complete",
    });
  });

  test("a filter between pairs and score prunes what is read", async () => {
    const forecast = fakeForecast("f", 4, 3);
    const run = fakeRun([forecast, target]);
    const rows = pairs(run, event, {
      forecast: forecast.source,
      targets: [target.source],
      variables: ["t"],
    }).pipe(
      filter(({ leadHours }) => leadHours === 6),
      score(run, total),
      toArray(),
    );
    expect((await lastValueFrom(rows)).map(({ lead_hours }) => lead_hours)).toEqual([6]);
    expect(forecast.reads).toEqual(["0 1", "1 1", "2 1", "3 1"]);
  });

  test("groups of names lose none, also while a climatology is being opened", async () => {
    const forecast = fakeForecast("f", 4, 3);
    const normals = { ...fakeTarget("normals").source, role: "climatology" as const };
    const field = {
      kind: "climatology" as const,
      source: normals,
      variable: "t",
      unit: "K",
      text: "normals",
    };
    const withNormals: typeof total = { ...total, needs: { variables: ["t"], climatologies: [field] } };
    const opened = {
      ...target.open,
      source: normals,
      times: { kind: "climatology" as const, slot: () => undefined },
    };
    for (const metric of [total, withNormals]) {
      const run = fakeRun([forecast, target, { source: normals, open: opened }]);
      const open = run.open;
      const late = async (source: typeof normals) => {
        if (source === normals) await new Promise((resolve) => setTimeout(resolve, 20));
        return open(source);
      };
      Object.assign(run, { open: late });
      const names = pairs(run, event, {
        forecast: forecast.source,
        targets: [target.source],
        variables: ["t"],
      });
      const rows = names.pipe(
        groupBy(({ initTime }) => initTime),
        mergeMap((group) => group.pipe(score(run, { label: `${group.key}` }, metric))),
        toArray(),
      );
      expect((await lastValueFrom(rows)).map(({ n }) => n)).toEqual(Array(12).fill(9));
      const shared = names.pipe(share());
      const twice = merge(...["a", "b"].map((label) => shared.pipe(score(run, { label }, metric))));
      expect((await lastValueFrom(twice.pipe(toArray()))).map(({ n }) => n)).toEqual(Array(6).fill(36));
    }
  });

  test("one stream of names may be scored twice: each score sees all of it", async () => {
    const forecast = fakeForecast("f", 4, 3);
    const run = fakeRun([forecast, target]);
    const names = namesOf(run, forecast);
    const [early, late] = [0, 6].map((lead) =>
      names.pipe(
        filter(({ leadHours }) => leadHours >= lead),
        score(run, { label: `from ${lead}` }, total),
      ),
    );
    const rows = await lastValueFrom(merge(early!, late!).pipe(toArray()));
    expect(rows.map(({ lead_hours, n }) => [lead_hours, n]).sort()).toEqual(
      [
        [0, 36],
        [6, 36],
        [12, 36],
        [6, 36],
        [12, 36],
      ].sort(),
    );
  });

  test("what a target lacks is no part of it: not read for it, not its failure, not in its versions", async () => {
    const forecast = fakeForecast("f", 1, 3);
    const read = forecast.open.read;
    const damaged = async (...args: Parameters<typeof read>) => {
      if (args[0].lead === 2) throw new Error("a lead is damaged");
      return { ...(await read(...args)), versions: new Map([[`lead ${args[0].lead}`, "1"]]) };
    };
    const broken = { ...forecast, open: { ...forecast.open, read: damaged } };
    const short = fakeTarget("short");
    const times = {
      kind: "target" as const,
      times: [0],
      slot: (t: number) => (t === 0 ? { time: 0 } : undefined),
    };
    const sparse = { ...short, open: { ...short.open, times } };
    const rows = async (...targets: (typeof target)[]) => {
      const run = fakeRun([broken, target, sparse]);
      const found = await rowsOf(
        run,
        broken,
        targets.map(({ source }) => source),
      );
      return found.filter((row) => row.target === "short");
    };
    const alone = await rows(sparse);
    expect(alone.map(({ lead_hours, n }) => [lead_hours, n])).toEqual([[0, 9]]);
    expect(await rows(target, sparse)).toEqual(alone);
  });

  test("a target that fails has no rows and one failure; the other is whole; the exit is not an error", async () => {
    const forecast = fakeForecast("f", 4, 3);
    const broken = fakeTarget("broken", 280, (time) => time === 12 * hour);
    const run = fakeRun([forecast, target, broken]);
    const rows = await rowsOf(run, forecast, [target.source, broken.source]);
    expect(new Set(rows.map((row) => row.target))).toEqual(new Set(["o"]));
    expect(rows.length).toBe(3);
    expect(run.failures).toMatchObject([
      { case_id: 1, forecast: "f", target: "broken", stage: "read", message: "chunk 2 is damaged" },
    ]);
  });

  test("a metric that cannot merge what it saw fails its target, not the case", async () => {
    const forecast = fakeForecast("f", 2, 2);
    const picky: typeof total = {
      ...total,
      observe: (pair) =>
        pair.target.t.values[0] === 280 ? total.observe(pair) : new Map([[-1, [0, 0] as const]]),
      merge: (a, b) => {
        if (a.has(-1) && b.has(-1)) throw new Error("twice");
        return total.merge(a, b);
      },
    };
    const odd = fakeTarget("odd", 290);
    const run = fakeRun([forecast, target, odd]);
    const targets = [target.source, odd.source];
    const rows = pairs(run, event, { forecast: forecast.source, targets, variables: ["t"] }).pipe(
      score(run, picky),
      toArray(),
    );
    expect(new Set((await lastValueFrom(rows)).map((row) => row.target))).toEqual(new Set(["o"]));
    expect(run.failures).toMatchObject([{ target: "odd", stage: "compute", message: "twice" }]);
  });

  test("--max-missing allows a share of refs: the rows are partial, the failures are told", async () => {
    const forecast = fakeForecast("f", 10, 1);
    const broken = fakeTarget("broken", 280, (time) => time === 12 * hour);
    const run = fakeRun([forecast, broken], { maxMissing: 0.1 });
    const rows = await rowsOf(run, forecast, [broken.source]);
    expect(rows.map(({ n, status }) => [n, status])).toEqual([[81, "partial"]]);
    expect(run.failures.length).toBe(1);
    const strict = fakeRun([forecast, broken], { maxMissing: 0.05 });
    expect(await rowsOf(strict, forecast, [broken.source])).toEqual([]);
  });

  test("a unit above the budget is a failure that says what to do", async () => {
    const forecast = fakeForecast("f", 2, 2);
    const run = fakeRun([forecast, target], { budget: new MemoryBudget(150) });
    expect(await rowsOf(run, forecast)).toEqual([]);
    expect(run.failures).toMatchObject([{ case_id: 1, tag: "OverBudget" }]);
    expect(run.failures[0]!.message).toMatch(/needs \d+ bytes.*may hold 150 bytes.*case 1.*--memory/s);
  });

  test("never more in work than the budget admits, and all is given back", async () => {
    const forecast = fakeForecast("f", 10, 10);
    const run = fakeRun([forecast, target], { budget: new MemoryBudget(800) });
    let most = 0;
    const rows = pairs(run, event, {
      forecast: forecast.source,
      targets: [target.source],
      variables: ["t"],
    }).pipe(
      tap(() => {
        most = Math.max(most, run.budget.used);
      }),
      score(run, total),
      toArray(),
    );
    expect((await lastValueFrom(rows)).length).toBe(10);
    expect(most).toBeLessThanOrEqual(800);
    expect([run.budget.used, run.budget.waiting]).toEqual([0, 0]);
  });

  test("states are charged as they grow, and weighed seldom", async () => {
    const forecast = fakeForecast("f", 20, 20);
    const run = fakeRun([forecast, target]);
    const weighed = [0];
    onKeep(run, (bytes) => weighed.push(weighed.at(-1)! + bytes));
    const growing = growingBy(() => [new Float64Array(1000)]);
    const names = namesOf(run, forecast);
    await lastValueFrom(names.pipe(score(run, growing), toArray()));
    expect(weighed.pop()).toBe(0);
    expect(weighed.at(-1)).toBeGreaterThan(8000 * 384);
    // Each time a quarter more; of the last few, which are in no large merge, nothing is known.
    const steps = weighed.slice(1).map((bytes, i) => bytes <= 1.25 * weighed[i]! + 8100 * 40);
    expect(steps).toEqual(steps.map(() => true));
    expect(steps.length).toBeLessThan(40);
  });

  test("states of later units are weighed soon where they are larger", async () => {
    const forecast = fakeForecast("f", 40, 40);
    const run = fakeRun([forecast, target], {
      budget: new MemoryBudget(1e9, { ahead: { most: 8, over() {} } }),
    });
    let [kept, made, most, seen] = [0, 0, 0, 0];
    onKeep(run, (bytes) => {
      kept += bytes;
    });
    const growing = growingBy(() => {
      seen += 1;
      most = Math.max(most, made - kept);
      if (seen < 600) return [];
      made += 800_000;
      return [new Float64Array(100_000)];
    });
    const names = namesOf(run, forecast);
    await lastValueFrom(names.pipe(score(run, growing), toArray()));
    // Of those that are in work, or in no large merge, nothing is known.
    expect([made > 100e6, most < 80e6]).toEqual([true, true]);
  });

  test("nothing is kept of units that are given up while they are computed", async () => {
    const forecast = fakeForecast("f", 20, 20);
    const run = fakeRun([forecast, target]);
    let seen = 0;
    const growing = growingBy(() => {
      seen += 1;
      if (seen === 100) asked.unsubscribe();
      return [new Float64Array(1000)];
    });
    const names = namesOf(run, forecast);
    const asked = names.pipe(score(run, growing)).subscribe();
    while (seen < 100) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    expect([seen, run.budget.used, run.budget.waiting]).toEqual([100, 0, 0]);
  });

  test("metrics that are not asked for are not observed, and nothing is read for them", async () => {
    const forecast = fakeForecast("f", 2, 2);
    const run = fakeRun([forecast, target], { selection: { metrics: ["other"] } });
    expect(await rowsOf(run, forecast)).toEqual([]);
    expect(forecast.reads).toEqual([]);
  });

  test("two equal scores of a case are refused unless one has a label", async () => {
    const forecast = fakeForecast("f", 2, 2);
    const run = fakeRun([forecast, target]);
    const set = () =>
      pairs(run, event, { forecast: forecast.source, targets: [target.source], variables: ["t"] });
    await expect(
      lastValueFrom(merge(set().pipe(score(run, total)), set().pipe(score(run, total)))),
    ).rejects.toMatchObject({ tag: "DuplicateSite" });
    const other = fakeRun([forecast, target]);
    const twice = [undefined, "night"].map((label) =>
      pairs(other, event, { forecast: forecast.source, targets: [target.source], variables: ["t"] }).pipe(
        label ? score(other, { label }, total) : score(other, total),
      ),
    );
    const rows = await lastValueFrom(merge(...twice).pipe(toArray()));
    expect(new Set(rows.map(({ parameters }) => parameters?.includes("label=night"))).size).toBe(2);
  });

  test("a drained set has no rows; one that was whole keeps its own", async () => {
    const forecast = fakeForecast("f", 10, 10);
    const run = fakeRun([forecast, target], { budget: new MemoryBudget(500) });
    const rows = pairs(run, event, {
      forecast: forecast.source,
      targets: [target.source],
      variables: ["t"],
    }).pipe(
      tap(({ initTime }) => {
        if (initTime === 3 * 6 * hour) run.draining = true;
      }),
      score(run, total),
      toArray(),
    );
    expect(await lastValueFrom(rows)).toEqual([]);
    expect(forecast.reads.length).toBeLessThan(100);
    expect(run.budget.used).toBe(0);
  });

  test("the same object may be used twice: state is kept per subscription", async () => {
    const forecast = fakeForecast("f", 2, 2);
    const make = () => fakeRun([forecast, target]);
    const [a, b] = await Promise.all([rowsOf(make(), forecast), rowsOf(make(), forecast)]);
    expect(a).toEqual(b);
  });
});
