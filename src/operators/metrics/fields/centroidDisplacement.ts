import { mod360 } from "../../../kernels/circle.ts";
import { haversine } from "../../../kernels/haversine.ts";
import { type Centre, type CentreSum, planeCentre, sphereCentre } from "../../../kernels/spatial/centre.ts";
import { FORECAST, TARGET } from "../../../kernels/spatial/windowSums.ts";
import type { Metric, TimeKind } from "../../../model/metric.ts";
import type { Pair, Weights } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import { GROUPS, type GroupOptions, grouped } from "../groups/grouped.ts";
import { type Keep, keepParameter, keptTimes } from "../keep.ts";
import type { NoVariables } from "../noVariables.ts";
import { oneOf, onlyOptions } from "../options.ts";
import { type Criterion, type ParsedCriterion, parseCriterion } from "../threshold.ts";
import { eventCodes } from "./eventCodes.ts";
import { type FieldRules, fieldMeans } from "./fieldMeans.ts";
import { type Lattice, latticeOf, onLattice } from "./lattice.ts";

export interface DisplacementOptions {
  /** Weight of a cell beside its value: none (unless said), exact area, or cosine of latitude. */
  readonly weights?: Exclude<Weights, "density">;
  /** What is not reduced over; `["lead_time"]` unless said. */
  readonly keep?: Keep;
}

export type CentroidOptions<Unit extends string> = (Criterion<Unit> | { above?: never; below?: never }) &
  DisplacementOptions & {
    /** Mean of latitude and longitude (unless said), or of unit vectors on the sphere. */
    readonly centre?: "plane" | "sphere";
    /** A cell counts by its value (unless said), or each cell alike. */
    readonly mass?: "value" | "cells";
  };

/**
 * Centroid displacement: great-circle distance between the centroids of both fields, sum x (lat, lon) / sum x, where x
 * is the value of cells that meet the criterion (all that are above 0 where there is none) and 0 elsewhere; the mean
 * over the fields where both sides have one. km on a sphere of radius 6371 km, 0 is best, at most 20015. `n` = cells
 * present on both sides; `n_times` = fields in the mean. Where a row is one field, columns say the centroids.
 *
 *     centroidDisplacement("precipitation", { above: "4 mm", keep: ["init_time", "lead_time"] })
 *
 * Longitudes are unrolled, also across the seam of the grid. Throws `Options`, `Unit` where a threshold's unit is not
 * the data's, `Unsupported` for points. Wernli et al. 2008, doi:10.1175/2008MWR2415.1 (first part of L).
 */
export const centroidDisplacement = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: CentroidOptions<V[N]> & GroupOptions<V, TimeKind> = {},
): Metric<V, any, TimeKind> => {
  const name = "centroidDisplacement";
  onlyOptions(name, options, ["above", "below", "strictly", "centre", "mass", "weights", "keep", ...GROUPS]);
  const { above, below } = options;
  const criterion =
    above === undefined && below === undefined ? undefined : parseCriterion(name, variable, options);
  const centre = oneOf(name, "centre", options.centre ?? "plane", ["plane", "sphere"]);
  const mass = oneOf(name, "mass", options.mass ?? "value", ["value", "cells"]);
  return displacement<V>(name, variable, options, {
    term: "centroid displacement",
    definition:
      "great circle between sum x (lat, lon) / sum x of forecast and target, x = value where it meets the criterion",
    criterion,
    centre,
    mass,
    parameters: {
      ...(criterion === undefined ? {} : { threshold: criterion.text, comparison: criterion.comparison }),
      centre,
      ...(mass === "value" ? {} : { mass }),
    },
  });
};

/**
 * Spatial displacement of objects given as masks (1 inside, 0 outside) or amounts: great-circle distance between their
 * centres of mass, not rounded to cells; values above 0 are weights, missing cells have none. Mean over the fields
 * where both sides have an object. km, 0 is best. `n` = cells present on both sides; `n_times` = fields in the mean.
 *
 *     spatialDisplacement("atmospheric_river_mask")
 *
 * Throws `Options`, and `Unsupported` for points. ExtremeWeatherBench 1.1, SpatialDisplacement
 * (https://github.com/brightbandtech/ExtremeWeatherBench), without its rounding.
 */
export const spatialDisplacement = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: DisplacementOptions & GroupOptions<V, TimeKind> = {},
): Metric<V, any, TimeKind> => {
  onlyOptions("spatialDisplacement", options, ["weights", "keep", ...GROUPS]);
  return displacement<V>("spatialDisplacement", variable, options, {
    term: "spatial displacement",
    definition: "great circle between the centres of mass of forecast and target; values above 0 are weights",
    criterion: undefined,
    centre: "plane",
    mass: "value",
    parameters: {},
  });
};

const USUAL: Keep = ["lead_time"];

interface Displacement {
  readonly term: string;
  readonly definition: string;
  readonly criterion: ParsedCriterion | undefined;
  readonly centre: "plane" | "sphere";
  readonly mass: "value" | "cells";
  readonly parameters: Readonly<Record<string, string>>;
}

const displacement = <V extends Variables>(
  name: string,
  variable: keyof V & string,
  options: DisplacementOptions & GroupOptions,
  { term, definition, criterion, centre, mass, parameters }: Displacement,
): Metric<V, any, TimeKind> => {
  const keep = keptTimes(name, options.keep ?? USUAL);
  const weights = oneOf(name, "weights", options.weights ?? "none", ["area", "cosine", "none"]);
  const rules: FieldRules = {
    keep,
    terms: [term],
    measure: (pair) => {
      const lattice = latticeOf(name, pair);
      const axes = { ...lattice, latitude: pair.places.latitude };
      const [ofForecast, ofTarget] = [0, 1].map(() =>
        centre === "plane" ? planeCentre(axes) : sphereCentre(axes),
      ) as [CentreSum, CentreSum];
      const count = eachRow(pair, name, variable, criterion, mass, weights, (row, f, o) => {
        ofForecast.add(row, f);
        ofTarget.add(row, o);
      });
      const [forecast, target] = [ofForecast.centre(), ofTarget.centre()];
      const distance =
        forecast === undefined || target === undefined
          ? Number.NaN
          : haversine(forecast.latitude, forecast.east, target.latitude, target.east);
      return {
        n: count,
        values: [distance],
        own: {
          forecast_latitude: forecast?.latitude ?? Number.NaN,
          forecast_longitude: longitudeOf(pair, lattice, forecast),
          target_latitude: target?.latitude ?? Number.NaN,
          target_longitude: longitudeOf(pair, lattice, target),
        },
      };
    },
  };
  const metric: Metric<V> = {
    name,
    term,
    definition,
    variable,
    unit: () => "km",
    parameters: {
      ...parameters,
      ...(weights === "none" ? {} : { weights }),
      ...keepParameter(keep, USUAL),
    },
    needs: {
      variables: [variable],
      whole: true,
      ...(criterion?.climatology === undefined ? {} : { climatologies: [criterion.climatology] }),
    },
    ...fieldMeans(rules),
  };
  return grouped(metric, options);
};

/** Tells the weights of the cells of each row on either side; how many cells are present on both. */
const eachRow = (
  pair: Pair,
  name: string,
  variable: string,
  criterion: ParsedCriterion | undefined,
  mass: "value" | "cells",
  weights: Weights,
  row: (row: number, forecast: Float64Array, target: Float64Array) => void,
): number => {
  const lattice = latticeOf(name, pair);
  const { rows, columns } = lattice;
  const ofRow = pair.places.weights(weights);
  const codes = criterion === undefined ? undefined : eventCodes(pair, name, variable, criterion);
  const forecast = onLattice(pair.forecast[variable]!.values, lattice);
  const target = onLattice(pair.target[variable]!.values, lattice);
  const [ofForecast, ofTarget] = [new Float64Array(columns), new Float64Array(columns)];
  const isValue = mass === "value";
  let count = 0;
  for (let at = 0; at < rows; at++) {
    const start = at * columns;
    const weight = ofRow[at]!;
    for (let column = 0; column < columns; column++) {
      const f = forecast[start + column]!;
      const o = target[start + column]!;
      if (Number.isNaN(f) || Number.isNaN(o)) {
        ofForecast[column] = 0;
        ofTarget[column] = 0;
        continue;
      }
      count += 1;
      const code = codes === undefined ? FORECAST | TARGET : codes[start + column]!;
      ofForecast[column] = (code & FORECAST) === 0 ? 0 : isValue ? Math.max(0, weight * f) : weight;
      ofTarget[column] = (code & TARGET) === 0 ? 0 : isValue ? Math.max(0, weight * o) : weight;
    }
    row(at, ofForecast, ofTarget);
  }
  return count;
};

/** In the convention of the grid: from 0 to 360, or from -180 on where it has negative ones. */
const longitudeOf = ({ places }: Pair, { west }: Lattice, centre: Centre | undefined): number => {
  if (centre === undefined) return Number.NaN;
  const longitude = mod360(west + centre.east);
  return longitude >= 180 && places.longitude.some((degrees) => degrees < 0) ? longitude - 360 : longitude;
};
