import { quantileIn } from "../../../kernels/scores/quantileIn.ts";
import { extended } from "../../../kernels/spatial/extended.ts";
import { markEvents } from "../../../kernels/spatial/markEvents.ts";
import {
  FORECAST,
  MISSING,
  TARGET,
  type WindowSums,
  windowSums,
} from "../../../kernels/spatial/windowSums.ts";
import { extension } from "../../../kernels/spatial/windows.ts";
import type { Values } from "../../../model/field.ts";
import type { Pair } from "../../../model/pair.ts";
import { checkUnit, inPrecisionOf, thresholdValues } from "../threshold.ts";
import type { FractionsRules, FractionsThreshold } from "./fractionsOptions.ts";
import { type Lattice, latticeOf, onLattice } from "./lattice.ts";

/** What one pair adds to one threshold. */
export interface FractionField {
  /** Of each forecast (one, or each member), of each window; squares are in shares of members where there are any. */
  readonly sums: readonly (readonly WindowSums[])[];
  /** The thresholds of both sides where each field has its own. */
  readonly own: readonly [forecast: number, target: number] | undefined;
}

/**
 * Of each threshold what a pair adds to its windows. Empty where no cell is present on both sides, or, where a
 * missing one is no event, on either.
 */
export const fractionFields = (pair: Pair, rules: FractionsRules): FractionField[] => {
  const { name, variable } = rules;
  const lattice = latticeOf(name, pair);
  const forecast = pair.forecast[variable]!;
  const target = onLattice(pair.target[variable]!.values, lattice);
  const members = rules.ensemble === "mean" ? undefined : forecast.members;
  const forecasts = (members ?? [forecast.values]).map((values) => onLattice(values, lattice));
  const isSample =
    rules.missing === "leaveOut"
      ? forecasts.some((values) => overlap(values, target))
      : [target, ...forecasts].some((values) => overlap(values, values));
  if (!isSample) return [];
  return rules.thresholds.map((threshold): FractionField => {
    const limit = limitsOf(pair, rules, threshold, lattice);
    const observed = new Uint8Array(target.length);
    markEvents(observed, target, threshold.comparison, limit(target), TARGET, MISSING);
    const codes = forecasts.map((values) => {
      const own = members === undefined ? observed : new Uint8Array(target.length);
      markEvents(own, values, threshold.comparison, limit(values), FORECAST, MISSING);
      return own;
    });
    const own =
      threshold.quantile === undefined
        ? undefined
        : ([limit(onLattice(forecast.values, lattice)) as number, limit(target) as number] as const);
    if (rules.ensemble === "probability" && codes.length > 1) {
      return { sums: [sumsOf(rules, lattice, observed, shareOf(codes, observed))], own };
    }
    return {
      sums: codes.map((code) => {
        if (code !== observed) for (let i = 0; i < code.length; i++) code[i]! |= observed[i]!;
        return sumsOf(rules, lattice, code, undefined);
      }),
      own,
    };
  });
};

const overlap = (forecast: Values, target: Values): boolean => {
  for (let i = 0; i < target.length; i++) {
    if (!Number.isNaN(forecast[i]!) && !Number.isNaN(target[i]!)) return true;
  }
  return false;
};

/** The threshold of a field: a number in its precision, its own quantile, or the climatology's values. */
const limitsOf = (
  pair: Pair,
  { name, variable }: FractionsRules,
  { criterion, quantile }: FractionsThreshold,
  lattice: Lattice,
): ((values: Values) => number | Values) => {
  if (criterion === undefined) {
    return (values) =>
      quantileIn(
        values.filter((value) => !Number.isNaN(value)),
        quantile!,
      );
  }
  for (const side of [pair.forecast, pair.target]) checkUnit(name, variable, side[variable]!, criterion);
  const climatology = thresholdValues(pair, criterion);
  if (climatology === undefined) return (values) => inPrecisionOf(values, criterion.number!.value);
  const limits = onLattice(climatology, lattice);
  return () => limits;
};

/** Share of present members with the event; a cell without any member is missing in `observed` too. */
const shareOf = (codes: readonly Uint8Array[], observed: Uint8Array): Float64Array => {
  const share = new Float64Array(observed.length);
  for (let i = 0; i < observed.length; i++) {
    let [events, present] = [0, 0];
    for (const code of codes) {
      const here = code[i]!;
      if ((here & MISSING) !== 0) continue;
      present += 1;
      events += here & FORECAST;
    }
    if (present === 0) observed[i]! |= MISSING;
    else share[i] = events / present;
  }
  return share;
};

const sumsOf = (
  { windows, border, missing }: FractionsRules,
  lattice: Lattice,
  codes: Uint8Array,
  share: Float64Array | undefined,
): WindowSums[] => {
  const beyond = border ?? (lattice.closed ? "wrapLongitude" : "inside");
  const extent = extension(lattice, windows, beyond);
  let gaps = 0;
  if (missing === "leaveOut") for (let i = 0; i < codes.length; i++) gaps |= codes[i]! & MISSING;
  const wraps = beyond === "wrapLongitude";
  return windowSums(
    {
      rows: extent.before.rows + lattice.rows + extent.after.rows,
      columns: extent.before.columns + lattice.columns + extent.after.columns,
      codes: extended(codes, lattice, extent, wraps),
      share: share === undefined ? undefined : extended(share, lattice, extent, wraps),
      someMissing: gaps !== 0,
    },
    extent.windows,
  );
};
