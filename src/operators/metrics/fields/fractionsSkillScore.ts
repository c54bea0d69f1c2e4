import { addExact, type ExactSum, exactValue, mergeExact } from "../../../kernels/exactSum.ts";
import type { Metric, MetricRow, TimeKind } from "../../../model/metric.ts";
import type { Pair } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import { type GroupOptions, grouped } from "../groups/grouped.ts";
import { type Key, keepParameter, keyOf } from "../keep.ts";
import { type Keyed, keyedRows, mergeKeyed, oneEntry } from "../keyed.ts";
import type { NoVariables } from "../noVariables.ts";
import { fractionFields } from "./fractionFields.ts";
import {
  type FractionsRules,
  type FractionsSkillScoreOptions,
  fractionsRules,
  USUAL,
} from "./fractionsOptions.ts";

/** Sums of one forecast (or member) at one threshold and window. */
interface FractionsSums {
  readonly windows: number;
  /** Of (F - O)^2; or of the scores of fields. */
  readonly upper: ExactSum;
  /** Of F^2 + O^2; or the number of these fields. */
  readonly lower: ExactSum;
}

type FractionsEntry = Key & {
  /** By threshold, window, member. */
  readonly sums: readonly (readonly (readonly FractionsSums[])[])[];
  readonly fields: number;
  /** Thresholds of both sides by threshold, of the first field. */
  readonly own: readonly (readonly [number, number] | undefined)[];
};

/**
 * Fractions skill score: 1 - sum (Pf - Po)^2 / (sum Pf^2 + sum Po^2), Pf and Po the shares of event cells in a window,
 * summed over all windows and fields of a key, one ratio at the end. From 0 to 1, 1 is best; NaN where neither side has
 * an event. A row for each threshold and window, `n` = windows; all windows are read from one table a threshold.
 * Events above a quantile of each field leave its bias out; where a row is one field, `forecast_threshold` and
 * `target_threshold` say the values.
 *
 *     fractionsSkillScore("precipitation", { above: ["1 mm", "10 mm"], window: [1, 5, 11, { rows: 3, columns: 5 }] })
 *
 * Throws `Options` for options that are none, `Unit` where a threshold's unit is not the data's, `Unsupported` for
 * points. Roberts and Lean 2008, doi:10.1175/2007MWR2123.1.
 */
export const fractionsSkillScore = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: FractionsSkillScoreOptions<V[N]> & GroupOptions<V, TimeKind>,
): Metric<V, any, TimeKind> => {
  const rules = fractionsRules("fractionsSkillScore", variable, options);
  const { thresholds, windows, border, missing, ensemble, pool, withoutEvents, keep } = rules;
  const climatologies = thresholds.flatMap(({ criterion }) => criterion?.climatology ?? []);
  const row = (entry: FractionsEntry): MetricRow[] =>
    (entry.sums.length === 0 ? thresholds.map(() => []) : entry.sums).flatMap((ofThreshold, t) =>
      windows.map(({ rows, columns }, w): MetricRow => {
        const members = ofThreshold[w] ?? [];
        const own = entry.fields === 1 ? entry.own[t] : undefined;
        return {
          initTime: entry.initTime,
          leadHours: entry.leadHours,
          validTime: entry.validTime,
          parameters: { threshold: thresholds[t]!.text, window: `${rows} x ${columns}` },
          value: pooledScore(members, rules),
          n: members.reduce((sum, { windows }) => sum + windows, 0),
          ...(own === undefined ? {} : { extra: { forecast_threshold: own[0], target_threshold: own[1] } }),
        };
      }),
    );
  const metric: Metric<V> = {
    name: rules.name,
    term: "fractions skill score",
    definition:
      "1 - sum (Pf - Po)^2 / (sum Pf^2 + sum Po^2), P = share of event cells of a window, summed over all windows and fields of a key",
    variable,
    unit: () => "1",
    parameters: {
      comparison: thresholds[0]!.comparison,
      border: border ?? "inside, wrapped round the globe",
      ...(missing === "leaveOut" ? {} : { missing }),
      ...(ensemble === "probability" ? {} : { ensemble }),
      ...(pool === "sums" ? {} : { pool }),
      ...(withoutEvents === "missing" ? {} : { without_events: withoutEvents }),
      ...keepParameter(keep, USUAL),
    },
    needs: {
      variables: [variable],
      whole: true,
      ...(ensemble === "mean" ? {} : { members: true }),
      ...(climatologies.length === 0 ? {} : { climatologies }),
    },
    zero: () => new Map(),
    observe: (pair: Pair): Keyed<FractionsEntry> =>
      pair.matched ? oneEntry({ ...keyOf(keep, pair), ...observed(pair, rules) }) : new Map(),
    merge: (a, b) => mergeKeyed(a, b, joinEntries),
    finish: (state) => keyedRows(state, row),
  };
  return grouped(metric, options);
};

const observed = (pair: Pair, rules: FractionsRules): Omit<FractionsEntry, keyof Key> => {
  const fields = fractionFields(pair, rules);
  return {
    fields: fields.length === 0 ? 0 : 1,
    own: fields.map(({ own }) => own),
    sums: fields.map(({ sums }) =>
      rules.windows.map((_, w) =>
        sums.map((ofMember): FractionsSums => {
          const { count, difference, size } = ofMember[w]!;
          if (rules.pool === "sums")
            return { windows: count, upper: exactly(difference), lower: exactly(size) };
          const score = scoreOf(difference, size, count, rules);
          const isScore = !Number.isNaN(score);
          return { windows: count, upper: exactly(isScore ? score : 0), lower: exactly(isScore ? 1 : 0) };
        }),
      ),
    ),
  };
};

const exactly = (value: number): number[] => {
  const sum: number[] = [];
  addExact(sum, value);
  return sum;
};

const scoreOf = (difference: number, size: number, windows: number, rules: FractionsRules): number => {
  if (size > 0) return 1 - difference / size;
  return windows > 0 && rules.withoutEvents === "zero" ? 0 : Number.NaN;
};

/** The mean over members of the score of each; of one forecast its score. */
const pooledScore = (members: readonly FractionsSums[], rules: FractionsRules): number => {
  let [sum, count] = [0, 0];
  for (const { upper, lower, windows } of members) {
    const [above, below] = [exactValue(upper), exactValue(lower)];
    const score = rules.pool === "sums" ? scoreOf(above, below, windows, rules) : above / below;
    if (Number.isNaN(score)) continue;
    sum += score;
    count += 1;
  }
  return count === 0 ? Number.NaN : sum / count;
};

const joinEntries = (a: FractionsEntry, b: FractionsEntry): FractionsEntry => {
  if (b.fields === 0) return a;
  if (a.fields === 0) return { ...b, fields: b.fields };
  return {
    ...a,
    fields: a.fields + b.fields,
    sums: a.sums.map((windows, t) =>
      windows.map((members, w) => {
        const others = b.sums[t]![w]!;
        return Array.from({ length: Math.max(members.length, others.length) }, (_, m) =>
          joinSums(members[m], others[m]),
        );
      }),
    ),
  };
};

const joinSums = (a: FractionsSums | undefined, b: FractionsSums | undefined): FractionsSums => {
  if (a === undefined || b === undefined) return (a ?? b)!;
  return {
    windows: a.windows + b.windows,
    upper: mergeExact(a.upper, b.upper),
    lower: mergeExact(a.lower, b.lower),
  };
};
