/**
 * A data set: the forecasts, targets, climatologies and cases that a run evaluates, chosen by name, never
 * guessed. A plain description; nothing is opened until a run does it.
 */
import type { Case } from "../model/case.ts";
import { EwbError } from "../model/errors.ts";
import type { Role, Source } from "../model/source.ts";
import type { Variables } from "../model/units.ts";

export interface DataSet {
  readonly name: string;
  /** One line, shown when a run starts. */
  readonly description: string;
  /** Address of a case file, or the cases. */
  readonly cases: string | readonly Case[];
  readonly forecasts: readonly Source[];
  readonly targets: readonly Source[];
  readonly climatologies: readonly Source[];
}

/** The sources of a role, in the order of the data set. */
export const sourcesOf = (dataSet: DataSet, role: Role): readonly Source[] =>
  role === "forecast" ? dataSet.forecasts : role === "target" ? dataSet.targets : dataSet.climatologies;

/**
 * The sources of a role that have all of `variables`, in the order of the data set.
 *
 * A source that declares its variables must declare them all; one that declares none may have any (whether its
 * store has them is checked when it is opened). What comes out gives what was asked and nothing else, so that no
 * more of a store is looked at than needed; a source that declares just that comes out as the same object.
 *
 * @throws `Unit` where a source declares a variable in another unit
 * @example selectSources(dataSet, "forecast", { surface_air_temperature: "K" })
 */
export const selectSources = <const V extends Variables>(
  dataSet: DataSet,
  role: Role,
  variables: V,
): Source<V>[] =>
  sourcesOf(dataSet, role).flatMap((source): Source<V>[] => {
    const declared = source.variables;
    const asked = Object.entries(variables);
    const count = Object.keys(declared).length;
    if (count > 0) {
      if (!asked.every(([name]) => Object.hasOwn(declared, name))) return [];
      for (const [name, unit] of asked) refuseOtherUnit(source, name, unit);
      if (count === asked.length) return [source as Source<V>];
    }
    return [{ ...source, variables }];
  });

const refuseOtherUnit = (source: Source, name: string, unit: string): void => {
  const declared = source.variables[name];
  if (declared === unit) return;
  throw new EwbError(
    "Unit",
    `${name} of the ${source.role} ${source.name} was asked for in ${JSON.stringify(unit)}, it is given in ` +
      `${JSON.stringify(declared)}; ask for it in that unit`,
    { source: source.name, variable: name },
  );
};
