import { expect, test } from "vitest";
import { type StageTimes, stages } from "../../../src/model/event.ts";
import { StageClock } from "../../../src/runtime/stages/stageClock.ts";
import { UnitsInWork } from "../../../src/runtime/stages/unitsInWork.ts";
import { reportOf, WorkerStages } from "../../../src/runtime/stages/workerStages.ts";

const unit = (case_id: number) => ({ case_id, forecast: "IFS", key: `lead ${case_id}` });
const sum = (times: StageTimes) => stages.reduce((all, stage) => all + times[stage], 0);

/** Two threads on one clock that starts at 10 s, the run at 9 s. */
const threads = () => {
  let now = 10_000;
  const clock = () => now;
  return {
    pass: (ms: number) => {
      now += ms;
    },
    workers: [0, 1].map((id) => {
      const [stage, units] = [new StageClock(clock), new UnitsInWork(clock)];
      return { stage, units, report: (from: number) => reportOf(stage, units, { id, zero: 9000, from }) };
    }),
  };
};

test("a worker shows the unit that is longest in work, what it leased, and the run's seconds", () => {
  const { pass, workers } = threads();
  const { units, stage, report } = workers[0]!;
  expect(report(0).state).toMatchObject({ case: null, source: null, key: null, begun: null, leased: 0 });
  const first = units.begin(unit(1), 100);
  pass(500);
  units.begin(unit(2), 30);
  stage.begin("waitStore");
  pass(1000);
  expect(report(10_000).state).toEqual({
    id: 0,
    stage: "waitStore",
    since: 1.5,
    case: 1,
    source: "IFS",
    key: "lead 1",
    begun: 1,
    leased: 130,
    segments: [
      ["idle", 1, 1.5],
      ["waitStore", 1.5, 2.5],
    ],
  });
  first();
  first();
  expect(report(11_500).state).toMatchObject({ case: 2, begun: 1.5, leased: 30, segments: [] });
  expect(units.count).toBe(1);
});

test("sums are wall time of all workers, also of those that are gone, and segments are told once", () => {
  const { pass, workers } = threads();
  const [a, b] = [workers[0]!, workers[1]!];
  const all = new WorkerStages();
  b.stage.begin("read");
  pass(1000);
  all.hear(b.report(10_000));
  all.hear(a.report(10_000));
  pass(500);
  all.hear(a.report(11_000)); // twice before a tick: nothing of it is lost
  const first = all.take();
  expect(first.stages).toMatchObject({ idle: 1500, read: 1000 });
  expect(first.workers.map(({ id }) => id)).toEqual([0, 1]);
  expect(first.workers[0]!.segments.map(([, from, to]) => to - from).reduce((x, y) => x + y)).toBe(1.5);
  expect(all.take().workers.map(({ segments }) => segments)).toEqual([[], []]);
  all.lost(1);
  all.lost(1);
  pass(100);
  all.hear(a.report(11_500));
  const last = all.take();
  expect(last.workers.map(({ id }) => id)).toEqual([0]);
  expect(sum(last.stages)).toBe(1600 + 1000);
});

test("a report is plain data that a message can carry", () => {
  const { workers } = threads();
  const report = workers[0]!.report(0);
  expect(structuredClone(report)).toEqual(report);
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
});
