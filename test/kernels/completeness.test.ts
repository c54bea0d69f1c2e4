import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Circumstances,
  judge,
  type SeenChunk,
  seenAgain,
  waitPolicy,
} from "../../src/kernels/completeness.ts";

const { settle, deadline } = waitPolicy;
const now = Date.UTC(2024, 5, 1);
const chunk = (more: Partial<SeenChunk> = {}): SeenChunk => ({
  version: "10:1",
  since: now - settle,
  bytes: 10,
  ...more,
});
const about = (more: Partial<Circumstances> = {}): Circumstances => ({
  now,
  expected: now,
  laterSince: undefined,
  absentIsFill: false,
  ...more,
});
const long = about({ expected: now - deadline, laterSince: now - deadline });
const of = (chunks: readonly (SeenChunk | undefined)[], circumstances = about(), policy = waitPolicy) =>
  judge(chunks, circumstances, policy);

describe("a unit is", () => {
  test("not yet there, partial, complete", () => {
    expect(of([undefined, undefined])).toBe("not-yet");
    expect(of([chunk(), undefined])).toBe("partial");
    expect(of([chunk(), chunk()])).toBe("complete");
    expect(of([])).toBe("complete");
  });

  test("partial while one of its chunks changes, is young, or is empty", () => {
    expect(of([chunk(), chunk({ since: now - settle + 1 })])).toBe("partial");
    expect(of([chunk(), chunk({ since: now, modified: now - settle + 1 })])).toBe("partial");
    expect(of([chunk({ since: now, modified: now - settle })])).toBe("complete");
    // The clock of whoever wrote it is ahead: what we saw counts.
    expect(of([chunk({ modified: now + 9 * settle })])).toBe("complete");
    expect(of([chunk({ bytes: 0 }), chunk()])).toBe("partial");
    expect(of([chunk({ bytes: 0 })])).toBe("not-yet");
    expect(of([chunk({ bytes: 0 })], about(), { ...waitPolicy, emptyIsMissing: false })).toBe("complete");
  });

  test("never to come when it is late and something later came long ago", () => {
    expect(of([undefined], long)).toBe("never");
    expect(of([chunk(), undefined], long)).toBe("never");
    expect(of([undefined], { ...long, expected: now - deadline + 1 })).toBe("not-yet");
    expect(of([undefined], { ...long, laterSince: now - deadline + 1 })).toBe("not-yet");
    expect(of([undefined], { ...long, laterSince: undefined })).toBe("not-yet");
  });

  test("complete without the chunks a writer leaves out, once another says that it was written", () => {
    const fill = { absentIsFill: true };
    expect(of([chunk(), undefined], about(fill))).toBe("complete");
    expect(of([undefined, undefined], about(fill))).toBe("not-yet");
    expect(of([undefined, undefined], { ...long, ...fill })).toBe("complete");
    expect(of([chunk({ since: now }), undefined], about(fill))).toBe("partial");
  });
});

const chunks = fc.array(
  fc.option(
    fc.record(
      {
        version: fc.constantFrom("1", "2"),
        since: fc.integer({ min: now - 3 * settle, max: now }),
        modified: fc.integer({ min: now - 3 * settle, max: now + settle }),
        bytes: fc.nat({ max: 2 }),
      },
      { requiredKeys: ["version", "since"] },
    ),
    { nil: undefined },
  ),
  { minLength: 1, maxLength: 5 },
) as fc.Arbitrary<(SeenChunk | undefined)[]>;
const circumstances = fc.record({
  now: fc.constant(now),
  expected: fc.integer({ min: now - 2 * deadline, max: now + deadline }),
  laterSince: fc.option(fc.integer({ min: now - 2 * deadline, max: now }), { nil: undefined }),
  absentIsFill: fc.boolean(),
});

describe("any unit", () => {
  test("does not depend on the order of its chunks", () => {
    fc.assert(
      fc.property(chunks, circumstances, (all, around) => {
        expect(of(all.toReversed(), around)).toBe(of(all, around));
      }),
    );
  });

  test("is complete only with every chunk settled, and stays complete as time goes by", () => {
    fc.assert(
      fc.property(chunks, circumstances, fc.nat({ max: deadline }), (all, around, more) => {
        if (of(all, around) !== "complete") return;
        if (!around.absentIsFill) expect(all).not.toContain(undefined);
        expect(of(all, { ...around, now: now + more })).toBe("complete");
      }),
    );
  });

  test("whose chunks are all there is complete once nothing changes", () => {
    fc.assert(
      fc.property(chunks, circumstances, (all, around) => {
        const there = all.flatMap((one) => (one === undefined || one.bytes === 0 ? [] : [one]));
        expect(of(there, { ...around, now: now + settle })).toBe("complete");
      }),
    );
  });

  test("does not become less by another chunk that came", () => {
    const rank = { "not-yet": 0, never: 0, partial: 1, complete: 2 };
    fc.assert(
      fc.property(chunks, circumstances, (all, around) => {
        const early = { ...around, laterSince: undefined };
        const whole = all.map((one) => one ?? chunk({ since: now - settle }));
        expect(rank[of(whole, early)]).toBeGreaterThanOrEqual(rank[of(all, early)]);
      }),
    );
  });
});

test("a chunk is as it is since it was first seen so, whatever the clock does", () => {
  const first = seenAgain(undefined, { version: "1" }, 100);
  expect(first).toEqual({ version: "1", since: 100 });
  expect(seenAgain(first, { version: "1" }, 200).since).toBe(100);
  expect(seenAgain(first, { version: "1" }, 50).since).toBe(50);
  expect(seenAgain(first, { version: "2", bytes: 3 }, 200)).toEqual({ version: "2", bytes: 3, since: 200 });
});
