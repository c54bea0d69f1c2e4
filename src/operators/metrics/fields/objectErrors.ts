import { components } from "../../../kernels/spatial/components.ts";
import { matchObjects, type ObjectMatch } from "../../../kernels/spatial/matchObjects.ts";
import { type FieldObject, objectsOf } from "../../../kernels/spatial/objects.ts";
import { FORECAST, TARGET } from "../../../kernels/spatial/windowSums.ts";
import { EwbError } from "../../../model/errors.ts";
import type { Metric, TimeKind } from "../../../model/metric.ts";
import type { Pair } from "../../../model/pair.ts";
import { parseQuantity, type Quantity, type Variables } from "../../../model/units.ts";
import { GROUPS, type GroupOptions, grouped } from "../groups/grouped.ts";
import { type Keep, keepParameter, keptTimes } from "../keep.ts";
import type { NoVariables } from "../noVariables.ts";
import { oneOf, onlyOptions } from "../options.ts";
import { type Criterion, type ParsedCriterion, parseCriterion } from "../threshold.ts";
import { eventCodes, presentCells } from "./eventCodes.ts";
import { type FieldValues, fieldMeans } from "./fieldMeans.ts";
import { type Lattice, latticeOf, onLattice } from "./lattice.ts";

export type ObjectErrorsOptions<Unit extends string> = Criterion<Unit> & {
  /** Objects farther apart than this are not the same; `"500 km"` unless said. */
  readonly within?: Quantity<"km">;
  /** Smaller objects (in cells) are left out; 1 unless said. */
  readonly cells?: number;
  /** What of an object's values is compared: their mean weighted with area (unless said), or the largest. */
  readonly intensity?: "mean" | "maximum";
  /** Cells of one object touch by a side or corner (8, unless said), or by a side (4). */
  readonly neighbours?: 4 | 8;
  /** What is not reduced over; `["lead_time"]` unless said. */
  readonly keep?: Keep;
};

/** Rows of a metric: the terms, in order. */
const TERMS = [
  "object centroid error",
  "object area error",
  "object intensity error",
  "matched objects",
  "false objects",
  "missed objects",
];

/**
 * Errors of objects: connected cells that meet the criterion, across the seam of a grid round the globe. Objects of
 * forecast and target are matched one to one, nearest centroids first, within a distance. Rows: distance of the
 * centroids (km), area forecast - target (km2), intensity forecast - target (unit of the variable), each the mean over
 * all matched objects of a key, and the numbers of matched, false and missed objects, means over fields. 0 is best
 * (of errors). NaN where nothing is matched. `n` = cells present on both sides; `n_objects` = matches (or fields) in
 * the mean.
 *
 *     objectErrors("integrated_vapour_transport", { above: "250 kg m-1 s-1", within: "1000 km", cells: 4 })
 *
 * Throws `Options`, `Unit` where the threshold's unit is not the data's, `Unsupported` for points.
 * Davis et al. 2006, doi:10.1175/MWR3145.1.
 */
export const objectErrors = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: ObjectErrorsOptions<V[N]> & GroupOptions<V, TimeKind>,
): Metric<V, any, TimeKind> => {
  const name = "objectErrors";
  onlyOptions(name, options, KNOWN);
  const { within = "500 km", cells = 1, neighbours = 8 } = options;
  const keep = keptTimes(name, options.keep ?? USUAL);
  const intensity = oneOf(name, "intensity", options.intensity ?? "mean", ["mean", "maximum"]);
  const criterion = parseCriterion(name, variable, options);
  const reach = parseQuantity(within);
  if (reach.unit !== "km" || !(reach.value >= 0)) {
    throw new EwbError(
      "Options",
      `${name}: within is ${JSON.stringify(within)}; expected a distance like "500 km".`,
    );
  }
  if (!Number.isInteger(cells) || cells < 1) {
    throw new EwbError("Options", `${name}: cells is ${cells}; expected a whole number from 1 on.`);
  }
  if (neighbours !== 4 && neighbours !== 8) {
    throw new EwbError("Options", `${name}: neighbours is ${neighbours}; expected 4 or 8.`);
  }
  const rules: ObjectRules = { name, variable, criterion, within: reach.value, cells, intensity, neighbours };
  const metric: Metric<V> = {
    name,
    term: "object errors",
    definition:
      "centroid distance, area and intensity (forecast - target) of objects matched one to one, nearest first; mean over matches",
    variable,
    unit: () => "1",
    parameters: {
      threshold: criterion.text,
      comparison: criterion.comparison,
      within: `${reach.value} km`,
      cells: `${cells}`,
      intensity,
      ...(neighbours === 8 ? {} : { neighbours: "4" }),
      ...keepParameter(keep, USUAL),
    },
    needs: {
      variables: [variable],
      whole: true,
      ...(criterion.climatology === undefined ? {} : { climatologies: [criterion.climatology] }),
    },
    ...fieldMeans({ keep, terms: TERMS, counted: "n_objects", measure: (pair) => errorsOf(pair, rules) }),
  };
  return grouped(metric, options);
};

const USUAL: Keep = ["lead_time"];
const KNOWN = ["above", "below", "strictly", "within", "cells", "intensity", "neighbours", "keep", ...GROUPS];
const RADIUS = 6371;
const RADIANS = Math.PI / 180;

interface ObjectRules {
  readonly name: string;
  readonly variable: string;
  readonly criterion: ParsedCriterion;
  readonly within: number;
  readonly cells: number;
  readonly intensity: "mean" | "maximum";
  readonly neighbours: 4 | 8;
}

const errorsOf = (pair: Pair, rules: ObjectRules): FieldValues => {
  const lattice = latticeOf(rules.name, pair);
  const codes = eventCodes(pair, rules.name, rules.variable, rules.criterion);
  const n = presentCells(codes);
  const unit = pair.target[rules.variable]!.unit;
  const units = ["km", "km2", unit, "1", "1", "1"];
  if (n === 0) return { n, units, values: TERMS.map(() => Number.NaN) };
  const forecasts = sideObjects(pair, rules, lattice, codes, FORECAST);
  const targets = sideObjects(pair, rules, lattice, codes, TARGET);
  const matches = matchObjects(forecasts, targets, rules.within);
  const total = (error: (match: ObjectMatch) => number): number =>
    matches.length === 0 ? Number.NaN : matches.reduce((sum, match) => sum + error(match), 0);
  const strength = ({ mean, largest }: FieldObject): number => (rules.intensity === "mean" ? mean : largest);
  return {
    n,
    units,
    values: [
      total(({ distance }) => distance),
      total(({ forecast, target }) => forecast.area - target.area),
      total(({ forecast, target }) => strength(forecast) - strength(target)),
      matches.length,
      forecasts.length - matches.length,
      targets.length - matches.length,
    ],
    counts: [matches.length, matches.length, matches.length, 1, 1, 1],
  };
};

const sideObjects = (
  pair: Pair,
  { variable, cells, neighbours }: ObjectRules,
  lattice: Lattice,
  codes: Uint8Array,
  side: typeof FORECAST | typeof TARGET,
): FieldObject[] => {
  const { rows, columns, closed } = lattice;
  const field = (side === FORECAST ? pair.forecast : pair.target)[variable]!;
  return objectsOf(
    components(codes, side, rows, columns, { neighbours, wraps: closed }),
    onLattice(field.values, lattice),
    { ...lattice, latitude: pair.places.latitude },
    pair.places.weights("area"),
    columnAreas(lattice),
    cells,
  );
};

/** km2 of each column a unit of row weight (difference of sines); a column alone counts as one degree wide. */
const columnAreas = ({ offset, columns, closed }: Lattice): Float64Array => {
  const gap = (i: number): number => {
    if (i >= 0 && i < columns - 1) return offset[i + 1]! - offset[i]!;
    if (closed) return 360 - offset[columns - 1]!;
    return columns < 2 ? 1 : i < 0 ? gap(0) : gap(columns - 2);
  };
  return offset.map((_, i) => ((gap(i - 1) + gap(i)) / 2) * RADIANS * RADIUS * RADIUS);
};
