import { describe, expect, test } from "vitest";
import type { Part } from "../../src/model/sharing.ts";
import type { FromWorker } from "../../src/runtime/messages.ts";
import { jobSharing } from "../../src/runtime/workerSharing.ts";

const part = (cut = false): Part => ({ names: "", tallies: [], cut });
const setUp = (range?: Parameters<typeof jobSharing>[1]) => {
  const said: FromWorker[] = [];
  return { said, sharing: jobSharing(3, range, (message) => void said.push(message)) };
};
const give = { from: 4, to: 9 };

describe("a case", () => {
  test("is whole where nothing was given away: nobody is waited for", async () => {
    const { said, sharing } = setUp();
    expect(sharing.range("s")).toEqual({ from: 0, to: Number.POSITIVE_INFINITY });
    expect([await sharing.parts("s"), said, sharing.deliver]).toEqual([[], [], undefined]);
  });

  test("gives of the first site that has any, and waits for as many parts as it gave", async () => {
    const { said, sharing } = setUp();
    sharing.offer("a", () => undefined);
    const over = sharing.offer("b", () => give);
    expect(sharing.give()).toEqual({ site: "b", ...give });
    expect(sharing.give()).toEqual({ site: "b", ...give });
    over();
    expect(sharing.give()).toBeUndefined();
    expect(await sharing.parts("a")).toEqual([]);
    let parts: readonly Part[] | undefined;
    const waiting = sharing.parts("b").then((found) => {
      parts = found;
    });
    expect(said).toEqual([{ type: "waits", job: 3 }]);
    sharing.take({ site: "b", part: part() });
    await Promise.resolve();
    expect([parts, said.length]).toEqual([undefined, 2]); // it waits on, and says so
    sharing.take({ site: "b", part: part(true) });
    await waiting;
    expect(parts).toEqual([part(), part(true)]);
  });

  test("expects one more where a part was divided", async () => {
    const { sharing } = setUp();
    sharing.expect("s");
    const waiting = sharing.parts("s");
    sharing.expect("s");
    sharing.take({ site: "s", part: part() });
    sharing.take({ site: "s", part: part() });
    expect(await waiting).toEqual([part(), part()]);
  });

  test("fails with the error of a part, while it waits or later", async () => {
    for (const early of [true, false]) {
      const { sharing } = setUp();
      sharing.expect("s");
      const error = { name: "EwbError", message: "damaged", tag: "Codec" };
      if (early) sharing.take({ site: "s", error });
      const waiting = expect(sharing.parts("s")).rejects.toMatchObject({ message: "damaged", tag: "Codec" });
      if (!early) sharing.take({ site: "s", error });
      await waiting;
    }
  });
});

describe("a part of a case", () => {
  test("does its range of its site only, and sends what it found", () => {
    const { said, sharing } = setUp({ site: "s", ...give });
    expect([sharing.range("s"), sharing.range("other")]).toEqual([{ site: "s", ...give }, undefined]);
    expect(sharing.delivered).toBe(false);
    sharing.deliver!("s", part());
    expect([said, sharing.delivered]).toEqual([[{ type: "part", job: 3, site: "s", part: part() }], true]);
  });

  test("that gives some of it away waits for nobody: what is found goes to the case", async () => {
    const { sharing } = setUp({ site: "s", ...give });
    sharing.offer("s", () => ({ from: 7, to: 9 }));
    expect(sharing.give()).toEqual({ site: "s", from: 7, to: 9 });
    expect(await sharing.parts("s")).toEqual([]);
  });
});
