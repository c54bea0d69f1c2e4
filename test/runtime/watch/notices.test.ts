import { expect, test } from "vitest";
import { Notices } from "../../../src/runtime/watch/notices.ts";

/** Timers that go off when they are told to. */
const timers = () => {
  const set: { readonly ms: number; readonly work: () => void; isOver: boolean }[] = [];
  const after = (ms: number, work: () => void) => {
    const timer = { ms, work, isOver: false };
    set.push(timer);
    return () => {
      timer.isOver = true;
    };
  };
  return { set, after };
};

const isOver = async (sleep: Promise<void>): Promise<boolean> =>
  Promise.race([
    sleep.then(() => true),
    new Promise<boolean>((resolve) => setImmediate(() => resolve(false))),
  ]);

test("a sleep ends by its time, by a notice and by its signal; its timer ends with it", async () => {
  const { set, after } = timers();
  const notices = new Notices(after);
  const { signal } = new AbortController();
  const first = notices.sleep(5000, signal);
  expect(await isOver(first)).toBe(false);
  expect(set.map(({ ms }) => ms)).toEqual([5000]);
  set[0]!.work();
  expect(await isOver(first)).toBe(true);

  const second = notices.sleep(5000, signal);
  notices.tell();
  expect(await isOver(second)).toBe(true);
  expect(set[1]!.isOver).toBe(true);
  expect(notices.take()).toBe(true);

  const stop = new AbortController();
  const third = notices.sleep(5000, stop.signal);
  expect(await isOver(third)).toBe(false);
  stop.abort();
  expect(await isOver(third)).toBe(true);
  expect(set[2]!.isOver).toBe(true);
  expect(await isOver(notices.sleep(5000, stop.signal))).toBe(true);
  expect(set.length).toBe(3);
});

test("a notice that comes while nobody sleeps ends the next sleep at once, and is taken once", async () => {
  const { set, after } = timers();
  const notices = new Notices(after);
  const { signal } = new AbortController();
  notices.tell();
  notices.tell();
  expect(await isOver(notices.sleep(5000, signal))).toBe(true);
  expect([notices.take(), notices.take()]).toEqual([true, false]);
  expect(await isOver(notices.sleep(5000, signal))).toBe(false);
  expect(set.length).toBe(1);
});
