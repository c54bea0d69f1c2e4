import { expect, test } from "vitest";
import { Progress } from "../../src/runtime/progress.ts";
import { noTimes } from "../../src/runtime/stages/workerStages.ts";

const second = 1000;
const all = (units: number) => ({ total: units, given: units, asked: units });

test("forecasts that follow one another are expected before they are opened", () => {
  const progress = new Progress(0);
  progress.forecasts(2);
  progress.announce(1);
  progress.announce(2);
  expect(progress.tick(0)).toMatchObject({ units: { done: 0, total: 0 }, eta: null });
  progress.count(1, { sets: 1, ...all(100) }, 0);
  expect(progress.tick(0).units.total).toBe(400);
  progress.count(2, { sets: 1, ...all(100) }, 0);
  progress.count(1, { done: 1 }, 0);
  progress.count(1, { done: 99 }, 10 * second);
  progress.count(2, { done: 100 }, 20 * second);
  const half = progress.tick(20 * second);
  expect(half.units).toEqual({ done: 200, total: 400, failed: 0 });
  expect((half.eta!.low + half.eta!.high) / 2).toBeCloseTo(20, 0);
  progress.count(1, { sets: 1, ...all(100), done: 100 }, 30 * second);
  expect(progress.tick(30 * second).units).toEqual({ done: 300, total: 400, failed: 0 });
});

test("after a case is over the others are expected to have as many forecasts", () => {
  const progress = new Progress(0);
  progress.forecasts(4); // of which the pipeline takes one
  for (const id of [1, 2]) progress.announce(id);
  progress.count(1, { sets: 1, ...all(10), done: 10 }, 0);
  progress.finished(1);
  progress.count(2, { sets: 1, ...all(30) }, 0);
  expect(progress.tick(0).units).toEqual({ done: 10, total: 40, failed: 0 });
});

test("a case that was over without a unit is not waited for, and two eachCase are both counted", () => {
  const progress = new Progress(0);
  for (const id of [1, 2, 1, 2]) progress.announce(id);
  expect(progress.tick(0).cases).toEqual({ done: 0, total: 4 });
  progress.finished(2);
  progress.finished(2);
  progress.count(1, { sets: 1, ...all(10), done: 10 }, 0);
  expect(progress.tick(0)).toMatchObject({
    cases: { done: 2, total: 4 },
    units: { done: 10, total: 20, failed: 0 },
  });
  progress.finished(1);
  progress.finished(1);
  expect(progress.tick(0)).toMatchObject({
    cases: { done: 4, total: 4 },
    units: { done: 10, total: 10, failed: 0 },
  });
});

test("units that come in batches do not make it look faster than it is", () => {
  const progress = new Progress(0);
  progress.announce(1);
  progress.count(1, { sets: 1, ...all(1000) }, 0);
  progress.count(1, { done: 250 }, 4 * second);
  expect(progress.tick(4 * second).eta).toBe(null);
  progress.count(1, { done: 250 }, 8 * second);
  const { low, high } = progress.tick(8 * second).eta!;
  expect((low + high) / 2).toBe(8);
});

test("longer cases are expected to have more units, as far as their lengths are told", () => {
  const progress = new Progress(0);
  progress.announce(1, 10);
  progress.announce(2, 30);
  progress.count(1, { sets: 1, ...all(100) }, 0);
  expect(progress.tick(0).units.total).toBe(400);
  progress.count(2, { sets: 1, ...all(200) }, 0);
  expect(progress.tick(0).units.total).toBe(300);
});

test("no time left is told before a twentieth is done, or from less than 3 s of work", () => {
  const at = (done: number, ms: number) => {
    const progress = new Progress(0);
    progress.announce(1);
    progress.count(1, { sets: 1, ...all(1000) }, 0);
    for (let i = 1; i <= done; i++) progress.count(1, { done: 1 }, (ms * i) / done);
    return progress.tick(ms).eta;
  };
  expect(at(49, 60_000)).toBe(null);
  expect(at(50, 60_000)).not.toBe(null);
  expect(at(500, 2900)).toBe(null);
  expect(at(1000, 60_000)).toEqual({ low: 0, high: 0 });
});

test("a slower rate than at the start is followed within the last minute", () => {
  const progress = new Progress(0);
  progress.announce(1);
  progress.count(1, { sets: 1, ...all(10_000) }, 0);
  for (let i = 1; i <= 4000; i++) progress.count(1, { done: 1 }, i * 100); // 10 a second
  for (let i = 1; i <= 120; i++) progress.count(1, { done: 1 }, 400_000 + i * 1000); // then 1 a second
  const { low, high } = progress.tick(520_000).eta!;
  expect(low).toBeLessThan(5880);
  expect(high).toBeGreaterThan(5880);
  expect(high / low).toBeLessThan(1.2);
});

test("a tick says everything, plain: what nobody measured is null or 0", () => {
  const tick = new Progress(1000).tick(3500, {
    memory: { budget: 100, units: 40 },
    requests: { in_flight: 2 },
  });
  expect(JSON.parse(JSON.stringify(tick))).toEqual({
    event: "tick",
    t: 2.5,
    memory: {
      limit: null,
      baseline: null,
      budget: 100,
      units: 40,
      cache: 0,
      states: 0,
      rss: null,
      waiting: 0,
      largest: null,
    },
    stages: { read: 0, decode: 0, compute: 0, write: 0, waitMemory: 0, waitStore: 0, idle: 0 },
    workers: [],
    cases: { done: 0, total: 0 },
    units: { done: 0, total: 0, failed: 0 },
    bytes: { read: 0, total: null, amplification: null },
    requests: { total: 0, in_flight: 2, limit: null, retried: 0, throttled: 0, median_ms: null },
    rows: 0,
    eta: null,
  });
});

test("a case says how far it is", () => {
  const progress = new Progress(0);
  progress.forecasts(2);
  progress.announce(3);
  progress.count(3, { sets: 1, ...all(10) }, 100);
  progress.count(3, { done: 4 }, 250);
  progress.failed(1, 3);
  progress.rows(7, 3);
  const event = { event: "case", id: 3, title: "heat", type: "heat_wave", state: "running" } as const;
  const counts = { done: 4, total: 20, failed: 1, rows: 7, ms: 150 };
  expect(progress.caseEvent(event)).toEqual({ ...event, ...counts });
  expect(progress.tick(0)).toMatchObject({ units: { failed: 1 }, rows: 7 });
});

test("with a plan the time left follows the chunks that are left, as far as time goes into fetching", () => {
  // A thousand units with a chunk each, then a thousand of which ten share one: 16 ms a chunk, 4 ms a unit.
  const run = (planned: boolean, share: number) => {
    const progress = new Progress(0);
    progress.announce(1);
    progress.count(1, { sets: 1, ...all(2000) }, 0);
    if (planned) progress.planned({ units: 2000, chunks: 1100 });
    const [ends, times] = [1000 * 20 + 1000 * 5.6, { waitStore: 0, compute: 0 }];
    let now = 0;
    for (let i = 0; now < share * ends; i++) {
      const isLoad = i < 1000 || i % 10 === 0;
      now += isLoad ? 20 : 4;
      times.waitStore += isLoad ? 16 : 0;
      times.compute += 4;
      if (isLoad) progress.loaded(1, now);
      progress.count(1, { done: 1 }, now);
      if (i % 50 === 0) progress.tick(now, { stages: { ...noTimes(), ...times } });
    }
    const { low, high } = progress.tick(now, { stages: { ...noTimes(), ...times } }).eta!;
    return (low + high) / 2 / ((ends - now) / 1000);
  };
  expect(run(false, 0.5)).toBeGreaterThan(2);
  expect(run(true, 0.5)).toBeCloseTo(1, 1);
  expect(run(true, 0.9)).toBeGreaterThan(0.75);
  expect(run(true, 0.9)).toBeLessThan(1.25);
});

test("what is not begun is a guess, which a plan ends: the range is wider before", () => {
  const width = (planned: boolean) => {
    const progress = new Progress(0);
    for (let id = 1; id <= 4; id++) progress.announce(id);
    if (planned) {
      progress.planned({ units: 401, chunks: 400 });
      expect(progress.tick(0).units.total).toBe(401);
    }
    progress.count(1, { sets: 1, ...all(100) }, 0);
    for (let i = 1; i <= 50; i++) progress.count(1, { done: 1 }, 1000 * i);
    const { low, high } = progress.tick(50_000).eta!;
    expect((low + high) / 2).toBeCloseTo(350, -1);
    return (high - low) / (high + low);
  };
  expect(width(false)).toBeGreaterThan(0.2);
  expect(width(true)).toBeLessThan(0.1);
});

test("cases to come may be of another kind: they count at the rate of the whole run", () => {
  const progress = new Progress(0);
  for (let id = 1; id <= 10; id++) progress.announce(id);
  for (let id = 1; id <= 5; id++) progress.count(id, { sets: 1, ...all(100) }, 0);
  let now = 0;
  const work = (id: number, each: number) => {
    for (let i = 1; i <= 100; i++) progress.count(id, { done: 1 }, now + i * each);
    now += 100 * each;
    progress.finished(id);
  };
  for (const [i, each] of [1000, 1000, 1000, 1000, 2000].entries()) work(i + 1, each);
  // 600 s for 500 units, the last 100 of them at half the rate.
  const { low, high } = progress.tick(now).eta!;
  expect((low + high) / 2).toBeGreaterThan(550);
  expect((low + high) / 2).toBeLessThan(680);
});

/** Times of units of the embedded sample, in tenths of a millisecond: most are short, a few wait for a chunk. */
const recorded = [
  3, 2, 4, 3, 2, 31, 3, 3, 2, 5, 3, 2, 2, 18, 3, 4, 2, 3, 2, 44, 3, 2, 3, 6, 2, 3, 12, 2, 3, 2, 4, 3,
];

/** Plays a run of many cases, two open at once, eight units in work; gives ticks and how long it took. */
const simulate = (seed: number, cases: number) => {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const progress = new Progress(0);
  const lengths = Array.from({ length: cases }, () => 10 + Math.floor(90 * random() ** 2));
  for (const [id, length] of lengths.entries()) progress.announce(id, length);
  const open: { id: number; left: number; inWork: number }[] = [];
  const work: { end: number; of: (typeof open)[number] }[] = [];
  const ticks: { t: number; eta: { low: number; high: number } | null }[] = [];
  let [now, next, begun] = [0, 0, 0];
  const begin = () => {
    while (open.length < 2 && next < cases) {
      const units = 2 * lengths[next]!;
      progress.count(next, { sets: 1, ...all(units) }, now);
      open.push({ id: next++, left: units, inWork: 0 });
    }
    for (
      let of = open.find(({ left }) => left > 0);
      of && work.length < 8;
      of = open.find((o) => o.left > 0)
    ) {
      of.left -= 1;
      of.inWork += 1;
      const cold = 1 + 4 * Math.exp(-begun++ / 30);
      work.push({ end: now + 40 * recorded[Math.floor(random() * recorded.length)]! * cold, of });
    }
  };
  for (begin(); work.length > 0; begin()) {
    const first = work.reduce((a, b) => (b.end < a.end ? b : a));
    work.splice(work.indexOf(first), 1);
    while (500 * (ticks.length + 1) < first.end) {
      const t = 500 * (ticks.length + 1);
      ticks.push({ t, eta: progress.tick(t).eta });
    }
    now = first.end;
    first.of.inWork -= 1;
    progress.count(first.of.id, { done: 1 }, now);
    if (first.of.left + first.of.inWork > 0) continue;
    progress.finished(first.of.id);
    open.splice(open.indexOf(first.of), 1);
  }
  return { ticks, ends: now };
};

test.each([12, 60])("half-way the middle of the range is within 25 % of the truth: %i cases", (cases) => {
  const runs = Array.from({ length: 12 }, (_, i) => {
    const { ticks, ends } = simulate(i + 1, cases);
    const half = ticks.find(({ t }) => t >= ends / 2)!;
    const left = (ends - half.t) / 1000;
    return { low: half.eta!.low / left, high: half.eta!.high / left };
  });
  for (const { low, high } of runs) {
    expect((low + high) / 2).toBeGreaterThan(0.75);
    expect((low + high) / 2).toBeLessThan(1.25);
  }
  expect(runs.filter(({ low, high }) => low <= 1 && high >= 1).length).toBeGreaterThanOrEqual(9);
});
