import { firstValueFrom, from, lastValueFrom, mergeMap, of, range, timer, toArray } from "rxjs";
import { describe, expect, test } from "vitest";
import { MemoryBudget } from "../../../src/operators/flow/budget.ts";
import { mergeMapWithin } from "../../../src/operators/flow/mergeMapWithin.ts";
import { marbles } from "./marbles.ts";

describe("MemoryBudget", () => {
  test("starts work when it fits, in order of arrival", () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const budget = new MemoryBudget(2);
      const a = cold("--a|");
      const b = cold("----b|");
      const c = cold("--c|"); // waits for a
      expectObservable(of(a, b, c).pipe(mergeMap((work) => budget.use(1, () => work)))).toBe("--a-bc|");
      expectSubscriptions(c.subscriptions).toBe("---^--!");
    });
  });

  test("a large ask at the head is not overtaken by small ones behind it", () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const budget = new MemoryBudget(3);
      const first = cold("----a|");
      const large = cold("--b|");
      const small = cold("c|");
      const asks = from<[number, typeof first][]>([
        [2, first],
        [3, large],
        [1, small],
      ]);
      expectObservable(asks.pipe(mergeMap(([bytes, work]) => budget.use(bytes, () => work)))).toBe(
        "----a--bc|",
      );
      expectSubscriptions(large.subscriptions).toBe("-----^--!");
      expectSubscriptions(small.subscriptions).toBe("--------^!");
    });
  });

  test("gives bytes back on completion, error and unsubscription", () => {
    marbles(({ cold, flush }) => {
      const budget = new MemoryBudget(10);
      const open = cold("---");
      budget.use(4, () => cold("-a|")).subscribe();
      budget.use(3, () => cold("-#")).subscribe({ error: () => {} });
      const held = budget.use(3, () => open).subscribe();
      expect(budget.used).toBe(10);
      flush();
      expect(budget.used).toBe(3);
      held.unsubscribe();
      expect(budget.used).toBe(0);
    });
  });

  test("who waits for room is told when the last ask that waited is taken back", async () => {
    const budget = new MemoryBudget(1);
    budget.use(1, () => timer(1e6)).subscribe();
    const asked = budget.use(1, () => of(1)).subscribe();
    const room = budget.room(1).then(() => "room");
    asked.unsubscribe();
    expect(await Promise.race([room, firstValueFrom(timer(200))])).toBe("room");
  });

  test("nothing is admitted after cancellation", () => {
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const budget = new MemoryBudget(1);
      const a = cold("------a|");
      const waiting = cold("b|");
      const source = hot("^-xy----");
      const asked = source.pipe(mergeMap((name) => budget.use(1, () => (name === "x" ? a : waiting))));
      expectObservable(asked, "^---!").toBe("-----");
      expectSubscriptions(a.subscriptions).toBe("--^-!");
      expectSubscriptions(waiting.subscriptions).toBe([]);
    });
  });

  test("refuses an ask above the limit", async () => {
    const budget = new MemoryBudget(10);
    await expect(firstValueFrom(budget.use(11, () => of(1)))).rejects.toMatchObject({ tag: "OverBudget" });
    await expect(firstValueFrom(budget.use(Number.NaN, () => of(1)))).rejects.toMatchObject({
      tag: "OverBudget",
    });
    expect(budget.used).toBe(0);
  });

  test("refuses an ask inside work of the same budget, at once or later, but not downstream of it", async () => {
    const budget = new MemoryBudget(10);
    const nested = () => budget.use(1, () => of(1));
    await expect(lastValueFrom(budget.use(1, nested))).rejects.toMatchObject({ tag: "NestedBudget" });
    const later = () => timer(1).pipe(mergeMap(nested));
    await expect(lastValueFrom(budget.use(1, later))).rejects.toMatchObject({ tag: "NestedBudget" });
    const inPromise = async () => {
      await Promise.resolve();
      return lastValueFrom(nested());
    };
    await expect(lastValueFrom(budget.use(1, inPromise))).rejects.toMatchObject({ tag: "NestedBudget" });
    const twice = range(0, 20).pipe(
      mergeMapWithin(
        budget,
        () => 4,
        (x) => timer(1).pipe(mergeMap(() => of(x))),
      ),
      mergeMapWithin(
        budget,
        () => 3,
        (x) => Promise.resolve(x),
      ),
      toArray(),
    );
    expect((await lastValueFrom(twice)).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, i) => i),
    );
    const other = new MemoryBudget(10);
    expect(await lastValueFrom(budget.use(1, () => other.use(1, () => of("other budget"))))).toBe(
      "other budget",
    );
  });

  test("room resolves when fewer asks wait", async () => {
    const budget = new MemoryBudget(1);
    const held = budget.use(1, () => timer(10_000)).subscribe();
    const waiting = [1, 2, 3].map(() => budget.use(1, () => of(0)).subscribe());
    let there = false;
    const room = budget.room(2).then(() => {
      there = true;
    });
    await Promise.resolve();
    expect(budget.waiting).toBe(3);
    expect(there).toBe(false);
    waiting[0]!.unsubscribe();
    waiting[1]!.unsubscribe();
    await room;
    expect(there).toBe(true);
    held.unsubscribe();
  });
});

describe("mergeMapWithin", () => {
  test("concurrency follows bytes, not a number", async () => {
    const budget = new MemoryBudget(100);
    let most = 0;
    let held = 0;
    const work = (bytes: number) => {
      held += bytes;
      most = Math.max(most, held);
      return timer(1).pipe(
        mergeMap(() => {
          held -= bytes;
          return of(bytes);
        }),
      );
    };
    const sizes = Array.from({ length: 200 }, (_, i) => 1 + ((i * 37) % 60));
    const seen = await lastValueFrom(
      of(...sizes).pipe(
        mergeMapWithin(budget, (bytes) => bytes, work),
        toArray(),
      ),
    );
    expect(seen.length).toBe(200);
    expect(most).toBeLessThanOrEqual(100);
    expect(most).toBeGreaterThan(60);
  });

  test("an error of one work ends the stream, and all bytes are given back", async () => {
    const budget = new MemoryBudget(3);
    const failing = range(0, 10).pipe(
      mergeMapWithin(
        budget,
        () => 1,
        async (x) => {
          if (x === 4) throw new Error("four");
          return x;
        },
      ),
    );
    await expect(lastValueFrom(failing)).rejects.toThrow("four");
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect([budget.used, budget.waiting]).toEqual([0, 0]);
  });
});
