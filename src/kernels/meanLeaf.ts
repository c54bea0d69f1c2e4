import type { Values } from "../model/field.ts";
import { COUNT, FORECAST, joined, type LeafSums, TARGET, THRESHOLD, WEIGHT } from "./leafSums.ts";

/** Sums of the values themselves at places of [start, stop) where all of them are present. */
export const meanLeaf = (
  forecast: Values,
  target: Values,
  threshold: Values | undefined,
  start: number,
  stop: number,
  columnWeights: Float64Array | undefined,
  out: LeafSums,
): void => {
  if (columnWeights !== undefined || threshold !== undefined) {
    gappyMeanLeaf(forecast, target, threshold, start, stop, columnWeights, out);
    return;
  }
  const whole = start + ((stop - start) & ~3);
  let f0 = 0,
    f1 = 0,
    f2 = 0,
    f3 = 0;
  let o0 = 0,
    o1 = 0,
    o2 = 0,
    o3 = 0;
  let i = start;
  for (; i < whole; i += 4) {
    f0 += forecast[i]!;
    f1 += forecast[i + 1]!;
    f2 += forecast[i + 2]!;
    f3 += forecast[i + 3]!;
    o0 += target[i]!;
    o1 += target[i + 1]!;
    o2 += target[i + 2]!;
    o3 += target[i + 3]!;
  }
  if (i < stop) {
    f0 += forecast[i]!;
    o0 += target[i]!;
  }
  if (i + 1 < stop) {
    f1 += forecast[i + 1]!;
    o1 += target[i + 1]!;
  }
  if (i + 2 < stop) {
    f2 += forecast[i + 2]!;
    o2 += target[i + 2]!;
  }
  const f = f0 + f2 + (f1 + f3);
  const o = o0 + o2 + (o1 + o3);
  if (Number.isNaN(f + o)) {
    gappyMeanLeaf(forecast, target, undefined, start, stop, undefined, out);
    return;
  }
  out[COUNT] = stop - start;
  out[WEIGHT] = stop - start;
  out[FORECAST] = f;
  out[TARGET] = o;
  out[THRESHOLD] = 0;
};

/** The same lane after lane, with places left out where anything is missing, weights and a threshold. */
const gappyMeanLeaf = (
  f: Values,
  o: Values,
  c: Values | undefined,
  start: number,
  stop: number,
  columnWeights: Float64Array | undefined,
  out: LeafSums,
): void => {
  const w = [0, 0, 0, 0];
  const fs = [0, 0, 0, 0];
  const os = [0, 0, 0, 0];
  const cs = [0, 0, 0, 0];
  let n = 0;
  for (let lane = 0; lane < 4; lane++) {
    let total = 0;
    let forecast = 0;
    let target = 0;
    let threshold = 0;
    for (let i = start + lane; i < stop; i += 4) {
      const x = f[i]!;
      const y = o[i]!;
      const z = c === undefined ? 0 : c[i]!;
      if (Number.isNaN(x) || Number.isNaN(y) || Number.isNaN(z)) continue;
      const weight = columnWeights === undefined ? 1 : columnWeights[i - start]!;
      n += 1;
      total += weight;
      forecast += weight * x;
      target += weight * y;
      threshold += weight * z;
    }
    w[lane] = total;
    fs[lane] = forecast;
    os[lane] = target;
    cs[lane] = threshold;
  }
  out[COUNT] = n;
  out[WEIGHT] = joined(w);
  out[FORECAST] = joined(fs);
  out[TARGET] = joined(os);
  out[THRESHOLD] = joined(cs);
};
