import type { LandfallOptions as Pairing } from "../../../kernels/tracks/landfallPairs.ts";
import { EwbError } from "../../../model/errors.ts";
import { type Hours, parseQuantity, type Quantity } from "../../../model/units.ts";
import { GROUPS } from "../groups/grouped.ts";
import { keepParameter, keptTimes } from "../keep.ts";
import { hoursOf, oneOf, onlyOptions } from "../options.ts";
import { type CoastAreas, checkCoast, coastText } from "./coastAreas.ts";

export interface LandfallOptions<Name extends string = string> {
  /** Land, and the open sea where it is not all the rest, as GeoJSON areas. */
  readonly coast: CoastAreas;
  /** The variables that say where the storm is; `latitude` and `longitude` unless said. */
  readonly latitude?: Name;
  readonly longitude?: Name;
  /**
   * `first` (unless said): all runs are measured by the first observed landfall that any of them could foresee. `next`:
   * each run by the observed landfall nearest in time to its own.
   */
  readonly approach?: "first" | "next";
  /** How far apart in time both landfalls may be: `"24 h"` unless said, a share of the lead, or `"any"`. */
  readonly within?: Hours | { readonly shareOfLead: number } | "any";
  /** `next` only: observed landfalls sooner than this after the last one kept are left out. */
  readonly separation?: Hours;
  /** `next` only: pairs farther apart in time are dropped, whatever `within` says. */
  readonly mismatch?: Hours;
  /** Landfalls of one track closer than this to the last one kept are the same; `"50 km"` unless said. */
  readonly apart?: Quantity<"km">;
  /** `["init_time"]` (unless said): a row a run. `[]`: the mean over the runs that have a value. */
  readonly keep?: readonly "init_time"[];
}

export interface ParsedLandfallOptions {
  readonly pairing: Pairing;
  readonly isMean: boolean;
  readonly parameters: Readonly<Record<string, string>>;
}

const KNOWN = [
  ...["coast", "latitude", "longitude", "approach", "within", "separation", "mismatch", "apart", "keep"],
  ...GROUPS,
];

/** Throws `Options` for what is no option, or has no effect. */
export const parseLandfallOptions = (
  name: string,
  track: string,
  options: LandfallOptions,
): ParsedLandfallOptions => {
  onlyOptions(name, options ?? {}, KNOWN);
  const { coast, approach = "first", within = "24 h", separation, mismatch, apart = "50 km" } = options ?? {};
  checkCoast(name, coast);
  oneOf(name, "approach", approach, ["first", "next"]);
  for (const [option, value] of Object.entries({ separation, mismatch })) {
    if (value === undefined || approach === "next") continue;
    throw new EwbError("Options", `${name}: ${option} has an effect with { approach: "next" } only.`);
  }
  const keep = keptTimes(name, options.keep ?? ["init_time"]);
  for (const kept of keep) oneOf(name, "keep", kept, ["init_time"]);
  return {
    pairing: {
      approach,
      within: parseWithin(name, within),
      apart: kilometresOf(name, apart),
      ...(separation === undefined ? {} : { separationHours: hoursOf(name, "separation", separation) }),
      ...(mismatch === undefined ? {} : { mismatchHours: hoursOf(name, "mismatch", mismatch) }),
    },
    isMean: keep.length === 0,
    parameters: {
      track,
      coast: coastText(coast),
      approach,
      within: typeof within === "object" ? `${within.shareOfLead} of the lead` : within,
      ...(separation === undefined ? {} : { separation }),
      ...(mismatch === undefined ? {} : { mismatch }),
      apart,
      ...keepParameter(keep, ["init_time"]),
    },
  };
};

const parseWithin = (
  name: string,
  within: NonNullable<LandfallOptions["within"]>,
): NonNullable<Pairing["within"]> => {
  if (within === "any") return within;
  if (typeof within === "string") return { hours: hoursOf(name, "within", within) };
  if (within !== null && within.shareOfLead >= 0) return { shareOfLead: within.shareOfLead };
  throw new EwbError(
    "Options",
    `${name}: within is ${JSON.stringify(within)}; expected hours like "24 h", { shareOfLead: 0.5 } or "any".`,
  );
};

const kilometresOf = (name: string, text: string): number => {
  const { value, unit } = parseQuantity(text);
  if (unit === "km" && value >= 0) return value;
  throw new EwbError(
    "Options",
    `${name}: apart is ${JSON.stringify(text)}; expected a distance like "50 km".`,
  );
};
