import { lastValueFrom, mergeMap, of, toArray } from "rxjs";
import { expect, test } from "vitest";
import type { ChunkRef } from "../../../src/model/chunk.ts";
import { inOrder } from "../../../src/operators/flow/chunkOrder.ts";
import { namesInTurn } from "../../../src/operators/flow/namesInTurn.ts";
import { pairs } from "../../../src/operators/flow/pairs.ts";
import { event, fakeForecast, fakeRun, fakeTarget, hour } from "./fakeRun.ts";

const ref = (time: number): ChunkRef => ({ initTime: time, lead: 0, validTime: time, slot: {} });
const pass = () => new Promise((resolve) => setImmediate(resolve));

/** Sets that name their refs, in groups; what was named, and a way to begin. */
const named = (groups: Readonly<Record<string, readonly (readonly number[])[]>>) => {
  const turns = namesInTurn();
  let begin = () => {};
  turns.after(new Promise<void>((resolve) => (begin = resolve)));
  const said: string[] = [];
  const all = Object.entries(groups).flatMap(([group, sets]) =>
    sets.map(async (times) => {
      const turn = turns.enter(group, inOrder.valid);
      for (const time of times) {
        await turn.next(ref(time));
        said.push(`${group}${time}`);
        await Promise.resolve();
      }
      turn.leave();
    }),
  );
  return { said, begin, over: () => Promise.all(all) };
};

test("sets of a group name their refs in one order, and none before what is being opened is open", async () => {
  const { said, begin, over } = named({ a: [[1, 4, 5], [2, 3, 9, 10], [], [0, 5, 6]] });
  await pass();
  expect(said).toEqual([]);
  begin();
  await over();
  expect(said).toEqual(["a0", "a1", "a2", "a3", "a4", "a5", "a5", "a6", "a9", "a10"]);
});

test("of sets that share nothing two groups go on at once, whatever their times; the next when one is done", async () => {
  const { said, begin, over } = named({ a: [[5, 6]], b: [[1, 2, 3, 4]], c: [[0]], d: [[0]] });
  begin();
  await over();
  expect(said.slice(0, 4)).toEqual(["a5", "b1", "a6", "b2"]);
  expect(said.slice(4)).toEqual(expect.arrayContaining(["c0", "d0", "b4"]));
  expect(said.indexOf("d0")).toBeGreaterThan(said.indexOf("c0"));
});

test("what cannot be opened keeps nobody waiting", async () => {
  const turns = namesInTurn();
  turns.after(Promise.reject(new Error("no")));
  await turns.enter("a", inOrder.valid).next(ref(0));
});

test("cases over one store name what they share side by side; one that was given up is not waited for", async () => {
  const [forecast, target] = [fakeForecast("f", 4, 5), fakeTarget("o")];
  const run = fakeRun([forecast, target], { turns: namesInTurn() });
  const options = { forecast: forecast.source, targets: [target.source], variables: ["t" as const] };
  const cases = [0, 12, 18].map((start, id) => ({ ...event, id, start: start * hour }));
  const given = pairs(run, { ...event, id: 9 }, options).subscribe();
  given.unsubscribe();
  const refs = await lastValueFrom(
    of(...cases).pipe(
      mergeMap((one) => pairs(run, one, options)),
      toArray(),
    ),
  );
  const name = ({ initTime, leadHours }: (typeof refs)[number]) => `${initTime / hour} ${leadHours}`;
  const names = refs.map(name);
  // Equal ones lie next to each other.
  expect(names.filter((one, i) => one !== names[i - 1]).length).toBe(new Set(names).size);
  expect(refs.length).toBe(20 + 17 + 14);
});
