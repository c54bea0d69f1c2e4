import { EwbError } from "../../model/errors.ts";
import type { ClimatologyField } from "../../model/pair.ts";
import type { Source } from "../../model/source.ts";
import type { Variables } from "../../model/units.ts";
import { hashed } from "./once.ts";

/**
 * One quantile of a climatology as a threshold, place by place, of the calendar day and nearest hour. Without a
 * quantile: the only field the climatology has. `variable` is needed where it has several.
 *
 *     durationMeanError("surface_air_temperature", { above: climatologyQuantile(normals, 0.85) })
 *
 * The source's `mapping` names the stored array; the quantile is picked from its dimension `quantile`.
 * Throws `Options` for a quantile outside 0 to 1, or where it is not clear which variable is meant.
 */
export const climatologyQuantile = <const V extends Variables, N extends keyof V & string = keyof V & string>(
  source: Source<V>,
  quantile?: number,
  variable?: N,
): ClimatologyField<V[N]> => {
  if (typeof source !== "object") {
    throw new EwbError(
      "Options",
      `climatologyQuantile: the climatology is ${String(source)}; expected a source. The data set may have none under ` +
        `"climatologies", or none of the variables that run.sources("climatology", …) asks for.`,
    );
  }
  const names = Object.keys(source.variables) as N[];
  const name = variable ?? names[0];
  if (name === undefined || !names.includes(name) || (variable === undefined && names.length > 1)) {
    throw new EwbError(
      "Options",
      `climatologyQuantile: ${source.name} has the variables ${names.join(", ") || "(none)"}; say which one as third argument${variable === undefined ? "" : `, not "${variable}"`}.`,
      { source: source.name },
    );
  }
  if (quantile !== undefined && !(quantile >= 0 && quantile <= 1)) {
    throw new EwbError(
      "Options",
      `climatologyQuantile: the quantile is ${quantile}; expected 0 to 1, like 0.85.`,
      {
        source: source.name,
      },
    );
  }
  const unit = source.variables[name]!;
  if (quantile === undefined) {
    return hashed({ kind: "climatology", source, variable: name, unit, text: `${source.name}` });
  }
  const stored = source.mapping?.[name] ?? {};
  const mapped = typeof stored === "string" ? { name: stored } : stored;
  const picked = { ...mapped, at: { ...mapped.at, quantile } };
  return hashed({
    kind: "climatology",
    source: { ...source, mapping: { ...source.mapping, [name]: picked } },
    variable: name,
    unit,
    text: `${source.name} quantile ${quantile}`,
  });
};
