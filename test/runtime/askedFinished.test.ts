import { expect, test } from "vitest";
import type { Finished, FinishedSite, UnitInputs } from "../../src/model/finished.ts";
import { askedFinished } from "../../src/runtime/askedFinished.ts";
import type { AboutFinished, FromWorker, ToWorker } from "../../src/runtime/messages.ts";
import { servedFinished } from "../../src/runtime/servedFinished.ts";
import { merged } from "./ledger/here.ts";

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
  const bundles: (readonly [number, readonly unknown[]])[] = [];
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
        async *parts(names) {
          if (fails) throw new Error("damaged");
          // The first ten are in a bundle.
          const first = names.slice(0, 10).map(({ leadHours }) => units.get(leadHours) as any[]);
          const states = first.reduce((a, b) => [a[0] + b[0], [...a[1], ...b[1]]]);
          yield { units: Uint32Array.from(first.keys()), states, bytes: 1000 };
          for (let i = 10; i < names.length; i++)
            yield { units: Uint32Array.of(i), states: units.get(names[i]!.leadHours)!, bytes: 100_000 };
        },
        bundle: (some, states) => void bundles.push([some.length, states]),
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
  return { asked, kept, sent, errors, bundles };
};

test("a worker finds what the coordinator keeps, and reads its states a megabyte at a time", async () => {
  const { asked, kept, sent } = both();
  kept.set("a", new Map(Array.from({ length: 1200 }, (_, lead) => [lead, [lead, [lead]]])));
  const site = asked.site("a");
  await site.ready;
  expect(site.size).toBe(1200);
  expect(site.find(unit(7))).toEqual(inputs);
  expect(site.find(unit(1200))).toBeUndefined();
  const merge = (metric: number, a: any, b: any) => (metric === 0 ? a + b : [...a, ...b]);
  const all = Array.from({ length: 110 }, (_, lead) => unit(lead));
  const [sum, list] = await merged(site, all, merge);
  expect(sum).toBe((109 * 110) / 2);
  expect(list).toHaveLength(110);
  expect(sent.filter(({ type }) => type === "states")).toHaveLength(11); // 100 of 0.1 MB, and that it was all
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

test("what is large is sent before there are many, and a bundle after what it is of", async () => {
  const { asked, kept, sent, bundles } = both();
  const site = asked.site("b");
  await site.ready;
  for (let lead = 0; lead < 4; lead++) site.record(unit(lead), inputs, [new Uint8Array(300_000)]);
  expect(kept.get("b")!.size).toBe(4);
  site.record(unit(4), inputs, [1]);
  site.bundle([{ ...unit(4), inputs }], ["merged"]);
  asked.flush();
  expect(bundles).toEqual([[1, ["merged"]]]);
  expect(kept.get("b")!.size).toBe(5);
  expect(sent.filter(({ type }) => type === "finished")).toHaveLength(2);
});

test("states that cannot be read are told", async () => {
  const { asked, kept, errors } = both(true);
  kept.set("c", new Map([[0, [1]]]));
  const site = asked.site("c");
  await site.ready;
  const reading = merged(site, [unit(0)], (_, a) => a);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(errors).toEqual([new Error("damaged")]);
  expect(await Promise.race([reading, "no answer"])).toBe("no answer");
});
