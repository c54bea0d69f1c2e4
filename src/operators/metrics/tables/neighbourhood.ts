import { exactValue } from "../../../kernels/exactSum.ts";
import { type CellCounts, mergeCounts } from "../../../kernels/tables/cellCounts.ts";
import { CELLS } from "../../../kernels/tables/nearbyCounts.ts";
import { EwbError } from "../../../model/errors.ts";
import type { Metric, TimeKind } from "../../../model/metric.ts";
import type { MetricDoc } from "../../../model/metricDoc.ts";
import type { Weights } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import { GROUPS, type GroupOptions } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import { once } from "../once.ts";
import { oneOf, onlyOptions } from "../options.ts";
import { namedTableScores, type TableScoreName } from "./allTableScores.ts";
import { checkEventUnits, type Events, eventOptions, parseEvents } from "./events.ts";
import { tableOf } from "./eventTables.ts";
import { type NeighbourhoodBorder, neighbourhoodTables } from "./neighbourhoodTables.ts";
import { isOwnQuantile } from "./ownQuantile.ts";
import { type PoolOptions, pooledMetric } from "./pooled.ts";

export type NeighbourhoodOptions<Unit extends string> = Events<Unit> &
  PoolOptions & {
    /** Rows and columns of the window, odd; one number for both. */
    readonly window: number | { readonly rows: number; readonly columns: number };
    /**
     * What the part of a window beyond the border is: nothing (`inside`), or the other end of each row
     * (`wrapLongitude`). Inside unless said, wrapped on a grid round the globe.
     */
    readonly border?: NeighbourhoodBorder;
    /**
     * Names of scores of the table, and of two numbers beside it: `observedNear`, the places with an observed event in
     * their window, and `successRatioNear`, the share of forecast events (each in its own place) that have one.
     */
    readonly scores?: readonly (TableScoreName | "observedNear" | "successRatioNear")[];
    /** What is added up: 1 a place (unless said), exact cell area, or cosine of latitude. */
    readonly weights?: Exclude<Weights, "density">;
  };

export const neighbourhoodDoc: MetricDoc = {
  name: "neighbourhoodContingency",
  term: "neighbourhood contingency",
  formula:
    "scores of the table in which a place has an event where any place of the window around it has one",
  unit: "1",
  range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  better: "none",
  perfect: null,
  reference: "Ebert 2008, doi:10.1002/met.25",
};

const usual = [
  "hits",
  "falseAlarms",
  "misses",
  "correctNegatives",
  "criticalSuccessIndex",
  "observedNear",
  "successRatioNear",
] as const;

/**
 * Neighbourhood contingency: the table in which a place has an event, on either side, where any place of the window
 * centred on it has one; one row a score. The window is cut at the border, and goes on around a whole globe unless
 * `border` says otherwise. A place
 * counts where both sides are present; a missing neighbour is no event. Unit 1; range and direction as the score. Needs
 * the whole field at once. Throws `Options` for a window that has no centre, events that are none, own quantiles, or
 * values on points; `Unit` where a threshold is not in the variable's unit.
 *
 *     neighbourhoodContingency("accumulated_precipitation", { above: "4 kg m-2", window: 5, scores: ["criticalSuccessIndex"] })
 *
 * Ebert 2008, doi:10.1002/met.25.
 */
export const neighbourhoodContingency = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: NeighbourhoodOptions<V[N]> & GroupOptions<V, TimeKind>,
): Metric<V, any, TimeKind> => {
  const { name, term, formula: definition } = neighbourhoodDoc;
  onlyOptions(name, options, [
    ...eventOptions,
    "window",
    "border",
    "scores",
    "weights",
    "keep",
    "runs",
    ...GROUPS,
  ]);
  const { events, parameters, rows, climatologies } = parseEvents(name, variable, options);
  const window = windowOf(name, options.window);
  const border =
    options.border === undefined
      ? undefined
      : oneOf(name, "border", options.border, ["inside", "wrapLongitude"]);
  const weights = oneOf(name, "weights", options.weights ?? "none", ["none", "area", "cosine"]);
  const asked = (options.scores ?? usual).map((score) => ({
    score,
    table: score in near ? undefined : namedTableScores(name, [score as TableScoreName])[0]!,
  }));
  if (events.forecast.some(isOwnQuantile)) {
    throw new EwbError(
      "Options",
      `${name}: own quantiles have no neighbourhood; expected numbers or fields.`,
    );
  }
  return pooledMetric<V, CellCounts, TimeKind>({
    name,
    term,
    definition,
    variable,
    unit: () => "1",
    options,
    parameters: {
      ...parameters,
      window: window.join("x"),
      border: border ?? "inside, wrapped round the globe",
      weights,
    },
    needs: {
      variables: [variable],
      whole: true,
      ...(climatologies.length === 0 ? {} : { climatologies }),
    },
    observe: (pair) => {
      checkEventUnits(name, variable, pair, events);
      if (pair.places.kind === "points") {
        throw new EwbError(
          "Options",
          `${name}: ${variable} lies on points, which have no window; expected a grid.`,
          {
            variable,
          },
        );
      }
      return once(neighbourhoodTables, pair, variable, events, window, border, weights);
    },
    join: mergeCounts,
    rows: (counts) =>
      rows.flatMap((named, k) => {
        const table = tableOf(counts, k, CELLS);
        return asked.map(({ score, table: of }) => ({
          term: of === undefined ? near[score as keyof typeof near].term : of.doc.term,
          ...(named === undefined ? {} : { parameters: named }),
          value:
            table.n === 0
              ? Number.NaN
              : of === undefined
                ? near[score as keyof typeof near].value(counts, k)
                : of.value(table),
          n: table.n,
        }));
      }),
  });
};

/** Sum of a cell: 4 forecast events with an observed one near, 5 without one, 6 and 7 the same without a forecast. */
const cell = ({ counts, sums }: CellCounts, k: number, at: number): number =>
  sums === undefined ? counts[k * CELLS + at]! : exactValue(sums[k * CELLS + at]!);

const near = {
  observedNear: {
    term: "observed events nearby",
    value: (counts: CellCounts, k: number) => cell(counts, k, 4) + cell(counts, k, 6),
  },
  successRatioNear: {
    term: "success ratio of the neighbourhood",
    value: (counts: CellCounts, k: number) => {
      const [hits, alarms] = [cell(counts, k, 4), cell(counts, k, 5)];
      return hits / (hits + alarms);
    },
  },
};

const windowOf = (
  metric: string,
  window: number | { readonly rows: number; readonly columns: number },
): readonly [number, number] => {
  const [rows, columns] = typeof window === "number" ? [window, window] : [window?.rows, window?.columns];
  if ([rows, columns].every((size) => Number.isInteger(size) && size > 0 && size % 2 === 1)) {
    return [rows, columns];
  }
  throw new EwbError(
    "Options",
    `${metric}: window is ${JSON.stringify(window)}; expected an odd number of rows and columns, like 3 or { rows: 3, columns: 5 }.`,
  );
};
