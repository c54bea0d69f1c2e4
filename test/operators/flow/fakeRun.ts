/** A run without a world: sources are given, everything said is kept. */
import type { Case } from "../../../src/model/case.ts";
import type { UnitCounts } from "../../../src/model/event.ts";
import type { OpenGrid } from "../../../src/model/openSource.ts";
import type { Failure, Gap } from "../../../src/model/row.ts";
import type { Run } from "../../../src/model/run.ts";
import type { Source } from "../../../src/model/source.ts";
import { MemoryBudget } from "../../../src/operators/flow/budget.ts";

export const hour = 3_600_000;

export const event: Case = {
  id: 1,
  title: "a case",
  type: "heat_wave",
  start: 0,
  end: 240 * hour,
  region: { south: 0, north: 10, west: 0, east: 10 },
};

const grid = { latitude: Float64Array.of(0, 5, 10), longitude: Float64Array.of(0, 5, 10) };

const opened = (source: Source, rest: Pick<OpenGrid, "times" | "read">): OpenGrid => ({
  kind: "grid",
  source,
  grid,
  warnings: [],
  level: () => null,
  members: () => 1,
  check: async () => {},
  cost: () => ({ bytes: 100, chunks: [] }),
  ...rest,
});

/** A forecast whose value is `base + lead in hours`, with so many runs and leads, all 6 h apart. */
export const fakeForecast = (name: string, runs: number, leads: number, base = 280) => {
  const source: Source<{ t: "K" }> = {
    role: "forecast",
    name,
    format: "memory",
    address: `memory:${name}`,
    variables: { t: "K" },
  };
  const reads: string[] = [];
  const open = opened(source, {
    times: {
      kind: "forecast",
      leads: Array.from({ length: leads }, (_, i) => i * 6 * hour),
      *refs(start, end) {
        for (let init = 0; init < runs; init++) {
          for (let lead = 0; lead < leads; lead++) {
            const initTime = init * 6 * hour;
            const validTime = initTime + lead * 6 * hour;
            if (start <= validTime && validTime <= end)
              yield { initTime, lead: lead * 6 * hour, validTime, slot: { init, lead } };
          }
        }
      },
    },
    read: async (slot, _variables, window) => {
      reads.push(`${slot.init} ${slot.lead}`);
      const size = (window.rows.stop - window.rows.start) * 3;
      await Promise.resolve();
      return {
        fields: { t: { unit: "K", values: new Float64Array(size).fill(base + 6 * slot.lead!) } },
        versions: new Map(),
      };
    },
  });
  return { source, open, reads };
};

/** A target of constant value at every 6 hours; `fails` makes its reads fail. */
export const fakeTarget = (name: string, value = 280, fails?: (validTime: number) => boolean) => {
  const source: Source<{ t: "K" }> = {
    role: "target",
    name,
    format: "memory",
    address: `memory:${name}`,
    variables: { t: "K" },
  };
  const open = opened(source, {
    times: {
      kind: "target",
      times: Array.from({ length: 41 }, (_, i) => i * 6 * hour),
      slot: (time) => (time % (6 * hour) === 0 ? { time: time / (6 * hour) } : undefined),
    },
    read: async (slot, _variables, window) => {
      if (fails?.(slot.time! * 6 * hour)) throw new Error(`chunk ${slot.time} is damaged`);
      const size = (window.rows.stop - window.rows.start) * 3;
      return {
        fields: { t: { unit: "K", values: new Float64Array(size).fill(value) } },
        versions: new Map(),
      };
    },
  });
  return { source, open };
};

export interface FakeRun extends Run {
  readonly failures: Failure[];
  readonly gaps: Gap[];
  readonly units: UnitCounts;
  draining: boolean;
}

export const fakeRun = (
  sides: readonly { source: Source; open: OpenGrid }[],
  more: Partial<Run> = {},
): FakeRun => {
  const failures: Failure[] = [];
  const gaps: Gap[] = [];
  const units = { sets: 0, total: 0, given: 0, asked: 0, done: 0 };
  const cut = new Set<unknown>();
  const sites = new Set<string>();
  let calls = 0;
  const find = (source: Source) => sides.find((side) => side.source === source)?.open;
  return {
    budget: new MemoryBudget(1e9),
    selection: {},
    stages: { during: (_stage, work) => work(), begin: () => () => {} },
    workspace: () => ({
      float32: (length) => new Float32Array(length),
      float64: (length) => new Float64Array(length),
      free() {},
    }),
    maxMissing: 0,
    version: "test",
    signal: new AbortController().signal,
    draining: false,
    planning: false,
    casesAtOnce: 2,
    failures,
    gaps,
    units,
    sources: () => [],
    cases: async (from) => (Array.isArray(from) ? from : [event]),
    open: async (source) => {
      const open = find(source);
      if (open === undefined) throw new Error(`no ${source.name}`);
      return open;
    },
    opened: find,
    select: async () => {
      throw new Error("no points here");
    },
    selected: () => undefined,
    cutShort: (set) => void cut.add(set),
    isCutShort: (set) => cut.has(set),
    announce: () => {},
    eachCaseIndex: () => calls++,
    site: (_event, key) => {
      if (sites.has(key)) throw Object.assign(new Error("twice"), { tag: "DuplicateSite", place: {} });
      sites.add(key);
    },
    planned: () => {},
    count: (_event, more) => {
      for (const [name, n] of Object.entries(more)) units[name as keyof UnitCounts] += n;
    },
    document: () => {},
    emit: () => {},
    fail: (failure) => void failures.push(failure),
    gap: (gap) => void gaps.push(gap),
    table: () => {
      throw new Error("no tables here");
    },
    ...more,
  };
};
