import { isLeads } from "./decodeLeads.ts";
import { isTimes } from "./decodeTimes.ts";
import { parseUnit } from "./parseUnit.ts";

/** What a dimension is. `valid` is a time that is said to be the valid time; `time` may be that or the init. */
export type AxisKind =
  | "latitude"
  | "longitude"
  | "time"
  | "valid"
  | "init"
  | "lead"
  | "member"
  | "pressure"
  | "height"
  | "dayOfYear"
  | "hour"
  | "projected"
  | "other";

const words = (text: string): readonly string[] => text.split(" ");

const firstNames: readonly (readonly [AxisKind, readonly string[]])[] = [
  [
    "init",
    words(
      "init_time initial_time initialization_time initialisation_time init inittime forecast_reference_time " +
        "reference_time reftime analysis_time base_time basetime run_time run forecast_init_time issue_time",
    ),
  ],
  [
    "lead",
    words(
      "lead_time lead leadtime prediction_timedelta step forecast_period lead_hours lead_time_hours forecast_hour " +
        "fhour fxx timedelta forecast_lead forecast_lead_time",
    ),
  ],
  ["valid", words("valid_time validtime valid verification_time forecast_valid_time")],
  [
    "member",
    words("number member members realization realisation ensemble ens ensemble_member ensemble_number"),
  ],
  ["dayOfYear", words("dayofyear day_of_year doy yearday")],
  ["hour", words("hour hour_of_day hourofday")],
];

const standardNames: Readonly<Record<string, AxisKind>> = {
  latitude: "latitude",
  longitude: "longitude",
  time: "time",
  forecast_reference_time: "init",
  forecast_period: "lead",
  realization: "member",
  air_pressure: "pressure",
  height: "height",
  altitude: "height",
  depth: "height",
  projection_x_coordinate: "projected",
  projection_y_coordinate: "projected",
  grid_latitude: "projected",
  grid_longitude: "projected",
};

const lastNames: readonly (readonly [AxisKind, readonly string[]])[] = [
  ["latitude", words("latitude lat")],
  ["longitude", words("longitude lon")],
  ["time", words("time date datetime")],
  ["pressure", words("level levels lev pressure_level pressure plev isobaric isobaricinhpa isobaricinpa")],
  ["height", words("height altitude depth heightaboveground height_above_ground")],
  ["projected", words("rlat rlon")],
];

const north = /^degrees?_?n(?:orth)?$/i;
const east = /^degrees?_?e(?:ast)?$/i;
const pressure = parseUnit("Pa")!.base;

const named = (
  lists: readonly (readonly [AxisKind, readonly string[]])[],
  name: string,
): AxisKind | undefined => lists.find(([, names]) => names.includes(name.toLowerCase()))?.[0];

/** What the metadata of a coordinate say a dimension is: its name, CF `standard_name`, units. */
export const axisKind = (
  name: string,
  dataType: string,
  attributes: Readonly<Record<string, unknown>>,
): AxisKind => {
  const { standard_name: standard, units } = attributes;
  const unit = typeof units === "string" ? units.trim() : "";
  const byUnit: AxisKind | undefined = north.test(unit)
    ? "latitude"
    : east.test(unit)
      ? "longitude"
      : undefined;
  const kind =
    named(firstNames, name) ??
    (typeof standard === "string" ? standardNames[standard] : undefined) ??
    byUnit ??
    named(lastNames, name);
  // a level counted in metres is a height; model levels have no unit of either
  const base = unit === "" ? undefined : parseUnit(unit)?.base;
  if (kind === "pressure" && base === "m1") return "height";
  if (kind === "pressure" && base !== undefined && base !== pressure) return "other";
  if (kind === "time" && !isTimes(dataType, attributes) && isLeads(dataType, attributes)) return "lead";
  if (kind) return kind;
  if (isTimes(dataType, attributes)) return "time";
  if (dataType.startsWith("timedelta64")) return "lead";
  return base === pressure ? "pressure" : "other";
};
