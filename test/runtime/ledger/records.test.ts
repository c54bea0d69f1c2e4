/** Units of sites: found, read, merged, whatever was written when, and across openings. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FinishedSite, Merge, UnitName } from "../../../src/model/finished.ts";
import type { Ledger, LedgerRecords } from "../../../src/model/ledger.ts";
import { bytes, hexOf, inputs, ledgerAt, listed, recordsAt, recordsIn, temporary } from "./here.ts";

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
    | { readonly merged: number };
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 12, arbitrary: fc.record({ record: fc.tuple(fc.nat(1), fc.nat(150), fc.nat(5)) }) },
    { weight: 1, arbitrary: fc.constantFrom("flush" as const, "reopen" as const) },
    { weight: 1, arbitrary: fc.record({ merged: fc.nat(1) }) },
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
            expect(await site.merged(names, merge)).toEqual(mergeOf(units));
            expect(await site.states(names)).toEqual(units.map(([i, version]) => statesOf(i, version)));
          }
        };
        for (const one of steps) {
          if (one === "flush") await records.flush();
          else if (one === "reopen") {
            await records.close();
            records = await recordsAt(at);
          } else if ("merged" in one) await check(one.merged);
          else {
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
      expect(await site.merged(many, (_, a: any, b: any) => a + b)).toEqual([199_990_000]);
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
    await expect(site.merged([nameOf(1)], merge)).rejects.toMatchObject({ tag: "InvalidValue" });
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
      expect(await site.states([nameOf(3), nameOf(29)])).toEqual([statesOf(3, 33), statesOf(29, 29)]);
      await records.close();
      expect(await rows()).toBe(1);
    }
  });
});

describe("the checkpoint", () => {
  const even = Array.from({ length: 200 }, (_, i) => 2 * i);
  const names = (units: readonly number[]) => units.map(nameOf);

  /** Records of a site with 200 units of one target, merged once; then opened again. */
  const merged = async () => {
    const at = folder();
    const first = await recordsAt(at);
    for (const i of even) first.site("s").record(nameOf(i), inputs(1), statesOf(i, 1));
    await first.site("s").merged(names(even), merge);
    await first.close();
    const { asked, ledger } = counting(await ledgerAt(at));
    const records = await recordsIn(ledger, at);
    return { asked, records, site: records.site("s"), at };
  };
  const all = even.map((i): [number, number] => [i, 1]);
  type Case = (
    site: FinishedSite,
    records: LedgerRecords,
  ) => Promise<[units: number[], expected: [number, number][]]>;

  test.each<[string, number, Case]>([
    ["is used where the units are the same, in any order", 0, async () => [even.toReversed(), all]],
    [
      "is used with the rest on top where there are more",
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
    ["is not used where one is not asked for", 199, async () => [even.slice(1), all.slice(1)]],
    [
      "is not used where one has changed",
      200,
      async (site, records) => {
        site.record(nameOf(0), inputs(2), statesOf(0, 2));
        await records.flush();
        return [even, [[0, 2], ...all.slice(1)]];
      },
    ],
    [
      "is not used where one is asked for in another's place",
      200,
      async (site, records) => {
        site.record(nameOf(400), inputs(1), statesOf(400, 1));
        await records.flush();
        return [
          [...even.slice(1), 400],
          [...all.slice(1), [400, 1]],
        ];
      },
    ],
  ])("%s", async (_, read, prepare) => {
    const { asked, records, site } = await merged();
    const [units, expected] = await prepare(site, records);
    expect(await site.merged(names(units), merge)).toEqual(mergeOf(expected));
    expect(asked.states).toBe(read);
    await records.close();
  });

  test("is not used for as many others", async () => {
    const records = await recordsAt(folder());
    const site = records.site("s");
    for (const i of even) site.record(nameOf(i), inputs(1), statesOf(i, 1));
    const [first, second] = [even.toSpliced(5, 1), even.toSpliced(0, 1)];
    for (const units of [first, second])
      expect(await site.merged(names(units), merge)).toEqual(mergeOf(units.map((i) => [i, 1])));
    await records.close();
  });

  test("is kept anew when an eighth is added, and then covers that", async () => {
    const { asked, records, site } = await merged();
    const more = Array.from({ length: 70 }, (_, i) => 400 + 2 * i);
    for (const i of more) site.record(nameOf(i), inputs(1), statesOf(i, 1));
    await records.flush();
    for (const read of [70, 70]) {
      const states = await site.merged(names([...even, ...more]), merge);
      expect(states).toEqual(mergeOf([...even, ...more].map((i) => [i, 1])));
      await records.flush();
      expect(asked.states).toBe(read);
    }
    await records.close();
  });

  test("is of each target, and never taken for that of several", async () => {
    const { asked, records, site } = await merged();
    for (const i of [1, 3]) site.record(nameOf(i), inputs(1), statesOf(i, 1));
    expect(await site.merged(names([1, ...even]), merge)).toEqual(mergeOf([[1, 1], ...all]));
    expect(await site.merged(names([1]), merge)).toEqual(statesOf(1, 1));
    expect(await site.merged(names([0, 1, 3]), merge)).toEqual(mergeOf([0, 1, 3].map((i) => [i, 1])));
    asked.states = 0;
    expect(await site.merged(names(even), merge)).toEqual(mergeOf(all));
    expect(asked.states).toBe(0);
    await records.close();
  });

  test("of nothing is nothing", async () => {
    const { records, site } = await merged();
    expect(await site.merged([], merge)).toEqual([]);
    await records.close();
  });
});

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
    await first.site(key).merged(units.map(nameOf), merge);
  }
  await first.close();
  const records = await recordsIn(await ledgerAt(at), at, Date.now, (key) => key.startsWith("new"));
  expect(records.site("old 1").size).toBe(0);
  expect(await records.site("new 1").merged(units.map(nameOf), merge)).toEqual(
    mergeOf(units.map((i) => [i, 1])),
  );
  await records.close();
  const ledger = await ledgerAt(at);
  const counts = await Promise.all(
    ["t", "u", "s", "c"].map(async (kind) => (await listed(ledger, kind)).length),
  );
  expect(counts).toEqual([1, 1, 100, 1]);
  await ledger.close();
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
    await expect(again.site("s").states([nameOf(0)])).rejects.toMatchObject({
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
