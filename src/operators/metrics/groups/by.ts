import { EwbError } from "../../../model/errors.ts";
import type { BreakdownKind, Metric, MetricRow } from "../../../model/metric.ts";
import type { Pair } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import { byKey } from "../keep.ts";
import type { NoVariables } from "../noVariables.ts";
import { hashed, once } from "../once.ts";
import { type Breakdown, breakdownText, fieldsOf, kindOf, ofPlaces, ofTimes } from "./breakdown.ts";
import { partOfPair } from "./partOfPair.ts";
import { isFixed, placeGroups } from "./placeGroups.ts";
import { timeGroup } from "./timeGroup.ts";

/** The times of a group's rows that the metric itself has reduced. */
type Times = Pick<MetricRow, "initTime" | "leadHours" | "validTime">;

interface TimeGroup {
  readonly times: Times;
  readonly text: string;
  /** States of the groups of places, by their text. */
  readonly places: ReadonlyMap<string, any>;
}

/** States of a metric by group: groups of times first, in each of them groups of places. */
export type BrokenDown = ReadonlyMap<string, TimeGroup>;

/**
 * Any metric for each group of times and places, in the same pass; what the option `by` of every metric does. Its rows
 * have `by` like `month=3;land=sea`. Several break-downs give each combination. A group of times sees the pairs of these times; a group of places sees the pairs
 * with the other places missing. `init_time`, `lead_time` and `valid_time` are told by the columns of that name. A
 * group without a sample has value NaN and n 0, where it was asked for by name or has places.
 *
 *     by(rootMeanSquaredError("surface_air_temperature"), ["season", latitudeBand(30)])
 *     by(meanError("surface_air_temperature", { keep: [] }), [leadBin("24 h"), regions({ alps })])
 *
 * Throws `Options` for what the metric does not allow; the compiler refuses it where the metric says so by its type.
 */
export const by = <V extends Variables = NoVariables, B extends BreakdownKind = BreakdownKind>(
  metric: Metric<V, any, B>,
  breakdowns: readonly Breakdown<NoInfer<B>>[],
): Metric<V, BrokenDown, B> => {
  const all = breakdowns as readonly Breakdown[];
  check(metric, all);
  const among = (kinds: readonly BreakdownKind[]) => all.filter((one) => kinds.includes(kindOf(one)));
  const [times, places] = [among(ofTimes), hashed(among(ofPlaces))];
  const fields = [...(metric.needs.climatologies ?? []), ...fieldsOf(all)];
  const isWhole = metric.needs.whole === true;
  const { additive, ...described } = metric;
  return {
    ...described,
    unit: (unit) => metric.unit(unit),
    parameters: { ...metric.parameters, by: all.map(breakdownText).join(";") },
    needs: { ...metric.needs, ...(fields.length === 0 ? {} : { climatologies: fields }) },
    zero: () => new Map(),
    observe: (pair) => {
      const kept = timesOf(times, pair);
      const text = times.flatMap((breakdown) => timeGroup(breakdown, pair) ?? []).join(";");
      const states =
        places.length === 0
          ? new Map([["", metric.observe(pair)]])
          : new Map(
              once(parts, pair, places, isWhole).map((part) => [
                part.text,
                metric.observe(part.pair as typeof pair),
              ]),
            );
      return new Map([[JSON.stringify([kept, text]), { times: kept, text, places: states }]]);
    },
    merge: (a, b) => mergeGroups(metric, a, b),
    finish: (state) =>
      Array.from(state.values())
        .flatMap((group) => rowsOf(metric, group))
        .sort((a, b) => byKey(a, b) || compareTexts(a.by ?? "", b.by ?? "")),
    ...(additive === undefined ? {} : { additive: additiveGroups(additive) }),
  };
};

const check = (metric: Metric<any>, breakdowns: readonly Breakdown[]): void => {
  const { name, needs } = metric;
  if (!Array.isArray(breakdowns)) {
    throw new EwbError(
      "Options",
      `${name}: by is ${JSON.stringify(breakdowns)}; expected a list like ["month", latitudeBand(30)].`,
    );
  }
  const allowed = metric.breakdowns ?? [...ofTimes, ...(needs.whole === true ? [] : ofPlaces)];
  for (const breakdown of breakdowns) {
    const kind = kindOf(breakdown);
    if (allowed.includes(kind)) continue;
    throw new EwbError(
      "Options",
      `${name} cannot be broken down by ${kind}; it can by ${allowed.length === 0 ? "nothing" : allowed.join(", ")}.`,
    );
  }
  const kinds = breakdowns.map(kindOf);
  const twice = kinds.find((kind, i) => kinds.indexOf(kind) !== i);
  if (twice !== undefined) throw new EwbError("Options", `${name}: by has ${twice} twice.`);
};

/** Two of the three times name the third. */
const timesOf = (breakdowns: readonly Breakdown[], { initTime, leadHours, validTime }: Pair): Times => {
  const kept = breakdowns.filter((breakdown) => typeof breakdown === "string" && breakdown.endsWith("_time"));
  const has = (word: Breakdown): boolean => kept.length > 1 || kept.includes(word);
  return {
    ...(has("init_time") ? { initTime } : {}),
    ...(has("lead_time") ? { leadHours } : {}),
    ...(has("valid_time") ? { validTime } : {}),
  };
};

/** The views of a pair by groups of places; the same for all metrics that are broken down alike. */
const parts = (
  pair: Pair,
  breakdowns: readonly Breakdown[],
  whole: boolean,
): { readonly text: string; readonly pair: Pair }[] => {
  const staying = whole ? "all" : isFixed(breakdowns) ? "points" : "rows";
  return placeGroups(pair, breakdowns).map(({ text, places }) => ({
    text,
    pair: partOfPair(pair, places, staying),
  }));
};

const mergeGroups = (metric: Metric<any>, a: BrokenDown, b: BrokenDown): BrokenDown => {
  if (a.size === 0) return b;
  if (b.size === 0) return a;
  const merged = new Map(a);
  for (const [name, group] of b) {
    const known = merged.get(name);
    if (known === undefined) {
      merged.set(name, group);
      continue;
    }
    const places = new Map(known.places);
    for (const [text, state] of group.places) {
      places.set(text, places.has(text) ? metric.merge(places.get(text), state) : state);
    }
    merged.set(name, { ...group, places });
  }
  return merged;
};

const rowsOf = (metric: Metric<any>, { times, text, places }: TimeGroup): MetricRow[] =>
  Array.from(places, ([place, state]) =>
    metric.finish(state).map((row) => ofGroup(row, times, joined(text, place))),
  ).flat();

type Additive = NonNullable<Metric["additive"]>;

/** Sums of a group add up as those of the metric do. */
const additiveGroups = (additive: Additive): Additive => ({
  totals: (state: BrokenDown) =>
    Array.from(state.values(), ({ times, text, places }) =>
      Array.from(places, ([place, ofPlaces]) =>
        additive.totals(ofPlaces).map(({ n, weight, sums, ...total }) => {
          const group = { times, text: joined(text, place), total };
          return { ...ofGroup(total, times, group.text), n, weight, sums, group };
        }),
      ).flat(),
    ).flat(),
  rows: ({ group, n, weight, sums }) =>
    additive.rows({ ...group!.total, n, weight, sums }).map((row) => ofGroup(row, group!.times, group!.text)),
});

/** What a metric says, as that of a group. */
const ofGroup = <Said extends Pick<MetricRow, keyof Times | "by">>(
  said: Said,
  times: Times,
  text: string,
): Said => {
  const texts = joined(text, said.by ?? "");
  return { ...withTimes(said, times), ...(texts === "" ? {} : { by: texts }) };
};

const joined = (...texts: readonly string[]): string => texts.filter((part) => part !== "").join(";");

/** A row with the times of its group where the metric says none of its own; a third follows from two. */
const withTimes = <Said extends Times>(row: Said, times: Times): Said => {
  const initTime = row.initTime ?? times.initTime ?? null;
  const leadHours = row.leadHours ?? times.leadHours ?? null;
  const validTime = row.validTime ?? times.validTime ?? null;
  return {
    ...row,
    initTime: initTime ?? (leadHours === null || validTime === null ? null : validTime - leadHours * HOUR),
    leadHours: leadHours ?? (initTime === null || validTime === null ? null : (validTime - initTime) / HOUR),
    validTime: validTime ?? (initTime === null || leadHours === null ? null : initTime + leadHours * HOUR),
  };
};

const HOUR = 3_600_000;

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
