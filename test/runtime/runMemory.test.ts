import { of, timer } from "rxjs";
import { describe, expect, test } from "vitest";
import { runMemory } from "../../src/runtime/runMemory.ts";

const setUp = (limit: number) => {
  let collections = 0;
  const memory = runMemory(limit, {
    collect: () => {
      collections += 1;
    },
  });
  return { memory, collections: () => collections };
};
const chunk = { id: "c", bytes: 100_000, encoded: 0, array: "a" };
const cached = async ({ memory }: ReturnType<typeof setUp>) => {
  const done = new Promise<void>((resolve, reject) => {
    memory.budget
      .use({ bytes: 10, chunks: [chunk] }, async () => {
        await memory.chunks.get(chunk, async () => {
          const buffer = memory.buffers.take(chunk.bytes);
          return { values: buffer, version: "1", buffer };
        });
      })
      .subscribe({ complete: resolve, error: reject });
  });
  await done;
};

describe("runMemory", () => {
  test("says what it holds: units, cache, states, buffers, who waits", async () => {
    const made = setUp(1e6);
    await cached(made);
    const { memory } = made;
    const size = memory.buffers.resident;
    expect(memory.state()).toMatchObject({ units: 0, cache: size, resident: size, free: 0, admitted: 0 });
    memory.budget.keep(5);
    const unit = memory.budget.use(999_990, () => timer(1e6)).subscribe();
    const next = memory.budget.use(20, () => of(1)).subscribe();
    expect(memory.state()).toEqual({
      limit: 1e6,
      units: 999_990,
      cache: 0,
      states: 5,
      resident: size,
      free: size,
      admitted: 1,
      waiting: 1,
      needed: 25,
    });
    for (const one of [unit, next]) one.unsubscribe();
  });

  test("a lower limit lets chunks and buffers go at once, and garbage is collected then", async () => {
    const made = setUp(2e7);
    await cached(made);
    const large = made.memory.buffers.take(9e6);
    made.memory.buffers.give(large);
    made.memory.resize(50_000);
    expect(made.memory.state()).toMatchObject({ limit: 50_000, cache: 0, resident: 0 });
    expect(made.collections()).toBe(1);
    made.memory.resize(60_000, 10);
    expect([made.collections(), made.memory.budget.most]).toEqual([1, 10]);
  });

  test("buffers have what states leave of the limit", async () => {
    const made = setUp(1e6);
    await cached(made);
    made.memory.budget.keep(450_000);
    made.memory.resize(500_000);
    expect(made.memory.state()).toMatchObject({ cache: 0, resident: 0 });
  });

  test("trim lets free buffers go, and chunks only if it is told to", async () => {
    const made = setUp(1e6);
    await cached(made);
    const { memory } = made;
    memory.buffers.give(memory.buffers.take(200_000));
    memory.trim(false);
    expect(memory.state()).toMatchObject({ free: 0, cache: memory.buffers.resident });
    expect(memory.state().cache).toBeGreaterThan(0);
    memory.trim(true);
    expect([memory.state().cache, memory.buffers.resident, made.collections()]).toEqual([0, 0, 2]);
  });

  test("has room for what is read along while that displaces nothing but what nobody waits for", async () => {
    const made = setUp(3e5);
    await cached(made);
    const { memory } = made;
    const { cache } = memory.state();
    expect([cache, memory.chunks.hasRoom(3e5 - cache), memory.state().cache]).toEqual([cache, true, cache]);
    const over = memory.budget.expect!([chunk]);
    expect([memory.chunks.hasRoom(2.5e5), memory.state().cache]).toEqual([false, cache]);
    over();
    expect([memory.chunks.hasRoom(2.5e5), memory.state().cache]).toEqual([true, 0]);
    memory.budget.keep(1e5);
    expect(memory.chunks.hasRoom(2.5e5)).toBe(false);
  });
});
