import { concatMap, count, from, lastValueFrom, of, Subject, toArray } from "rxjs";
import { describe, expect, test } from "vitest";
import { heldUntil } from "../../../src/operators/flow/heldUntil.ts";

const door = () => {
  let open = (): void => {};
  let shut = (_: unknown): void => {};
  const ready = new Promise<void>((resolve, reject) => {
    open = resolve;
    shut = reject;
  });
  return { ready, open, shut };
};

describe("values that may not go on yet", () => {
  test("go on in order, told as they begin and end to be held", async () => {
    const { ready, open } = door();
    const names = new Subject<number>();
    let held = 0;
    const given: number[] = [];
    names.pipe(heldUntil(ready, (change) => (held += change))).subscribe((value) => given.push(value));
    names.next(1);
    names.next(2);
    expect([held, given]).toEqual([2, []]);
    open();
    await ready;
    expect([held, given]).toEqual([0, [1, 2]]);
    names.next(3);
    expect([held, given]).toEqual([0, [1, 2, 3]]);
  });

  test("a hundred thousand at once need no depth", async () => {
    const { ready, open } = door();
    const all = from(Array.from({ length: 100_000 }, (_, i) => i)).pipe(
      heldUntil(ready, () => {}),
      concatMap((value) => of(value)),
      count(),
    );
    const counted = lastValueFrom(all);
    open();
    expect(await counted).toBe(100_000);
  });

  test("end with the error of what they wait for", async () => {
    const { ready, shut } = door();
    const all = lastValueFrom(
      of(1).pipe(
        heldUntil(ready, () => {}),
        toArray(),
      ),
    );
    shut(new Error("no such store"));
    await expect(all).rejects.toThrow("no such store");
  });

  test("are let go when nobody listens any more", () => {
    const { ready } = door();
    let held = 0;
    const listening = of(1, 2, 3)
      .pipe(heldUntil(ready, (change) => (held += change)))
      .subscribe();
    expect(held).toBe(3);
    listening.unsubscribe();
    expect(held).toBe(0);
  });
});
