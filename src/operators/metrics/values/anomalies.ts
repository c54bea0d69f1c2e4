import { exactValue } from "../../../kernels/exactSum.ts";
import { momentWork } from "../../../kernels/scores/momentTotal.ts";
import type { Metric } from "../../../model/metric.ts";
import type { ClimatologyField, Pair, Weights } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import { climatologyOf } from "../climatologyOf.ts";
import type { GroupOptions } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import { onceOfLeaves } from "../onceOfLeaves.ts";
import { oneOf } from "../options.ts";
import { type ScoreOptions, scoreOptions } from "../scoreOptions.ts";
import { weighedLeaves } from "./errorSums.ts";
import { centralOf, correlationOf, momentMetric } from "./momentMetric.ts";

export interface AnomalyOptions<Unit extends string> extends ScoreOptions {
  /** What anomalies are taken from: the field of `climatologyQuantile(source)`, of the calendar day and hour. */
  readonly climatology: ClimatologyField<Unit>;
  /** Removes the mean anomaly of each side first. */
  readonly centred?: boolean;
}

/**
 * Anomaly correlation, f' = f - c, o' = o - c: sum w f'o' / sqrt(sum w f'^2 sum w o'^2), uncentred and pooled over runs and
 * places unless said. `centred` removes the mean anomalies first, `runs: "mean"` makes one coefficient a run; both
 * together are the older exchange standard. In unit 1; 1 is best, down to -1; NaN where all anomalies are 0.
 *
 *     anomalyCorrelation("geopotential", { climatology: climatologyQuantile(normals) })
 *
 * Throws `Options`. Wilks 2019, Statistical Methods in the Atmospheric Sciences, 4th ed., doi:10.1016/C2017-0-03921-6;
 * Rasp and others 2024, doi:10.1029/2023MS004019.
 */
export const anomalyCorrelation = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: AnomalyOptions<V[N]> & GroupOptions<V>,
): Metric<V> => {
  const common = scoreOptions("anomalyCorrelation", options, ["climatology", "centred"]);
  const climatology = climatologyOf("anomalyCorrelation", options.climatology);
  const centred = options.centred === true;
  return momentMetric<V>(common, {
    name: "anomalyCorrelation",
    term: "anomaly correlation",
    definition: centred
      ? "correlation of f - c and o - c about their means over present triples of a key"
      : "sum w (f - c)(o - c) / sqrt(sum w (f - c)^2 sum w (o - c)^2) over present triples of a key",
    variable,
    climatologies: [climatology],
    unit: () => "1",
    parameters: { climatology: climatology.text, ...(centred && { centred: "true" }) },
    sums: (pair, weights) => onceOfLeaves(anomaliesOf, pair, variable, weights, climatology),
    rows: (total) => {
      if (total.n === 0) return [{ value: Number.NaN, n: 0 }];
      const [, , ff, oo, fo] = total.sums.map(exactValue) as [number, number, number, number, number];
      const { covariance, varianceF, varianceO } = centralOf(total);
      const value = centred ? correlationOf(covariance, varianceF, varianceO) : correlationOf(fo, ff, oo);
      return [{ value, n: total.n }];
    },
  });
};

export interface ActivityOptions<Unit extends string> extends AnomalyOptions<Unit> {
  /** Whose anomalies; the forecast's unless said. */
  readonly side?: "forecast" | "target";
}

/**
 * Activity: sqrt(sum w f'^2 / sum w), the size of the anomalies f' = f - c, over pairs where the target is present too;
 * with `centred` their standard deviation. In the unit of the variable; best where it is that of the target
 * (`side: "target"`): MSE = Af^2 + Ao^2 - 2 Af Ao ACC.
 *
 *     forecastActivity("geopotential", { climatology: climatologyQuantile(normals) })
 *
 * Throws `Options`. WeatherBench-X, PredictionActivity (https://github.com/google-research/weatherbenchX).
 */
export const forecastActivity = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: ActivityOptions<V[N]> & GroupOptions<V>,
): Metric<V> => {
  const common = scoreOptions("forecastActivity", options, ["climatology", "centred", "side"]);
  const climatology = climatologyOf("forecastActivity", options.climatology);
  const side = oneOf("forecastActivity", "side", options.side ?? "forecast", ["forecast", "target"]);
  const centred = options.centred === true;
  const x = side === "forecast" ? "f" : "o";
  return momentMetric<V>(common, {
    name: "forecastActivity",
    term: `${side} activity`,
    definition: centred
      ? `standard deviation of ${x} - c over present triples of a key`
      : `sqrt(sum w (${x} - c)^2 / sum w) over present triples of a key`,
    variable,
    climatologies: [climatology],
    unit: (unit) => unit,
    parameters: { climatology: climatology.text, side, ...(centred && { centred: "true" }) },
    sums: (pair, weights) => onceOfLeaves(anomaliesOf, pair, variable, weights, climatology),
    rows: (total) => {
      if (total.n === 0) return [{ value: Number.NaN, n: 0 }];
      const { varianceF, varianceO } = centralOf(total);
      const squares = exactValue(total.sums[side === "forecast" ? 2 : 3]!) / exactValue(total.weight);
      const variance = centred ? (side === "forecast" ? varianceF : varianceO) : squares;
      return [{ value: Math.sqrt(Math.max(0, variance)), n: total.n }];
    },
  });
};

/** Moments of both anomalies where forecast, target and climatology are present. */
const anomaliesOf = (pair: Pair, variable: string, weights: Weights, climatology: ClimatologyField) => {
  const f = pair.forecast[variable]!.values;
  const o = pair.target[variable]!.values;
  const c = pair.climatology(climatology).values;
  return momentWork(f, o, weighedLeaves(pair.places, weights), c);
};
