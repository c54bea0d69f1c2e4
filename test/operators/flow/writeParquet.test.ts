import { lastValueFrom, of, Subject, throwError, toArray } from "rxjs";
import { expect, test } from "vitest";
import type { Row } from "../../../src/model/row.ts";
import { writeParquet } from "../../../src/operators/flow/writeParquet.ts";
import { fakeRun } from "./fakeRun.ts";
import { marbles } from "./marbles.ts";

/** A table that notes what is done to it. */
const noted = () => {
  const said: string[] = [];
  const run = fakeRun([], {
    table: (path) => ({
      add: (row) => void said.push(`add ${(row as unknown as { id: string }).id}`),
      publish: async () => void said.push(`publish ${path}`),
      discard: () => void said.push("discard"),
    }),
  });
  return { run, said };
};

const row = (id: string) => ({ id }) as unknown as Row;

test("passes rows on as they come, and publishes when they are all there", async () => {
  const { run, said } = noted();
  const rows = await lastValueFrom(of(row("a"), row("b")).pipe(writeParquet(run, "x.parquet"), toArray()));
  expect(rows).toEqual([row("a"), row("b")]);
  expect(said).toEqual(["add a", "add b", "publish x.parquet", "discard"]);
});

test("publishes nothing on an error", async () => {
  const { run, said } = noted();
  const failing = throwError(() => new Error("lost"));
  await expect(lastValueFrom(failing.pipe(writeParquet(run, "x.parquet")))).rejects.toThrow("lost");
  expect(said).toEqual(["discard"]);
});

test("publishes nothing when it is stopped half way", () => {
  const { run, said } = noted();
  const rows = new Subject<Row>();
  const subscription = rows.pipe(writeParquet(run, "x.parquet")).subscribe();
  rows.next(row("a"));
  subscription.unsubscribe();
  expect(said).toEqual(["add a", "discard"]);
});

test("keeps the time of its rows, and opens a table a subscription", () => {
  marbles(({ cold, expectObservable }) => {
    const { run } = noted();
    const rows = cold("--a--b--#", { a: row("a"), b: row("b") });
    expectObservable(rows.pipe(writeParquet(run, "x"))).toBe("--a--b--#", { a: row("a"), b: row("b") });
  });
});
