/** The laws of a metric, ten times as often in `npm run soak`. */
import { type LawOptions, metricLaws as laws } from "../../src/testing.ts";

const times = process.env.EWB_SOAK ? 10 : 1;

export const metricLaws: typeof laws = (metric, options: LawOptions = {}) =>
  laws(metric, { ...options, runs: times * (options.runs ?? 100) });
