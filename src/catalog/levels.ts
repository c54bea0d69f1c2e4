/**
 * Variables on pressure levels, one variable a level: `air_temperature` at 850 hPa is `air_temperature_850`.
 */
import type { StoredVariable } from "../model/source.ts";
import type { Variables } from "../model/units.ts";

/** Variable and level -> unit, for all pairs of the two. */
export type OnLevels<V extends Variables, Level extends number> = {
  readonly [N in keyof V & string as `${N}_${Level}`]: V[N];
};

/**
 * Units of variables on pressure levels (hPa).
 *
 * @example unitsOnLevels({ air_temperature: "K" }, [850, 500]) // { air_temperature_850: "K", air_temperature_500: "K" }
 */
export const unitsOnLevels = <const V extends Variables, const Level extends number>(
  variables: V,
  levels: readonly Level[],
): OnLevels<V, Level> =>
  Object.fromEntries(
    Object.entries(variables).flatMap(([name, unit]) => levels.map((level) => [`${name}_${level}`, unit])),
  ) as OnLevels<V, Level>;

/**
 * How variables on pressure levels (hPa) are stored: variable -> array whose dimension `level` has them.
 *
 * @example storedOnLevels({ air_temperature: "temperature" }, [850]) // { air_temperature_850: { name: "temperature", at: { level: 850 } } }
 */
export const storedOnLevels = <const N extends string, const Level extends number>(
  names: Readonly<Record<N, string>>,
  levels: readonly Level[],
): { readonly [Key in `${N}_${Level}`]: StoredVariable } =>
  Object.fromEntries(
    Object.entries<string>(names).flatMap(([variable, name]) =>
      levels.map((level) => [`${variable}_${level}`, { name, at: { level } }]),
    ),
  ) as Record<string, StoredVariable> as { readonly [Key in `${N}_${Level}`]: StoredVariable };
