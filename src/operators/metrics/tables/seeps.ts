import { addedTotal, type ScoreTotal } from "../../../kernels/scores/scoreTotal.ts";
import { seepsPenalties } from "../../../kernels/tables/seepsPenalties.ts";
import { EwbError } from "../../../model/errors.ts";
import type { Metric } from "../../../model/metric.ts";
import type { MetricDoc } from "../../../model/metricDoc.ts";
import type { ClimatologyField, Pair, Weights } from "../../../model/pair.ts";
import type { Quantity, Variables } from "../../../model/units.ts";
import { GROUPS, type GroupOptions } from "../groups/grouped.ts";
import { type Keep, keepParameter, keptTimes } from "../keep.ts";
import { sumsMetric } from "../keyedSums.ts";
import type { NoVariables } from "../noVariables.ts";
import { once } from "../once.ts";
import { oneOf, onlyOptions, weightsOf } from "../options.ts";
import {
  checkUnit,
  inPrecisionOf,
  type ParsedCriterion,
  parseCriterion,
  type Threshold,
} from "../threshold.ts";
import { weighedLeaves } from "../values/errorSums.ts";

export interface SeepsOptions<Unit extends string> {
  /** Climatological probability of a dry sample, place by place: a field in unit 1, or one number. */
  readonly dryProbability: ClimatologyField | number;
  /** Above this it is heavy: the climatological border between the lower two thirds of wet samples and the upper. */
  readonly heavyThreshold: Threshold<Unit>;
  /** Up to this it is dry; 0.25 mm (0.25 kg m-2) unless said. */
  readonly dryThreshold?: Quantity<Unit>;
  /** A value on the heavy threshold is light (`above`, unless said) or heavy (`at least`). */
  readonly heavy?: "above" | "at least";
  /** Places outside these dry probabilities are left out: `[0.1, 0.85]` unless said; `"none"`: all places count. */
  readonly masked?: readonly [lowest: number, highest: number] | "none";
  /** What is not reduced over; `["lead_time"]` unless said. */
  readonly keep?: Keep;
  /** Weight of a place: exact cell area (unless said), cosine of latitude, density of points, or none. */
  readonly weights?: Weights;
}

export const seepsDoc: MetricDoc = {
  name: "seeps",
  term: "stable equitable error in probability space",
  short: ["seeps"],
  formula:
    "sum w s / sum w, s half the 3 x 3 penalty of the categories dry, light and heavy by climatological probability",
  unit: "1",
  range: [0, 40 / 3],
  better: "low",
  perfect: 0,
  reference: "Rodwell et al. 2010, doi:10.1002/qj.656",
};

const USUAL: Keep = ["lead_time"];

const usualDry = "0.25 mm";

const usualDryIn = (metric: string, variable: string, unit: string): number => {
  if (unit === "kg m-2" || unit === "mm") return 0.25;
  if (unit === "m") return 0.00025;
  throw new EwbError(
    "Unit",
    `${metric}: ${variable} is in ${unit}, the usual dry threshold in mm. Give dryThreshold in ${unit}.`,
    { variable },
  );
};

/**
 * Stable equitable error in probability space: the mean penalty for forecasting one of the categories dry, light and
 * heavy where another is observed; with p the dry probability, dry for light costs 1 / (2 (1 - p)), dry for heavy
 * 2 / (1 - p), light for dry 1 / (2p), light for heavy 3 / (2 (1 - p)), heavy for light 3 / (2 (2 + p)) and heavy for
 * dry the sum of the last and 1 / (2p). Unit 1; 0 to 13.4 a place within the usual mask, 1 in expectation for a
 * constant forecast. 0 is best. Throws `Options` for thresholds that are none, `Unit` where they are not in the
 * variable's unit.
 *
 *     seeps("accumulated_precipitation", { dryProbability, heavyThreshold })
 *
 * Rodwell et al. 2010, doi:10.1002/qj.656.
 */
export const seeps = <V extends Variables = NoVariables, N extends keyof V & string = keyof V & string>(
  variable: N,
  options: SeepsOptions<V[N]> & GroupOptions<V>,
): Metric<V> => {
  const { name, term, formula: definition } = seepsDoc;
  onlyOptions(name, options, [
    "dryProbability",
    "heavyThreshold",
    "dryThreshold",
    "heavy",
    "masked",
    "keep",
    "weights",
    ...GROUPS,
  ]);
  const keep = keptTimes(name, options.keep ?? USUAL);
  const weights = weightsOf(name, options.weights ?? "area");
  const heavy = oneOf(name, "heavy", options.heavy ?? "above", ["above", "at least"]);
  const { dryThreshold } = options;
  const dry =
    dryThreshold === undefined ? undefined : parseCriterion(name, variable, { below: dryThreshold });
  const heavyFrom = parseCriterion(name, variable, { above: options.heavyThreshold });
  const masked = options.masked ?? [0.1, 0.85];
  const { dryProbability } = options;
  if (dry !== undefined && dry.number === undefined) {
    throw new EwbError("Options", `${name}: dryThreshold is a field; expected one number, like "0.25 mm".`);
  }
  if (typeof dryProbability === "number" && !(dryProbability >= 0 && dryProbability <= 1)) {
    throw new EwbError(
      "Options",
      `${name}: dryProbability is ${dryProbability}; expected 0 to 1, or a field.`,
    );
  }
  if (masked !== "none" && !(masked.length === 2 && masked[0] <= masked[1])) {
    throw new EwbError(
      "Options",
      `${name}: masked is ${JSON.stringify(masked)}; expected two rising probabilities like [0.1, 0.85], or "none".`,
    );
  }
  const fields = [dryProbability, heavyFrom.climatology].filter(
    (field): field is ClimatologyField => typeof field === "object",
  );
  const [lowest, highest] = masked === "none" ? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] : masked;
  const limits = { lowest: `${lowest}`, highest: `${highest}`, heavy };
  return sumsMetric<V>({
    name,
    term,
    definition,
    variable,
    unit: () => "1",
    parameters: {
      dryThreshold: dry?.text ?? usualDry,
      heavyThreshold: heavyFrom.text,
      dryProbability: typeof dryProbability === "number" ? `${dryProbability}` : dryProbability.text,
      heavy,
      masked: masked === "none" ? masked : masked.join(".."),
      weights,
      ...keepParameter(keep, USUAL),
    },
    needs: { variables: [variable], ...(fields.length === 0 ? {} : { climatologies: fields }) },
    keep,
    by: options.by,
    where: options.where,
    sums: (pair) => {
      for (const side of [pair.forecast, pair.target]) {
        if (dry !== undefined) checkUnit(name, variable, side[variable]!, dry);
        checkUnit(name, variable, side[variable]!, heavyFrom);
      }
      const most = dry?.number?.value ?? usualDryIn(name, variable, pair.forecast[variable]!.unit);
      return once(seepsSums, pair, variable, { dry: most, heavyFrom, dryProbability, limits }, weights);
    },
    rows: ({ n, weight, sums }) => [{ value: n === 0 ? Number.NaN : sums[0]! / weight, n }],
  });
};

/** Sum of the penalties of one pair. */
const seepsSums = (
  pair: Pair,
  variable: string,
  {
    dry,
    heavyFrom,
    dryProbability,
    limits,
  }: {
    readonly dry: number;
    readonly heavyFrom: ParsedCriterion;
    readonly dryProbability: ClimatologyField | number;
    readonly limits: { readonly lowest: string; readonly highest: string; readonly heavy: string };
  },
  weights: Weights,
): ScoreTotal => {
  const [f, o] = [pair.forecast[variable]!.values, pair.target[variable]!.values];
  const climate = {
    dryProbability:
      typeof dryProbability === "number" ? dryProbability : pair.climatology(dryProbability).values,
    heavy:
      heavyFrom.climatology === undefined
        ? inPrecisionOf(f, heavyFrom.number!.value)
        : pair.climatology(heavyFrom.climatology).values,
    dry: [inPrecisionOf(f, dry), inPrecisionOf(o, dry)] as const,
    onThresholdIsHeavy: limits.heavy === "at least",
    lowest: Number(limits.lowest),
    highest: Number(limits.highest),
  };
  return addedTotal(1, weighedLeaves(pair.places, weights), (start, stop, columns, out) =>
    seepsPenalties(f, o, start, stop, columns, climate, out),
  );
};
