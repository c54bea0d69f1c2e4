import { sortedQuantile } from "../../../kernels/scores/sortedQuantile.ts";
import { eventCounts } from "../../../kernels/tables/eventCounts.ts";
import { EwbError } from "../../../model/errors.ts";
import type { Values } from "../../../model/field.ts";
import type { Pair, Weights } from "../../../model/pair.ts";
import type { ParsedEvents } from "./events.ts";
import { asEvents, edgeOf, type Missing, type Table, tableOf } from "./eventTables.ts";
import type { OwnQuantile } from "./ownQuantile.ts";

/** The values of both sides where both are present, in lists that are as long on either side. */
export interface Samples {
  readonly unit: string;
  readonly forecast: readonly Values[];
  readonly target: readonly Values[];
}

/** Throws `Options` where samples would weigh unlike or missing ones be events. */
export const checkSampleOptions = (metric: string, weights: Weights, missing: Missing): void => {
  if (weights === "none" && missing === "absent") return;
  throw new EwbError(
    "Options",
    `${metric}: own quantiles are of a sample without weights and without missing values; found weights "${weights}" and missing "${missing}". Leave both out.`,
  );
};

/** The sample of one pair. */
export const samplesOf = ({ forecast, target }: Pair, variable: string): Samples => {
  const { values: f, unit } = forecast[variable]!;
  const { values: o } = target[variable]!;
  let n = 0;
  for (let i = 0; i < f.length; i++) if (!Number.isNaN(f[i]!) && !Number.isNaN(o[i]!)) n += 1;
  const [keptF, keptO] = [emptyLike(f, n), emptyLike(o, n)];
  let at = 0;
  for (let i = 0; i < f.length; i++) {
    if (Number.isNaN(f[i]!) || Number.isNaN(o[i]!)) continue;
    keptF[at] = f[i]!;
    keptO[at++] = o[i]!;
  }
  return { unit, forecast: [keptF], target: [keptO] };
};

const emptyLike = (values: Values, length: number): Values =>
  values instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);

export const joinSamples = (a: Samples, b: Samples): Samples => ({
  unit: a.unit,
  forecast: [...a.forecast, ...b.forecast],
  target: [...a.target, ...b.target],
});

/** A table and the thresholds of forecast and target for each of the events. */
export const sampleTables = (
  samples: Samples,
  { comparison, forecast, target }: ParsedEvents,
): { readonly table: Table; readonly thresholds: readonly [number, number] }[] => {
  const [f, o] = [joined(samples.forecast), joined(samples.target)];
  const [fSorted, oSorted] = [f.slice().sort(), o.slice().sort()];
  const thresholds = forecast.map((one, k): [number, number] => [
    sortedQuantile(fSorted, (one as OwnQuantile).level),
    sortedQuantile(oSorted, (target[k] as OwnQuantile).level),
  ]);
  const edges = (side: 0 | 1): number[] => thresholds.map((pair) => edgeOf(f, comparison, pair[side]));
  const leaves = {
    borders: Uint32Array.of(0, f.length),
    weights: Float64Array.of(1),
    columns: undefined,
  };
  const counts = asEvents(comparison, eventCounts(f, o, edges(0), edges(1), leaves, false));
  return thresholds.map((pair, k) => ({ table: tableOf(counts, k), thresholds: pair }));
};

const joined = (parts: readonly Values[]): Float64Array => {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
};
