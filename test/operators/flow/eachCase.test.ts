import { from, lastValueFrom, of, throwError, toArray } from "rxjs";
import { expect, test } from "vitest";
import type { Case } from "../../../src/model/case.ts";
import { abortable } from "../../../src/operators/flow/abortable.ts";
import { cases } from "../../../src/operators/flow/cases.ts";
import { eachCase } from "../../../src/operators/flow/eachCase.ts";
import { event, fakeRun } from "./fakeRun.ts";
import { marbles } from "./marbles.ts";

const three: Case[] = [1, 2, 3].map((id) => ({ ...event, id, type: id === 2 ? "freeze" : "heat_wave" }));

test("cases come in order of their file, by type and by selection", async () => {
  const ids = async (run: ReturnType<typeof fakeRun>, eventType?: string | string[]) =>
    (
      await lastValueFrom(cases(run, { from: three, ...(eventType ? { eventType } : {}) }).pipe(toArray()))
    ).map(({ id }) => id);
  expect(await ids(fakeRun([]))).toEqual([1, 2, 3]);
  expect(await ids(fakeRun([]), "heat_wave")).toEqual([1, 3]);
  expect(await ids(fakeRun([]), ["freeze", "heat_wave"])).toEqual([1, 2, 3]);
  expect(await ids(fakeRun([], { selection: { cases: [3] } }))).toEqual([3]);
});

test("several cases are open at once, no more than the run allows", () => {
  marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
    const run = fakeRun([], { casesAtOnce: 2 });
    const work = [cold("--a|"), cold("----b|"), cold("--c|")];
    const source = hot("(123|)", { 1: three[0]!, 2: three[1]!, 3: three[2]! });
    expectObservable(source.pipe(eachCase(run, ({ id }) => work[id - 1]!))).toBe("--a-bc|");
    expectSubscriptions(work[2]!.subscriptions).toBe("---^--!");
  });
});

test("unsubscribed half way, open cases are left and no other is begun", () => {
  marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
    const run = fakeRun([], { casesAtOnce: 1 });
    const work = [cold("-----a|"), cold("b|")];
    const source = hot("(12|)", { 1: three[0]!, 2: three[1]! });
    expectObservable(source.pipe(eachCase(run, ({ id }) => work[id - 1]!)), "^--!").toBe("----");
    expectSubscriptions(work[0]!.subscriptions).toBe("^--!");
    expectSubscriptions(work[1]!.subscriptions).toBe([]);
  });
});

test("a case that fails is a line in the failures table; the others go on", async () => {
  const run = fakeRun([]);
  const rows = of(...three).pipe(
    eachCase(run, ({ id }) => (id === 2 ? throwError(() => new Error("no such thing")) : of(id))),
    toArray(),
  );
  expect(await lastValueFrom(rows)).toEqual([1, 3]);
  expect(run.failures).toMatchObject([{ case_id: 2, message: "no such thing" }]);
});

test("work may be done elsewhere, told apart by order of call", async () => {
  const asked: [number, number][] = [];
  const run = fakeRun([], {
    elsewhere: (index, { id }) => {
      asked.push([index, id]);
      return of(`${index}:${id}`) as never;
    },
  });
  const never = () => {
    throw new Error("not here");
  };
  const first = eachCase<string>(run, never);
  const second = eachCase<string>(run, never);
  expect(await lastValueFrom(of(three[0]!).pipe(second, toArray()))).toEqual(["1:1"]);
  expect(await lastValueFrom(of(three[2]!).pipe(first, toArray()))).toEqual(["0:3"]);
  expect(asked).toEqual([
    [1, 1],
    [0, 3],
  ]);
});

test("abortable aborts its signal when unsubscribed", async () => {
  let aborted = false;
  const subscription = abortable(
    (signal) =>
      new Promise(() => {
        signal.addEventListener("abort", () => {
          aborted = true;
        });
      }),
  ).subscribe();
  subscription.unsubscribe();
  expect(aborted).toBe(true);
  expect(await lastValueFrom(abortable(async () => 7))).toBe(7);
});

test("many cases that are over at once need no depth", async () => {
  const many = Array.from({ length: 20_000 }, (_, id) => ({ ...event, id }));
  const run = fakeRun([], { casesAtOnce: 1 });
  const ids = from(many).pipe(
    eachCase(run, ({ id }) => of(id)),
    toArray(),
  );
  expect(await lastValueFrom(ids)).toHaveLength(20_000);
  expect(run.failures).toEqual([]);
});
