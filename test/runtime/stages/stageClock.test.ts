import fc from "fast-check";
import { expect, test } from "vitest";
import { type Segment, type Stage, stages } from "../../../src/model/event.ts";
import { StageClock } from "../../../src/runtime/stages/stageClock.ts";

const waits = ["read", "decode", "waitStore", "waitMemory"] as const;

/** What happens, in order: time passes, a wait begins, the n-th open one ends, a section (with things inside). */
type Step =
  | { readonly do: "pass"; readonly ms: number }
  | { readonly do: "begin"; readonly stage: (typeof waits)[number] }
  | { readonly do: "end"; readonly n: number }
  | { readonly do: "during"; readonly stage: "decode" | "compute" | "write"; readonly inside: Step[] };

const { steps } = fc.letrec<{ step: Step; steps: Step[] }>((tie) => ({
  step: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.record({ do: fc.constant("pass" as const), ms: fc.integer({ min: 0, max: 1500 }) }),
    fc.record({ do: fc.constant("begin" as const), stage: fc.constantFrom(...waits) }),
    fc.record({ do: fc.constant("end" as const), n: fc.nat(5) }),
    fc.record({
      do: fc.constant("during" as const),
      stage: fc.constantFrom("decode" as const, "compute" as const, "write" as const),
      inside: tie("steps"),
    }),
  ),
  steps: fc.array(tie("step"), { maxLength: 12 }),
}));

/** Runs steps on a clock, and says for each piece of time which stage should have held, by the rule itself. */
const played = (all: readonly Step[]) => {
  let now = 1000;
  const clock = new StageClock(() => now);
  const open: { stage: Stage; end: () => void }[] = [];
  const sections: Stage[] = [];
  const pieces: { stage: Stage; from: number; to: number }[] = [];
  const play = (some: readonly Step[]): void => {
    for (const step of some) {
      if (step.do === "pass") {
        const held = waits.find((wait) => open.some(({ stage }) => stage === wait));
        pieces.push({ stage: sections.at(-1) ?? held ?? "idle", from: now, to: now + step.ms });
        now += step.ms;
      } else if (step.do === "begin") open.push({ stage: step.stage, end: clock.begin(step.stage) });
      else if (step.do === "end") {
        const [one] = open.splice(step.n % Math.max(1, open.length), 1);
        one?.end();
        one?.end(); // a second call does nothing
      } else {
        sections.push(step.stage);
        clock.during(step.stage, () => play(step.inside));
        sections.pop();
      }
    }
  };
  play(all);
  return { clock, pieces, now };
};

test("at every moment one stage holds, by the rule, and all of them add up to wall time", () => {
  fc.assert(
    fc.property(steps, (all) => {
      const { clock, pieces, now } = played(all);
      const times = clock.times();
      for (const stage of stages) {
        const wanted = pieces.filter((piece) => piece.stage === stage);
        expect(times[stage]).toBe(wanted.reduce((sum, { from, to }) => sum + to - from, 0));
      }
      expect(stages.reduce((sum, stage) => sum + times[stage], 0)).toBe(now - 1000);
    }),
  );
});

test("segments follow one another up to now, each the stage that took most of its tenth of a second", () => {
  fc.assert(
    fc.property(steps, fc.nat(3000), (all, back) => {
      const { clock, pieces, now } = played(all);
      const from = Math.max(1000, now - back);
      const segments = clock.segments(from);
      let at = from;
      for (const [stage, start, end] of segments) {
        expect(start).toBe(at);
        expect(end).toBeGreaterThan(start);
        at = end;
        // In each tenth of it no other stage took more.
        for (let slot = Math.floor((start - 1000) / 100); 1000 + slot * 100 < end; slot++) {
          const taken = (name: Stage) =>
            pieces
              .filter((piece) => piece.stage === name)
              .map((piece) => Math.min(piece.to, 1100 + slot * 100) - Math.max(piece.from, 1000 + slot * 100))
              .reduce((sum, ms) => sum + Math.max(0, ms), 0);
          expect(taken(stage)).toBe(Math.max(...stages.map(taken)));
        }
      }
      expect(at).toBe(now);
      expect(segments.some(([stage], i) => stage === segments[i + 1]?.[0])).toBe(false);
    }),
  );
});

test("the last minute is kept, whatever is asked for", () => {
  let now = 0;
  const clock = new StageClock(() => now);
  const end = clock.begin("read");
  now = 100_000;
  end();
  now = 200_000;
  expect(clock.segments()).toEqual([["idle", 140_000, 200_000]] satisfies Segment[]);
  for (let i = 0; i < 2000; i++) {
    now += 100;
    clock.during(i % 2 ? "decode" : "compute", () => {
      now += 100;
    });
  }
  expect(clock.segments().length).toBeLessThanOrEqual(601);
  expect(clock.segments()[0]![1]).toBe(now - 60_000);
});

test("it says the present stage and since when; a section that throws is over", () => {
  let now = 5;
  const clock = new StageClock(() => now);
  expect([clock.stage, clock.since]).toEqual(["idle", 5]);
  now = 10;
  const end = clock.begin("waitMemory");
  now = 20;
  clock.begin("waitMemory")(); // another of the same: the stage goes on
  expect([clock.stage, clock.since]).toEqual(["waitMemory", 10]);
  expect(() =>
    clock.during("decode", () => {
      now = 30;
      expect([clock.stage, clock.since]).toEqual(["decode", 20]);
      throw new Error("damaged");
    }),
  ).toThrow("damaged");
  expect([clock.stage, clock.since]).toEqual(["waitMemory", 30]);
  end();
  expect(clock.stage).toBe("idle");
  expect(clock.times()).toMatchObject({ waitMemory: 10, decode: 10 });
});
