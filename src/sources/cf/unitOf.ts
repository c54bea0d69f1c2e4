import { EwbError } from "../../model/errors.ts";
import type { Source } from "../../model/source.ts";
import { type Conversion, convertUnit } from "./convertUnit.ts";
import { type Found, factOf } from "./findVariable.ts";

/** Variables whose names are shared by geopotential and height. */
const geopotentials = ["geopotential_height", "geopotential", "surface_altitude"];

export interface UnitChoice {
  /** Unit of the values that come out. */
  readonly unit: string;
  readonly conversion: Conversion;
  readonly warning?: string;
}

/** The unit a source gives a variable in: the one it declares, else the canonical one. */
export const targetUnit = (source: Source, variable: string): string | undefined =>
  source.variables[variable] ?? factOf(variable)?.unit;

/**
 * How the stored unit becomes that of the source. Throws `Unit`, naming the unit, where it is absent or unknown or
 * measures something else, and the mapping states none. What the mapping states wins; where the store says otherwise
 * a warning tells so.
 */
export const unitOf = (address: string, source: Source, variable: string, found: Found): UnitChoice => {
  const { array, stated } = found;
  const place = { source: address, variable };
  const { units } = array.attributes;
  const stored = typeof units === "string" && units.trim() !== "" ? units.trim() : undefined;
  const unit = targetUnit(source, variable) ?? stored ?? stated.unit;
  const advice = `mapping: { ${variable}: { name: "${array.name}", unit: "…" } }`;
  if (unit === undefined) {
    throw new EwbError(
      "Unit",
      `${address}: ${array.name} has no units, and ${variable} has no known one; state it: ${advice}`,
      place,
    );
  }
  const geopotential = geopotentials.includes(variable);
  const convert = (from: string) => convertUnit(from, unit, { geopotential });
  const ofStore = stored === undefined ? "unknown" : convert(stored);
  if (stated.unit !== undefined) {
    const conversion = convert(stated.unit);
    if (typeof conversion === "object") {
      if (JSON.stringify(conversion) === JSON.stringify(ofStore)) return { unit, conversion };
      const why = stored === undefined ? "no units" : `the units "${stored}"`;
      const warning = `${address}: ${array.name} has ${why}; taken as "${stated.unit}", as the mapping states`;
      return { unit, conversion, warning };
    }
    throw new EwbError(
      "Unit",
      `${address}: the mapping states the unit "${stated.unit}" for ${array.name}, which ` +
        `${conversion === "unknown" ? "is not known" : `cannot become "${unit}"`}; ${variable} is in "${unit}"`,
      place,
    );
  }
  if (typeof ofStore === "object") return { unit, conversion: ofStore };
  const found_ =
    stored === undefined
      ? `has no units`
      : ofStore === "unknown"
        ? `has the units "${stored}", which are not known`
        : `has the units "${stored}", which measure something else`;
  throw new EwbError(
    "Unit",
    `${address}: ${array.name} ${found_}; a unit that converts to "${unit}" is needed for ${variable}. ` +
      `If you know the unit, state it: ${advice}`,
    place,
  );
};
