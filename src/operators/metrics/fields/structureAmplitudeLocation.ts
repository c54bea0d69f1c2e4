import { quantileIn } from "../../../kernels/scores/quantileIn.ts";
import { type AmountShape, amountShape, cellsApart } from "../../../kernels/spatial/amountShape.ts";
import { components } from "../../../kernels/spatial/components.ts";
import { markEvents } from "../../../kernels/spatial/markEvents.ts";
import { FORECAST, MISSING, TARGET } from "../../../kernels/spatial/windowSums.ts";
import { EwbError } from "../../../model/errors.ts";
import type { Values } from "../../../model/field.ts";
import type { Metric, TimeKind } from "../../../model/metric.ts";
import type { Pair } from "../../../model/pair.ts";
import { parseQuantity, type Quantity, type Variables } from "../../../model/units.ts";
import { GROUPS, type GroupOptions, grouped } from "../groups/grouped.ts";
import { type Keep, keepParameter, keptTimes } from "../keep.ts";
import type { NoVariables } from "../noVariables.ts";
import { oneOf, onlyOptions } from "../options.ts";
import { presentCells } from "./eventCodes.ts";
import { type FieldValues, fieldMeans } from "./fieldMeans.ts";
import { latticeOf, onLattice } from "./lattice.ts";

export interface StructureAmplitudeLocationOptions<Unit extends string> {
  /** Objects are cells of at least this; unless given, `factor` times the quantile `level` of each field's wet cells. */
  readonly above?: Quantity<Unit>;
  /** 0.067 unless said. */
  readonly factor?: number;
  /** 0.95 unless said. */
  readonly level?: number;
  /** A cell is wet above this; 0 unless said. */
  readonly wetAbove?: Quantity<Unit>;
  /** Cells of one object touch by a side or corner (8, unless said), or by a side (4). */
  readonly neighbours?: 4 | 8;
  /** What distances are divided by: hypot of the numbers of rows and columns (unless said), or between corner cells. */
  readonly distance?: "cells" | "cellCentres";
  /** What is not reduced over; `["lead_time"]` unless said. */
  readonly keep?: Keep;
}

interface SalRules {
  readonly name: string;
  readonly variable: string;
  readonly above: number | undefined;
  readonly factor: number;
  readonly level: number;
  readonly wet: number;
  readonly neighbours: 4 | 8;
  readonly distance: "cells" | "cellCentres";
}

/**
 * Structure, amplitude and location (SAL) of amounts, e.g. precipitation. S = 2 (Vf - Vo) / (Vf + Vo), V the mean of
 * the objects' R / Rmax weighted with R, the amount of an object: positive where objects are too large or flat.
 * A = 2 (Df - Do) / (Df + Do) of domain means. L = L1 + L2, L1 = distance of the centres of mass / d, L2 = 2 |rf - ro| /
 * d, r = mean distance of objects from the centre of mass weighted with R. S and A from -2 to 2, L from 0 to 2, all 0 is
 * best. A row each, and one for L1 and L2: means over the fields that have the value. `n` = cells present on both
 * sides; `n_times` = fields in the mean. NaN where a side has no object (S, L) or both means are 0 (A).
 *
 *     structureAmplitudeLocation("precipitation", { factor: 0.067, level: 0.95, keep: ["init_time", "lead_time"] })
 *
 * Distances are counted in cells. Throws `Options`, `Unit` where a threshold's unit is not the data's, `Unsupported` for
 * points. Wernli et al. 2008, doi:10.1175/2008MWR2415.1.
 */
export const structureAmplitudeLocation = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: StructureAmplitudeLocationOptions<V[N]> & GroupOptions<V, TimeKind> = {},
): Metric<V, any, TimeKind> => {
  const name = "structureAmplitudeLocation";
  onlyOptions(name, options, KNOWN);
  const { above, wetAbove, factor = 0.067, level = 0.95, neighbours = 8 } = options;
  const keep = keptTimes(name, options.keep ?? USUAL);
  const distance = oneOf(name, "distance", options.distance ?? "cells", ["cells", "cellCentres"]);
  if (!(factor > 0 && Number.isFinite(factor) && level >= 0 && level <= 1)) {
    throw new EwbError(
      "Options",
      `${name}: factor is ${factor} and level ${level}; expected a positive factor like 0.067 and a level from 0 to 1.`,
    );
  }
  if (neighbours !== 4 && neighbours !== 8) {
    throw new EwbError("Options", `${name}: neighbours is ${neighbours}; expected 4 or 8.`);
  }
  const units = [above, wetAbove].flatMap((text) => (text === undefined ? [] : [quantityOf(name, text)]));
  const rules: SalRules = {
    name,
    variable,
    above: above === undefined ? undefined : quantityOf(name, above).value,
    factor,
    level,
    wet: wetAbove === undefined ? 0 : quantityOf(name, wetAbove).value,
    neighbours,
    distance,
  };
  const metric: Metric<V> = {
    name,
    term: "structure, amplitude and location",
    definition:
      "S = 2 (Vf - Vo) / (Vf + Vo) of scaled volumes, A = 2 (Df - Do) / (Df + Do) of means, L = (distance of centres + 2 |rf - ro|) / d",
    variable,
    unit: () => "1",
    parameters: {
      ...(above === undefined ? { factor: `${factor}`, level: `${level}` } : { threshold: `${above}` }),
      ...(wetAbove === undefined || above !== undefined ? {} : { wet_above: `${wetAbove}` }),
      ...(neighbours === 8 ? {} : { neighbours: "4" }),
      ...(distance === "cells" ? {} : { distance }),
      ...keepParameter(keep, USUAL),
    },
    needs: { variables: [variable], whole: true },
    ...fieldMeans({
      keep,
      terms: [
        "structure",
        "amplitude",
        "location",
        "location, between centres",
        "location, spread of objects",
      ],
      measure: (pair) => {
        for (const { unit } of units) checkUnitOf(pair, name, variable, unit);
        return salOf(pair, rules);
      },
    }),
  };
  return grouped(metric, options);
};

const USUAL: Keep = ["lead_time"];
const KNOWN = ["above", "factor", "level", "wetAbove", "neighbours", "distance", "keep", ...GROUPS];

const quantityOf = (name: string, text: string): { value: number; unit: string } => {
  const parsed = parseQuantity(text);
  if (Number.isFinite(parsed.value) && parsed.unit !== "") return parsed;
  throw new EwbError(
    "Options",
    `${name}: found ${JSON.stringify(text)}; expected a number with a unit like "1 mm".`,
  );
};

const checkUnitOf = (pair: Pair, name: string, variable: string, unit: string): void => {
  for (const side of [pair.forecast, pair.target]) {
    const found = side[variable]!.unit;
    if (found === unit) continue;
    throw new EwbError(
      "Unit",
      `${name}: a threshold is in ${unit}, ${variable} in ${found}. Give it in ${found}.`,
      {
        variable,
      },
    );
  }
};

const salOf = (pair: Pair, rules: SalRules): FieldValues => {
  const lattice = latticeOf(rules.name, pair);
  const { rows, columns, closed } = lattice;
  const sides = [pair.forecast, pair.target].map((side) => onLattice(side[rules.variable]!.values, lattice));
  const [forecast, target] = sides as [Values, Values];
  const codes = new Uint8Array(rows * columns);
  markEvents(codes, forecast, ">=", thresholdOf(forecast, target, rules), FORECAST, MISSING);
  markEvents(codes, target, ">=", thresholdOf(target, forecast, rules), TARGET, MISSING);
  const n = presentCells(codes);
  const ways = { neighbours: rules.neighbours, wraps: closed };
  const [f, o] = [FORECAST, TARGET].map((bit, side) =>
    amountShape(sides[side]!, codes, components(codes, bit, rows, columns, ways), lattice),
  ) as [AmountShape, AmountShape];
  const d = rules.distance === "cells" ? Math.hypot(rows, columns) : Math.hypot(rows - 1, columns - 1);
  const location1 = cellsApart(f.row - o.row, f.column - o.column, columns, closed) / d;
  const location2 = (2 * Math.abs(f.spread - o.spread)) / d;
  const [fMean, oMean] = [f.total / n, o.total / n];
  return {
    n,
    values: [
      (2 * (f.volume - o.volume)) / (f.volume + o.volume),
      (2 * (fMean - oMean)) / (fMean + oMean),
      location1 + location2,
      location1,
      location2,
    ],
  };
};

/** From what on a cell of a side is part of an object: wet cells are those that are present on both. */
const thresholdOf = (values: Values, other: Values, { above, factor, level, wet }: SalRules): number => {
  if (above !== undefined) return above;
  const sample = new Float64Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i]! > wet && !Number.isNaN(other[i]!)) sample[count++] = values[i]!;
  }
  return factor * quantileIn(sample.subarray(0, count), level);
};
