import {
  INTERVALS,
  type Interval,
  type IntervalKind,
  intervalOf,
} from "../../../kernels/statistics/bootstrapConfidenceInterval.ts";
import { type Blocks, resampleDraws } from "../../../kernels/statistics/resampleDraws.ts";
import { EwbError } from "../../../model/errors.ts";
import type { AcrossRuns, Metric, MetricRow } from "../../../model/metric.ts";
import type { Hours } from "../../../model/units.ts";
import { oneOf, onlyOptions } from "../options.ts";
import { leavingOneOut, type OneRun, ofDraws, replicatesOf } from "./runStates.ts";

/** A length of time in which runs follow each other: `"5 days"`, `"36 h"`. */
export type BlockLength = number | Hours | `${number} day` | `${number} days`;

export interface IntervalOptions {
  /** What is drawn again as a whole: the runs. */
  readonly over?: "init_time";
  /** How many times; 1,000 unless said. */
  readonly resamples?: number;
  /** Probability that the interval holds the true value; 0.95 unless said. */
  readonly confidence?: number;
  /**
   * How long runs that follow each other stay together: a number of runs, or a time, which is as many runs as lie in
   * it at their median distance. 1 run unless said: for runs so far apart that they are independent.
   */
  readonly block?: BlockLength;
  /** Kind of blocks: `circular` (unless said, for blocks of more than one run), `moving`, `stationary`, or `iid`. */
  readonly blocks?: Blocks;
  /** `percentile` unless said. */
  readonly interval?: IntervalKind;
  /** Seed of the draws; 1 unless said. */
  readonly seed?: number;
}

export interface ParsedInterval {
  readonly resamples: number;
  readonly confidence: number;
  readonly block: { readonly runs: number } | { readonly hours: number };
  readonly blocks: Blocks | undefined;
  readonly interval: IntervalKind;
  readonly seed: number;
  readonly parameters: Readonly<Record<string, string>>;
}

const OPTIONS = ["over", "resamples", "confidence", "block", "blocks", "interval", "seed"];

/** The options of a metric with intervals, checked. Throws `Options`, also where no run of the metric can be drawn again. */
export const parseInterval = (
  name: string,
  metric: Metric & Partial<AcrossRuns>,
  options: IntervalOptions,
  own: readonly string[] = [],
): ParsedInterval => {
  onlyOptions(name, options, [...OPTIONS, ...own]);
  if (metric.acrossRuns) {
    throw new EwbError(
      "Options",
      `${name}: values of ${metric.name} are made of several runs together, so that no run can be drawn again. Use it without.`,
    );
  }
  const { resamples = 1000, confidence = 0.95, block = 1, seed = 1 } = options;
  const refuse = (option: string, found: unknown, expected: string) =>
    new EwbError("Options", `${name}: ${option} is ${JSON.stringify(found)}; expected ${expected}.`);
  oneOf(name, "over", options.over ?? "init_time", ["init_time"]);
  if (!Number.isInteger(resamples) || resamples < 1) {
    throw refuse("resamples", resamples, "a whole number above 0");
  }
  if (!(confidence > 0 && confidence < 1)) {
    throw refuse("confidence", confidence, "a number between 0 and 1 like 0.95");
  }
  if (!Number.isInteger(seed)) throw refuse("seed", seed, "a whole number");
  const length = blockOf(block);
  if (length === undefined) throw refuse("block", block, 'a number of runs, or a time like "5 days"');
  const interval = oneOf(name, "interval", options.interval ?? "percentile", INTERVALS);
  const blocks =
    options.blocks === undefined
      ? undefined
      : oneOf(name, "blocks", options.blocks, ["iid", "moving", "circular", "stationary"]);
  return {
    resamples,
    confidence,
    block: length,
    blocks,
    interval,
    seed,
    parameters: {
      interval,
      confidence: `${confidence}`,
      resamples: `${resamples}`,
      block: typeof block === "number" ? `${block} ${block === 1 ? "run" : "runs"}` : block,
      ...(blocks === undefined ? {} : { blocks }),
      seed: `${seed}`,
    },
  };
};

const blockOf = (block: BlockLength): ParsedInterval["block"] | undefined => {
  if (typeof block === "number") return Number.isInteger(block) && block >= 1 ? { runs: block } : undefined;
  const [, number, unit] = /^([\d.]+) (h|day|days)$/.exec(block) ?? [];
  const value = Number(number);
  return value > 0 ? { hours: unit === "h" ? value : value * 24 } : undefined;
};

/** Hours between successive runs: their median; NaN of fewer than two. */
export const runDistance = (runs: readonly Pick<OneRun, "initTime">[]): number => {
  const gaps = runs
    .slice(1)
    .map(({ initTime }, i) => (initTime - runs[i]!.initTime) / 3_600_000)
    .sort((a, b) => a - b);
  return gaps.length === 0 ? Number.NaN : gaps[Math.floor((gaps.length - 1) / 2)]!;
};

/** How many runs stay together. */
const blockRuns = (block: ParsedInterval["block"], runs: readonly OneRun[]): number => {
  if ("runs" in block) return block.runs;
  const distance = runDistance(runs);
  return distance > 0 ? Math.max(1, Math.round(block.hours / distance)) : 1;
};

export interface Resampled extends Interval {
  readonly replicates: Float64Array;
}

/**
 * Interval and replicates of each of a metric's rows by drawing whole runs again. A row of one run has none: there is
 * nothing to draw.
 */
export const resampled = (
  metric: Metric<any>,
  runs: readonly OneRun[],
  rows: readonly MetricRow[],
  { resamples, confidence, block, blocks, interval, seed }: ParsedInterval,
): (Resampled | undefined)[] => {
  const of = ofDraws(metric, runs);
  const draws = resampleDraws(runs.length, {
    resamples,
    seed,
    block: blockRuns(block, runs),
    ...(blocks === undefined ? {} : { blocks }),
  });
  const replicates = replicatesOf(rows, of, draws);
  const leftOut = interval === "bca" ? replicatesOf(rows, of, leavingOneOut(runs.length)) : undefined;
  return rows.map((row, i) => {
    if ((row.initTime ?? null) !== null) return undefined;
    const options = { interval, confidence, ...(leftOut === undefined ? {} : { leftOut: leftOut[i]! }) };
    return { replicates: replicates[i]!, ...intervalOf(row.value, replicates[i]!, options) };
  });
};
