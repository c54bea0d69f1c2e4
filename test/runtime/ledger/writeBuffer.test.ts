/** What is put is written together, read at once, and kept where it could not be written. */
import { expect, test } from "vitest";
import type { Ledger, LedgerChange } from "../../../src/model/ledger.ts";
import { WriteBuffer } from "../../../src/runtime/ledger/writeBuffer.ts";
import { bytes, text } from "./here.ts";

/** A ledger in memory whose batches wait, and fail where they are told to; and a clock. */
const made = () => {
  const there = new Map<string, string>();
  const batches: string[][] = [];
  const errors: unknown[] = [];
  const world = { fails: false, gate: Promise.resolve(), timers: [] as { ms: number; work: () => void }[] };
  const ledger: Pick<Ledger, "getMany" | "batch"> = {
    getMany: async (keys: readonly Uint8Array[]) =>
      keys.map((key) => there.get(text(key)!)).map((value) => (value === undefined ? value : bytes(value))),
    batch: async (changes: readonly LedgerChange[]) => {
      batches.push(changes.map(({ key, value }) => `${text(key)}=${text(value)}`));
      await world.gate;
      if (world.fails) throw new Error("full");
      for (const { key, value } of changes)
        if (value === undefined) there.delete(text(key)!);
        else there.set(text(key)!, text(value)!);
    },
  };
  const buffer = new WriteBuffer(ledger as Ledger, {
    after: (ms, work) => {
      const timer = { ms, work };
      world.timers.push(timer);
      return () => void world.timers.splice(world.timers.indexOf(timer), 1);
    },
    failed: (error) => errors.push(error),
  });
  const put = (key: string, value?: string) =>
    buffer.put(bytes(key), value === undefined ? value : bytes(value));
  const get = async (...keys: string[]) => (await buffer.getMany(keys.map(bytes))).map(text);
  /** The time of the timer has come. */
  const ring = () => world.timers.shift()!.work();
  const settled = () => new Promise((done) => setImmediate(done));
  return { there, batches, errors, world, buffer, put, get, ring, settled };
};

test("what is put is read at once and written together after a second", async () => {
  const { batches, world, buffer, put, get, ring, settled } = made();
  for (const [key, value] of [
    ["a", "1"],
    ["b", "2"],
    ["a", "3"],
  ])
    put(key!, value);
  expect(await get("b", "none", "a")).toEqual(["2", undefined, "3"]);
  expect(batches).toEqual([]);
  expect(world.timers.map(({ ms }) => ms)).toEqual([1000]);
  expect(buffer.bytes).toBe(4);
  ring();
  await settled();
  expect(batches).toEqual([["a=3", "b=2"]]);
  expect(buffer.bytes).toBe(0);
  expect(await get("a", "b")).toEqual(["3", "2"]);
  await buffer.flush();
  expect(batches).toHaveLength(1);
  put("a");
  expect(await get("a", "b")).toEqual([undefined, "2"]);
  await buffer.flush();
  expect(await get("a")).toEqual([undefined]);
  expect(world.timers).toEqual([]);
});

test("eight megabytes are written without waiting for the second, once", async () => {
  const { batches, errors, world, buffer, settled } = made();
  for (let i = 0; i < 17; i++) buffer.put(bytes(`${i}`), new Uint8Array(500_000));
  await settled();
  expect(batches.map(({ length }) => length)).toEqual([17]);
  expect(errors).toEqual([]);

  world.fails = true;
  for (let i = 0; i < 40; i++) buffer.put(bytes(`${i}`), new Uint8Array(500_000));
  await settled();
  expect(batches.map(({ length }) => length)).toEqual([17, 40]);
  expect(errors).toHaveLength(1);
});

test("while some is written more may be put, and both are read; a flush waits for both", async () => {
  const { batches, there, world, buffer, put, get } = made();
  let open = () => {};
  world.gate = new Promise((done) => {
    open = done;
  });
  put("a", "1");
  put("b", "1");
  const first = buffer.flush();
  await Promise.resolve().then(() => {});
  put("a", "2");
  const second = buffer.flush();
  expect(await get("a", "b")).toEqual(["2", "1"]);
  open();
  await first;
  await second;
  expect(batches).toEqual([["a=1", "b=1"], ["a=2"]]);
  expect([...there]).toEqual([
    ["a", "2"],
    ["b", "1"],
  ]);
});

test("what could not be written is told once, kept, and written when it is asked for again", async () => {
  const { there, batches, errors, world, buffer, put, get, ring, settled } = made();
  world.fails = true;
  let open = () => {};
  world.gate = new Promise((done) => {
    open = done;
  });
  put("a", "1");
  put("b", "1");
  ring();
  await settled();
  put("b", "2");
  open();
  await settled();
  expect(errors).toHaveLength(1);
  expect(await get("a", "b")).toEqual(["1", "2"]);
  put("c", "3");
  for (const { work } of world.timers) work();
  await settled();
  expect(batches).toHaveLength(1);
  await expect(buffer.flush()).rejects.toThrow("full");
  expect(errors).toHaveLength(1);
  expect(buffer.bytes).toBe(6);
  world.fails = false;
  await buffer.flush();
  expect([...there].sort()).toEqual([
    ["a", "1"],
    ["b", "2"],
    ["c", "3"],
  ]);
  put("d", "4");
  expect(world.timers).toHaveLength(1);
  world.fails = true;
  ring();
  await settled();
  expect(errors).toHaveLength(2);
});

test("a value that is made when it is written is made once", async () => {
  const { batches, world, buffer } = made();
  let times = 0;
  world.fails = true;
  buffer.put(bytes("a"), () => bytes(`${++times}`), 1);
  await buffer.flush().catch(() => {});
  world.fails = false;
  await buffer.flush();
  expect(batches).toEqual([["a=1"], ["a=1"]]);
});
