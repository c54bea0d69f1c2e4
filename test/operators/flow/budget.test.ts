import fc from "fast-check";
import { firstValueFrom, from, lastValueFrom, map, merge, mergeMap, of, range, timer, toArray } from "rxjs";
import { describe, expect, test } from "vitest";
import type { Asker } from "../../../src/model/budget.ts";
import type { ChunkCost } from "../../../src/model/chunk.ts";
import { MemoryBudget } from "../../../src/operators/flow/budget.ts";
import { mergeMapWithin } from "../../../src/operators/flow/mergeMapWithin.ts";
import { chunkCache } from "../../../src/runtime/chunkCache.ts";
import { countedBuffers } from "../../runtime/countedBuffers.ts";
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

  test("names that may not ask yet count as waiting", async () => {
    const budget = new MemoryBudget(1);
    budget.announce(2);
    expect(budget.waiting).toBe(2);
    const room = budget.room(1).then(() => "room");
    budget.announce(-1);
    expect(await Promise.race([room, firstValueFrom(timer(50))])).toBe(0);
    budget.announce(-1);
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

  test("what a named unit emits, admitted when an unnamed one is over, is outside of both", async () => {
    const budget = new MemoryBudget(1);
    const asker = { case_id: 1, forecast: "a", key: "b" };
    const downstream = (x: number) => budget.use(1, () => Promise.resolve(x));
    const unnamed = budget.use(1, () => timer(1).pipe(map(() => 1)));
    const named = budget.use(1, () => timer(1).pipe(map(() => 2)), asker);
    const all = merge(unnamed, named).pipe(mergeMap(downstream), toArray());
    expect((await lastValueFrom(all)).sort()).toEqual([1, 2]);
    const inside = () => budget.use(1, () => of(1), asker);
    await expect(lastValueFrom(budget.use(1, inside))).rejects.toMatchObject({ tag: "NestedBudget" });
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

/** Promises settle, and what was put off till then is done. */
const settled = async () => {
  for (let i = 0; i < 12; i++) await Promise.resolve();
};

const chunkOf = (i: number): ChunkCost => ({ id: `${i}`, bytes: 100 + i, encoded: 30 + i, array: "a" });

/** A ledger with chunks, and units whose reads come when they are told to. */
const withChunks = (limit: number, options: ConstructorParameters<typeof MemoryBudget>[1] = {}) => {
  const buffers = countedBuffers();
  const chunks = chunkCache(buffers);
  const admitted: string[] = [];
  const above: string[] = [];
  let inWork = 0;
  const budget: MemoryBudget = new MemoryBudget(limit, {
    chunks,
    ...options,
    onAdmitted: (_bytes, asker) => {
      admitted.push(asker!.key);
      inWork += 1;
      if (budget.used > budget.limit && inWork > 1) above.push(asker!.key);
      return () => {
        inWork -= 1;
      };
    },
  });
  chunks.onFreed = () => budget.freed();
  const pending: { key: string; come(): void; fail(error: Error): void }[] = [];
  const read = (key: string, chunk: ChunkCost) =>
    chunks.get(chunk, async (arrived) => {
      await new Promise<void>((come, fail) => pending.push({ key, come, fail }));
      arrived(chunk.encoded);
      const buffer = buffers.take(chunk.bytes).fill(Number(chunk.id));
      return { values: buffer, version: "1", buffer };
    });
  const results = new Map<string, "open" | "done" | "error">();
  const asked = new Map<string, { asker: Asker; list: ChunkCost[] }>();
  const unit = (key: string, bytes: number, chunksOfUnit: readonly ChunkCost[]) => {
    results.set(key, "open");
    const list = [...chunksOfUnit];
    const work = async () => {
      const all = await Promise.allSettled(list.map((chunk) => read(key, chunk)));
      const bad = all.find((one) => one.status === "rejected");
      if (bad !== undefined) throw bad.reason;
      for (const [i, one] of all.entries()) {
        const { values } = (one as PromiseFulfilledResult<{ values: Uint8Array }>).value;
        if (!values.every((value) => value === Number(list[i]!.id))) throw new Error("another chunk");
      }
    };
    const asker = { case_id: 1, forecast: "f", key };
    asked.set(key, { asker, list });
    const subscription = budget.use({ bytes, chunks: chunksOfUnit }, work, asker).subscribe({
      error: () => results.set(key, "error"),
      complete: () => results.set(key, "done"),
    });
    return () => {
      subscription.unsubscribe();
      const mine = pending.filter((one) => one.key === key);
      for (const one of mine) {
        pending.splice(pending.indexOf(one), 1);
        one.fail(new DOMException("aborted", "AbortError"));
      }
    };
  };
  /** Another unit asks with one that asked before, if that waits. */
  const join = (key: string, bytes: number, more: readonly ChunkCost[]) => {
    const { asker, list } = asked.get(key)!;
    const isJoined = budget.join(asker, { bytes, chunks: more });
    if (isJoined) list.push(...more);
    return isJoined;
  };
  return { budget, chunks, buffers, admitted, above, pending, results, unit, join };
};

describe("MemoryBudget with chunks", () => {
  const command = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        type: fc.constant("ask" as const),
        bytes: fc.nat(300),
        chunks: fc.uniqueArray(fc.nat(6), { maxLength: 4 }),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        type: fc.constant("join" as const),
        at: fc.nat(99),
        bytes: fc.nat(300),
        chunks: fc.uniqueArray(fc.nat(6), { maxLength: 4 }),
      }),
    },
    { weight: 12, arbitrary: fc.record({ type: fc.constant("come" as const), at: fc.nat(99) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant("fail" as const), at: fc.nat(99) }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant("unsubscribe" as const), at: fc.nat(99) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant("resize" as const), to: fc.nat(1500) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant("keep" as const), bytes: fc.nat(200) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant("pause" as const), paused: fc.boolean() }) },
  );

  test("whatever comes: never above the limit but for one, in order, nothing is lost, nothing stays", async () => {
    let served = 0;
    let joined = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(command, { minLength: 20, maxLength: 60 }),
        fc.boolean(),
        async (commands, alone) => {
          const made = withChunks(1200, { most: 1e6, alone });
          const { budget, chunks, buffers, admitted, above, pending, results, unit, join } = made;
          const ends = new Map<string, () => void>();
          const gone = new Set<string>();
          let kept = 0;
          let asks = 0;
          for (const one of commands) {
            if (one.type === "ask") {
              const key = `${asks++}`;
              ends.set(key, unit(key, one.bytes, one.chunks.map(chunkOf)));
            } else if (one.type === "join" && asks > 0) {
              const key = `${one.at % asks}`;
              const waits = results.get(key) === "open" && !gone.has(key) && !admitted.includes(key);
              const before = budget.waiting;
              expect(join(key, one.bytes, one.chunks.map(chunkOf))).toBe(waits);
              if (waits) joined += 1;
              expect(budget.waiting).toBe(before + (waits ? 1 : 0));
            } else if (one.type === "come") pending.splice(one.at % (pending.length || 1), 1)[0]?.come();
            else if (one.type === "fail")
              pending.splice(one.at % (pending.length || 1), 1)[0]?.fail(new Error("damaged"));
            else if (one.type === "unsubscribe" && asks > 0) {
              gone.add(`${one.at % asks}`);
              ends.get(`${one.at % asks}`)!();
            } else if (one.type === "resize") budget.resize(one.to);
            else if (one.type === "keep") budget.keep(kept === 0 ? one.bytes : -kept);
            else if (one.type === "pause") budget.pause(one.paused);
            if (one.type === "keep") kept = kept === 0 ? one.bytes : 0;
            await settled();
            expect(budget.kept).toBe(kept);
          }
          budget.pause(false);
          budget.resize(5000);
          for (let i = 0; pending.length > 0 || i < 3; i++) {
            pending.shift()?.come();
            await settled();
          }
          expect(above).toEqual([]);
          const numbers = admitted.map(Number);
          expect(numbers).toEqual([...numbers].sort((x, y) => x - y));
          for (const [key, result] of results) {
            if (!gone.has(key)) expect(result, `unit ${key}`).not.toBe("open");
          }
          served += admitted.length;
          expect([budget.used, budget.admitted, budget.waiting, budget.needed]).toEqual([kept, 0, 0, 0]);
          budget.resize(kept);
          expect([budget.cached, chunks.held, buffers.out, buffers.faults]).toEqual([0, 0, 0, []]);
        },
      ),
      { numRuns: 400, seed: 3 },
    );
    expect(served).toBeGreaterThan(2000);
    expect(joined).toBeGreaterThan(100);
  });

  test("everything is given back when all are unsubscribed, at whatever moment", async () => {
    const asks = fc.array(fc.tuple(fc.nat(300), fc.uniqueArray(fc.nat(6), { maxLength: 4 })), {
      minLength: 1,
    });
    await fc.assert(
      fc.asyncProperty(asks, fc.nat(30), async (units, steps) => {
        const { budget, buffers, pending, unit } = withChunks(900, { most: 1e6 });
        const ends = units.map(([bytes, list], i) => unit(`${i}`, bytes, list.map(chunkOf)));
        for (let i = 0; i < steps; i++) {
          pending.splice((i * 7) % (pending.length || 1), 1)[0]?.come();
          await settled();
        }
        for (const end of ends) end();
        expect([budget.used, budget.waiting, budget.admitted]).toEqual([0, 0, 0]);
        await settled();
        expect(budget.cached).toBeLessThanOrEqual(900);
        budget.resize(0);
        expect([budget.cached, buffers.out]).toEqual([0, 0]);
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  test("a unit that joins is charged with the others, not above what one ask may hold", async () => {
    const { budget, pending, unit, join, results } = withChunks(1000, { most: 800 });
    unit("0", 530, [chunkOf(0), chunkOf(1)]);
    unit("1", 100, [chunkOf(2)]);
    expect([budget.admitted, budget.waiting]).toEqual([1, 1]);
    expect(join("0", 1, [])).toBe(false);
    expect(join("1", 700, [])).toBe(false);
    expect(join("1", 200, [chunkOf(2), chunkOf(3)])).toBe(true);
    expect([budget.admitted, budget.waiting, budget.needed]).toEqual([1, 2, 300 + 134 + 136]);
    for (let i = 0; i < 8; i++) {
      pending.shift()?.come();
      await settled();
    }
    expect([...results.values(), budget.used, budget.waiting]).toEqual(["done", "done", 0, 0]);
  });

  test("shared chunks are charged once: units fit that would not alone", async () => {
    const { budget, admitted, unit, pending } = withChunks(2 * 50 + 130);
    unit("0", 50, [chunkOf(0)]);
    unit("1", 50, [chunkOf(0)]);
    unit("2", 1, []);
    expect([admitted, budget.used, budget.waiting]).toEqual([["0", "1"], 230, 1]);
    expect(pending.length).toBe(1);
    pending[0]!.come();
    await settled();
    expect([admitted, budget.used, budget.cached]).toEqual([["0", "1", "2"], 0, 100]);
  });

  test.each(["alone", "with another one"])(
    "chunks that nobody waits for go before those that somebody does, %s",
    async (how) => {
      const { budget, chunks, unit, join, pending } = withChunks(500);
      const comes = async () => {
        while (pending.length > 0) {
          pending.shift()!.come();
          await settled();
        }
      };
      for (const i of [0, 1, 2]) unit(`${i}`, 0, [chunkOf(i)]);
      await comes();
      expect(budget.cached).toBe(303);
      budget.pause(true);
      unit("3", 250, []); // needs the place of one of them
      // Waits for the oldest.
      unit("4", 0, how === "alone" ? [chunkOf(0)] : []);
      if (how !== "alone") expect(join("4", 0, [chunkOf(0)])).toBe(true);
      budget.pause(false);
      await settled();
      const isThere = (i: number) => chunks.missing([chunkOf(i)]) === 0;
      expect([0, 1, 2].map(isThere)).toEqual([true, false, true]);
      // Nothing is read again.
      expect(pending).toEqual([]);
    },
  );

  test("a chunk that is kept is no cache any more when it is held again: it is not admitted for nothing", async () => {
    const { budget, unit, pending, admitted } = withChunks(250);
    unit("0", 0, [chunkOf(0)]);
    pending.shift()!.come();
    await settled();
    unit("1", 0, [chunkOf(5)]); // 140
    unit("2", 20, [chunkOf(0)]);
    await settled();
    expect([admitted, budget.used, budget.cached]).toEqual([["0", "1"], 140, 100]);
  });

  test("encoded bytes that are given back when a chunk is there let the next one in", async () => {
    const { admitted, unit, pending } = withChunks(262);
    unit("0", 0, [chunkOf(0), chunkOf(1)]);
    unit("1", 25, []);
    pending.shift()!.come();
    await settled();
    expect([admitted, pending.length]).toEqual([["0", "1"], 1]);
  });

  test("a chunk that was waited for is like all others once it was had", async () => {
    const { chunks, unit, pending } = withChunks(500);
    for (const [i, chunk] of [0, 1].entries()) {
      unit(`${i}`, 0, [chunkOf(chunk)]);
      pending.shift()!.come();
      await settled();
    }
    chunks.drop(1);
    expect([0, 1].map((i) => chunks.missing([chunkOf(i)]) === 0)).toEqual([false, true]);
    chunks.want([chunkOf(1)]);
    unit("2", 0, [chunkOf(2)]);
    pending.shift()!.come();
    await settled();
    chunks.drop(1);
    expect([1, 2].map((i) => chunks.missing([chunkOf(i)]) === 0)).toEqual([true, false]);
  });

  test("the limit falls and rises: chunks go at once, one unit is always admitted, the others wait", async () => {
    const { budget, admitted, unit, pending } = withChunks(1000);
    unit("0", 0, [chunkOf(0), chunkOf(1)]);
    for (const one of pending.splice(0)) one.come();
    await settled();
    expect(budget.cached).toBe(201);
    budget.resize(150);
    expect(budget.cached).toBe(101);
    budget.resize(10);
    expect([budget.cached, budget.limit, budget.most]).toEqual([0, 10, 1000]);
    unit("1", 400, [chunkOf(2)]);
    unit("2", 1, [chunkOf(2)]);
    await settled();
    expect([admitted.length, budget.needed]).toEqual([2, 1]); // its chunk is held by the other one
    budget.resize(1000, 400);
    await settled();
    expect(admitted.length).toBe(3);
    expect(budget.most).toBe(400);
  });

  test("one that may not go alone waits for its limit, with or without others", async () => {
    const { budget, admitted, unit } = withChunks(0, { most: 500, alone: false });
    unit("0", 100, []);
    await settled();
    expect([admitted, budget.needed, budget.next?.key]).toEqual([[], 100, "0"]);
    budget.keep(50);
    expect(budget.needed).toBe(150);
    budget.resize(149);
    await settled();
    expect(admitted).toEqual([]);
    budget.resize(150);
    await settled();
    expect(admitted).toEqual(["0"]);
  });

  test("what is kept takes the place of chunks and of units, and gives it back", async () => {
    const { budget, admitted, unit, pending } = withChunks(300);
    unit("0", 0, [chunkOf(0)]);
    pending.shift()!.come();
    await settled();
    budget.keep(250);
    expect([budget.cached, budget.used, budget.kept]).toEqual([0, 250, 250]);
    unit("1", 40, []);
    unit("2", 20, [chunkOf(1)]);
    unit("3", 20, []);
    await settled();
    expect(admitted).toEqual(["0", "1", "2", "3"].slice(0, admitted.length));
    budget.keep(-250);
    await settled();
    expect([admitted, budget.kept]).toEqual([["0", "1", "2", "3"], 0]);
  });

  test("paused, nothing is admitted; who waits is admitted in order when it goes on", async () => {
    const { budget, admitted, unit } = withChunks(100);
    budget.pause(true);
    for (const i of [0, 1, 2]) unit(`${i}`, 10, []);
    await settled();
    expect([admitted, budget.waiting]).toEqual([[], 3]);
    budget.pause(false);
    await settled();
    expect(admitted).toEqual(["0", "1", "2"]);
  });
});

describe("what a MemoryBudget says", () => {
  test("that somebody waits, until nobody does: admitted or gone", async () => {
    const said: string[] = [];
    const budget = new MemoryBudget(1, {
      onWaits: () => {
        said.push("waits");
        return () => void said.push("over");
      },
    });
    const first = budget.use(1, () => timer(1e6)).subscribe();
    const asks = [1, 2].map(() => budget.use(1, () => timer(1e6)).subscribe());
    asks[0]!.unsubscribe();
    expect(said).toEqual(["waits"]);
    asks[1]!.unsubscribe();
    expect(said).toEqual(["waits", "over"]);
    const third = budget.use(1, () => timer(1e6)).subscribe();
    first.unsubscribe();
    await settled();
    expect(said).toEqual(["waits", "over", "waits", "over"]);
    third.unsubscribe();
  });

  test("every change of what is held or waits", async () => {
    const seen: string[] = [];
    const budget: MemoryBudget = new MemoryBudget(1, {
      onChange: () => void seen.push(`${budget.admitted} ${budget.waiting}`),
    });
    const say = async () => {
      await settled();
      return seen.splice(0).at(-1);
    };
    const first = budget.use(1, () => timer(1e6)).subscribe();
    expect(await say()).toBe("1 0");
    const second = budget.use(1, () => timer(1e6)).subscribe();
    const third = budget.use(1, () => timer(1e6)).subscribe();
    expect(await say()).toBe("1 2");
    second.unsubscribe();
    expect(await say()).toBe("1 1");
    first.unsubscribe();
    expect(await say()).toBe("1 0");
    third.unsubscribe();
    expect(await say()).toBe("0 0");
  });
});
