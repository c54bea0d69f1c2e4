import { lastValueFrom, toArray } from "rxjs";
import { describe, expect, test } from "vitest";
import type { OpenGrid } from "../../../src/model/openSource.ts";
import { bytesRead, chunkOrder, type Order, type Touched } from "../../../src/operators/flow/chunkOrder.ts";
import { pairs } from "../../../src/operators/flow/pairs.ts";
import { event, fakeForecast, fakeRun, fakeTarget, hour } from "./fakeRun.ts";

const [inits, leads] = [12, 10];

/** Every init and lead; a forecast chunk holds so many of each, a target chunk so many times. Cells of 1 byte. */
const refs = (chunk: { init: number; lead: number }, times: number): Touched[] =>
  Array.from({ length: inits * leads }, (_, i) => {
    const [init, lead] = [Math.floor(i / leads), i % leads];
    const validTime = init + lead;
    return {
      ref: { initTime: init, lead, validTime, slot: { init, lead } },
      chunks: [
        {
          id: `f ${Math.floor(init / chunk.init)} ${Math.floor(lead / chunk.lead)}`,
          bytes: chunk.init * chunk.lead,
        },
        { id: `o ${Math.floor(validTime / times)}`, bytes: times },
      ],
    };
  });

const times = inits + leads - 1;

describe("the order of refs", () => {
  // Forecast chunks of one field: any order reads each once, by valid time the target's too.
  const cases: [name: string, all: Touched[], order: Order, read?: number][] = [
    ["one field a chunk", refs({ init: 1, lead: 1 }, 1), "valid", inits * leads + times],
    ["all leads of a run a chunk", refs({ init: 1, lead: leads }, 1), "init"],
    ["all runs of a lead a chunk", refs({ init: inits, lead: 1 }, 1), "lead"],
    ["everything in one chunk", refs({ init: inits, lead: leads }, times), "init", inits * leads + times],
  ];
  test.each(cases)("%s", (_, all, order, read) => {
    expect(chunkOrder(all, 8)).toBe(order);
    const bytes = (["init", "valid", "lead"] as const).map((one) => bytesRead(all, one, 8));
    expect(bytesRead(all, order, 8)).toBe(Math.min(...bytes));
    if (read !== undefined) expect(bytesRead(all, order, 8)).toBe(read);
  });

  test("counts a chunk again when it was dropped: the one used longest ago goes first", () => {
    const touch = (lead: number, ...ids: string[]): Touched => ({
      ref: { initTime: 0, lead, validTime: lead, slot: {} },
      chunks: ids.map((id) => ({ id, bytes: 1 })),
    });
    // a b c, then a is used again, so that d drops b.
    const all = ["a", "b", "c", "a", "d", "a", "c", "b"].map((id, i) => touch(i, id));
    expect(bytesRead(all, "init", 3)).toBe(5);
    expect(bytesRead(all, "init", 4)).toBe(4);
    expect(
      bytesRead([touch(0, "a", "b"), touch(1, "a", "b"), touch(2, "c", "d"), touch(3, "a")], "init", 0),
    ).toBe(4);
  });

  test("is by init, then lead, where all fits the cache", () => {
    expect(chunkOrder(refs({ init: 1, lead: 1 }, 1), 1e6)).toBe("init");
    expect(chunkOrder([])).toBe("init");
  });
});

describe("pairs", () => {
  const MiB = 2 ** 20;
  const forecast = fakeForecast("f", 4, 5);
  const target = fakeTarget("o");
  /** Sides whose chunks hold one time, of `bytes`. */
  const chunked = <T extends { open: OpenGrid }>(side: T, name: string, bytes: number): T => ({
    ...side,
    open: {
      ...side.open,
      cost: (slot) => ({
        bytes: 0,
        chunks: [{ id: `${name} ${JSON.stringify(slot)}`, bytes, encoded: bytes, array: name }],
      }),
    },
  });
  const given = async (bytes: number, limit?: number) => {
    const run = fakeRun([chunked(forecast, "f", bytes), chunked(target, "o", bytes)], {
      selection: limit === undefined ? {} : { limit },
    });
    const options = { forecast: forecast.source, targets: [target.source], variables: ["t" as const] };
    const all = await lastValueFrom(pairs(run, event, options).pipe(toArray()));
    return all.map(({ initTime, leadHours }) => [initTime / hour, leadHours]);
  };

  test("come in the order in which large chunks are read once", async () => {
    expect((await given(40 * MiB)).slice(0, 6)).toEqual([
      [0, 0],
      [0, 6],
      [6, 0],
      [0, 12],
      [6, 6],
      [12, 0],
    ]);
    expect(await given(MiB)).toEqual(
      [...(await given(40 * MiB))].sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]!),
    );
  });

  test("a limit means the first ones by init and lead", async () => {
    expect(await given(40 * MiB, 7)).toEqual([
      [0, 0],
      [0, 6],
      [6, 0],
      [0, 12],
      [6, 6],
      [0, 18],
      [0, 24],
    ]);
  });
});
