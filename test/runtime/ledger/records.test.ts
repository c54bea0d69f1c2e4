/** Units of sites: found, read, merged, whatever was written when, and across openings. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FinishedSite, UnitName } from "../../../src/model/finished.ts";
import type { Ledger, LedgerRecords } from "../../../src/model/ledger.ts";
import {
  bundle,
  bytes,
  hexOf,
  inputs,
  ledgerAt,
  listed,
  type Merge,
  merged,
  recordsAt,
  recordsIn,
  statesOf as statesIn,
  temporary,
  text,
} from "./here.ts";

const folder = temporary();

const nameOf = (i: number): UnitName => ({
  target: `target ${i % 2}`,
  initTime: (Math.floor(i / 8) - 3) * 21_600_000,
  leadHours: Math.floor((i % 8) / 2) * 0.25 - 0.5,
});
const statesOf = (i: number, version: number) => [
  [[i, version]],
  new Map([[i, Float64Array.of(version, -0, NaN)]]),
];
/** What was merged, in order: any order is right. */
const merge: Merge = (metric, a: any, b: any) =>
  metric === 0 ? [...a, ...b].sort(([x], [y]) => x - y) : new Map([...a, ...b].sort(([x], [y]) => x - y));

/** Merging all of these, one after the other. */
const mergeOf = (units: readonly (readonly [i: number, version: number])[]): readonly unknown[] =>
  units
    .map(([i, version]) => statesOf(i, version))
    .reduce((a, b) => a.map((state, m) => merge(m, state, b[m])) as any);

/** A ledger that counts the records of states it is asked for. */
const counting = (ledger: Ledger) => {
  const asked = { states: 0 };
  const getMany: Ledger["getMany"] = (keys) => {
    asked.states += keys.filter((key) => key[0] === "s".charCodeAt(0)).length;
    return ledger.getMany(keys);
  };
  return { asked, ledger: { ...ledger, getMany } };
};

describe("a site", () => {
  type Step =
    | "flush"
    | "reopen"
    | { readonly record: readonly [site: number, unit: number, version: number] }
    | { readonly bundled: readonly [site: number, first: number, count: number] }
    | { readonly merged: number };
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 12, arbitrary: fc.record({ record: fc.tuple(fc.nat(1), fc.nat(150), fc.nat(5)) }) },
    { weight: 1, arbitrary: fc.constantFrom("flush" as const, "reopen" as const) },
    { weight: 1, arbitrary: fc.record({ merged: fc.nat(1) }) },
    {
      weight: 2,
      arbitrary: fc.record({ bundled: fc.tuple(fc.nat(1), fc.nat(150), fc.integer({ min: 1, max: 60 })) }),
    },
  );

  test("has what was recorded last, whatever was flushed, merged and opened between", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 100, maxLength: 300, size: "max" }), async (steps) => {
        const at = folder();
        const models = [new Map<number, number>(), new Map<number, number>()];
        let records = await recordsAt(at);
        const check = async (number: number): Promise<void> => {
          const [site, model] = [records.site(`site ${number}`), models[number]!];
          expect(site.size).toBe(model.size);
          expect(new Set(site.units())).toEqual(
            new Set([...model].map(([i, version]) => ({ ...nameOf(i), inputs: inputs(version) }))),
          );
          for (let i = 0; i <= 150; i++)
            expect(site.find(nameOf(i))).toEqual(model.has(i) ? inputs(model.get(i)!) : undefined);
          for (const target of [0, 1]) {
            const units = [...model].filter(([i]) => i % 2 === target);
            if (units.length === 0) continue;
            const names = units.map(([i]) => nameOf(i));
            expect(await merged(site, names, merge)).toEqual(mergeOf(units));
            const some = units.filter((_, at) => at % 3 !== 1);
            if (some.length > 0)
              expect(
                await merged(
                  site,
                  some.map(([i]) => nameOf(i)),
                  merge,
                ),
              ).toEqual(mergeOf(some));
          }
        };
        for (const one of steps) {
          if (one === "flush") await records.flush();
          else if (one === "reopen") {
            await records.close();
            records = await recordsAt(at);
          } else if ("merged" in one) await check(one.merged);
          else if ("bundled" in one) {
            const [site, first, count] = one.bundled;
            const some = [...models[site]!.keys()].filter((i) => i % 2 === first % 2 && i >= first);
            if (some.length > 0)
              await bundle(records.site(`site ${site}`), some.slice(0, count).map(nameOf), merge);
          } else {
            const [site, i, version] = one.record;
            records.site(`site ${site}`).record(nameOf(i), inputs(version), statesOf(i, version));
            models[site]!.set(i, version);
          }
        }
        await records.close();
        records = await recordsAt(at);
        for (const number of [0, 1]) await check(number);
        await records.close();
      }),
      { numRuns: 8 },
    );
  });

  test("grows past blocks and tables", async () => {
    const at = folder();
    const many = Array.from({ length: 20_000 }, (_, i): UnitName => ({ ...nameOf(0), initTime: i * 1000 }));
    let records = await recordsAt(at);
    for (const [i, name] of many.entries()) records.site("s").record(name, inputs(i), [i]);
    for (const check of ["now", "later"]) {
      const site = records.site("s");
      expect(site.size, check).toBe(20_000);
      expect(many.every((name, i) => site.find(name)?.forecast === hexOf(i))).toBe(true);
      expect(await merged(site, many, (_, a: any, b: any) => a + b)).toEqual([199_990_000]);
      await records.close();
      records = await recordsAt(at);
    }
    await records.close();
  });

  test("refuses what it cannot tell apart, and units that it has not", async () => {
    const records = await recordsAt(folder());
    const site = records.site("s");
    for (const name of [
      { ...nameOf(0), initTime: 0.5 },
      { ...nameOf(0), leadHours: 1 / 7 },
    ])
      expect(() => site.record(name, inputs(1), [])).toThrow("whole");
    expect(() => site.record(nameOf(0), { ...inputs(1), beside: "v1" }, [])).toThrow("16 hexadecimal");
    expect(site.size).toBe(0);
    await expect(merged(site, [nameOf(1)], merge)).rejects.toMatchObject({ tag: "InvalidValue" });
    await records.close();
  });

  test("packs the rows of many flushes when it is opened", async () => {
    const at = folder();
    let records = await recordsAt(at);
    for (let i = 0; i < 40; i++) {
      records.site("s").record(nameOf(i % 30), inputs(i), statesOf(i % 30, i));
      await records.flush();
    }
    await records.close();
    const rows = async () => {
      const ledger = await ledgerAt(at);
      const found = await listed(ledger, "u");
      await ledger.close();
      return found.length;
    };
    expect(await rows()).toBe(40);
    for (const _ of [1, 2]) {
      records = await recordsAt(at);
      const site = records.site("s");
      expect(site.size).toBe(30);
      expect(site.find(nameOf(3))).toEqual(inputs(33));
      expect(await statesIn(site, [nameOf(3), nameOf(29)])).toEqual([statesOf(3, 33), statesOf(29, 29)]);
      await records.close();
      expect(await rows()).toBe(1);
    }
  });
});

describe("a bundle", () => {
  const even = Array.from({ length: 200 }, (_, i) => 2 * i);
  const names = (units: readonly number[]) => units.map(nameOf);

  /** Records of a site with 200 units of one target in two bundles; then opened again. */
  const bundled = async () => {
    const at = folder();
    const first = await recordsAt(at);
    for (const i of even) first.site("s").record(nameOf(i), inputs(1), statesOf(i, 1));
    for (const half of [even.slice(0, 100), even.slice(100)])
      await bundle(first.site("s"), names(half), merge);
    await first.close();
    const { asked, ledger } = counting(await ledgerAt(at));
    const records = await recordsIn(ledger, at);
    const kept = async () => [(await listed(ledger, "b")).length, (await listed(ledger, "c")).length];
    return { asked, records, site: records.site("s"), kept };
  };
  const all = even.map((i): [number, number] => [i, 1]);
  type Case = (
    site: FinishedSite,
    records: LedgerRecords,
  ) => Promise<[units: number[], expected: [number, number][]]>;

  test.each<[string, number, number, Case]>([
    ["is used where the units are the same, in any order", 0, 2, async () => [even.toReversed(), all]],
    [
      "is used with the rest on top where there are more",
      2,
      2,
      async (site, records) => {
        for (const i of [400, 402]) site.record(nameOf(i), inputs(2), statesOf(i, 2));
        await records.flush();
        return [
          [402, ...even, 400],
          [...all, [400, 2], [402, 2]],
        ];
      },
    ],
    [
      "is not used where one is not asked for; the other is",
      99,
      2,
      async () => [even.slice(1), all.slice(1)],
    ],
    [
      "is gone where one has changed; the other is used",
      100,
      1,
      async (site, records) => {
        site.record(nameOf(0), inputs(2), statesOf(0, 2));
        await records.flush();
        return [even, [[0, 2], ...all.slice(1)]];
      },
    ],
    [
      "is not used where one is asked for in another's place",
      100,
      2,
      async (site, records) => {
        site.record(nameOf(400), inputs(1), statesOf(400, 1));
        await records.flush();
        return [
          [...even.slice(1), 400],
          [...all.slice(1), [400, 1]],
        ];
      },
    ],
    [
      "takes the place of those that it has units of",
      1,
      1,
      async (site, records) => {
        await bundle(site, names(even.slice(1)), merge);
        await records.flush();
        return [even, all];
      },
    ],
    [
      "is not kept of units that have changed since they were recorded, or are not there",
      0,
      2,
      async (site, records) => {
        const units = even.map((i) => ({ ...nameOf(i), inputs: inputs(1) }));
        site.bundle([{ ...units[0]!, inputs: inputs(2) }, units[1]!], statesOf(0, 2));
        site.bundle([units[0]!, { ...nameOf(400), inputs: inputs(1) }], statesOf(0, 2));
        await records.flush();
        return [even, all];
      },
    ],
  ])("%s", async (_, read, left, prepare) => {
    const { asked, records, site, kept } = await bundled();
    const [units, expected] = await prepare(site, records);
    asked.states = 0;
    expect(await merged(site, names(units), merge)).toEqual(mergeOf(expected));
    expect(asked.states).toBe(read);
    expect(await kept()).toEqual([left, left]);
    await records.close();
  });

  test("whose units are not what they were is removed when the ledger is opened", async () => {
    const at = folder();
    const first = await recordsAt(at);
    for (const i of even) first.site("s").record(nameOf(i), inputs(1), statesOf(i, 1));
    await bundle(first.site("s"), names(even), merge);
    await first.close();
    const ledger = await ledgerAt(at);
    const bundles = [...(await ledgerOf(ledger, "b")), ...(await ledgerOf(ledger, "c"))];
    await ledger.close();
    const second = await recordsAt(at);
    second.site("s").record(nameOf(0), inputs(2), statesOf(0, 2));
    await second.close();
    const damaging = await ledgerAt(at); // as if its removal had been lost
    await damaging.batch(bundles);
    await damaging.close();
    const third = await recordsAt(at);
    expect(await merged(third.site("s"), names(even), merge)).toEqual(mergeOf([[0, 2], ...all.slice(1)]));
    await third.close();
    const left = await ledgerAt(at);
    expect([...(await ledgerOf(left, "b")), ...(await ledgerOf(left, "c"))]).toEqual([]);
    await left.close();
  });

  test("of nothing is nothing", async () => {
    const { records, site } = await bundled();
    expect(await merged(site, [], merge)).toEqual([]);
    await records.close();
  });
});

/** Records below a prefix. */
const ledgerOf = async (ledger: Ledger, prefix: string) => {
  const found: { readonly key: Uint8Array; readonly value: Uint8Array }[] = [];
  for await (const [key, value] of ledger.iterate(bytes(prefix))) found.push({ key, value });
  return found;
};

describe("history", () => {
  const version = (n: number) => ({
    at: 1000 * n,
    value: n === 3 ? Number.NaN : n / 3,
    n,
    status: "provisional",
    forecastVersion: hexOf(n),
    targetVersion: "absent",
  });

  test("is in the order of adding, also where the clock goes back and the ledger was opened again", async () => {
    const at = folder();
    const [row, other] = [hexOf(5), hexOf(6)];
    let clock = 5_000_000;
    const order = [7, 3, 9, 1];
    for (const n of order) {
      const records = await recordsIn(await ledgerAt(at), at, () => (clock -= 1000));
      records.append(row, version(n));
      records.append(row, version(n + 10));
      records.append(other, version(2));
      expect((await records.history(row)).at(-1)).toEqual(version(n + 10));
      await records.close();
    }
    const records = await recordsAt(at);
    expect(await records.history(row)).toEqual(order.flatMap((n) => [version(n), version(n + 10)]));
    expect(await records.history(other)).toHaveLength(4);
    expect(await records.history(hexOf(7))).toEqual([]);
    expect(() => records.append("row 5", version(1))).toThrow("16 hexadecimal");
    await records.close();
  });

  test.each([
    ["by age", { before: 3000 }, [3, 4], [5], 4],
    ["by count", { keep: 1 }, [4], [5], 5],
    ["by both", { before: 4000, keep: 3 }, [4], [5], 5],
    ["not at all", {}, [1, 2, 3, 4], [1, 2, 5], 0],
  ])("is pruned %s", async (_, rule, first, second, removed) => {
    const records = await recordsAt(folder());
    for (const n of [1, 2, 3, 4]) records.append(hexOf(1), version(n));
    for (const n of [1, 2, 5]) records.append(hexOf(2), version(n));
    const left = async (row: number) => (await records.history(hexOf(row))).map(({ n }) => n);
    expect(await records.prune(rule)).toBe(removed);
    expect([await left(1), await left(2)]).toEqual([first, second]);
    await records.close();
  });
});

test("sites that are not wanted any more are removed, and only those", async () => {
  const at = folder();
  const units = Array.from({ length: 100 }, (_, i) => 2 * i);
  const first = await recordsAt(at);
  for (const key of ["old 1", "new 1", "old 2"]) {
    for (const i of units) first.site(key).record(nameOf(i), inputs(1), statesOf(i, 1));
    await bundle(first.site(key), units.map(nameOf), merge);
  }
  await first.close();
  const records = await recordsIn(await ledgerAt(at), at, Date.now, (key) => key.startsWith("new"));
  expect(records.site("old 1").size).toBe(0);
  expect(await merged(records.site("new 1"), units.map(nameOf), merge)).toEqual(
    mergeOf(units.map((i) => [i, 1])),
  );
  await records.close();
  const ledger = await ledgerAt(at);
  const counts = await Promise.all(
    ["t", "u", "s", "b", "c"].map(async (kind) => (await listed(ledger, kind)).length),
  );
  expect(counts).toEqual([1, 1, 100, 1, 1]);
  await ledger.close();
});

test("sites that were not asked for in so many days are removed, by the days on which something was", async () => {
  const at = folder();
  const day = 86_400_000;
  let now = 100 * day;
  const open = async () => recordsIn(await ledgerAt(at), at, () => now);
  const kept = async () => {
    const ledger = await ledgerAt(at);
    const counts = await Promise.all(
      ["t", "u", "s"].map(async (kind) => (await listed(ledger, kind)).length),
    );
    await ledger.close();
    return counts;
  };
  let records = await open();
  for (const key of ["a", "b", "c"]) records.site(key).record(nameOf(0), inputs(1), statesOf(0, 1));
  await records.close();
  now = 400 * day; // nothing was asked for meanwhile: nothing is old
  records = await open();
  expect(await records.forget(30)).toBe(0);
  expect(records.site("a").size).toBe(1);
  now = 420 * day;
  expect(records.site("b").size).toBe(1);
  await records.close();
  now = 431 * day;
  records = await open();
  expect(await records.forget(30)).toBe(1);
  expect(records.site("c").size).toBe(0);
  expect(await records.forget(20)).toBe(1);
  expect(await merged(records.site("b"), [nameOf(0)], merge)).toEqual(statesOf(0, 1));
  await records.close();
  expect(await kept()).toEqual([1, 1, 1]);
});

test("a site that is asked for while what was kept of it is removed begins anew", async () => {
  const at = folder();
  let day = 100;
  const ledger = await ledgerAt(at);
  const hooked: Ledger = {
    ...ledger,
    async *iterate(prefix) {
      if (text(prefix)![0] === "t" && day > 100) {
        records.site("a").record(nameOf(1), inputs(2), statesOf(1, 2));
        await records.flush();
      }
      yield* ledger.iterate(prefix);
    },
  };
  const records = await recordsIn(hooked, at, () => day * 86_400_000);
  for (const key of ["a", "b"]) records.site(key).record(nameOf(0), inputs(1), statesOf(0, 1));
  day = 200;
  records.site("b");
  expect(await records.forget(30)).toBe(1);
  await records.close();
  const again = await recordsAt(at);
  expect(again.site("a").size).toBe(1);
  expect(await merged(again.site("a"), [nameOf(1)], merge)).toEqual(statesOf(1, 2));
  await again.close();
});

test("states of an older version of a unit, or none, are damage", async () => {
  const at = folder();
  const records = await recordsAt(at);
  const site = records.site("s");
  site.record(nameOf(0), inputs(1), statesOf(0, 1));
  await records.close();
  const ledger = await ledgerAt(at);
  let [key, value] = [bytes(""), bytes("")];
  for await (const record of ledger.iterate(bytes("s"))) [key, value] = record;
  await ledger.close();
  const newer = await recordsAt(at);
  newer.site("s").record(nameOf(0), inputs(2), statesOf(0, 2));
  await newer.close();
  for (const [bad, found] of [
    [value, "another version"],
    [bytes("no states at all"), "cannot read"],
    [undefined, "not there"],
  ] as const) {
    const damaging = await ledgerAt(at);
    await damaging.batch([{ key, value: bad }]);
    await damaging.close();
    const again = await recordsAt(at);
    await expect(statesIn(again.site("s"), [nameOf(0)])).rejects.toMatchObject({
      tag: "LedgerCorrupt",
      message: expect.stringContaining(found),
    });
    await again.close();
  }
});

test("what cannot be read closes the ledger", async () => {
  const at = folder();
  const ledger = await ledgerAt(at);
  await ledger.batch([{ key: bytes("u01234567abcd"), value: bytes("no rows") }]);
  await expect(recordsIn(ledger, at)).rejects.toMatchObject({ tag: "LedgerCorrupt" });
  await (await ledgerAt(at)).close();
});
