/** A ledger is a map that is still there when it is opened again. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Ledger } from "../../../src/model/ledger.ts";
import { openLevel } from "../../../src/runtime/ledger/level.ts";
import { bytes, ledgerAt, listed, temporary, text } from "./here.ts";

const folder = temporary();

type Step =
  | { readonly batch: readonly (readonly [key: string, value: string | undefined])[] }
  | "reopen"
  | { readonly look: string };

const key = fc.string({ unit: fc.constantFrom("a", "b", "ÿ", "\u{10ffff}"), minLength: 1, maxLength: 3 });
const value = fc.option(fc.string({ maxLength: 20 }), { nil: undefined });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ batch: fc.array(fc.tuple(key, value), { maxLength: 8 }) }) },
  { weight: 1, arbitrary: fc.constant("reopen" as const) },
  { weight: 2, arbitrary: fc.record({ look: key }) },
);

const byKey = ([a]: readonly [string, string], [b]: readonly [string, string]): number =>
  Buffer.compare(bytes(a), bytes(b));

test("any batches and openings leave what a map would have", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const at = folder();
      const model = new Map<string, string>();
      let ledger: Ledger = await ledgerAt(at);
      for (const one of steps) {
        if (one === "reopen") {
          await ledger.close();
          ledger = await ledgerAt(at);
        } else if ("batch" in one) {
          await ledger.batch(
            one.batch.map(([k, v]) => ({ key: bytes(`x${k}`), value: v === undefined ? v : bytes(v) })),
          );
          for (const [k, v] of one.batch) v === undefined ? model.delete(k) : model.set(k, v);
        } else {
          const keys = [one.look, "none", ...model.keys()].map((k) => bytes(`x${k}`));
          const found = (await ledger.getMany(keys)).map(text);
          expect(found).toEqual([model.get(one.look), model.get("none"), ...model.values()]);
          expect(text(await ledger.get(keys[0]!))).toBe(model.get(one.look));
          const below = [...model].filter(([k]) => k.startsWith(one.look)).sort(byKey);
          expect(await listed(ledger, `x${one.look}`)).toEqual(below.map(([k, v]) => [`x${k}`, v]));
        }
      }
      await ledger.close();
      ledger = await ledgerAt(at);
      expect(await listed(ledger, "x")).toEqual([...model].sort(byKey).map(([k, v]) => [`x${k}`, v]));
      await ledger.close();
    }),
    { numRuns: 25 },
  );
});

test("keys that end with the greatest bytes have a range", async () => {
  const level = await openLevel(folder());
  const keys = [[1], [255], [255, 255], [255, 255, 1], [254, 255]].map((key) => Uint8Array.from(key));
  await level.batch(keys.map((key) => ({ key, value: key })));
  const below = async (...prefix: number[]) => {
    const found: number[][] = [];
    for await (const [key] of level.iterate(Uint8Array.from(prefix))) found.push([...key]);
    return found;
  };
  expect(await below(255)).toEqual([[255], [255, 255], [255, 255, 1]]);
  expect(await below(254, 255)).toEqual([[254, 255]]);
  expect(await below(255, 255)).toEqual([
    [255, 255],
    [255, 255, 1],
  ]);
  expect(await below()).toHaveLength(5);
  await level.close();
});

test("one that is closed is not opened again by asking", async () => {
  const ledger = await ledgerAt(folder());
  await ledger.close();
  await expect(ledger.get(bytes("x"))).rejects.toMatchObject({ tag: "Stopped" });
  await expect(ledger.batch([])).rejects.toMatchObject({ tag: "Stopped" });
});
