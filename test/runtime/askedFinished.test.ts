import { expect, test } from "vitest";
import type { Finished, FinishedSite, UnitInputs } from "../../src/model/finished.ts";
import { askedFinished } from "../../src/runtime/askedFinished.ts";
import type { AboutFinished, FromWorker, ToWorker } from "../../src/runtime/messages.ts";
import { servedFinished } from "../../src/runtime/servedFinished.ts";

const inputs: UnitInputs = {
  forecast: "f",
  target: "o",
  beside: "",
  lacks: { forecast: false, target: false },
};
const unit = (leadHours: number) => ({ target: "o", initTime: 0, leadHours });

/** A coordinator's ledger in memory, and a worker that asks it. */
const both = (fails = false) => {
  const kept = new Map<string, Map<number, readonly unknown[]>>();
  const errors: unknown[] = [];
  const finished: Finished = {
    site(key): FinishedSite {
      const units = kept.get(key) ?? new Map<number, readonly unknown[]>();
      kept.set(key, units);
      return {
        size: units.size,
        units: () => [...units.keys()].map((lead) => ({ ...unit(lead), inputs })),
        find: ({ leadHours }) => (units.has(leadHours) ? inputs : undefined),
        record: ({ leadHours }, _, states) => void units.set(leadHours, states),
        states: async (names) => {
          if (fails) throw new Error("damaged");
          return names.map(({ leadHours }) => units.get(leadHours)!);
        },
        merged: async () => {
          throw new Error("a worker merges");
        },
      };
    },
  };
  const serve = servedFinished(finished, (error) => errors.push(error));
  const sent: FromWorker[] = [];
  const asked = askedFinished((message) => {
    sent.push(message);
    const copy = structuredClone(message) as AboutFinished;
    serve(copy, (answer: ToWorker) =>
      asked.hear(structuredClone(answer) as Parameters<typeof asked.hear>[0]),
    );
  });
  return { asked, kept, sent, errors };
};

test("a worker finds what the coordinator keeps, and its states merged", async () => {
  const { asked, kept } = both();
  kept.set("a", new Map(Array.from({ length: 1200 }, (_, lead) => [lead, [lead, [lead]]])));
  const site = asked.site("a");
  await site.ready;
  expect(site.size).toBe(1200);
  expect(site.find(unit(7))).toEqual(inputs);
  expect(site.find(unit(1200))).toBeUndefined();
  const merge = (metric: number, a: any, b: any) => (metric === 0 ? a + b : [...a, ...b]);
  const [sum, list] = await site.merged(
    Array.from({ length: 1200 }, (_, lead) => unit(lead)),
    merge,
  );
  expect(sum).toBe((1199 * 1200) / 2);
  expect(list).toHaveLength(1200);
});

test("what it finishes is kept, in batches", async () => {
  const { asked, kept, sent } = both();
  const site = asked.site("b");
  await site.ready;
  for (let lead = 0; lead < 250; lead++) site.record(unit(lead), inputs, [lead]);
  expect(kept.get("b")!.size).toBe(200);
  asked.flush();
  expect(kept.get("b")!.size).toBe(250);
  expect(sent.filter(({ type }) => type === "finished")).toHaveLength(2);
});

test("states that cannot be read are told", async () => {
  const { asked, kept, errors } = both(true);
  kept.set("c", new Map([[0, [1]]]));
  const site = asked.site("c");
  await site.ready;
  const merged = site.merged([unit(0)], (_, a) => a);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(errors).toEqual([new Error("damaged")]);
  expect(await Promise.race([merged, "no answer"])).toBe("no answer");
});
